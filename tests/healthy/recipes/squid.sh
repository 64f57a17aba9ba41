chmod 755 /srv/app && chmod 777 run
printf 'http_port 127.0.0.1:3128\nhttp_access allow localhost\ncache_log /srv/app/run/cache.log\naccess_log stdio:/srv/app/run/access.log\npid_filename /srv/app/run/squid.pid\nvisible_hostname proxy.example.test\nshutdown_lifetime 1 seconds\nnetdb_filename none\npinger_enable off\n' > squid.conf
mkdir www && echo hello > www/index.html
echo '127.0.0.1 localhost proxy.example.test' > hosts && mount --bind hosts /etc/hosts
python3 -m http.server -d www --bind 127.0.0.1 8081 > /dev/null 2>&1 & answers 8081
touch run/cache.log run/access.log && chmod 666 run/*.log
squid -N -f /srv/app/squid.conf & server=$!
answers 3128 || { cat run/cache.log; false; }
curl -s -x http://127.0.0.1:3128 http://127.0.0.1:8081/
sleep 1
finish $server
cat run/cache.log run/access.log
