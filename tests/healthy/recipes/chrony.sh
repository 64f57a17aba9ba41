printf 'local stratum 8\nallow 127.0.0.1\ndriftfile /srv/app/run/drift\npidfile /srv/app/run/chronyd.pid\nbindcmdaddress /\n' > chrony.conf
chronyd -x -d -u root -f /srv/app/chrony.conf & server=$!
sleep 3
chronyc -n tracking
chronyc -n sources
chronyc -n activity
finish $server
