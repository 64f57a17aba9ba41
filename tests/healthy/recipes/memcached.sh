memcached -u nobody -l 127.0.0.1 -p 11211 -vv & server=$!
answers 11211
printf 'set key 0 60 5\r\nhello\r\nget key\r\nget other\r\nstats\r\nquit\r\n' | timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/11211; cat >&3; cat <&3'
sleep 1
finish $server
