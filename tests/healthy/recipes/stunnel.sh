openssl req -x509 -newkey rsa:2048 -nodes -keyout run/key.pem -out run/cert.pem -days 30 -subj /CN=web.example.test -addext subjectAltName=DNS:web.example.test 2> /dev/null
mkdir www && echo hello > www/index.html
python3 -m http.server -d www --bind 127.0.0.1 8081 > /dev/null 2>&1 & answers 8081
printf 'foreground = yes\npid =\n[web]\naccept = 127.0.0.1:8443\nconnect = 127.0.0.1:8081\ncert = /srv/app/run/cert.pem\nkey = /srv/app/run/key.pem\n' > stunnel.conf
stunnel stunnel.conf & server=$!
answers 8443
curl -s --cacert run/cert.pem --resolve web.example.test:8443:127.0.0.1 https://web.example.test:8443/
curl -sv --cacert run/cert.pem --resolve web.example.test:8443:127.0.0.1 https://web.example.test:8443/ > "$OUT/curl-tls-run.txt" 2>&1
openssl s_client -connect 127.0.0.1:8443 -servername web.example.test -CAfile run/cert.pem < /dev/null > "$OUT/openssl-s-client-run.txt" 2>&1
openssl x509 -in run/cert.pem -noout -text > "$OUT/openssl-x509-run.txt"
openssl x509 -in run/cert.pem -noout -subject -issuer -dates -ext subjectAltName >> "$OUT/openssl-x509-run.txt"
openssl verify -CAfile run/cert.pem run/cert.pem >> "$OUT/openssl-x509-run.txt"
sleep 1
finish $server
