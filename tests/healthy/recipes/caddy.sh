mkdir -p www && echo hello > www/index.html
printf '{\n  admin off\n  auto_https off\n}\n:8080 {\n  root * /srv/app/www\n  file_server\n  log {\n    output stderr\n  }\n}\n' > Caddyfile
caddy run --config Caddyfile & server=$!
answers 8080
curl -s 127.0.0.1:8080/ ; curl -s 127.0.0.1:8080/index.html > /dev/null
finish $server
