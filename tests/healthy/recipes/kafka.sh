printf 'process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:9093\nlisteners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\nadvertised.listeners=PLAINTEXT://127.0.0.1:9092\ncontroller.listener.names=CONTROLLER\nlog.dirs=/srv/app/run/data\noffsets.topic.replication.factor=1\n' > server.properties
java="java -Xmx256m -cp /opt/tools/kafka/* -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat=[yyyy-MM-dd'T'HH:mm:ss,SSS] -Dorg.slf4j.simpleLogger.logFile=System.out"
set -f
$java kafka.tools.StorageTool format -t "$($java kafka.tools.StorageTool random-uuid | tail -1)" -c server.properties
$java kafka.Kafka server.properties > "$OUT/kafka-run.log" 2>&1 & server=$!
answers 9092
$java org.apache.kafka.tools.TopicCommand --bootstrap-server 127.0.0.1:9092 --create --topic orders --partitions 2 || $java kafka.admin.TopicCommand --bootstrap-server 127.0.0.1:9092 --create --topic orders --partitions 2 || true
finish $server
grep -v '^	' "$OUT/kafka-run.log" | cut -c1-400 > run/short && mv run/short "$OUT/kafka-run.log"
