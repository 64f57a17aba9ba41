"""What breaks on a real node: the right cause is named first, about the right object, with the words that tell why."""

import pytest

from facts.model.values import ObservationKind, Snapshot
from kb.report.report import Report
from tests.cluster.api import Object
from tests.cluster.build import KUBERNETES
from tests.cluster.diagnosis import causes, report_of
from tests.node.faults import APP, FAULTS, HEALTHY, TWICE, Fault
from tests.node.node import NAME, NodeCluster


@pytest.fixture(scope="module")
def report(snapshot: Snapshot) -> Report:
    """Give the report about all faults at once."""
    return report_of(snapshot)


def test_the_node_is_real(node: NodeCluster) -> None:
    """It runs the kubelet of the version that go.mod pins, on containerd."""
    (only,) = node.api.items("/api/v1/nodes")
    told = only["status"]["nodeInfo"]
    assert KUBERNETES is not None
    assert (only["metadata"]["name"], told["kubeletVersion"]) == (NAME, KUBERNETES[1])
    assert told["containerRuntimeVersion"].startswith("containerd://")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_cause_and_no_other(report: Report, fault: Fault) -> None:
    """Among all that is wrong, the cause in its namespace is the fault's, and its words name what is wrong."""
    own = [each for each in causes(report) if each.subject.namespace == fault.name]
    assert own, fault.name
    assert (own[0].id, own[0].subject.kind, own[0].subject.name) == (fault.cause, "Deployment", APP)
    assert {each.id for each in own[1:] if not each.symptom and not each.id.startswith("FAIL-")} == set()
    said = " ".join((own[0].title, own[0].cause, *(entry.says for entry in own[0].evidence)))
    assert [word for word in fault.words if word.lower() not in said.lower()] == [], said


def test_the_node_and_what_is_well_are_not_blamed(report: Report) -> None:
    """Nothing is said of the healthy namespace, nor of anything outside the broken ones."""
    broken = {*(fault.name for fault in FAULTS), TWICE.name}
    assert {each.subject for each in report.hypotheses if each.subject.namespace == HEALTHY.name} == set()
    assert {each.id for each in causes(report) if each.subject.namespace not in broken} == set()


def test_logs_of_both_lives(snapshot: Snapshot, pods: dict[str, Object]) -> None:
    """The log of a container that was restarted is fetched twice through the kubelet: of now and of before."""
    name = pods[TWICE.name]["metadata"]["name"]
    own = [
        one
        for one in snapshot.observations
        if one.kind is ObservationKind.LOG and one.attributes.get("namespace") == TWICE.name
    ]
    assert {(one.attributes["pod"], one.attributes.get("previous", ""), one.body) for one in own} == {
        (name, "true", b"first life\n"),
        (name, "", b"second life\n"),
    }


def test_healthy_containers_are_not_read(snapshot: Snapshot) -> None:
    """What a container prints in which nothing is wrong is not fetched."""
    assert [one.source for one in snapshot.observations if one.attributes.get("namespace") == HEALTHY.name] == []
