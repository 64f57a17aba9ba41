cat > named.conf <<'CONF'
options { directory "/srv/app"; listen-on port 5353 { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file "/srv/app/run/named.pid"; session-keyfile "/srv/app/run/session.key"; };
controls { };
zone "example.test" { type primary; file "example.zone"; };
CONF
cat > example.zone <<'ZONE'
$TTL 300
@ IN SOA ns.example.test. admin.example.test. (1 3600 600 86400 300)
@ IN NS ns.example.test.
ns IN A 127.0.0.1
db IN A 10.0.0.5
ZONE
named-checkzone example.test example.zone
named -g -c /srv/app/named.conf & server=$!
answers 5353
dig +short -p 5353 @127.0.0.1 db.example.test
sleep 1
finish $server
