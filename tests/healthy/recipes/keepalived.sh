printf 'global_defs { router_id web-1 }\nvrrp_instance api { state MASTER; interface lo\n virtual_router_id 51\n priority 100\n advert_int 1\n virtual_ipaddress {\n 10.9.0.10/32\n }\n}\n' | sed 's/state MASTER; interface/\n state MASTER\n interface/; s/{ router_id web-1 }/{\n router_id web-1\n}/' > keepalived.conf
keepalived -n -l -D -f /srv/app/keepalived.conf -p /srv/app/run/pid -r /srv/app/run/vrrp.pid -c /srv/app/run/check.pid & server=$!
sleep 8
finish $server
