printf '.:5353 {\n  errors\n  log\n  health 127.0.0.1:8080\n  ready 127.0.0.1:8181\n  hosts {\n    10.0.0.5 db.example.test\n    fallthrough\n  }\n  template ANY ANY {\n    rcode NXDOMAIN\n  }\n  cache 30\n  loop\n  reload 2s\n}\n' > Corefile
/opt/tools/go/coredns -conf Corefile & server=$!
answers 5353
dig +short -p 5353 @127.0.0.1 db.example.test
dig +short -p 5353 @127.0.0.1 missing.example.test
curl -s 127.0.0.1:8181/ready; curl -s 127.0.0.1:8080/health
sleep 1
finish $server
