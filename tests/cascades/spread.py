"""How a fault spreads: Pods fail, their Services have nobody left, and who calls them suffers in turn."""

from tests.cascades.cluster import App, Cluster, Event, Node, Pod
from tests.cascades.logs import failed_call


def crash(cluster: Cluster, pod: Pod, code: int = 1, reason: str = "Error") -> None:
    """Make a Pod crash again and again."""
    pod.state, pod.ready, pod.since = "waiting", False, cluster.minutes
    pod.reason, pod.exit_code, pod.exit_reason = "CrashLoopBackOff", code, reason
    pod.restarts += cluster.random.randint(3, 9)
    full = f"{pod.name}_{pod.app.namespace}(uid-{pod.app.namespace}-{pod.name})"
    pod.message = f"back-off 2m40s restarting failed container={pod.app.name} pod={full}"
    cluster.tell(pod, "BackOff", f"Back-off restarting failed container {pod.app.name} in pod {full}", count=12)


def wait(cluster: Cluster, pod: Pod, reason: str, message: str) -> None:
    """Make a Pod wait for what its container needs, since it was made anew when the fault happened."""
    pod.state, pod.ready, pod.since, pod.created = "waiting", False, cluster.minutes, cluster.minutes
    pod.reason, pod.message, pod.restarts = reason, message, 0
    if reason == "ContainerCreating":
        pod.ip = ""


def pend(cluster: Cluster, app: App, message: str, count: int | None = None) -> list[Pod]:
    """Replace Pods of `app` by Pods that find no node."""
    old = cluster.pods_of(app)[: count or None]
    cluster.pods = [pod for pod in cluster.pods if pod not in old]
    made = []
    for _ in old or range(app.replicas):
        pod = cluster.new_pod(app, "", cluster.minutes)
        pod.state, pod.ready, pod.message, pod.since = "pending", False, message, cluster.minutes
        cluster.tell(pod, "FailedScheduling", message, count=3, source="default-scheduler")
        made.append(pod)
    return made


def lose(cluster: Cluster, node: Node) -> None:
    """Make a node silent: its kubelet reports no longer, and its Pods count as not ready."""
    node.ready, node.reason, node.message = "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."
    node.since = cluster.minutes
    told = Event(
        "Node", "", node.name, "NodeNotReady", f"Node {node.name} status is now: NodeNotReady", node.since, node.since
    )
    told.type, told.source = "Normal", "node-controller"
    cluster.events.append(told)
    strand(cluster, node)


def strand(cluster: Cluster, node: Node) -> None:
    """Make the Pods of a node that is not Ready count as not ready, and after five minutes replace them elsewhere."""
    others = [each for each in cluster.workers if each.ready == "True" and not each.cordoned and not each.pressure]
    for pod in cluster.pods_on(node):
        pod.state, pod.ready, pod.since = "lost", False, node.since
        cluster.tell(pod, "NodeNotReady", "Node is not ready", source="node-controller")
        if cluster.minutes <= 6 or pod.app.kind == "DaemonSet":
            continue
        pod.state = "terminating"
        cluster.tell(
            pod, "TaintManagerEviction", f"Marking for deletion Pod {pod.app.namespace}/{pod.name}",
            source="taint-eviction-controller", type="Normal",
        )  # fmt: skip
        if pod.app.kind == "Deployment":
            if others:
                cluster.new_pod(pod.app, cluster.random.choice(others).name, cluster.minutes - 5)
            else:
                _homeless(cluster, pod.app)


def _homeless(cluster: Cluster, app: App) -> None:
    parts = ["1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"]
    silent = [node for node in cluster.workers if node.ready == "Unknown"]
    if silent:
        parts.append(f"{len(silent)} node(s) had untolerated taint {{node.kubernetes.io/unreachable: }}")
    closed = [node for node in cluster.workers if node.ready == "False"]
    if closed:
        parts.append(f"{len(closed)} node(s) had untolerated taint {{node.kubernetes.io/not-ready: }}")
    total = len(cluster.nodes)
    message = f"0/{total} nodes are available: {', '.join(parts)}. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling."
    pod = cluster.new_pod(app, "", cluster.minutes - 5)
    pod.state, pod.ready, pod.message, pod.since = "pending", False, message, cluster.minutes - 5
    cluster.tell(pod, "FailedScheduling", message, count=2, source="default-scheduler")


def starve(cluster: Cluster, app: App, how: str = "refused", only: App | None = None) -> None:
    """Make the callers of an application whose Service has nobody left suffer, and theirs in turn."""
    for caller in cluster.callers(app):
        if only is not None and caller is not only:
            continue
        setting = next(name for name, callee in caller.calls.items() if callee is app)
        suffer(cluster, caller, setting, how)


def suffer(cluster: Cluster, caller: App, setting: str, how: str, ip: str = "") -> None:
    """Make an application suffer from a call that fails: it logs, is no longer ready, or exits."""
    was_dead = cluster.dead(caller)
    for pod in cluster.pods_of(caller):
        if pod.state != "running":
            continue
        if not pod.ready and cluster.logs.get(f"{pod.app.namespace}/{pod.name}"):
            continue
        cluster.log(pod, *failed_call(cluster, caller, setting, how, ip, pod.ip))
        if caller.manner == "ready":
            pod.ready, pod.since = False, cluster.minutes
            cluster.tell(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", count=20)
        elif caller.manner == "start" and cluster.minutes > 3:
            crash(cluster, pod)
    if not was_dead and cluster.dead(caller):
        starve(cluster, caller)


def spread_all(cluster: Cluster, dead_before: set[str]) -> None:
    """Make the callers of everything that died suffer."""
    for app in list(cluster.apps):
        if app.serves and f"{app.namespace}/{app.name}" not in dead_before and app.replicas and cluster.dead(app):
            starve(cluster, app)
