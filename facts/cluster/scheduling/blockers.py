"""What keeps a Pod from each node: the filters of the scheduler.

They follow kubernetes/pkg/scheduler/framework/plugins: nodeunschedulable, tainttoleration, nodeaffinity, noderesources,
nodeports, volumebinding, interpodaffinity, podtopologyspread.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.objects import Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass, Taint, labels_of
from facts.cluster.scheduling.cluster import Cluster
from facts.cluster.scheduling.requests import host_ports, requests_of
from facts.cluster.scheduling.selectors import node_matches, selector_words, selects
from facts.cluster.store import Seen

UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
_STATIC = "kubernetes.io/no-provisioner"
_LATER = "WaitForFirstConsumer"

Domain = tuple[str, str]
"""Key and value of a topology label, such as a zone."""


class Blocker(msgspec.Struct, frozen=True, order=True):
    """One reason why a Pod cannot run on a node; `detail` is the taint, resource, claim or label that it is about.

    `value` is the value of the taint, or the amount that is asked for.
    """

    reason: str
    detail: str = ""
    value: str = ""


def tolerates(pod: Pod, taint: Taint) -> bool:
    """Return what kubernetes/staging/src/k8s.io/api/core/v1/toleration.go says."""
    return any(
        (not each.effect or each.effect == taint.effect)
        and (not each.key or each.key == taint.key)
        and (each.operator == "Exists" or each.value == taint.value)
        for each in pod.spec.tolerations
    )


class Placement:
    """A Pod that looks for a node: what it asks for is worked out once, and then compared with each node."""

    def __init__(self, cluster: Cluster, pod: Seen[Pod]) -> None:
        self._cluster, self._pod, spec = cluster, pod, pod.body.spec
        self._requests, self._ports = requests_of(spec), host_ports(spec)
        affinity = spec.affinity or {}
        required = (affinity.get("nodeAffinity") or {}).get("requiredDuringSchedulingIgnoredDuringExecution")
        self._terms = list((required or {}).get("nodeSelectorTerms") or ())
        self._claims = [
            (name, cluster.store.find(PersistentVolumeClaim, "PersistentVolumeClaim", pod.namespace, name))
            for name in _claim_names(pod)
        ]
        self._repelled = self._domains_of_enemies()
        self._attracted = [(term, self._domains_of(term)) for term in _required(affinity.get("podAffinity"))]
        self._spreads = [
            (each, self._spread(each))
            for each in spec.topology_spread_constraints
            if each.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule"
        ]

    def everywhere(self) -> frozenset[Blocker]:
        """Return what keeps the Pod from any node: gates, and claims that are missing or not bound."""
        store, space = self._cluster.store, self._pod.namespace
        gates = {Blocker("gated", str(gate.get("name", ""))) for gate in self._pod.body.spec.scheduling_gates}
        missing = {Blocker("pvc-missing", name) for name, claim in self._claims if claim is None}
        unbound = {Blocker("pvc-unbound", name) for name, claim in self._claims if claim and self._is_unbound(claim)}
        return frozenset(gates | unbound | (missing if store.complete("PersistentVolumeClaim", space) else set()))

    def on(self, node: Seen[Node]) -> frozenset[Blocker]:
        """Return all that keeps the Pod from `node`, whatever else does."""
        filters = (self._cordon, self._taints, self._selector, self._resources, self._volumes, self._neighbours)
        return frozenset(blocker for each in filters for blocker in each(node))

    def _cordon(self, node: Seen[Node]) -> Iterator[Blocker]:
        tainted = any(taint.key == UNSCHEDULABLE for taint in node.body.spec.taints)
        cordon = Taint(key=UNSCHEDULABLE, effect="NoSchedule")
        if (node.body.spec.unschedulable or tainted) and not tolerates(self._pod.body, cordon):
            yield Blocker("cordoned")

    def _taints(self, node: Seen[Node]) -> Iterator[Blocker]:
        for taint in node.body.spec.taints:
            ignored = taint.key == UNSCHEDULABLE or taint.effect == "PreferNoSchedule"
            if not ignored and not tolerates(self._pod.body, taint):
                yield Blocker("taint", taint.key, taint.value)

    def _selector(self, node: Seen[Node]) -> Iterator[Blocker]:
        wanted, labels = self._pod.body.spec.node_selector or {}, labels_of(node.body)
        matched = all(labels.get(key) == value for key, value in wanted.items())
        if not matched or (self._terms and not node_matches(self._terms, labels, node.name)):
            yield Blocker("node-selector", selector_words(wanted, self._terms))

    def _resources(self, node: Seen[Node]) -> Iterator[Blocker]:
        free = self._cluster.free_on(node)
        for name, amount in self._requests.items():
            if amount and free and amount > free.get(name, 0):
                yield Blocker("resource", name, str(amount))
        if free and free.get("pods", 1) < 1:
            yield Blocker("too-many-pods")
        taken = {port for other in self._cluster.pods_on(node.name) for port in host_ports(other.body.spec)}
        for protocol, number in sorted(self._ports & taken) if self._ports else ():
            yield Blocker("host-port", f"{number}/{protocol}")

    def _volumes(self, node: Seen[Node]) -> Iterator[Blocker]:
        store = self._cluster.store
        for name, claim in self._claims:
            if claim is None:
                continue
            volume = store.find(PersistentVolume, "PersistentVolume", "", claim.body.spec.volume_name)
            if claim.body.spec.volume_name:
                reachable = volume is None or _is_reachable(volume.body, node)
            else:
                reachable = self._class_of(claim).provisioner != _STATIC or any(
                    _is_reachable(each.body, node)
                    for each in store.every(PersistentVolume)
                    if _is_free(each.body, claim.body)
                )
            if not reachable:
                yield Blocker("volume-affinity", name)

    def _neighbours(self, node: Seen[Node]) -> Iterator[Blocker]:
        labels = labels_of(node.body)
        for key in sorted({key for key, value in self._repelled if labels.get(key) == value}):
            yield Blocker("anti-affinity", key)
        for term, domains in self._attracted:
            key = str(term.get("topologyKey", ""))
            alone = not domains and _is_meant(
                term, self._pod, self._pod
            )  # the first of a group that wants its own kind
            if (key, labels.get(key)) not in domains and not (alone and key in labels):
                yield Blocker("affinity", key)
        for constraint, counts in self._spreads:
            key = str(constraint.get("topologyKey", ""))
            itself = 1 if selects(constraint.get("labelSelector"), labels_of(self._pod.body)) else 0
            enough = len(counts) >= int(constraint.get("minDomains") or 1)
            least = min(counts.values(), default=0) if enough else 0
            value = labels.get(key)
            if value is None or counts.get(value, 0) + itself - least > int(constraint.get("maxSkew") or 1):
                yield Blocker("topology-spread", key)

    def _domains_of(self, term: dict[str, Any]) -> set[Domain]:
        """Return the domains in which a Pod runs that an affinity term of this Pod means."""
        key = str(term.get("topologyKey", ""))
        there = (other for other in self._cluster.placed if _is_meant(term, self._pod, other))
        values = ((key, self._cluster.labels_of(other.body.spec.node_name).get(key)) for other in there)
        return {(name, value) for name, value in values if value is not None}

    def _domains_of_enemies(self) -> set[Domain]:
        """Return the domains from which anti-affinity keeps the Pod: its own, and that of the Pods that run there."""
        own = (self._pod.body.spec.affinity or {}).get("podAntiAffinity")
        domains = {domain for term in _required(own) for domain in self._domains_of(term)}
        for other in self._cluster.placed:
            for term in _required((other.body.spec.affinity or {}).get("podAntiAffinity")):
                key = str(term.get("topologyKey", ""))
                value = self._cluster.labels_of(other.body.spec.node_name).get(key)
                if value is not None and _is_meant(term, other, self._pod):
                    domains.add((key, value))
        return domains

    def _spread(self, constraint: dict[str, Any]) -> Counter[str]:
        """Return how many Pods that count are in each domain of which a node may take the Pod, as the policies say."""
        key, counts = str(constraint.get("topologyKey", "")), Counter[str]()
        for node in self._cluster.nodes:
            value = labels_of(node.body).get(key)
            elsewhere = constraint.get("nodeAffinityPolicy", "Honor") == "Honor" and any(self._selector(node))
            tainted = constraint.get("nodeTaintsPolicy", "Ignore") == "Honor" and any(self._taints(node))
            if value is not None and not elsewhere and not tainted:
                counts[value] += sum(self._is_counted(constraint, other) for other in self._cluster.pods_on(node.name))
        return counts

    def _is_counted(self, constraint: dict[str, Any], other: Seen[Pod]) -> bool:
        leaving, here = other.body.metadata.deletion_timestamp, other.namespace == self._pod.namespace
        return here and not leaving and selects(constraint.get("labelSelector"), labels_of(other.body))

    def _is_unbound(self, claim: Seen[PersistentVolumeClaim]) -> bool:
        """Return whether a claim should be bound before its Pod has a node. One whose class is not known may wait."""
        phase, known = claim.body.status.phase, self._class_of(claim)
        waits = known.volume_binding_mode == _LATER or (
            not known.provisioner and not self._cluster.store.complete("StorageClass", "")
        )
        return phase == "Lost" or (phase == "Pending" and not claim.body.spec.volume_name and not waits)

    def _class_of(self, claim: Seen[PersistentVolumeClaim]) -> StorageClass:
        name = claim.body.spec.storage_class_name or ""
        known = self._cluster.store.find(StorageClass, "StorageClass", "", name) if name else None
        return known.body if known else StorageClass()


def _claim_names(pod: Seen[Pod]) -> list[str]:
    """Return the names of the claims of a Pod; that of an ephemeral volume is named after both."""
    volumes = pod.body.spec.volumes
    return [each.persistent_volume_claim.claim_name for each in volumes if each.persistent_volume_claim] + [
        f"{pod.name}-{each.name}" for each in volumes if each.ephemeral is not None
    ]


def _required(affinity: dict[str, Any] | None) -> list[dict[str, Any]]:
    return list((affinity or {}).get("requiredDuringSchedulingIgnoredDuringExecution") or ())


def _is_meant(term: dict[str, Any], owner: Seen[Pod], other: Seen[Pod]) -> bool:
    spaces = term.get("namespaces") or ([] if term.get("namespaceSelector") is not None else [owner.namespace])
    somewhere = other.namespace in spaces or term.get("namespaceSelector") == {}
    return somewhere and selects(term.get("labelSelector"), labels_of(other.body))


def _is_reachable(volume: PersistentVolume, node: Seen[Node]) -> bool:
    required = ((volume.spec or {}).get("nodeAffinity") or {}).get("required") or {}
    terms = required.get("nodeSelectorTerms")
    return not terms or node_matches(terms, labels_of(node.body), node.name)


def _is_free(volume: PersistentVolume, claim: PersistentVolumeClaim) -> bool:
    spec = volume.spec or {}
    return volume.status.phase == "Available" and spec.get("storageClassName", "") == (
        claim.spec.storage_class_name or ""
    )
