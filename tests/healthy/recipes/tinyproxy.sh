printf 'Port 8888\nListen 127.0.0.1\nTimeout 600\nLogLevel Info\nMaxClients 20\nAllow 127.0.0.1\n' > tinyproxy.conf
mkdir www && echo hello > www/index.html
python3 -m http.server -d www --bind 127.0.0.1 8081 > /dev/null 2>&1 & answers 8081
tinyproxy -d -c tinyproxy.conf & server=$!
answers 8888
curl -s -x http://127.0.0.1:8888 http://127.0.0.1:8081/
sleep 1
finish $server
