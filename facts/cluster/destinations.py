"""Where a call goes: in come host and port as a program asked for them, out go the Service or Pod, and why it cannot work.

Names are looked up as a Pod's resolver does it: a short name in the caller's own namespace, `name.namespace`, and
`name.namespace.svc` with or without the domain of the cluster. A name that is none of these is outside.
"""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property

import msgspec

from facts.cluster.index import Index
from facts.cluster.kinds import SCALABLE
from facts.cluster.objects import (
    Container,
    EndpointPort,
    Endpoints,
    EndpointSlice,
    Pod,
    Service,
    Workload,
    labels_of,
)
from facts.cluster.owners import owner_of_pod
from facts.cluster.service_health import Backing
from facts.cluster.store import Seen
from facts.cluster.workload_health import state_of
from facts.model.values import Subject

_LIKENESS = 0.6
"""A name at least this like one that was asked for (0 to 1) may be the one that was meant."""

_API = ("kubernetes", "default")


class Destination(msgspec.Struct, frozen=True):
    """What a host and a port stand for.

    `target` is the Service, Pod or node, or the Service that is missing; None when the evidence does not know it.
    `workloads` run behind it, `pods` are theirs. `problem` is one of "", no-such-service, wrong-namespace, no-such-port,
    headless-port, target-port, scaled-to-zero, selector-matches-nothing, no-endpoints. `served` are the ports that there are, `near` is
    the Service that may be meant, with its namespace when that is another one.
    """

    target: Subject | None = None
    problem: str = ""
    served: tuple[str, ...] = ()
    near: str = ""
    workloads: tuple[Subject, ...] = ()
    pods: tuple[Seen[Pod], ...] = ()
    source: str = ""


_OUTSIDE = Destination()


class Destinations:
    """All Services and Pods of a snapshot by address and name."""

    def __init__(self, index: Index) -> None:
        """Take the joined index; addresses are gathered when first asked for."""
        self._index = index
        self._found: dict[tuple[str, str, int], Destination] = {}

    def of(self, host: str, port: int, namespace: str) -> Destination:
        """Return where `host` and `port` lead for a program in `namespace` ("" when nobody knows that)."""
        if host.replace(".", "").isdecimal() or ":" in host:
            return self._of_address(host, port)
        return self._of_name(host.lower().rstrip("."), port, namespace)

    # --- addresses ------------------------------------------------------------------------------------------------

    @cached_property
    def _services_by_ip(self) -> dict[str, Seen[Service]]:
        services = self._index.store.every(Service)
        return {each.body.spec.cluster_ip: each for each in services if each.body.spec.cluster_ip not in ("", "None")}

    @cached_property
    def _pods_by_ip(self) -> dict[str, list[Seen[Pod]]]:
        found: dict[str, list[Seen[Pod]]] = defaultdict(list)
        for pod in self._index.store.every(Pod):
            body = pod.body
            if body.status.pod_ip and not body.spec.host_network and body.status.phase not in ("Succeeded", "Failed"):
                found[body.status.pod_ip].append(pod)
        return found

    def _of_address(self, host: str, port: int) -> Destination:
        service = self._services_by_ip.get(host)
        if service is not None:
            return self._of_service(service, port)
        pods = self._pods_by_ip.get(host, [])
        for namespace, name in (*self._services_behind.get(host, ()), *self._services_of(pods)):
            service = self._services.get(namespace, {}).get(name)
            if service is not None and self._is_unmapped(service, port):
                return self._of_service(service, port)
        return self._of_pod(pods[0], port) if len(pods) == 1 else _OUTSIDE

    def _services_of(self, pods: list[Seen[Pod]]) -> list[tuple[str, str]]:
        """Return the Services that select the one Pod of an address."""
        if len(pods) != 1:
            return []
        labels = labels_of(pods[0].body).items()
        services = self._services.get(pods[0].namespace, {}).values()
        return [(each.namespace, each.name) for each in services if (each.body.spec.selector or {}).items() <= labels]

    def _of_pod(self, pod: Seen[Pod], port: int) -> Destination:
        workload = Subject(*owner_of_pod(self._index.store, pod), pod.namespace)
        served = _declared(pod.body)
        problem = "no-such-port" if port and served and port not in {number for number, _ in served} else ""
        return Destination(
            Subject("Pod", pod.name, pod.namespace),
            problem,
            tuple(_shown(*each) for each in served),
            workloads=(workload,),
            pods=(pod,),
            source=pod.source,
        )

    # --- endpoints ------------------------------------------------------------------------------------------------

    @cached_property
    def _services_behind(self) -> dict[str, list[tuple[str, str]]]:
        """Namespace and name of the Services behind which an address stands."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place, addresses, _ in self._endpoints:
            for address in addresses:
                found[address].append(place)
        return found

    @cached_property
    def _endpoint_ports(self) -> dict[tuple[str, str], set[int]]:
        """The ports that the endpoints of a Service have."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for place, _, ports in self._endpoints:
            found[place] |= ports
        return found

    @cached_property
    def _endpoints(self) -> list[tuple[tuple[str, str], list[str], set[int]]]:
        store = self._index.store
        slices = [
            (
                (each.namespace, labels_of(each.body).get("kubernetes.io/service-name", "")),
                [address for endpoint in each.body.endpoints for address in endpoint.addresses],
                _numbers(each.body.ports),
            )
            for each in store.every(EndpointSlice)
        ]
        return slices + [
            ((each.namespace, each.name), [address.ip for address in subset.addresses], _numbers(subset.ports))
            for each in store.every(Endpoints)
            for subset in each.body.subsets
        ]

    def _is_unmapped(self, service: Seen[Service], port: int) -> bool:
        """Return whether a headless Service names a port on which its Pods do not listen: nothing translates it."""
        spec = service.body.spec
        asked = next((each for each in spec.ports if each.port == port), None)
        if spec.cluster_ip != "None" or asked is None:
            return False
        served = self._served(service)
        return bool(served) and port not in served

    def _served(self, service: Seen[Service]) -> set[int]:
        """Return the ports of the endpoints of a Service, else the numbers of its target ports where all have one."""
        ports = self._endpoint_ports.get((service.namespace, service.name))
        if ports:
            return ports
        declared = {number for pod in self._index.backings.of(service).pods for number, _ in _declared(pod.body)}
        targets = [str(each.target_port or "") for each in service.body.spec.ports]
        numbers = {int(target) for target in targets} if all(map(str.isdecimal, targets)) else set()
        return numbers | declared if numbers else set()

    def target_ports(self, service: Seen[Service], port: int) -> set[int]:
        """Return the numbers of the ports to which a port of a Service leads, 0 standing for its only one; empty when unknown."""
        asked = [each for each in service.body.spec.ports if port in (0, each.port)]
        if len(asked) != 1:
            return set()
        target = str(asked[0].target_port or (asked[0].port if service.full else ""))
        if target.isdecimal():
            return {int(target)}
        declared = {
            number
            for pod in self._index.backings.of(service).pods
            for number, name in _declared(pod.body)
            if name == target
        }
        endpoints = self._endpoint_ports.get((service.namespace, service.name), set())
        return declared or (endpoints if len(service.body.spec.ports) == 1 else set())

    def services_behind(self, address: str) -> list[tuple[str, str]]:
        """Return namespace and name of the Services that have `address` among their endpoints."""
        return list(dict.fromkeys(self._services_behind.get(address, ())))

    def foreign_addresses(self, service: Seen[Service]) -> list[tuple[str, list[int]]]:
        """Return the addresses of a Service that no Pod of the evidence has, with their ports."""
        place = (service.namespace, service.name)
        found = {
            address: sorted(ports)
            for one, addresses, ports in self._endpoints
            if one == place
            for address in addresses
            if address not in self._pods_by_ip
        }
        return sorted(found.items())

    def workloads_behind(self, service: Seen[Service]) -> tuple[Subject, ...]:
        """Return the workloads of `pods_behind`."""
        pods = self.pods_behind(service)
        return tuple(dict.fromkeys(Subject(*owner_of_pod(self._index.store, pod), pod.namespace) for pod in pods))

    def pods_behind(self, service: Seen[Service]) -> tuple[Seen[Pod], ...]:
        """Return the Pods that a Service selects; where text hides selector or labels, those of its addresses or of its name."""
        selected = self._index.backings.of(service).pods
        if selected or (service.full and not service.body.spec.selector):
            return selected
        place = (service.namespace, service.name)
        addresses = {ip for one, found, _ in self._endpoints if one == place for ip in found}
        found = [pod for address in sorted(addresses) for pod in self._pods_by_ip.get(address, ())]
        named = [
            pod
            for (namespace, owner), members in self._index.pods.by_owner.items()
            if namespace in (service.namespace, "") and owner[1] == service.name
            for pod in members
        ]
        return tuple(pod for pod in found or named if not pod.full and not pod.body.metadata.labels)

    # --- names ----------------------------------------------------------------------------------------------------

    @cached_property
    def _services(self) -> dict[str, dict[str, Seen[Service]]]:
        """The Services by namespace and name."""
        found: dict[str, dict[str, Seen[Service]]] = defaultdict(dict)
        for service in self._index.store.every(Service):
            found[service.namespace][service.name] = service
        return dict(found)

    @cached_property
    def _namespaces(self) -> frozenset[str]:
        named = {each.name for each in self._index.store.of_kind("Namespace")}
        return frozenset(named | set(self._services) | set(self._index.pods.by_namespace)) - {""}

    def _of_name(self, host: str, port: int, namespace: str) -> Destination:
        labels = host.split(".")
        if "svc" in labels[2:]:
            place = labels.index("svc", 2)
            name, space, sure = labels[place - 2], labels[place - 1], True
        elif len(labels) == 1:
            name, space, sure = host, namespace, True
        elif labels[-1] == "svc" or labels[-1] not in self._namespaces or len(labels) > 3:
            return _OUTSIDE
        else:
            name, space, sure = labels[-2], labels[-1], len(labels) == 2
        if (name, space) == _API:
            return _OUTSIDE
        service = self._services.get(space, {}).get(name)
        if service is None and not space:
            services = [found[name] for found in self._services.values() if name in found]
            service = services[0] if len(services) == 1 else None
        if service is not None:
            return self._of_service(service, port)
        return self._missing(name, space, short=len(labels) == 1) if sure else _OUTSIDE

    def _missing(self, name: str, space: str, *, short: bool) -> Destination:
        """Return that no Service has this name, when the evidence holds all Services that could."""
        known = self._index.store.complete("Service", space)
        if not space or not known or (short and not self._services.get(space)):
            return _OUTSIDE
        missing = Subject("Service", name, space)
        elsewhere = sorted(other for other, services in self._services.items() if name in services)
        if elsewhere:
            return Destination(missing, "wrong-namespace", near=f"{name}.{elsewhere[0]}")
        names = sorted(self._services.get(space, {}))
        near = get_close_matches(name, names, 1, _LIKENESS) or [each for each in names if name in each or each in name]
        return Destination(missing, "no-such-service", near=near[0] if len(near) == 1 else "")

    # --- Services -------------------------------------------------------------------------------------------------

    def _of_service(self, service: Seen[Service], port: int) -> Destination:
        key = (service.namespace, service.name, port)
        if key not in self._found:
            self._found[key] = self._followed(service, port)
        return self._found[key]

    def _followed(self, service: Seen[Service], port: int) -> Destination:
        spec = service.body.spec
        if spec.type == "ExternalName" or (service.name, service.namespace) == _API:
            return _OUTSIDE
        backing = self._index.backings.of(service)
        store = self._index.store
        owners = {Subject(*owner_of_pod(store, pod), pod.namespace): None for pod in backing.pods}
        scaled = self._selected(service)
        served = tuple(_shown(each.port, each.name) for each in spec.ports)
        if self._is_unmapped(service, port):
            served = tuple(map(str, sorted(self._served(service))))
        return Destination(
            Subject("Service", service.name, service.namespace),
            self._problem(service, backing, scaled, port),
            served,
            workloads=tuple(owners) or tuple(each.subject for each in scaled),
            pods=backing.pods,
            source=service.source,
        )

    def _selected(self, service: Seen[Service]) -> list[Seen[Workload]]:
        """Return the workloads whose Pods the selector would match."""
        selector = service.body.spec.selector or {}
        return [
            each
            for each in self._index.store.every(Workload)
            if selector
            and each.namespace == service.namespace
            and (each.kind in SCALABLE or each.kind == "DaemonSet")
            and not (each.kind == "ReplicaSet" and each.body.metadata.owner_references)
            and selector.items() <= (each.body.spec.template.metadata.labels or {}).items()
        ]

    def _problem(self, service: Seen[Service], backing: Backing, scaled: list[Seen[Workload]], port: int) -> str:
        spec = service.body.spec
        headless = spec.cluster_ip == "None"
        if port and spec.ports and port not in {each.port for each in spec.ports}:
            declared = {number for pod in backing.pods for number, _ in _declared(pod.body)}
            if not headless or (declared and port not in declared):
                return "no-such-port"
        if self._is_unmapped(service, port):
            return "headless-port"
        if spec.selector and backing.empty:
            if scaled and not any(state_of(each).desired for each in scaled):
                return "scaled-to-zero"
            told = backing.all_seen and backing.workloads_seen
            if told and not backing.pods and not scaled and not backing.ended:
                return "selector-matches-nothing"
            return "no-endpoints"
        return "target-port" if port and not headless and _is_dead(service, backing, port) else ""


def _is_dead(service: Seen[Service], backing: Backing, port: int) -> bool:
    """Return whether no Pod declares the target of a port, where all Pods declare ports."""
    asked = next((each for each in service.body.spec.ports if each.port == port), None)
    declared = [_declared(pod.body) for pod in backing.pods]
    if asked is None or not declared or not all(declared) or not (asked.target_port or service.full):
        return False
    target = str(asked.target_port or asked.port)
    return not any(target in (name, str(number)) for ports in declared for number, name in ports)


def _numbers(ports: Iterable[EndpointPort]) -> set[int]:
    return {each.port for each in ports if each.port}


def _declared(pod: Pod) -> list[tuple[int, str]]:
    """Return number and name of the ports that the containers of a Pod declare."""
    containers: tuple[Container, ...] = (*pod.spec.containers, *pod.spec.init_containers)
    return [(port.container_port, port.name) for container in containers for port in container.ports]


def _shown(port: int, name: str) -> str:
    return f"{port} ({name})" if name else str(port)
