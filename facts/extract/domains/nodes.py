"""Nodes in trouble, their bad conditions, and the count of all nodes."""

from collections import Counter
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.node_address import control_plane, internal_ip
from facts.cluster.node_health import NOT_READY, bad_conditions, is_joining, is_sound, ready_of
from facts.cluster.objects import Node, Pod, condition_of, labels_of
from facts.cluster.store import Seen
from facts.model.schema.domains.nodes import NodeConditionFact, NodeFact, NodesFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_ADDRESSED = ("aws://",)
"""Providers of nodes whose Pods get addresses of the cloud's network: no node has a range of its own."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield `node` and `node_condition` facts of nodes in trouble, and one `nodes` fact when there are nodes."""
    nodes = sorted(index.store.every(Node), key=lambda node: node.name)
    if not nodes:
        return
    pods: Counter[str] = Counter()
    joining = {node.name for node in nodes if is_joining(index.store, node)}
    troubled = [node for node in nodes if not is_sound(node.body) and node.name not in joining]
    if troubled:
        pods.update(pod.body.spec.node_name for pod in index.store.every(Pod))
    for node in troubled:
        yield _node(node, pods[node.name])
        for condition in bad_conditions(node.body):
            attributes = NodeConditionFact(
                node=node.name,
                type=condition.type,
                status=condition.status,
                reason=condition.reason,
                message=condition.message,
            )
            proof = f"condition {condition.type}={condition.status} {condition.reason}: {condition.message}"
            yield new_fact(attributes, node.source, proof)
    yield _nodes(nodes, joining)


def _node(node: Seen[Node], pods: int) -> Fact:
    ready = condition_of(node.body.status.conditions, "Ready")
    address = internal_ip(node.body)
    attributes = NodeFact(
        name=node.name,
        ready=ready.status or "Unknown",
        reason=ready.reason,
        message=ready.message,
        ip=address,
        ssh=address or node.name,
        role=_role(node),
        version=node.body.status.node_info.kubelet_version,
        schedulable=not node.body.spec.unschedulable,
        pods=pods,
    )
    cordoned = " spec.unschedulable=true" if node.body.spec.unschedulable else ""
    shown = "STATUS NotReady" if ready.status == "NotReady" else f"condition Ready={ready.status}"
    proof = f"{shown} {ready.reason}: {ready.message}".rstrip(" :") + cordoned
    return new_fact(attributes, node.source, proof)


def _role(node: Seen[Node]) -> str:
    if control_plane(node.body):
        return "control-plane"
    return "worker" if labels_of(node.body) else ""


def _nodes(nodes: list[Seen[Node]], joining: set[str]) -> Fact:
    ready = sum(ready_of(node.body) == "True" for node in nodes)
    not_ready = sum(ready_of(node.body) in NOT_READY and node.name not in joining for node in nodes)
    addresses = Counter(filter(None, (internal_ip(node.body) for node in nodes)))
    attributes = NodesFact(
        total=len(nodes),
        ready=ready,
        not_ready=not_ready,
        all_not_ready=not_ready == len(nodes),
        same_internal_ip=any(count > 1 for count in addresses.values()),
        missing_pod_cidr=any(
            node.full and not node.body.spec.pod_cidr and not node.body.spec.provider_id.startswith(_ADDRESSED)
            for node in nodes
        ),
    )
    return new_fact(attributes, f"{nodes[0].origin} Nodes", f"{ready} of {len(nodes)} nodes are Ready")
