nats-server -a 127.0.0.1 -p 4222 -m 8222 -js -sd /srv/app/run/js & server=$!
answers 4222
printf 'CONNECT {"verbose":true}\r\nSUB orders 1\r\nPUB orders 5\r\nhello\r\nPING\r\n' | timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/4222; cat >&3; cat <&3' || true
curl -s 127.0.0.1:8222/healthz
sleep 1
finish $server INT
