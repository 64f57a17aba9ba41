cat > haproxy.cfg <<'CONF'
global
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind 127.0.0.1:8080
  default_backend app
backend app
  option httpchk GET /
  server app-1 127.0.0.1:8081 check inter 500ms
  server app-2 127.0.0.1:8082 check inter 500ms
CONF
mkdir www && echo hello > www/index.html
for port in 8081 8082; do python3 -m http.server -d www --bind 127.0.0.1 $port > /dev/null 2>&1 & answers $port; done
haproxy -W -db -f haproxy.cfg & server=$!
answers 8080
for _ in 1 2 3 4; do curl -s http://127.0.0.1:8080/ > /dev/null; done
sleep 2
finish $server USR1
