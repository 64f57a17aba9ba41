mkdir -p runlog log/journal && mount --bind runlog /run/log && mount --bind log /var/log
printf '[Journal]\nReadKMsg=no\n' > journald.conf && mount --bind journald.conf /etc/systemd/journald.conf
mount -t tmpfs none /run/systemd && mkdir -p /run/systemd/journal
echo 0123456789abcdef0123456789abcdef > machine-id && mount --bind machine-id /etc/machine-id
/lib/systemd/systemd-journald & logger=$!
sleep 2
logger -u /run/systemd/journal/dev-log -t kubelet 'Started kubelet'
logger -u /run/systemd/journal/dev-log -p daemon.warning -t shop 'payment provider slow, retried once'
echo 'order 7 sent' | systemd-cat -t shop
sleep 1
journalctl --flush || true
journalctl --no-pager -o short-iso
journalctl --no-pager -u kubelet -n 20
journalctl --disk-usage
journalctl --verify
journalctl --no-pager -t shop -o json | sed -E 's/"_BOOT_ID":"[^"]*",?//'
finish $logger
