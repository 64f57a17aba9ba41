"""Which single reason, when removed, leaves a node for a Pod."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from facts.cluster.objects import Pod
from facts.cluster.scheduling.blockers import Blocker, Placement
from facts.cluster.scheduling.cluster import Cluster
from facts.cluster.store import Seen

STANDING = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
"""Taints that are meant to stay, whatever does not fit elsewhere."""
_FAULTS = ("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/")
"""Taints that tell of a fault of the node; all others are somebody's wish."""


class Verdict(msgspec.Struct, frozen=True):
    """One reason, how many nodes it rules out, and whether it alone stands between the Pod and a node."""

    blocker: Blocker
    nodes: int
    total: int
    decisive: bool


def eliminate(cluster: Cluster, pod: Seen[Pod]) -> tuple[Verdict, ...]:
    """Return all reasons that keep `pod` from the nodes, the decisive ones first; () when a node would take it.

    What somebody wished for is no cause as long as a node meets it: the selector and the volume of the Pod say where it
    belongs, and what keeps it from those nodes is the cause; the same is true of nodes that are set apart by taints.
    """
    placement = Placement(cluster, pod)
    everywhere = placement.everywhere()
    by_node = {node.name: placement.on(node) | everywhere for node in cluster.nodes}
    if not all(by_node.values()):
        return ()
    counts = Counter(blocker for blockers in by_node.values() for blocker in blockers)
    meant, decisive = list(by_node.values()), _single(by_node.values())
    for is_wish in (_says_where, _is_standing, _is_set_apart):
        left = [blockers for blockers in meant if not any(map(is_wish, blockers))]
        if _single(left):
            meant, decisive = left, _single(left)
    total = len(cluster.nodes)
    verdicts = [Verdict(blocker, count, total, blocker in decisive) for blocker, count in counts.items()]
    return tuple(sorted(verdicts, key=lambda each: (not each.decisive, -each.nodes, each.blocker)))


def _single(nodes: Iterable[frozenset[Blocker]]) -> set[Blocker]:
    """Return the blockers that alone keep the Pod from some node."""
    return {blocker for blockers in nodes if len(blockers) == 1 for blocker in blockers}


def _says_where(blocker: Blocker) -> bool:
    return blocker.reason in ("node-selector", "volume-affinity")


def _is_standing(blocker: Blocker) -> bool:
    return blocker.reason == "taint" and blocker.detail.startswith(STANDING)


def _is_set_apart(blocker: Blocker) -> bool:
    return blocker.reason == "taint" and not blocker.detail.startswith(_FAULTS)
