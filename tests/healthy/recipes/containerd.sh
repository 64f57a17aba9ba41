printf 'version = 2\nroot = "/srv/app/run/root"\nstate = "/srv/app/run/state"\n[grpc]\n  address = "/srv/app/run/containerd.sock"\n' > config.toml
containerd --config config.toml & server=$!
has <(until test -S run/containerd.sock; do sleep 0.2; done; echo there) there
export CONTAINERD_ADDRESS=/srv/app/run/containerd.sock
sleep 1
ctr version
ctr plugins ls
ctr namespaces create shop
ctr namespaces ls
ctr images ls
ctr -n k8s.io containers ls
finish $server
containerd config dump | grep -vE 'root|state' > "$OUT/containerd-config-run.txt"
