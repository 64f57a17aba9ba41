"""What the conditions of a node say: ready or not, and which of the others are bad news."""

from facts.cluster.objects import Condition, Node, condition_of

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


def ready_of(node: Node) -> str:
    """Return the status of the Ready condition: "True", "False" or "Unknown"; "" when the evidence does not tell."""
    return condition_of(node.status.conditions, "Ready").status


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
