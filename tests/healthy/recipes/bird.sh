printf 'log stderr all;\nrouter id 10.0.0.1;\nprotocol device {}\nprotocol kernel { ipv4 { export all; }; }\nprotocol static { ipv4; route 10.20.0.0/16 blackhole; }\n' > bird.conf
bird -d -c bird.conf -s run/bird.ctl & server=$!
sleep 2
birdc -s run/bird.ctl show status
birdc -s run/bird.ctl show protocols
birdc -s run/bird.ctl show route
finish $server
