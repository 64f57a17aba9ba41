"""A log file named after a Pod or a workload is that one's log."""

import pytest

from facts.cluster.index import Index
from facts.cluster.log_file import LogFiles
from facts.model.values import Observation, ObservationKind, Snapshot
from tests.facts.given import evidence, pod, table

WEB, OTHER = "web-7d4b9c8f6d-x2x4n", "web-7d4b9c8f6d-jx5wq"


def _named(source: str, *pods: str) -> list[str]:
    index = Index(Snapshot((table(*(pod(name) for name in pods)),), (), "", "lab"))
    return sorted(each.name for each in LogFiles(index.pods).pods_of(source))


@pytest.mark.parametrize(
    "source", [f"{WEB}.log", "web.log", "demo-web.txt", "demo_web.previous.log", "logs/web.log.1", "web.log.gz"]
)
def test_the_name_of_a_pod_or_its_workload(source: str) -> None:
    """Endings and the namespace before the name do not matter."""
    assert _named(source, WEB) == [WEB]


def test_a_workload_with_several_pods() -> None:
    """The name of the workload tells all of its Pods, the name of a Pod that one."""
    assert _named("web.log", WEB, OTHER) == [OTHER, WEB]
    assert _named(f"{OTHER}.log", WEB, OTHER) == [OTHER]


@pytest.mark.parametrize("source", ["app.log", "webhook.log", "kubelet.log", "web-2.log", ""])
def test_other_names_tell_nothing(source: str) -> None:
    """A part of a name is not the name."""
    assert _named(source, WEB) == []


def test_a_log_beside_pods_is_not_taken_for_that_of_another_pod() -> None:
    """The failing Pod of another namespace does not speak for the workload whose log it is."""
    said = Observation(ObservationKind.LOG, "web.log", b"ERROR failed to connect to database: connection refused")
    [text] = [each for each in evidence(pod(WEB), more=(said,)).texts if each.source == "web.log"]
    assert (text.attributes["namespace"], text.attributes["workload"], text.attributes["pod"]) == ("demo", "web", WEB)
