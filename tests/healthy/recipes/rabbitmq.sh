chown -R rabbitmq . && chmod 755 /srv/app
echo '127.0.0.1 web-1 localhost' > hosts && mount --bind hosts /etc/hosts
printf '[rabbitmq_management].' > plugins
export RABBITMQ_MNESIA_BASE=/srv/app/run RABBITMQ_LOG_BASE=/srv/app/run RABBITMQ_LOGS=- RABBITMQ_NODENAME=rabbit@web-1 RABBITMQ_ENABLED_PLUGINS_FILE=/srv/app/plugins RABBITMQ_PID_FILE=/srv/app/run/pid
user="setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups env HOME=/srv/app/run"
$user /usr/lib/rabbitmq/bin/rabbitmq-server & server=$!
answers 5672
answers 15672
$user /usr/lib/rabbitmq/bin/rabbitmqctl status | head -60 || true
$user /usr/lib/rabbitmq/bin/rabbitmqctl list_queues
$user /usr/lib/rabbitmq/bin/rabbitmq-diagnostics check_running
$user /usr/lib/rabbitmq/bin/rabbitmqctl stop
wait $server || true
