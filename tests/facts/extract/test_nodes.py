"""Nodes: trouble only, and one count of all."""

from tests.facts.given import condition, evidence, facts, kinds, node, only, pod


def test_healthy_nodes_are_only_counted() -> None:
    """Two Ready nodes are one fact."""
    found = evidence(node("a", address="10.0.0.1"), node("b", address="10.0.0.2"))
    assert kinds(found) == {"nodes"}
    assert only(found, "nodes") == {
        "total": 2,
        "ready": 2,
        "not_ready": 0,
        "all_not_ready": False,
        "same_internal_ip": False,
        "missing_pod_cidr": False,
    }


def test_no_nodes_are_no_fact() -> None:
    """What was not seen is not counted as nothing."""
    assert kinds(evidence(pod())) == set()


def test_a_lost_node_gives_no_pressure() -> None:
    """When the kubelet stops posting, all its conditions turn Unknown."""
    lost = node("a", "Unknown", condition("MemoryPressure", "Unknown", "NodeStatusUnknown"), reason="NodeStatusUnknown")
    found = evidence(lost, pod(node="a"))
    assert kinds(found) == {"node", "nodes"}
    fact = only(found, "node")
    assert (fact["ready"], fact["reason"], fact["ip"], fact["ssh"], fact["pods"]) == (
        "Unknown",
        "NodeStatusUnknown",
        "10.0.0.1",
        "10.0.0.1",
        1,
    )
    assert only(found, "nodes")["all_not_ready"] is True


def test_a_bad_condition_is_told_beside_its_node() -> None:
    """DiskPressure on a Ready node is trouble."""
    found = evidence(node("a", "True", condition("DiskPressure", "True", "KubeletHasDiskPressure")))
    assert only(found, "node_condition")["type"] == "DiskPressure"
    assert only(found, "node")["ready"] == "True"


def test_unknown_conditions_are_neutral() -> None:
    """Nobody knows whether True is good news there."""
    assert kinds(evidence(node("a", "True", condition("GpuDriverLoaded", "True")))) == {"nodes"}


def test_a_cordoned_node_is_told() -> None:
    """It is Ready, and takes no Pods."""
    fact = only(evidence(node("a", spec={"unschedulable": True})), "node")
    assert (fact["schedulable"], fact["ready"]) == (False, "True")


def test_roles_come_from_labels() -> None:
    """Old clusters say master."""
    first, second = node("a", "False"), node("b", "False", address="10.0.0.2")
    first["metadata"]["labels"]["node-role.kubernetes.io/master"] = ""
    assert [fact["role"] for fact in facts(evidence(first, second), "node")] == ["control-plane", "worker"]


def test_addresses_and_ranges_are_compared() -> None:
    """Two nodes with one address, and a node without a range for its Pods."""
    fact = only(evidence(node("a"), node("b", spec={"podCIDR": ""})), "nodes")
    assert (fact["same_internal_ip"], fact["missing_pod_cidr"]) == (True, True)


def test_nodes_of_a_cloud_whose_pods_have_its_addresses_need_no_range() -> None:
    """On EKS no node has a podCIDR."""
    cloud = node("a", spec={"podCIDR": "", "providerID": "aws:///eu-west-1a/i-0a1b2c"})
    assert only(evidence(cloud, node("b", "False")), "nodes")["missing_pod_cidr"] is False
