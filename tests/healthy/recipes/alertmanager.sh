printf 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n' > alertmanager.yml
amtool check-config alertmanager.yml
prometheus-alertmanager --config.file=alertmanager.yml --storage.path=run/data --web.listen-address=127.0.0.1:9093 --cluster.listen-address= & server=$!
answers 9093
curl -s -X POST -H 'content-type: application/json' 127.0.0.1:9093/api/v2/alerts -d '[{"labels": {"alertname": "Watchdog", "severity": "none"}}]'
sleep 1
amtool --alertmanager.url=http://127.0.0.1:9093 alert query
finish $server
