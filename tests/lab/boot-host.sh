# The machine of the operator: FOLDER HOME. Runs in network, mount and host name namespaces of its own.
set -eu
folder=$1 home=$2
hostname studio
mount -t tmpfs none "$folder/host"
mkdir "$folder/host/upper" "$folder/host/work"
mount -t overlay none -o "lowerdir=$home,upperdir=$folder/host/upper,workdir=$folder/host/work" "$home"
mkdir -p "$home/.ssh"
rm -f "$home/.ssh/config" "$home/.ssh/known_hosts"
cp "$folder/id" "$folder/config" "$folder/known_hosts" "$home/.ssh/"
ip link set lo up
ip link add br0 type bridge
ip addr add 192.168.66.1/24 dev br0
ip link set br0 up
echo ready
exec sleep infinity
