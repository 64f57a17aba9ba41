prometheus-node-exporter --web.listen-address=127.0.0.1:9100 --no-collector.systemd & server=$!
answers 9100
curl -s 127.0.0.1:9100/metrics | grep -E '^node_(load|memory_Mem|scrape_collector_success)' | head -60
finish $server
