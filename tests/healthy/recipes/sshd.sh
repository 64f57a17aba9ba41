ssh-keygen -q -t ed25519 -N '' -f run/host
ssh-keygen -q -t ed25519 -N '' -f run/user
chmod 755 /srv/app && chmod 700 run && cp run/user.pub run/authorized && chmod 600 run/authorized && mkdir -p /run/sshd
printf 'Port 2222\nListenAddress 127.0.0.1\nHostKey /srv/app/run/host\nAuthorizedKeysFile /srv/app/run/authorized\nPidFile none\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n' > sshd_config
/usr/sbin/sshd -t -f sshd_config
/usr/sbin/sshd -D -e -f /srv/app/sshd_config & server=$!
answers 2222
options="-i run/user -p 2222 -o UserKnownHostsFile=run/known -o StrictHostKeyChecking=accept-new"
ssh -v $options root@127.0.0.1 'uptime; id -un' 2> "$OUT/ssh-verbose-run.txt"
scp -q -P 2222 -i run/user -o UserKnownHostsFile=run/known sshd_config root@127.0.0.1:/srv/app/run/copy
sleep 1
finish $server
