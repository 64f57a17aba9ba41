"""Faults of what the cluster itself needs: its network agent, its storage driver, its webhook, its registry; and of rules that refuse Pods."""

from tests.cascades.cluster import App, Claim, Cluster, Event, Pod
from tests.cascades.faults.containers import break_pull, no_such_image
from tests.cascades.objects import Object, moment
from tests.cascades.spread import pend, spread_all, strand, wait
from tests.cascades.truth import Truth


def _all(*names: str) -> frozenset[str]:
    return frozenset(names)


def _deployments(cluster: Cluster) -> list[App]:
    return [app for app in cluster.business if app.kind == "Deployment"]


def _target(cluster: Cluster) -> App:
    apps = _deployments(cluster)
    return cluster.random.choice([app for app in apps if cluster.callers(app)] or apps)


def _refuse(cluster: Cluster, app: App, why: str) -> None:
    """Let the ReplicaSet of `app` make no Pod, since the API server refuses with `why`."""
    cluster.pods = [pod for pod in cluster.pods if pod.app is not app]
    app.failure = ("FailedCreate", why)
    event = Event(
        "ReplicaSet", app.namespace, app.owner, "FailedCreate", f"Error creating: {why}", 1, cluster.minutes, 7
    )
    event.source = "replicaset-controller"
    cluster.events.append(event)


_REFUSED = (_all("events"), _all("workloads.json"))


def quota_full(cluster: Cluster) -> Truth:
    """Leave no room in a quota for a Pod that has to be made anew."""
    app = _target(cluster)
    left = len([pod for pod in cluster.pods if pod.app.namespace == app.namespace and pod.app is not app])
    name = cluster.random.choice(("team-quota", "compute", "limits"))
    why = f'pods "{app.owner}-{cluster.suffix()}" is forbidden: exceeded quota: {name}, requested: pods=1, used: pods={left}, limited: pods={left}'
    _refuse(cluster, app, why)
    body: Object = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": name, "namespace": app.namespace, "creationTimestamp": moment(cluster.minutes)},
        "spec": {"hard": {"pods": str(left)}},
        "status": {"hard": {"pods": str(left)}, "used": {"pods": str(left)}},
    }
    cluster.extra.append(("quotas", body))
    spread_all(cluster, set())
    subjects = (
        ("ResourceQuota", app.namespace, name),
        ("Deployment", app.namespace, app.name),
        ("Namespace", "", app.namespace),
    )
    return Truth(subjects, "QUOTA-EXCEEDED", _REFUSED)


def account_missing(cluster: Cluster) -> Truth:
    """Name a ServiceAccount that is not there."""
    app = _target(cluster)
    app.account = f"{app.name}-runner"
    why = f'pods "{app.owner}-" is forbidden: error looking up service account {app.namespace}/{app.account}: serviceaccount "{app.account}" not found'
    _refuse(cluster, app, why)
    spread_all(cluster, set())
    subjects = (("ServiceAccount", app.namespace, app.account), ("Deployment", app.namespace, app.name))
    return Truth(subjects, "SERVICE-ACCOUNT-MISSING", _REFUSED)


def webhook_gone(cluster: Cluster) -> Truth:
    """Let the Pods of a webhook pull no image, so that no Pod can be made any more."""
    webhook = cluster.named("policy-webhook")
    no_such_image(cluster, webhook)
    url = f"https://policy-webhook.{webhook.namespace}.svc:443/validate?timeout=10s"
    why = f'Internal error occurred: failed calling webhook "pods.policy.example": failed to call webhook: Post "{url}": no endpoints available for service "policy-webhook"'
    for app in cluster.random.sample(_deployments(cluster), k=2):
        _refuse(cluster, app, why)
    spread_all(cluster, {f"{webhook.namespace}/{webhook.name}"})
    decided: tuple[frozenset[str], ...] = (_all("events"),)
    if cluster.version >= "v1.32":
        decided = (_all("events"), _all("pods.json"))
    return Truth((("Deployment", webhook.namespace, webhook.name),), "IMAGE-NOT-FOUND", decided, "WEBHOOK-NO-ENDPOINTS")


def webhook_asleep(cluster: Cluster) -> Truth:
    """Scale a webhook to zero, so that no Pod can be made any more."""
    webhook = cluster.named("policy-webhook")
    webhook.replicas = 0
    cluster.pods = [pod for pod in cluster.pods if pod.app is not webhook]
    url = f"https://policy-webhook.{webhook.namespace}.svc:443/validate?timeout=10s"
    why = f'Internal error occurred: failed calling webhook "pods.policy.example": failed to call webhook: Post "{url}": no endpoints available for service "policy-webhook"'
    for app in cluster.random.sample(_deployments(cluster), k=2):
        _refuse(cluster, app, why)
    spread_all(cluster, {f"{webhook.namespace}/{webhook.name}"})
    subjects = (
        ("Deployment", webhook.namespace, webhook.name),
        ("Service", webhook.namespace, "policy-webhook"),
        ("WebhookConfiguration", "", "policy"),
        ("WebhookConfiguration", "", "pods.policy.example"),
    )
    return Truth(subjects, "WEBHOOK-NO-ENDPOINTS|SERVICE-SCALED-TO-ZERO", _REFUSED)


def storage_driver(cluster: Cluster) -> Truth:
    """Let the storage driver pull no image: claims stay pending, and so do the Pods that need them."""
    controller = cluster.named("csi-controller")
    no_such_image(cluster, controller)
    driver = next(iter(cluster.classes.values()))
    stores = [app for app in cluster.business if app.kind == "StatefulSet"]
    for app in cluster.random.sample(stores, k=min(2, len(stores))):
        claim: Claim = next(
            each for each in cluster.claims if each.namespace == app.namespace and each.name == app.claim
        )
        claim.volume = ""
        waiting = (
            f"Waiting for a volume to be created either by the external provisioner '{driver}' or manually by the system "
            "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
        )
        event = Event(
            "PersistentVolumeClaim",
            app.namespace,
            claim.name,
            "ExternalProvisioning",
            waiting,
            0,
            cluster.minutes,
            30,
            "Normal",
        )
        event.source = "persistentvolume-controller"
        cluster.events.append(event)
        total = len(cluster.nodes)
        pend(
            cluster,
            app,
            f"0/{total} nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling.",
        )
    spread_all(cluster, set())
    decided: tuple[frozenset[str], ...] = (_all("events"),)
    if cluster.version >= "v1.32":
        decided = (_all("events"), _all("pods.json"))
    decided = tuple(needed | {"pods.json"} for needed in decided)
    return Truth((("Deployment", "storage", "csi-controller"),), "IMAGE-NOT-FOUND", decided, "PVC-PROVISIONER-ABSENT")


def class_missing(cluster: Cluster) -> Truth:
    """Claim storage of a class that does not exist."""
    app = cluster.random.choice([each for each in cluster.business if each.kind == "StatefulSet"])
    claim = next(each for each in cluster.claims if each.namespace == app.namespace and each.name == app.claim)
    claim.volume, claim.storage_class = "", "premium-ssd"
    event = Event(
        "PersistentVolumeClaim",
        app.namespace,
        claim.name,
        "ProvisioningFailed",
        'storageclass.storage.k8s.io "premium-ssd" not found',
        0,
        cluster.minutes,
        20,
    )
    event.source = "persistentvolume-controller"
    cluster.events.append(event)
    total = len(cluster.nodes)
    pend(
        cluster,
        app,
        f"0/{total} nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling.",
    )
    spread_all(cluster, set())
    subjects = (("PersistentVolumeClaim", app.namespace, claim.name), ("StorageClass", "", "premium-ssd"))
    return Truth(subjects, "PVC-CLASS-NOT-FOUND", (_all("events"), _all("storage.json")))


_SOCKETS = {
    "cilium": (
        'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after '
        '30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory'
    ),
    "calico-node": (
        'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node '
        "container is running and has mounted /var/lib/calico/"
    ),
    "kube-flannel-ds": 'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
}  # fmt: skip


def network_agent(cluster: Cluster) -> Truth:
    """Let the network agent of a node pull no image, so that new Pods of that node get no network."""
    node = cluster.random.choice(cluster.workers)
    agent = cluster.named(cluster.cni)
    pod = next(each for each in cluster.pods_of(agent) if each.node == node.name)
    reference = agent.image
    break_pull(
        cluster,
        pod,
        f'rpc error: code = Unknown desc = failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": failed to do request: Head "https://quay.io/v2/agent/manifests/v1.15.6": dial tcp 34.225.41.113:443: i/o timeout',
    )
    new = [each for each in cluster.pods_on(node) if each.app.kind == "Deployment" and not each.app.infrastructure]
    for each in new:
        _no_sandbox(cluster, each)
    spread_all(cluster, set())
    decided: tuple[frozenset[str], ...] = (_all("events"),)
    if cluster.version >= "v1.32":
        decided = (_all("events"), _all("pods.json"))
    subjects = (("DaemonSet", agent.namespace, agent.name), ("Node", "", node.name))
    return Truth(subjects, "REGISTRY-.*|IMAGE-.*", decided, "FLANNEL-SUBNET-ENV|CALICO-NODENAME|CNI-.*")


def _no_sandbox(cluster: Cluster, pod: Pod) -> None:
    wait(cluster, pod, "ContainerCreating", "")
    identity = "6d2f0ad4b1c8e1d5ff1a8b9c33e0f1a2b3c4d5e6f708192a3b4c5d6e7f809102"
    words = f'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "{identity}": {_SOCKETS[cluster.cni]}'
    cluster.tell(pod, "FailedCreatePodSandBox", words, count=10)


def network_unconfigured(cluster: Cluster) -> Truth:
    """Remove the network configuration of a node, which is NotReady then."""
    node = cluster.random.choice(cluster.workers)
    node.ready, node.reason, node.since = "False", "KubeletNotReady", cluster.minutes
    node.message = "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"
    event = Event(
        "Node", "", node.name, "NodeNotReady", f"Node {node.name} status is now: NodeNotReady", node.since, node.since
    )
    event.type, event.host = "Normal", node.name
    cluster.events.append(event)
    strand(cluster, node)
    spread_all(cluster, set())
    return Truth((("Node", "", node.name),), "CNI-NO-CONFIG", (), "CNI-NO-CONFIG")


def registry_unreachable(cluster: Cluster) -> Truth:
    """Cut a node off from the registries of its images."""
    busy = [node for node in cluster.workers if any(pod.app in _deployments(cluster) for pod in cluster.pods_on(node))]
    node = cluster.random.choice(busy)
    broken = [pod for pod in cluster.pods_on(node) if pod.app in _deployments(cluster)]
    subjects = [("Node", "", node.name)]
    for pod in broken:
        reference = pod.app.image
        host, path = reference.split("/", 1)
        name, tag = path.rsplit(":", 1)
        error = f'rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "{reference}": failed to resolve reference "{reference}": failed to do request: Head "https://{host}/v2/{name}/manifests/{tag}": dial tcp 203.0.113.7:443: i/o timeout'
        break_pull(cluster, pod, error)
        subjects += [("Deployment", pod.app.namespace, pod.app.name), ("Registry", "", host)]
    spread_all(cluster, set())
    decided: tuple[frozenset[str], ...] = (_all("events"),)
    if cluster.version >= "v1.32":
        decided = (_all("events"), _all("pods.json"))
    return Truth(tuple(subjects), "REGISTRY-UNREACHABLE", decided)


def cordoned(cluster: Cluster) -> Truth:
    """Cordon the one node that a workload may run on."""
    node = cluster.random.choice(cluster.workers)
    app = _target(cluster)
    node.cordoned, node.since, node.labels = True, cluster.minutes, {"disk": "ssd"}
    app.node_selector = {"disk": "ssd"}
    total = len(cluster.nodes)
    others = total - 2
    parts = [
        "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }",
        "1 node(s) were unschedulable",
    ]
    if others:
        parts.append(f"{others} node(s) didn't match Pod's node affinity/selector")
    pend(
        cluster,
        app,
        f"0/{total} nodes are available: {', '.join(parts)}. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling.",
    )
    spread_all(cluster, set())
    subjects = (("Node", "", node.name), ("Deployment", app.namespace, app.name))
    return Truth(subjects, "SCHED-CORDONED", (_all("nodes.json", "pods.json"),))


def no_label(cluster: Cluster) -> Truth:
    """Demand a label that no node has."""
    app = _target(cluster)
    app.node_selector = {"pool": "gpu-large"}
    return _fits_nowhere(
        cluster, app, "node(s) didn't match Pod's node affinity/selector", "SCHED-NODE-SELECTOR|CHANGE-SCHEDULING"
    )


def too_large(cluster: Cluster) -> Truth:
    """Ask for more CPU than a node has."""
    app = _target(cluster)
    app.cpu = "64"
    return _fits_nowhere(cluster, app, "Insufficient cpu", "SCHED-INSUFFICIENT-CPU")


def _fits_nowhere(cluster: Cluster, app: App, reason: str, rule: str) -> Truth:
    """Let the Pods of `app` wait: for `reason` at the workers, for its taint at the control plane."""
    total = len(cluster.nodes)
    pend(
        cluster,
        app,
        f"0/{total} nodes are available: 1 node(s) had untolerated taint {{node-role.kubernetes.io/control-plane: }}, {total - 1} {reason}. preemption: 0/{total} nodes are available: {total} Preemption is not helpful for scheduling.",
    )
    spread_all(cluster, set())
    return Truth((("Deployment", app.namespace, app.name),), rule, (_all("nodes.json", "pods.json"), _all("events")))


FAULTS = (
    quota_full,
    account_missing,
    webhook_gone,
    webhook_asleep,
    storage_driver,
    class_missing,
    network_agent,
    network_unconfigured,
    registry_unreachable,
    cordoned,
    no_label,
    too_large,
)
