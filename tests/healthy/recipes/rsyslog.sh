touch run/syslog && rm -f run/log.sock
printf 'module(load="imuxsock" SysSock.Name="/srv/app/run/log.sock" SysSock.Use="on")\n*.* /srv/app/run/syslog\n' > rsyslog.conf
rsyslogd -n -f rsyslog.conf -i /srv/app/run/rsyslogd.pid & logger=$!
has <(until test -S run/log.sock; do sleep 0.2; done; echo there) there
logger -u run/log.sock -t backup 'backup of 12 files finished in 3 s'
logger -u run/log.sock -t kubelet 'I1127 09:00:00.000000     812 kubelet.go:2404] "SyncLoop ADD" source="api" pods=["shop/web-1"]'
kill -HUP $logger
sleep 1
finish $logger
cat run/syslog
