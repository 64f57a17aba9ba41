mkdir www && echo hello > www/index.html
python3 -m http.server -d www --bind 127.0.0.1 8081 > /dev/null 2>&1 & answers 8081
chmod 755 /srv/app run && chown nobody run
varnishd -F -a 127.0.0.1:8080 -b 127.0.0.1:8081 -n /srv/app/run/v -j none -s malloc,32m & server=$!
answers 8080
for _ in 1 2 3; do curl -si 127.0.0.1:8080/ | tr -d '\r'; done
varnishstat -n /srv/app/run/v -1 | grep -E 'MAIN\.(client|backend|cache|sess)' || true
finish $server
