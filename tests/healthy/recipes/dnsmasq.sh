echo '10.0.0.5 db.example.test' > hosts
dnsmasq --no-daemon --conf-file=/dev/null --port 5353 --listen-address 127.0.0.1 --bind-interfaces --no-resolv --no-hosts --addn-hosts=hosts --log-queries & server=$!
answers 5353
dig +short -p 5353 @127.0.0.1 db.example.test
dig -p 5353 @127.0.0.1 db.example.test
kill -HUP $server
sleep 1
finish $server
