"""How many ready addresses a Service has, and which Pods its selector matches."""

from collections import defaultdict

import msgspec

from facts.cluster.kinds import SCALABLE
from facts.cluster.objects import Endpoints, EndpointSlice, Labels, Pod, Service, labels_of
from facts.cluster.pod_health import Pods
from facts.cluster.pod_status import is_ready
from facts.cluster.store import Seen, Store


class Backing(msgspec.Struct, frozen=True):
    """What stands behind a Service. The counts of addresses are -1 when nothing tells them.

    `pods` are the seen Pods that the selector matches and that have not ended; `all_seen` is whether the Pods of the
    namespace were seen completely, with their labels; `workloads_seen` is whether somebody looked for what makes Pods.
    """

    ready: int
    not_ready: int
    pods: tuple[Seen[Pod], ...]
    ended: int
    all_seen: bool
    workloads_seen: bool

    @property
    def ready_pods(self) -> tuple[Seen[Pod], ...]:
        """The matching Pods that are ready."""
        return tuple(pod for pod in self.pods if is_ready(pod.body))

    @property
    def empty(self) -> bool:
        """Whether it is known that no ready address is there."""
        if self.ready >= 0:
            return self.ready == 0
        return self.all_seen and not self.ready_pods


class Backings:
    """The backing of each Service, by endpoint slices or Endpoints, else by its Pods."""

    def __init__(self, store: Store, pods: Pods) -> None:
        """Count the addresses of all endpoint slices and Endpoints."""
        self._store = store
        self._ready: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._not_ready: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_label: dict[tuple[str, str, str], list[Seen[Pod]]] = defaultdict(list)
        self._known: set[tuple[str, str]] = set()
        for endpoints in store.every(Endpoints):
            self._add_endpoints(endpoints)
        for endpoint_slice in store.every(EndpointSlice):
            self._add_slice(endpoint_slice)
        self._unlabelled: set[str] = set()
        for namespace, seen in pods.by_namespace.items():
            for pod in seen:
                if not pod.full and not pod.body.metadata.labels:
                    self._unlabelled.add(namespace)
                for label, value in labels_of(pod.body).items():
                    self._by_label[namespace, label, value].append(pod)

    def of(self, service: Seen[Service]) -> Backing:
        """Return the Pods and addresses behind a Service that has a selector."""
        key = (service.namespace, service.name)
        complete = any(self._store.complete(kind, service.namespace) for kind in ("EndpointSlice", "Endpoints"))
        known = complete or key in self._known
        matching = self._matching(service.namespace, service.body.spec.selector or {})
        living = tuple(pod for pod in matching if pod.body.status.phase not in ("Succeeded", "Failed"))
        return Backing(
            ready=len(self._ready.get(key, ())) if known else -1,
            not_ready=len(self._not_ready.get(key, set()) - self._ready.get(key, set())) if known else -1,
            pods=living,
            ended=len(matching) - len(living),
            all_seen=self._store.complete("Pod", service.namespace) and service.namespace not in self._unlabelled,
            workloads_seen=any(self._store.complete(kind, service.namespace) for kind in SCALABLE),
        )

    def _matching(self, namespace: str, selector: Labels) -> list[Seen[Pod]]:
        lists = [self._by_label.get((namespace, label, value), []) for label, value in selector.items()]
        shortest = min(lists, key=len, default=[])
        return [pod for pod in shortest if selector.items() <= labels_of(pod.body).items()]

    def _add_endpoints(self, endpoints: Seen[Endpoints]) -> None:
        key = (endpoints.namespace, endpoints.name)
        self._known.add(key)
        for subset in endpoints.body.subsets:
            self._ready[key].update(address.ip for address in subset.addresses)
            self._not_ready[key].update(address.ip for address in subset.not_ready_addresses)

    def _add_slice(self, seen: Seen[EndpointSlice]) -> None:
        service = labels_of(seen.body).get("kubernetes.io/service-name", "")
        if not service:
            return
        key = (seen.namespace, service)
        self._known.add(key)
        for endpoint in seen.body.endpoints:
            side = self._not_ready if endpoint.conditions.ready is False else self._ready
            side[key].update(endpoint.addresses)


def selector_text(labels: Labels) -> str:
    """Return labels as key=value,key=value, in order of the keys."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
