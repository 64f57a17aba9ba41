printf 'tickTime=2000\ndataDir=/srv/app/run\nclientPort=2181\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n4lw.commands.whitelist=ruok,stat\n' > zoo.cfg
java -cp "/usr/share/java/zookeeper.jar:/etc/zookeeper/conf:$(echo /usr/share/java/*.jar | tr ' ' :)" org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg & server=$!
answers 2181
echo ruok | timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/2181; cat >&3; cat <&3'
sleep 2
finish $server
