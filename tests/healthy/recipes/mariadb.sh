chmod 755 /srv/app && mkdir data && chown mysql data run
mariadb-install-db --datadir=/srv/app/data --user=mysql --skip-test-db > install.txt 2>&1
mariadbd --no-defaults --datadir=/srv/app/data --user=mysql --socket=/srv/app/run/db.sock --bind-address=127.0.0.1 --pid-file=/srv/app/run/db.pid & server=$!
answers 3306
client() { mariadb --no-defaults -S run/db.sock "$@"; }
client -e "create database shop; create table shop.orders (id int primary key auto_increment, note text); insert into shop.orders (note) values ('a'), ('b'); select count(*) from shop.orders; check table shop.orders; show status like 'Aborted%'"
finish $server
