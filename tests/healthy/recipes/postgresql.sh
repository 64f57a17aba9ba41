bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
user="setpriv --reuid=postgres --regid=postgres --clear-groups env HOME=/tmp"
chmod 755 /srv/app && mkdir data && chown postgres data run
$user "$bin/initdb" -D data -A trust -U app
$user "$bin/postgres" -D data -k /srv/app/run -c log_checkpoints=on -c log_connections=on & server=$!
client() { psql -h 127.0.0.1 -U app "$@"; }
until client -c 'select 1' postgres > /dev/null 2>&1; do sleep 0.3; done
client -q postgres -c 'create database shop'
client -q shop -c 'create table orders (id serial primary key, note text)' \
  -c "insert into orders (note) select 'order ' || n from generate_series(1, 5000) n" -c 'checkpoint' -c 'vacuum analyze orders'
client shop -c 'select count(*) from orders' -c 'explain analyze select * from orders where id = 7' -c 'show statement_timeout'
finish $server INT
$user "$bin/postgres" -D data -k /srv/app/run & server=$!
answers 5432
sleep 1
finish $server
