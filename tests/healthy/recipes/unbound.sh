cat > unbound.conf <<'CONF'
server:
  interface: 127.0.0.1@5353
  directory: "/srv/app"
  username: ""
  chroot: ""
  pidfile: "/srv/app/run/unbound.pid"
  use-syslog: no
  logfile: ""
  verbosity: 2
  log-queries: yes
  local-zone: "example.test." static
  local-data: "db.example.test. IN A 10.0.0.5"
CONF
unbound-checkconf unbound.conf
unbound -d -c unbound.conf & server=$!
answers 5353
dig +short -p 5353 @127.0.0.1 db.example.test
dig +short -p 5353 @127.0.0.1 missing.example.test
sleep 1
finish $server
