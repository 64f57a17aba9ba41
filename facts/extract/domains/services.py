"""Services that reach nothing, why as far as objects tell, and the Pods that should answer for them."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from facts.cluster.destinations import Destinations
from facts.cluster.index import Index
from facts.cluster.kinds import SCALABLE
from facts.cluster.node_health import is_sound
from facts.cluster.objects import Container, Endpoints, Labels, Node, Pod, Service, ServicePort, Workload, labels_of
from facts.cluster.owners import owner_of_pod
from facts.cluster.pod_status import is_ready
from facts.cluster.service_health import Backing, selector_text
from facts.cluster.store import Seen
from facts.cluster.workload_health import state_of
from facts.model.schema.domains.services import (
    LocalTrafficFact,
    ServiceFact,
    ServicePodFact,
    ServicePortFact,
    ServiceStrangerFact,
)
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_LEADER = "control-plane.alpha.kubernetes.io/leader"
_SERVERS = SCALABLE | {"DaemonSet"}
"""Workloads whose Pods go on running, so that a Service may stand before them."""
_LOCKS = frozenset(("kube-scheduler", "kube-controller-manager"))
"""Endpoints that old control planes use as locks: empty, and no fault."""

_HASHES = ("-hash", "pod-name", "pod-index")
"""Ends of the labels that controllers write."""

_PODS_PER_SERVICE = 50
_LOAD_BALANCER_SECONDS = 300.0
_LIKENESS = 0.6
"""Two label values at least that like each other (0 to 1) may be a slip of the pen."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield `service`, `service_pod` and `service_port` facts of the Services that have a selector and a fault."""
    yield from _without_selector(index)
    for service in sorted(index.store.every(Service), key=lambda seen: (seen.namespace, seen.name)):
        spec = service.body.spec
        yield from _local(index, service)
        if not spec.selector or spec.type == "ExternalName":
            # a table without the selectors still shows that nobody gave the Service an address
            if not service.full and _load_balancer(index, service):
                yield _unaddressed(service)
            continue
        backing = index.backings.of(service)
        ports = list(_dead_ports(service, backing)) or list(_dead_names(index, service, backing))
        problem = _problem(index, service, backing, ports)
        yield from ports
        yield from _strangers(index, service, backing)
        if problem:
            yield _service(index, service, backing, problem)
        if problem in ("pods-not-ready", "no-endpoints", "target-port"):
            yield from _pods(index, service, backing)


def _unaddressed(service: Seen[Service]) -> Fact:
    attributes = ServiceFact(
        namespace=service.namespace,
        name=service.name,
        type=service.body.spec.type,
        matching_pods=-1,
        problem="no-external-ip",
    )
    return new_fact(attributes, service.source, "EXTERNAL-IP <pending>")


def _without_selector(index: Index) -> Iterator[Fact]:
    """Yield the Services of which only text without a selector is known, and whose Endpoints are there and empty."""
    for endpoints in index.store.every(Endpoints):
        service = index.store.find(Service, "Service", endpoints.namespace, endpoints.name)
        if service is None and index.store.complete("Service", endpoints.namespace):
            continue
        known = service is not None and (service.full or service.body.spec.selector is not None)
        if (
            known
            or endpoints.body.subsets
            or endpoints.name in _LOCKS
            or _LEADER in (endpoints.body.metadata.annotations or {})
        ):
            continue
        attributes = ServiceFact(
            namespace=endpoints.namespace,
            name=endpoints.name,
            type=service.body.spec.type if service else "ClusterIP",
            matching_pods=-1,
            problem="scaled-to-zero" if _is_at_zero(index, endpoints) else "no-endpoints",
        )
        yield new_fact(attributes, endpoints.source, "no addresses")


def _is_at_zero(index: Index, endpoints: Seen[Endpoints]) -> bool:
    """Return True if the workload with the name of the Service wants no Pods."""
    named = [each for each in _workloads(index, endpoints.namespace) if each.name == endpoints.name]
    return bool(named) and not any(state_of(each).desired for each in named)


def _problem(index: Index, service: Seen[Service], backing: Backing, ports: list[Fact]) -> str:
    if not backing.empty:
        return "target-port" if _named(ports) else _load_balancer(index, service)
    if backing.pods:
        return _problem_of_pods(index, backing, ports)
    if backing.ended:
        return ""
    selector = service.body.spec.selector or {}
    matching = [each for each in _workloads(index, service.namespace) if selector.items() <= _template(each).items()]
    if matching and _named(ports):
        return "target-port"
    if matching:
        return "no-endpoints" if any(state_of(each).desired for each in matching) else "scaled-to-zero"
    near = _near(index, service)[0]
    if service.body.spec.cluster_ip == "None" and not near:
        return ""
    told = backing.all_seen and (bool(near) or backing.workloads_seen)
    return "selector-mismatch" if told else "no-endpoints"


def _problem_of_pods(index: Index, backing: Backing, ports: list[Fact]) -> str:
    if _named(ports):
        return "target-port"
    if backing.ready_pods:
        return "no-endpoints"
    troubled = index.pods.troubled_names
    return "pods-not-ready" if any((pod.namespace, pod.name) in troubled for pod in backing.pods) else ""


def _named(ports: list[Fact]) -> bool:
    return any(not str(port.attributes["target_port"]).isdecimal() for port in ports)


def _load_balancer(index: Index, service: Seen[Service]) -> str:
    age = index.store.age_of(service)
    waiting = service.body.spec.type == "LoadBalancer" and not service.body.status.load_balancer.ingress
    old = age > _LOAD_BALANCER_SECONDS if age is not None else not service.full
    return "no-external-ip" if waiting and old else ""


def _service(index: Index, service: Seen[Service], backing: Backing, problem: str) -> Fact:
    spec = service.body.spec
    near, labels = _near(index, service) if not backing.pods else ("", {})
    attributes = ServiceFact(
        namespace=service.namespace,
        name=service.name,
        type=spec.type,
        selector=selector_text(spec.selector or {}),
        ready_endpoints=max(backing.ready, 0),
        not_ready_endpoints=max(backing.not_ready, 0),
        matching_pods=len(backing.pods) if backing.all_seen else -1,
        near_workload=near,
        near_labels=selector_text(labels),
        problem=problem,
    )
    matched = f", {len(backing.pods)} Pods match" if backing.all_seen or backing.pods else ""
    proof = f"selector {attributes.selector}: {attributes.ready_endpoints} ready addresses{matched}"
    return new_fact(attributes, service.source, proof)


def _pods(index: Index, service: Seen[Service], backing: Backing) -> Iterator[Fact]:
    troubled = index.pods.troubled_names
    unready = sorted((pod for pod in backing.pods if (pod.namespace, pod.name) in troubled), key=lambda pod: pod.name)
    for pod in unready[:_PODS_PER_SERVICE]:
        place = troubled[pod.namespace, pod.name].place
        yield new_fact(
            ServicePodFact(**place, service=service.name), service.source, f"selector matches Pod {pod.name}"
        )


def _dead_ports(service: Seen[Service], backing: Backing) -> Iterator[Fact]:
    """Yield the ports of which no container port of any matching Pod is the target.

    A number that no container declares may still be listened on; it counts only where all Pods declare ports.
    """
    if not backing.pods:
        return
    declared = [port for pod in backing.pods for container in _containers(pod.body) for port in container.ports]
    if not declared or not all(any(container.ports for container in _containers(pod.body)) for pod in backing.pods):
        return
    for port in service.body.spec.ports:
        target = str(port.target_port or port.port)
        if any(target in (one.name, str(one.container_port)) for one in declared) or _is_unknown(service, port):
            continue
        shown = ",".join(dict.fromkeys(_shown(one.name, one.container_port) for one in declared))
        attributes = ServicePortFact(
            namespace=service.namespace, service=service.name, port=port.port, target_port=target, container_ports=shown
        )
        yield new_fact(attributes, service.source, f"targetPort {target}; containers declare {shown}")


def _strangers(index: Index, service: Seen[Service], backing: Backing) -> Iterator[Fact]:
    """Yield the workloads without the port to which a Service leads, where another workload that it selects has it.

    A Service with a name for its target passes over Pods without it, so only numbers count.
    """
    owned: dict[tuple[str, str], list[Seen[Pod]]] = {}
    for pod in backing.pods:
        owned.setdefault(owner_of_pod(index.store, pod), []).append(pod)
    for port in service.body.spec.ports:
        target = str(port.target_port or port.port)
        if len(owned) < 2 or not target.isdecimal() or _is_unknown(service, port):
            continue
        has = {owner: all(int(target) in _numbers(pod.body) for pod in pods) for owner, pods in owned.items()}
        right = [owner for owner, there in has.items() if there]
        for owner, pods in owned.items():
            if right and not has[owner] and all(pod.full for pod in pods):
                others = [pod for other in owned if not has[other] for pod in owned[other]]
                fact = ServiceStrangerFact(
                    namespace=service.namespace,
                    service=service.name,
                    selector=selector_text(service.body.spec.selector or {}),
                    target_port=target,
                    workload_kind=owner[0],
                    workload=owner[1],
                    right=", ".join(sorted(name for _, name in right)),
                    label=_telling(owned[right[0]], others) if len(right) == 1 else "",
                )
                proof = f"{pods[0].name} matches {fact.selector} and declares no port {target}"
                yield new_fact(fact, service.source, proof)


def _local(index: Index, service: Seen[Service]) -> Iterator[Fact]:
    """Yield for each port of a Service with externalTrafficPolicy Local which nodes answer and which do not."""
    spec = service.body.spec
    if spec.external_traffic_policy != "Local" or spec.type not in ("NodePort", "LoadBalancer"):
        return
    pods = [pod for pod in index.once(Destinations).pods_behind(service) if is_ready(pod.body)]
    nodes = sorted({pod.body.spec.node_name for pod in pods} - {""})
    known = {each.name for each in index.store.every(Node) if is_sound(each.body)}
    without = sorted(known - set(nodes))
    if not nodes or (known and not without):
        return
    for port in spec.ports or (ServicePort(),):
        fact = LocalTrafficFact(
            namespace=service.namespace,
            service=service.name,
            type=spec.type,
            node_port=port.node_port,
            nodes=", ".join(nodes),
            without=", ".join(without[:_PODS_PER_SERVICE]),
        )
        yield new_fact(fact, service.source, f"externalTrafficPolicy: Local; ready Pods on {fact.nodes}")


def _numbers(pod: Pod) -> set[int]:
    return {port.container_port for container in _containers(pod) for port in container.ports}


def _telling(pods: list[Seen[Pod]], others: list[Seen[Pod]]) -> str:
    """Return a label that all of `pods` have and none of `others`, "" when there is none that a person wrote."""
    common = set.intersection(*(set(labels_of(pod.body).items()) for pod in pods))
    rest = {label for pod in others for label in labels_of(pod.body).items()}
    written = sorted(f"{key}={value}" for key, value in common - rest if not key.endswith(_HASHES))
    return written[0] if written else ""


def _dead_names(index: Index, service: Seen[Service], backing: Backing) -> Iterator[Fact]:
    """Yield the ports that lead to a name which no workload that the Service selects has, where its Pods were not seen."""
    selector = service.body.spec.selector or {}
    specs = [
        each.body.spec.template.spec
        for each in _workloads(index, service.namespace)
        if selector.items() <= _template(each).items() and each.body.spec.template.spec.containers
    ]
    declared = [port for spec in specs for one in (*spec.containers, *spec.init_containers) for port in one.ports]
    for port in service.body.spec.ports if specs and not backing.pods else ():
        target = str(port.target_port)
        if target and not target.isdecimal() and target not in {one.name for one in declared}:
            shown = ",".join(dict.fromkeys(_shown(one.name, one.container_port) for one in declared))
            attributes = ServicePortFact(
                namespace=service.namespace,
                service=service.name,
                port=port.port,
                target_port=target,
                container_ports=shown,
            )
            yield new_fact(attributes, service.source, f"targetPort {target}; templates declare {shown or 'no port'}")


def _is_unknown(service: Seen[Service], port: ServicePort) -> bool:
    return not port.target_port and not service.full


def _shown(name: str, number: int) -> str:
    return f"{number} ({name})" if name else str(number)


def _containers(pod: Pod) -> tuple[Container, ...]:
    return (*pod.spec.containers, *pod.spec.init_containers)


def _workloads(index: Index, namespace: str) -> list[Seen[Workload]]:
    return [each for each in index.store.every(Workload) if each.namespace == namespace and each.kind in _SERVERS]


def _template(workload: Seen[Workload]) -> Labels:
    return workload.body.spec.template.metadata.labels or {}


def _near(index: Index, service: Seen[Service]) -> tuple[str, Labels]:
    return nearly_selected(index, service.namespace, service.body.spec.selector or {})


def nearly_selected(index: Index, namespace: str, selector: Labels) -> tuple[str, Labels]:
    """Return name and labels of the workload of which the selector nearly matches the labels, ("", {}) if none."""
    candidates = [(each.name, _template(each)) for each in _workloads(index, namespace) if each.kind != "ReplicaSet"]
    known = {name for name, labels in candidates if labels}
    for pod in index.pods.by_namespace.get(namespace, []):
        name = owner_of_pod(index.store, pod)[1]
        if name not in known:
            known.add(name)
            candidates.append((name, labels_of(pod.body)))
    scored = [(_likeness(selector, labels), name, labels) for name, labels in candidates]
    best = max(scored, key=lambda each: (each[0], each[1]), default=(0.0, "", {}))
    return (best[1], best[2]) if best[0] > 0 else ("", {})


def _likeness(selector: Labels, labels: Labels) -> float:
    """Return how near a selector that does not match comes to `labels`; 0 when it does not come near."""
    score, near = 0.0, False
    for key, value in selector.items():
        other = labels.get(key)
        if other == value:
            score, near = score + 1, True
        elif other is not None and _alike(value, other) >= _LIKENESS:
            score, near = score + _alike(value, other), True
        elif other is None and any(label == value for label in labels.values()):
            score, near = score + 0.9, True
    return score if near else 0.0


def _alike(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two).ratio()
