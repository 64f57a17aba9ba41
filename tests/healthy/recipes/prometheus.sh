cat > rules.yml <<'CONF'
groups:
  - name: web
    rules:
      - {alert: TargetDown, expr: up == 0, for: 5m, annotations: {summary: "connection refused or timeout on {{ $labels.instance }}"}}
      - {record: job:up:sum, expr: sum by (job) (up)}
CONF
printf 'global: {scrape_interval: 1s}\nrule_files: [rules.yml]\nscrape_configs:\n  - {job_name: prometheus, static_configs: [{targets: ["127.0.0.1:9090"]}]}\n' > prometheus.yml
promtool check config prometheus.yml
prometheus --config.file=prometheus.yml --storage.tsdb.path=run/data --web.listen-address=127.0.0.1:9090 --web.enable-lifecycle & server=$!
answers 9090
has <(sleep 2; echo up) up
curl -s 127.0.0.1:9090/-/ready
curl -s -X POST 127.0.0.1:9090/-/reload
curl -s '127.0.0.1:9090/api/v1/query?query=up'
curl -s 127.0.0.1:9090/api/v1/rules
sleep 2
finish $server
