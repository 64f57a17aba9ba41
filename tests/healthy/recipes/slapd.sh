mkdir data
printf 'include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile /srv/app/run/slapd.pid\ndatabase mdb\nmaxsize 10485760\nsuffix "dc=example,dc=test"\nrootdn "cn=admin,dc=example,dc=test"\ndirectory /srv/app/data\n' > slapd.conf
slaptest -u -f slapd.conf
slapd -h ldap://127.0.0.1:3890 -f slapd.conf -d stats & server=$!
answers 3890
sleep 1
finish $server INT
