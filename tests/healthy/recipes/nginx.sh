mkdir -p www logs && echo hello > www/index.html
cat > nginx.conf <<'CONF'
user root;
worker_processes 2;
error_log /dev/stderr notice;
pid run/nginx.pid;
events { worker_connections 64; }
http {
  access_log /dev/stdout;
  server { listen 8080; root /srv/app/www; location /api/ { return 200 "ok\n"; } }
}
CONF
nginx -p /srv/app -c nginx.conf -g 'daemon off;' & server=$!
answers 8080
for path in / /api/orders /index.html /api/health; do curl -s "http://127.0.0.1:8080$path" > /dev/null; done
nginx -p /srv/app -c nginx.conf -s reload
sleep 1
curl -s http://127.0.0.1:8080/ > /dev/null
finish $server QUIT
