printf 'listener 1883 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\npersistence_location /srv/app/run/\n' > mosquitto.conf
mosquitto -v -c mosquitto.conf & server=$!
answers 1883
python3 - <<'PY'
import socket
with socket.create_connection(("127.0.0.1", 1883)) as client:
    client.sendall(bytes([16, 16, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 60, 0, 4]) + b"shop")
    print(client.recv(4).hex())
    client.sendall(bytes([48, 9, 0, 4]) + b"door" + b"off" + bytes([224, 0]))
PY
sleep 1
finish $server
