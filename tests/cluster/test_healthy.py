"""A cluster in which all is well: kbdiag has nothing to say, and says that it looked."""

from facts.model.values import Snapshot
from tests.cluster.diagnosis import report_of, shown


def test_there_is_nothing_to_say(healthy_snapshot: Snapshot) -> None:
    """No hypothesis and no symptom, of whatever confidence."""
    report = report_of(healthy_snapshot)
    assert report.hypotheses == (), shown(report)
    assert report.symptoms == ()


def test_what_was_looked_at_is_ok(healthy_snapshot: Snapshot) -> None:
    """The layers that the API shows are ok; those that only SSH, ping or the VM manager show are unknown."""
    states = {layer.layer: layer.state for layer in report_of(healthy_snapshot).layers}
    assert {name for name, state in states.items() if state == "failing"} == set()
    assert {"node", "scheduling", "workload", "service", "storage"} <= {
        name for name, state in states.items() if state == "ok"
    }
    assert {states["vm"], states["vm-network"], states["ssh"]} == {"unknown"}


def test_everything_could_be_looked_at(healthy_snapshot: Snapshot) -> None:
    """Every list is complete; of ConfigMaps few are read by design, and there is no metrics-server."""
    ended = {one.collector: one.state.value for one in healthy_snapshot.coverage if "kubernetes/" in one.collector}
    assert {name: state for name, state in ended.items() if state != "complete"} == {
        "kubernetes/configmaps": "partial",
        "kubernetes/metrics": "skipped",
    }
