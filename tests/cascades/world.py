"""A random healthy cluster: three to seven nodes, the cluster's own workloads, and applications that call each other."""

from random import Random

from tests.cascades.cluster import App, Claim, Cluster, Node, Pod

_NAMES = [
    "cart",
    "orders",
    "billing",
    "payment",
    "shipping",
    "catalog",
    "search",
    "users",
    "accounts",
    "emails",
    "ads",
    "rates",
    "quotes",
    "media",
    "reviews",
    "reports",
    "ledger",
    "inventory",
    "pricing",
    "profile",
    "geo",
    "auth",
    "sessions",
    "feed",
    "chat",
    "uploads",
    "exports",
    "audit",
    "invoices",
    "tickets",
]
_STORES = ("postgres", "redis", "mongo", "mysql", "rabbitmq", "kafka")
_STORE_PORTS = {"postgres": 5432, "redis": 6379, "mongo": 27017, "mysql": 3306, "rabbitmq": 5672, "kafka": 9092}
_SPACES = ("shop", "bank", "travel", "media", "crm", "iot", "games", "lab")
_REGISTRIES = ("registry.corp.example", "ghcr.example/acme", "docker.io/acme")
_AGENTS = {"cilium": "kube-system", "calico-node": "kube-system", "kube-flannel-ds": "kube-flannel"}
_SELF_DRIVERS = {"csi.trident.example": "standard", "block.csi.example.com": "fast"}


def healthy(seed: int) -> Cluster:
    """Return the cluster of a seed, in which all is well."""
    random = Random(seed)
    cluster = Cluster(
        random,
        random.choice(("v1.29.8", "v1.31.4", "v1.32.1", "v1.33.2")),
        random.choice((3, 4, 8, 12, 25, 40)),
        random.choice(list(_AGENTS)),
    )
    prefix = random.choice(("prod", "k8s", "node", "staging", "edge"))
    count = random.randint(2, 6)
    cluster.nodes.append(Node(f"{prefix}-master", "192.168.64.2", control_plane=True))
    cluster.nodes += [Node(f"{prefix}-worker{place}", f"192.168.64.{place + 2}") for place in range(1, count + 1)]
    _infrastructure(cluster)
    _applications(cluster)
    return cluster


def _infrastructure(cluster: Cluster) -> None:
    random = cluster.random
    driver = random.choice(list(_SELF_DRIVERS))
    cluster.classes[_SELF_DRIVERS[driver]] = driver
    rows = [
        ("kube-system", "coredns", "Deployment", 2, "registry.k8s.io/coredns/coredns:v1.11.3", 53),
        ("kube-system", "kube-proxy", "DaemonSet", 0, f"registry.k8s.io/kube-proxy:{cluster.version}", 0),
        (_AGENTS[cluster.cni], cluster.cni, "DaemonSet", 0, f"quay.io/{cluster.cni}/agent:v1.15.6", 0),
        ("kube-system", "metrics-server", "Deployment", 1, "registry.k8s.io/metrics-server/metrics-server:v0.7.2", 443),
        ("storage", "csi-controller", "Deployment", 1, "registry.k8s.io/sig-storage/csi-provisioner:v5.1.0", 0),
        ("storage", "csi-node", "DaemonSet", 0, "registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.12.0", 0),
        (
            "policy-system",
            "policy-webhook",
            "Deployment",
            random.randint(1, 2),
            "ghcr.example/policy/webhook:1.9",
            8443,
        ),
    ]
    for namespace, name, kind, replicas, image, port in rows:
        app = _app(cluster, namespace, name, kind, replicas, image, port)
        app.infrastructure, app.serves = True, bool(port)
        if name == "coredns":
            app.service_name, app.service_port, app.cluster_ip = "kube-dns", 53, "10.96.0.10"
            app.config = "coredns"
        if name == "csi-controller":
            app.container, app.args = "csi-provisioner", ["--csi-address=/csi/csi.sock", "--leader-election"]
        if name == "csi-node":
            app.container = "node-driver-registrar"
            app.args = [
                "--csi-address=/csi/csi.sock",
                f"--kubelet-registration-path=/var/lib/kubelet/plugins/{driver}/csi.sock",
            ]
        if name in ("policy-webhook", "metrics-server"):
            app.service_port = 443
        _place(cluster, app)


def _applications(cluster: Cluster) -> None:
    random = cluster.random
    names = random.sample(_NAMES, k=len(_NAMES))
    for namespace in random.sample(_SPACES, k=random.randint(2, 4)):
        stores = []
        for name in random.sample(_STORES, k=random.randint(1, 2)):
            port = _STORE_PORTS[name]
            store = _app(
                cluster, namespace, name, "StatefulSet", 1, f"docker.io/library/{name}:{random.randint(6, 16)}", port
            )
            store.service_port = port
            store.secret = f"{name}-credentials"
            store.storage_class = next(iter(cluster.classes))
            store.claim = f"data-{name}-0"
            cluster.claims.append(Claim(namespace, store.claim, store.storage_class, f"pvc-{cluster.suffix(8)}"))
            _place(cluster, store)
            stores.append(store)
        group = [_business(cluster, namespace, names.pop()) for _ in range(random.randint(3, 6))]
        for place, app in enumerate(group):
            deeper = group[place + 1 :] + stores
            for callee in random.sample(deeper, k=min(len(deeper), random.randint(1, 2))):
                _call(cluster, app, callee)
        for app in group:
            _place(cluster, app)
    spaces = [app for app in cluster.business if app.kind == "Deployment"]
    for _ in range(2):
        caller, callee = random.choice(spaces), random.choice(spaces)
        if caller.namespace < callee.namespace:
            _call(cluster, caller, callee)


def _business(cluster: Cluster, namespace: str, name: str) -> App:
    random = cluster.random
    image = f"{random.choice(_REGISTRIES)}/{name}:{random.randint(1, 4)}.{random.randint(0, 20)}.{random.randint(0, 9)}"
    app = _app(
        cluster,
        namespace,
        name,
        "Deployment",
        random.choice((1, 1, 2, 3)),
        image,
        random.choice((8080, 3000, 5000, 9090)),
    )
    app.language = random.choice(("go", "java", "python", "node", "json", "logfmt"))
    app.manner = random.choice(("tolerant", "tolerant", "ready", "start"))
    app.service_port = random.choice((80, app.port))
    app.config = f"{name}-config" if random.random() < 0.5 else ""
    app.secret = f"{name}-secret" if random.random() < 0.4 else ""
    app.scaler = random.random() < 0.2
    app.probe = {"httpGet": {"path": "/healthz", "port": app.port}, "periodSeconds": 10, "failureThreshold": 3}
    return app


def _app(cluster: Cluster, namespace: str, name: str, kind: str, replicas: int, image: str, port: int) -> App:
    cluster.tried += 1
    app = App(namespace, name, kind, replicas, image, port)
    app.hash = cluster.suffix(9)
    app.service_name, app.service_port = name, port
    app.target_port = port
    app.selector = dict(app.labels)
    app.cluster_ip = f"10.96.{cluster.tried % 200 + 1}.{cluster.random.randint(2, 250)}"
    cluster.apps.append(app)
    return app


def _call(cluster: Cluster, caller: App, callee: App) -> None:
    setting = f"{callee.name.upper()}_{cluster.random.choice(('ADDR', 'URL', 'HOST'))}"
    host = callee.service_name if callee.namespace == caller.namespace else f"{callee.service_name}.{callee.namespace}"
    if cluster.random.random() < 0.3:
        host = f"{callee.service_name}.{callee.namespace}.svc.cluster.local"
    address = f"{host}:{callee.service_port}"
    caller.env[setting] = f"http://{address}" if setting.endswith("URL") else address
    caller.calls[setting] = callee


def _place(cluster: Cluster, app: App) -> None:
    if app.kind == "DaemonSet":
        for node in cluster.nodes:
            cluster.new_pod(app, node.name)
        return
    for _ in range(app.replicas):
        pod: Pod = cluster.new_pod(app, cluster.random.choice(cluster.workers).name)
        if cluster.random.random() < 0.1:
            pod.restarts = 1
