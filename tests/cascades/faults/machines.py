"""Faults of machines: VMs, kubelets, disks and certificates."""

from tests.cascades.cluster import Cluster, Event, Node
from tests.cascades.spread import lose, spread_all
from tests.cascades.truth import Truth


def _victim(cluster: Cluster) -> Node:
    busy = [node for node in cluster.workers if cluster.pods_on(node)]
    return cluster.random.choice(busy)


def _all(*names: str) -> frozenset[str]:
    return frozenset(names)


def _go_silent(cluster: Cluster, node: Node) -> None:
    lose(cluster, node)
    spread_all(cluster, set())


def vm_stopped(cluster: Cluster) -> Truth:
    """Stop the VM of a worker."""
    node = _victim(cluster)
    node.vm_state = "stopped"
    _go_silent(cluster, node)
    return Truth((("VM", "", node.name), ("Node", "", node.name)), "VM-.*", (_all("vms", "nodes"),))


def _status(node: Node, active: str, main: str) -> str:
    return (
        f"root@{node.name}:~# systemctl status kubelet\n"
        "○ kubelet.service - kubelet: The Kubernetes Node Agent\n"
        "     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; vendor preset: enabled)\n"
        "    Drop-In: /usr/lib/systemd/system/kubelet.service.d\n"
        "             └─10-kubeadm.conf\n"
        f"     Active: {active}\n"
        "       Docs: https://kubernetes.io/docs/\n"
        f"   Main PID: 812 {main}\n"
    )


def kubelet_stopped(cluster: Cluster) -> Truth:
    """Stop the kubelet of a worker."""
    node = _victim(cluster)
    _go_silent(cluster, node)
    since = f"Tue 2026-11-24 08:{60 - cluster.minutes:02d}:00 UTC; {cluster.minutes}min ago"
    cluster.texts[f"{node.name}.txt"] = _status(
        node, f"inactive (dead) since {since}", "(code=exited, status=0/SUCCESS)"
    )
    return Truth((("Node", "", node.name),), "KUBELET-STOPPED", (_all("node"),))


def _journal(node: Node, line: str) -> str:
    prefix = f"Nov 24 08:5{{}}:{{:02d}} {node.name}"
    lines = []
    for place in range(4):
        at = prefix.format(6 + place % 4, 10 * place)
        lines += [
            f"{at} systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.",
            f'{at} kubelet[{2100 + place}]: E1124 08:5{6 + place % 4}:{10 * place:02d}.412033    {2100 + place} run.go:72] "command failed" err="{line}"',
            f"{at} systemd[1]: kubelet.service: Main process exited, code=exited, status=1/FAILURE",
            f"{at} systemd[1]: kubelet.service: Failed with result 'exit-code'.",
        ]
    return f"root@{node.name}:~# journalctl -u kubelet --no-pager\n" + "\n".join(lines) + "\n"


def swap_on(cluster: Cluster) -> Truth:
    """Reboot a worker with swap, so that its kubelet refuses to start."""
    node = _victim(cluster)
    _go_silent(cluster, node)
    line = "failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false"
    cluster.texts[f"{node.name}.txt"] = _journal(node, line)
    return Truth((("Node", "", node.name), ("Component", "", "kubelet")), "NODE-SWAP-ON", (_all("node"),))


def kubelet_certificate(cluster: Cluster) -> Truth:
    """Let the client certificate of a kubelet expire."""
    node = _victim(cluster)
    _go_silent(cluster, node)
    lines = [
        (
            "E1124 08:57:01.102210    2101 bootstrap.go:266] part of the existing bootstrap client certificate in "
            "/etc/kubernetes/kubelet.conf is expired: 2026-11-24 08:20:11 +0000 UTC"
        ),
        (
            'E1124 08:57:01.102890    2101 run.go:72] "command failed" err="failed to run Kubelet: unable to load bootstrap '
            'kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"'
        ),
    ]
    shown = "\n".join(f"Nov 24 08:57:01 {node.name} kubelet[2101]: {line}" for line in lines)
    cluster.texts[f"{node.name}.txt"] = f"root@{node.name}:~# journalctl -u kubelet --no-pager\n{shown}\n"
    return Truth((("Node", "", node.name), ("Component", "", "kubelet")), "TLS-KUBELET-CLIENT-EXPIRED", (_all("node"),))


def disk_pressure(cluster: Cluster) -> Truth:
    """Fill the disk of a worker: Pods are evicted, and some find no other node."""
    node = _victim(cluster)
    node.pressure, node.since = "DiskPressure", cluster.minutes
    for reason, message in (
        ("EvictionThresholdMet", "Attempting to reclaim ephemeral-storage"),
        ("FreeDiskSpaceFailed", "Failed to garbage collect required amount of images. Attempted to free 4026531840 bytes, but only found 0 bytes eligible to free."),
    ):  # fmt: skip
        cluster.events.append(Event("Node", "", node.name, reason, message, 1, cluster.minutes, 6, host=node.name))
    pinned = cluster.random.random() < 0.6
    for pod in list(cluster.pods_on(node)):
        if pod.app.kind != "Deployment" or cluster.random.random() < 0.2:
            continue
        pod.state, pod.ready, pod.since = "evicted", False, cluster.minutes - 1
        pod.message = (
            "The node was low on resource: ephemeral-storage. Threshold quantity: 9549128114, available: 7312452Ki. "
            f"Container {pod.app.name} was using 1204Mi, request is 0, has larger consumption of ephemeral-storage. "
        )
        cluster.tell(pod, "Evicted", pod.message)
        if pinned and not pod.app.infrastructure:
            node.labels["disk"] = "ssd"
            pod.app.node_selector = {"disk": "ssd"}
            total = len(cluster.nodes)
            made = cluster.new_pod(pod.app, "", cluster.minutes - 1)
            made.state, made.ready, made.since = "pending", False, cluster.minutes - 1
            rest = total - 2
            parts = ["1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"]
            parts.append("1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }")
            if rest:
                parts.append(f"{rest} node(s) didn't match Pod's node affinity/selector")
            made.message = f"0/{total} nodes are available: {', '.join(parts)}. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling."
            cluster.tell(made, "FailedScheduling", made.message, source="default-scheduler")
        else:
            others = [each.name for each in cluster.workers if each is not node]
            cluster.new_pod(pod.app, cluster.random.choice(others), cluster.minutes - 1)
    spread_all(cluster, set())
    return Truth((("Node", "", node.name),), "NODE-DISK-PRESSURE|NODE-DISK-FULL", (_all("nodes.json"), _all("events")))


FAULTS = (vm_stopped, kubelet_stopped, swap_on, kubelet_certificate, disk_pressure)
