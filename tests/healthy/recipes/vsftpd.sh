mkdir -p run/empty pub && echo hello > pub/readme
printf 'listen=YES\nlisten_address=127.0.0.1\nlisten_port=2121\nanonymous_enable=YES\nanon_root=/srv/app/pub\nsecure_chroot_dir=/srv/app/run/empty\nbackground=NO\nftp_username=nobody\nxferlog_enable=YES\nlog_ftp_protocol=YES\nvsftpd_log_file=/srv/app/run/ftp.log\n' > vsftpd.conf
chmod 555 pub && chmod 755 /srv/app
vsftpd /srv/app/vsftpd.conf & server=$!
answers 2121
curl -s ftp://127.0.0.1:2121/ || true
finish $server
cat run/ftp.log
