"""What the conditions of a node say: ready or not, and which of the others are bad news."""

from facts.cluster.objects import Condition, Node, condition_of
from facts.cluster.store import Seen, Store

BAD_WHEN_TRUE = frozenset(
    {
        # kubelet and cloud controller
        "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable", "OutOfDisk",
        # node-problem-detector
        "KernelDeadlock", "ReadonlyFilesystem", "CorruptDockerOverlay2", "CorruptDockerImage", "FrequentKubeletRestart",
        "FrequentDockerRestart", "FrequentContainerdRestart", "FrequentUnregisterNetDevice", "KubeletUnhealthy",
        "ContainerRuntimeUnhealthy", "KubeletProblem", "ContainerRuntimeProblem", "NTPProblem", "FDPressure",
        "XfsShutdown", "CperHardwareErrorFatal", "VMEventScheduled",
    }
)  # fmt: skip
"""Known conditions that mean a fault when they are True. Unknown conditions are neutral."""


NOT_READY = frozenset(("False", "Unknown", "NotReady"))
"""What `ready_of` returns for a node that is not Ready. A table shows NotReady both for False and for Unknown."""

JOINING = 60.0
"""Seconds for which a new node may wait for its network before it is Ready."""


def ready_of(node: Node) -> str:
    """Return the status of the Ready condition: "True", "False", "Unknown", or "NotReady" where only a table tells.

    It is "" when the evidence does not tell.
    """
    return condition_of(node.status.conditions, "Ready").status


def is_joining(store: Store, node: Seen[Node]) -> bool:
    """Return whether a node is not Ready yet because it was created just now. A lone object cannot tell its age."""
    age = store.age_of(node)
    told = store.snapshot.observed_at or store.events or len(store.every(Node)) > 1 or node.body.metadata.shown_age
    young = age is not None and age < JOINING and bool(told)
    return young and ready_of(node.body) in ("False", "NotReady") and not bad_conditions(node.body)


def bad_conditions(node: Node) -> list[Condition]:
    """Return the known conditions other than Ready that are bad now.

    When the kubelet stops posting, all its conditions turn Unknown: that says nothing about pressure.
    """
    return [
        condition
        for condition in node.status.conditions
        if condition.type in BAD_WHEN_TRUE and condition.status == "True"
    ]


def is_sound(node: Node) -> bool:
    """Return whether a node is Ready, takes Pods and has no bad condition; so is one of which nothing is known."""
    return ready_of(node) in ("True", "") and not node.spec.unschedulable and not bad_conditions(node)
