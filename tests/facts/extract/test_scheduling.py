"""What the scheduler says, in the words of all its versions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.extract.domains.scheduling import reasons_of
from tests.facts.given import condition, event, evidence, facts, kinds, node, only, pod


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.", [("resource", "cpu", 1), ("resource", "memory", 2)]),
        (
            "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 Insufficient nvidia.com/gpu.",
            [("taint", "node-role.kubernetes.io/master", 1), ("resource", "nvidia.com/gpu", 2)],
        ),
        (
            "0/1 nodes are available: 1 node(s) had untolerated taint {team: blue}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
            [("taint", "team", 1)],
        ),
        ("0/2 nodes are available: 2 node(s) had taints that the pod didn't tolerate.", [("taint", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.", [("node-selector", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't match node selector.", [("node-selector", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.", [("affinity", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.", [("anti-affinity", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules.", [("anti-affinity", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.", [("topology-spread", "", 2)]),
        ("0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.", [("pvc-unbound", "", 2)]),
        ("pod has unbound immediate PersistentVolumeClaims (repeated 2 times)", [("pvc-unbound", "", 0)]),
        ('persistentvolumeclaim "data" not found', [("pvc-missing", "", 0)]),
        ('0/1 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/1 nodes are available: 1 no.', [("pvc-missing", "", 1)]),
        ("0/2 nodes are available: 2 node(s) had volume node affinity conflict.", [("volume-affinity", "", 2)]),
        ("0/2 nodes are available: 2 node(s) had no available volume zone.", [("volume-affinity", "", 2)]),
        ("0/2 nodes are available: 2 node(s) exceed max volume count.", [("volume-limit", "", 2)]),
        ("0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.", [("host-port", "", 2)]),
        ("0/2 nodes are available: 2 Too many pods.", [("too-many-pods", "", 2)]),
        ("0/2 nodes are available: 2 node(s) were unschedulable.", [("cordoned", "", 2)]),
        ("no nodes available to schedule pods", [("no-nodes", "", 0)]),
        ("Scheduling is blocked due to non-empty scheduling gates", [("gated", "", 0)]),
        ("No nodes are available that match all of the predicates: Insufficient cpu (1), PodToleratesNodeTaints (2).", [("resource", "cpu", 1), ("taint", "", 2)]),
        ("0/1 nodes are available: 1 the stars are wrong.", [("other", "", 1)]),
    ],
)  # fmt: skip
def test_each_wording_is_understood(message: str, expected: list[tuple[str, str, int]]) -> None:
    """Reason, resource or taint, and how many nodes it rules out."""
    reasons = reasons_of(message)
    assert [(reason.why, reason.resource or reason.taint, reason.nodes) for reason in reasons] == expected


def test_a_taint_has_key_and_value() -> None:
    """Both are needed to write a toleration."""
    (reason,) = reasons_of("0/4 nodes are available: 4 node(s) had untolerated taint {team: blue}.")
    assert (reason.taint, reason.taint_value, reason.of) == ("team", "blue", 4)


@given(st.text(max_size=80))
def test_any_text_gives_reasons_that_quote_it(text: str) -> None:
    """Whatever the scheduler will say one day, it is quoted and not lost."""
    plain = " ".join(text.split())
    assert all(reason.detail in plain for reason in reasons_of(text))


MESSAGE = "0/1 nodes are available: 1 Insufficient cpu."


def test_the_condition_of_a_waiting_pod_is_enough() -> None:
    """No event is needed."""
    stuck = pod(
        phase="Pending", node="", statuses=[], conditions=[condition("PodScheduled", "False", "Unschedulable", MESSAGE)]
    )
    fact = only(evidence(stuck), "unschedulable")
    assert (fact["why"], fact["resource"], fact["workload"]) == ("resource", "cpu", "web")


def test_the_event_of_a_described_pod_is_enough() -> None:
    """A description shows the condition without its message."""
    stuck = pod(phase="Pending", node="", statuses=[], conditions=[{"type": "PodScheduled", "status": "False"}])
    found = evidence(stuck, event("Pod", "web-7d4b9c8f6d-x2x4n", "FailedScheduling", MESSAGE))
    assert only(found, "unschedulable")["workload"] == "web"


def test_an_event_without_its_pod_is_enough() -> None:
    """Only events were collected."""
    fact = only(evidence(event("Pod", "db-0", "FailedScheduling", MESSAGE)), "unschedulable")
    assert (fact["pod"], fact["workload_kind"], fact["workload"]) == ("db-0", "StatefulSet", "db")


def test_a_pod_that_was_placed_since_is_not_unschedulable() -> None:
    """It has a node, whatever events remember."""
    broken = pod(statuses=[{"name": "app", "ready": False, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}])
    found = evidence(broken, event("Pod", "web-7d4b9c8f6d-x2x4n", "FailedScheduling", MESSAGE))
    assert "unschedulable" not in kinds(found)
    assert facts(found, "pod")


COUNTED = (
    "0/3 nodes are available: 3 node(s) had untolerated taint(s). no new claims to deallocate, "
    "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
)


def _waiting(*tolerations: dict[str, str]) -> dict[str, Any]:
    unplaced = condition("PodScheduled", "False", "Unschedulable", COUNTED)
    spec = {"tolerations": list(tolerations)}
    return pod(phase="Pending", node="", statuses=[], conditions=[unplaced], spec=spec)


def _tainted(name: str, key: str, value: str = "", effect: str = "NoSchedule") -> dict[str, Any]:
    return node(name, spec={"taints": [{"key": key, "value": value, "effect": effect}]})


def test_taints_that_are_only_counted_are_named_from_the_nodes() -> None:
    """Kubernetes 1.35 no longer says which taints: those of the nodes that the Pod does not tolerate."""
    nodes = [
        _tainted("w1", "dedicated", "batch"),
        _tainted("w2", "dedicated", "batch", "NoExecute"),
        _tainted("w3", "team", "blue"),
        _tainted("w4", "slow", effect="PreferNoSchedule"),
        _tainted("w5", "node.kubernetes.io/unreachable"),
    ]
    tolerated = [{"key": "team", "value": "blue"}, {"key": "node.kubernetes.io/unreachable", "operator": "Exists"}]
    found = only(evidence(_waiting(*tolerated), *nodes), "unschedulable")
    assert (found["why"], found["taint"], found["taint_value"], found["nodes"]) == ("taint", "dedicated", "batch", 2)
    assert found["detail"] == "node(s) had untolerated taint(s)"


def test_without_the_nodes_the_count_of_taints_remains() -> None:
    """What is not seen is not made up."""
    found = only(evidence(_waiting()), "unschedulable")
    assert (found["taint"], found["nodes"], found["of"]) == ("", 3, 3)


@pytest.mark.parametrize("state", ["were unschedulable", "had untolerated taint {node.kubernetes.io/disk-pressure: }"])
def test_a_selector_is_no_obstacle_while_a_node_in_trouble_may_match(state: str) -> None:
    """The scheduler looks at the state of a node first, and then no further."""
    message = f"0/3 nodes are available: 1 node(s) {state}, 2 node(s) didn't match Pod's node affinity/selector."
    assert only(evidence(event("Pod", "db-0", "FailedScheduling", message)), "unschedulable")["why"] != "node-selector"


@pytest.mark.parametrize("later", ["4 node(s) exceed max volume count", "4 Insufficient cpu", "4 Too many pods"])
def test_a_selector_that_admits_full_nodes_is_no_obstacle(later: str) -> None:
    """The scheduler asks for room only where the selector matches, so the selector matches somewhere."""
    message = f"0/6 nodes are available: 2 node(s) didn't match Pod's node affinity/selector, {later}."
    fact = only(evidence(event("Pod", "db-0", "FailedScheduling", message)), "unschedulable")
    assert (fact["why"], fact["nodes"]) != ("node-selector", 2)
    assert only(evidence(event("Pod", "db-0", "FailedScheduling", message)), "unschedulable_reason")["decisive"] is True
