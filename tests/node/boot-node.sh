# A node: FOLDER NAME ADDRESS KUBELET. Runs in mount, process and host name namespaces of its own, and dies with its first process.
set -eu
folder=$1 name=$2 address=$3 kubelet=$4
hostname "$name"
# Who runs the node can so tell when the last of its processes has ended.
echo 0 >"/sys/fs/cgroup/systemd/${folder##*/}/cgroup.procs"
mkdir -p "$folder/lib/kubelet" "$folder/log/pods" "$folder/log/containers"
mount --bind "$folder/lib" /var/lib
mount --bind "$folder/log" /var/log
mount -t tmpfs none /run

# The kubelet sets these for the whole machine unless they are as it wants them: so that is what it sees.
while read -r file value; do
  echo "$value" >"$folder/sysctl-${file##*/}"
  mount --bind "$folder/sysctl-${file##*/}" "/proc/sys/$file"
done <<END
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
END

containerd --config "$folder/containerd.toml" >"$folder/containerd.log" 2>&1 &
tries=0
until ctr --namespace k8s.io images import "$folder/image.tar" >"$folder/import.log" 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { cat "$folder/import.log" "$folder/containerd.log" >&2; exit 1; }
  sleep 0.1
done
# Not exec: somebody must be the first process, and take the orphans. When the kubelet ends, all ends.
"$kubelet" --config "$folder/kubelet.yaml" --kubeconfig "$folder/admin.kubeconfig" --root-dir /var/lib/kubelet \
  --hostname-override "$name" --node-ip "$address"
