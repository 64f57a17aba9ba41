"""The nodes, what runs on each, and what is left there."""

from collections import defaultdict
from fractions import Fraction

from facts.cluster.objects import Labels, Node, Pod, labels_of
from facts.cluster.quantity import parse_quantity
from facts.cluster.scheduling.requests import Amounts, requests_of
from facts.cluster.store import Seen, Store

_TABLE = 0


class Cluster:
    """What the scheduler looks at. Nodes of which only a table tells have unknown taints, labels and resources."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.nodes = tuple(sorted(store.every(Node), key=lambda node: node.name))
        self._on: dict[str, list[Seen[Pod]]] = defaultdict(list)
        for pod in store.every(Pod):
            if pod.body.spec.node_name and pod.body.status.phase not in ("Succeeded", "Failed"):
                self._on[pod.body.spec.node_name].append(pod)
        self.placed = tuple(pod for node in self.nodes for pod in self._on[node.name])
        self._labels: dict[str, Labels] = {node.name: labels_of(node.body) for node in self.nodes}
        self._free: dict[str, Amounts] = {}

    @property
    def known(self) -> bool:
        """Whether all nodes, and what they are like, are in the evidence."""
        described = bool(self.nodes) and all(node.fidelity > _TABLE and not node.declared for node in self.nodes)
        return described and self.store.complete("Node", "")

    def pods_on(self, node: str) -> list[Seen[Pod]]:
        """Return the Pods that run on a node, or will."""
        return self._on[node]

    def free_on(self, node: Seen[Node]) -> Amounts:
        """Return what is left on a node of each resource, and of Pods; {} when its size is not known."""
        known = self._free.get(node.name)
        if known is None:
            free = {
                name: amount
                for name, written in (node.body.status.allocatable or {}).items()
                if (amount := parse_quantity(written)) is not None
            }
            if free:
                for pod in self._on[node.name]:
                    for name, amount in requests_of(pod.body.spec).items():
                        free[name] = free.get(name, Fraction(0)) - amount
                    if "pods" in free:
                        free["pods"] -= 1
            known = self._free[node.name] = free
        return known

    def labels_of(self, node: str) -> Labels:
        """Return the labels of a node, {} of one that is not in the evidence."""
        return self._labels.get(node, {})
