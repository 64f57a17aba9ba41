"""What the programs of a node are told: kubelet, containerd and the CNI plugins."""

from pathlib import Path
from typing import Any

PAUSE = "kbdiag.test/pause:1"
PLUGINS = Path("/usr/lib/cni")
LEASE_SECONDS = 10
"""For how long the kubelet's lease holds: it renews four times as often."""

NETWORK = {
    "cniVersion": "1.0.0",
    "name": "pods",
    "plugins": [
        {
            "type": "bridge",
            "bridge": "cni0",
            "isGateway": True,
            "ipam": {
                "type": "host-local",
                "ranges": [[{"subnet": "10.128.0.0/24"}]],
                "routes": [{"dst": "0.0.0.0/0"}],
            },
        }
    ],
}
"""The Pods' network; its plugins are those that each distribution packages."""


def containerd(folder: Path) -> str:
    """Return containerd's configuration; the CNI configuration is in `folder`/cni."""
    return f"""version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  # Root inside a container may lack the right to protect sandboxes from the OOM killer, as the kubelet asks for.
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "{PLUGINS}"
  conf_dir = "{folder}/cni"
"""


def kubelet(cgroup: str, dns: str) -> dict[str, Any]:
    """Return the kubelet's configuration: its Pods are below `cgroup`, and ask the address `dns` for names."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cgroup}",
        "failCgroupV1": False,  # what 1.35 does by default; without a systemd there is no other
        "enforceNodeAllocatable": [],
        # Nobody else is in this network.
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        "failSwapOn": False,
        "makeIPTablesUtilChains": False,
        "nodeLeaseDurationSeconds": LEASE_SECONDS,
        # How full the disk of the machine is shall not matter.
        "evictionHard": {"memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%"},
        "imageGCHighThresholdPercent": 100,
        "eventRecordQPS": 0,
        "resolvConf": "",
        "clusterDNS": [dns],
        "clusterDomain": "cluster.local",
    }
