printf 'reporting-disabled = true\nbind-address = "127.0.0.1:8088"\n[meta]\n dir = "/srv/app/run/meta"\n[data]\n dir = "/srv/app/run/data"\n wal-dir = "/srv/app/run/wal"\n[http]\n bind-address = "127.0.0.1:8086"\n' > influxdb.conf
influxd -config influxdb.conf & server=$!
answers 8086
curl -s -X POST '127.0.0.1:8086/query' --data-urlencode 'q=CREATE DATABASE shop'
curl -s -X POST '127.0.0.1:8086/write?db=shop' --data-binary 'orders,city=Ulm count=3'
curl -s -G '127.0.0.1:8086/query?db=shop' --data-urlencode 'q=SELECT * FROM orders'
sleep 2
finish $server
