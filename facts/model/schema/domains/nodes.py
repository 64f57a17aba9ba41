"""Nodes as the API shows them."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class NodeFact(TypedFact, frozen=True, kw_only=True):
    """A Kubernetes node that is not Ready, is cordoned, or has a bad condition; or one that others refer to."""

    KIND: ClassVar[FactKind] = FactKind(
        name="node",
        layer="node",
        coverage="kubernetes/nodes",
        key="name",
        subject=("=Node", "", "name"),
        identity=("ready",),
        well={"ready": "True"},
    )

    name: Annotated[str, Meaning("name of the node", "prod-worker1")] = ""
    ready: Annotated[
        str,
        Meaning(
            "status of the Ready condition; NotReady where a table does not tell False from Unknown",
            "Unknown",
            values=("True", "False", "Unknown", "NotReady"),
        ),
    ] = ""
    reason: Annotated[
        str,
        Meaning(
            "reason of the Ready condition: KubeletReady, KubeletNotReady, NodeStatusUnknown, ...", "NodeStatusUnknown"
        ),
    ] = ""
    message: Annotated[str, Meaning("message of the Ready condition", "Kubelet stopped posting node status.")] = ""
    ip: Annotated[str, Meaning('InternalIP, "" when unknown', "192.168.65.3")] = ""
    ssh: Annotated[str, Meaning("what to hand to ssh to get there: the address, or the name", "192.168.65.3")] = ""
    role: Annotated[
        str, Meaning("control-plane, worker, or empty when unknown", "worker", values=("control-plane", "worker", ""))
    ] = ""
    version: Annotated[str, Meaning("kubelet version", "v1.31.4")] = ""
    schedulable: Annotated[bool, Meaning("not cordoned", True)] = False
    pods: Annotated[int, Meaning("Pods on it that are seen in the evidence", 40)] = 0


class NodesFact(TypedFact, frozen=True, kw_only=True):
    """All nodes counted. One fact, there when at least one node was seen."""

    KIND: ClassVar[FactKind] = FactKind(name="nodes", layer="node", coverage="kubernetes/nodes", compared=False)

    total: Annotated[int, Meaning("nodes", 2)] = 0
    ready: Annotated[int, Meaning("nodes that are Ready", 2)] = 0
    not_ready: Annotated[int, Meaning("nodes that are not Ready", 0)] = 0
    all_not_ready: Annotated[bool, Meaning("no node is Ready", False)] = False
    same_internal_ip: Annotated[bool, Meaning("two nodes share an InternalIP", True)] = False
    missing_pod_cidr: Annotated[bool, Meaning("a node has no podCIDR (only judged on full objects)", True)] = False


class NodeConditionFact(TypedFact, frozen=True, kw_only=True):
    """A bad condition of a node other than Ready (known conditions only; unknown ones are neutral)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="node_condition",
        coverage="kubernetes/nodes",
        subject=("=Node", "", "node"),
        symptom="{type} on node {node}",
        layer="node",
        identity=("type",),
    )

    node: Annotated[str, Meaning("name of the node", "a")] = ""
    type: Annotated[
        str,
        Meaning(
            "MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable, KernelDeadlock, ReadonlyFilesystem, ...",
            "DiskPressure",
        ),
    ] = ""
    status: Annotated[str, Meaning("its status", "True", values=("True", "False", "Unknown"))] = ""
    reason: Annotated[str, Meaning("its reason", "KubeletHasDiskPressure")] = ""
    message: Annotated[str, Meaning("its message", "")] = ""


class AddressChangeFact(TypedFact, frozen=True, kw_only=True):
    """A node whose VM has another address than the one under which the node is registered, in the same network."""

    KIND: ClassVar[FactKind] = FactKind(
        name="address_change", layer="vm-network", coverage="vm", subject=("=Node", "", "node")
    )

    node: Annotated[str, Meaning("name of the node and its VM", "prod-w1")] = ""
    old: Annotated[str, Meaning("InternalIP of the node object", "192.168.66.12")] = ""
    new: Annotated[str, Meaning("address that the VM manager knows now", "192.168.66.31")] = ""


class VersionSkewFact(TypedFact, frozen=True, kw_only=True):
    """A kubelet that is newer than the API server, or more than three minor versions older (it may be no further)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="version_skew",
        layer="node",
        coverage="kubernetes/nodes",
        subject=("=Node", "", "node"),
        identity=("problem",),
    )

    node: Annotated[str, Meaning("name of the node", "w1")] = ""
    version: Annotated[str, Meaning("version of its kubelet", "v1.29.9")] = ""
    server_version: Annotated[str, Meaning("version of the API server", "v1.33.0")] = ""
    problem: Annotated[str, Meaning("what is wrong", "too-old", values=("newer", "too-old"))] = ""
