mkdir -p www && echo hello > www/index.html
cat > httpd.conf <<'CONF'
ServerName web.example.test
PidFile run/httpd.pid
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
Listen 8080
User www-data
Group www-data
DocumentRoot /srv/app/www
ErrorLog /dev/stderr
TransferLog /dev/stdout
<Directory /srv/app/www>
  Require all granted
</Directory>
CONF
chmod 755 /srv/app
apache2 -d /srv/app -f httpd.conf -D FOREGROUND & server=$!
answers 8080
for _ in 1 2 3; do curl -s http://127.0.0.1:8080/ > /dev/null; done
apache2 -d /srv/app -f httpd.conf -k graceful
sleep 1
curl -s http://127.0.0.1:8080/index.html > /dev/null
finish $server
