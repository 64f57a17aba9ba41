"""Where a node is reached, and whether it carries the control plane."""

import re

from facts.cluster.objects import Node, labels_of

_ROLE = re.compile(r"node-role\.kubernetes\.io/(?:control-plane|master)")


def internal_ip(node: Node) -> str:
    """Return the InternalIP of a node, "" when unknown."""
    return next((found.address for found in node.status.addresses if found.type == "InternalIP"), "")


def control_plane(node: Node) -> bool:
    """Return whether a label says that the node carries the control plane."""
    return any(_ROLE.fullmatch(label) for label in labels_of(node))
