printf 'def application(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [b"ok\\n"]\n' > app.py
uwsgi --http-socket 127.0.0.1:8080 --plugin python3 --wsgi-file app.py --master --processes 2 --die-on-term & server=$!
answers 8080
curl -s 127.0.0.1:8080/; curl -s 127.0.0.1:8080/orders
finish $server
