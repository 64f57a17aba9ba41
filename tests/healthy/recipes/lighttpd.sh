mkdir -p www && echo hello > www/index.html
printf 'server.document-root = "/srv/app/www"\nserver.port = 8080\nserver.bind = "127.0.0.1"\nserver.errorlog = "/dev/stderr"\nindex-file.names = ("index.html")\n' > lighttpd.conf
lighttpd -tt -f lighttpd.conf
lighttpd -D -f lighttpd.conf & server=$!
answers 8080
curl -si 127.0.0.1:8080/
finish $server
