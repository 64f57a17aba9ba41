"""A made cluster as plain values: machines, nodes, applications that call each other, their Pods, events and logs.

A fault changes these values as it would change a real cluster; `objects`, `tables` and `evidence` write them down.
Moments are minutes before the moment of observation.
"""

from dataclasses import dataclass, field
from random import Random

LONG = 20_000
"""Minutes for which what is well has been well."""

_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


@dataclass
class Node:
    """A node and the VM that it runs on; `ready` is the status of its Ready condition."""

    name: str
    ip: str
    control_plane: bool = False
    ready: str = "True"
    reason: str = "KubeletReady"
    message: str = "kubelet is posting ready status"
    pressure: str = ""
    since: int = LONG
    cordoned: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[dict[str, str]] = field(default_factory=list)
    vm_state: str = "running"


@dataclass
class App:
    """A workload with its Service and what it needs.

    `calls` are the names of settings and the applications that they lead to; `manner` is what it does when one of
    them fails: tolerant (it logs), ready (it is no longer ready), start (it exits).
    """

    namespace: str
    name: str
    kind: str
    replicas: int
    image: str
    port: int
    language: str = "go"
    manner: str = "tolerant"
    calls: dict[str, "App"] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    config: str = ""
    secret: str = ""
    claim: str = ""
    storage_class: str = ""
    account: str = ""
    selector: dict[str, str] = field(default_factory=dict)
    target_port: int = 0
    serves: bool = True
    infrastructure: bool = False
    memory: str = "512Mi"
    cpu: str = "100m"
    probe: dict[str, object] | None = None
    command: list[str] = field(default_factory=list)
    args: list[str] = field(default_factory=list)
    container: str = ""
    node_selector: dict[str, str] = field(default_factory=dict)
    scaler: bool = False
    hash: str = ""
    service_name: str = ""
    service_port: int = 80
    cluster_ip: str = ""
    failure: tuple[str, str] | None = None
    """Reason and message of the condition ReplicaFailure."""

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its Pods."""
        return {"app": self.name}

    @property
    def owner(self) -> str:
        """The name of what owns its Pods: the ReplicaSet of a Deployment, else itself."""
        return f"{self.name}-{self.hash}" if self.kind == "Deployment" else self.name


@dataclass
class Pod:
    """A Pod; `state` is one of running, lost, waiting, pending, evicted, terminating."""

    name: str
    app: App
    node: str
    ip: str
    created: int = LONG
    state: str = "running"
    ready: bool = True
    reason: str = ""
    message: str = ""
    exit_code: int | None = None
    exit_reason: str = ""
    restarts: int = 0
    since: int = LONG

    @property
    def well(self) -> bool:
        """Whether it can be reached and is ready."""
        return self.state == "running" and self.ready


@dataclass
class Event:
    """An event about an object."""

    kind: str
    namespace: str
    name: str
    reason: str
    message: str
    last: int
    first: int
    count: int = 1
    type: str = "Warning"
    source: str = "kubelet"
    host: str = ""


@dataclass
class Claim:
    """A claim of a Pod; `volume` is empty while it is not bound."""

    namespace: str
    name: str
    storage_class: str
    volume: str


@dataclass
class Cluster:
    """All of it. `minutes` is how long ago the fault happened."""

    random: Random
    version: str
    minutes: int
    cni: str
    nodes: list[Node] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    logs: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    missing: set[tuple[str, str, str]] = field(default_factory=set)
    extra: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)
    tried: int = 0

    @property
    def workers(self) -> list[Node]:
        """The nodes for applications."""
        return [node for node in self.nodes if not node.control_plane]

    @property
    def business(self) -> list[App]:
        """The applications, without what belongs to the cluster."""
        return [app for app in self.apps if not app.infrastructure]

    def named(self, name: str) -> App:
        """Return the workload `name` of the cluster's own."""
        return next(app for app in self.apps if app.infrastructure and app.name == name)

    def pods_of(self, app: App) -> list[Pod]:
        """Return the Pods of an application."""
        return [pod for pod in self.pods if pod.app is app]

    def pods_on(self, node: Node) -> list[Pod]:
        """Return the Pods of a node."""
        return [pod for pod in self.pods if pod.node == node.name]

    def dead(self, app: App) -> bool:
        """Return whether nobody answers for its Service."""
        return not any(pod.well for pod in self.pods_of(app))

    def callers(self, app: App) -> list[App]:
        """Return the applications that call it."""
        return [other for other in self.apps if app in other.calls.values()]

    def suffix(self, length: int = 5) -> str:
        """Return a random part of a name."""
        return "".join(self.random.choice(_SUFFIX) for _ in range(length))

    def address(self) -> str:
        """Return a Pod address that nothing else has."""
        self.tried += 1
        return f"10.244.{self.tried // 200 + 1}.{self.tried % 200 + 10}"

    def new_pod(self, app: App, node: str, created: int = LONG) -> Pod:
        """Add a Pod of `app`."""
        place = len(self.pods_of(app))
        name = f"{app.owner}-{place}" if app.kind == "StatefulSet" else f"{app.owner}-{self.suffix()}"
        pod = Pod(name, app, node, self.address() if node else "", created)
        self.pods.append(pod)
        return pod

    def tell(self, pod: Pod, reason: str, message: str, count: int = 1, **rest: str) -> None:
        """Add an event about a Pod that happened again and again since the fault."""
        source, kind = rest.get("source", "kubelet"), rest.get("type", "Warning")
        first = min(pod.since, self.minutes)
        last = first if count == 1 else self.random.randint(0, min(2, first))
        host = pod.node if source == "kubelet" else ""
        self.events.append(
            Event("Pod", pod.app.namespace, pod.name, reason, message, last, first, count, kind, source, host)
        )

    def log(self, pod: Pod, *lines: str) -> None:
        """Add what a Pod logs."""
        self.logs.setdefault(f"{pod.app.namespace}/{pod.name}", []).extend(lines)
