etcd --data-dir run/etcd --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 & server=$!
answers 2379
sleep 2
export ETCDCTL_API=3
etcdctl put greeting hello
etcdctl get greeting
etcdctl endpoint health 2>&1
etcdctl endpoint status -w table
etcdctl member list -w table
etcdctl alarm list
etcdctl compact 2
etcdctl defrag
etcdctl snapshot save run/backup.db
finish $server
