chmod 777 run
printf 'http_port 127.0.0.1:3128\nhttp_access allow localhost\ncache_log /dev/stderr\naccess_log stdio:/srv/app/run/access.log\npid_filename /srv/app/run/squid.pid\nvisible_hostname proxy.example.test\nshutdown_lifetime 1 seconds\nnetdb_filename none\n' > squid.conf
mkdir www && echo hello > www/index.html
python3 -m http.server -d www --bind 127.0.0.1 8081 > /dev/null 2>&1 & answers 8081
squid -N -d 1 -f squid.conf & server=$!
answers 3128
curl -s -x http://127.0.0.1:3128 http://127.0.0.1:8081/
sleep 1
finish $server
cat run/access.log
