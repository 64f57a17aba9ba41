cp -r /etc/postfix etc && mkdir spool lib && chown postfix lib
cat > etc/main.cf <<'CONF'
compatibility_level = 3.6
myhostname = mail.example.test
mydestination = localhost, mail.example.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = /srv/app/spool
data_directory = /srv/app/lib
alias_maps =
maillog_file = /dev/stdout
mail_spool_directory = /srv/app/run
CONF
cp /usr/share/postfix/master.cf.dist etc/master.cf
sed -i 's/^\([a-z].*\) y  *-  *-/\1 n - -/' etc/master.cf
grep -q postlog etc/master.cf || echo 'postlog unix-dgram n - n - 1 postlogd' >> etc/master.cf
chmod 755 /srv/app && postfix -c /srv/app/etc check
postfix -c /srv/app/etc start-fg & server=$!
answers 25
python3 - <<'PY'
import smtplib
with smtplib.SMTP("127.0.0.1", 25) as client:
    client.sendmail("shop@example.test", ["root@localhost"], "Subject: order\r\n\r\nYour order has been sent.\r\n")
PY
sleep 2
postqueue -c /srv/app/etc -p
finish $server
