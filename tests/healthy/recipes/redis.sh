redis-server --port 6379 --dir /srv/app/run --save 1 1 --appendonly yes & first=$!
answers 6379
redis-server --port 6380 --dir /srv/app/run --dbfilename replica.rdb --replicaof 127.0.0.1 6379 > "$OUT/redis-replica-run.log" 2>&1 & second=$!
answers 6380
redis-cli set greeting hello
redis-cli incr visits
redis-cli bgsave
until redis-cli -p 6380 info replication | grep -q link_status:up; do sleep 0.2; done
sleep 3
redis-cli -p 6380 get greeting
redis-cli -p 6380 info replication | tr -d '\r' | head -12
finish $second
finish $first
redis-server --port 6379 --dir /srv/app/run --appendonly yes & first=$!
sleep 1
redis-cli shutdown save || true
wait $first || true
