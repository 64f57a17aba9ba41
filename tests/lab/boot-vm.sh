# A VM: FOLDER NAME. Runs in network, mount, process and host name namespaces of its own, and dies with its first process.
set -eu
folder=$1 name=$2
hostname "$name"
mount -t tmpfs none "$folder/$name"
for part in etc var opt; do
  mkdir -p "$folder/$name/$part/upper" "$folder/$name/$part/work"
  mount -t overlay none -o "lowerdir=/$part,upperdir=$folder/$name/$part/upper,workdir=$folder/$name/$part/work" "/$part"
done
mount -t tmpfs none /run
mkdir -p /run/systemd/journal /run/log/journal /run/sshd /etc/lab/units /etc/kubernetes /etc/cni/net.d /opt/cni/bin /etc/systemd
printf '%032x\n' "$(printf '%s' "$name" | cksum | cut -d' ' -f1)" >/etc/machine-id
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nRateLimitBurst=0\n' >/etc/systemd/journald.conf
/usr/lib/systemd/systemd-journald </dev/null >/dev/null 2>&1 &
tries=0
until [ -S /run/systemd/journal/socket ] || [ $tries = 100 ]; do tries=$((tries + 1)); sleep 0.05; done
ip link set lo up
sysctl -q -w net.ipv4.ip_forward=1
echo ready
exec sleep infinity
