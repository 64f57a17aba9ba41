chmod 755 /srv/app && mkdir base mail
cat > dovecot.conf <<'CONF'
base_dir = /srv/app/base
log_path = /dev/stderr
protocols =
ssl = no
default_internal_user = dovecot
default_login_user = dovenull
mail_location = maildir:/srv/app/mail
CONF
dovecot -n -c /srv/app/dovecot.conf | tail -8
dovecot -F -c /srv/app/dovecot.conf & server=$!
sleep 2
doveadm -c /srv/app/dovecot.conf reload
sleep 1
finish $server
