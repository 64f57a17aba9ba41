"""What breaks in a namespace: the cause is named first, about the right object, also when much else is broken."""

import pytest

from kb.report.report import Report
from tests.cluster.cluster import Cluster
from tests.cluster.diagnosis import causes, diagnose, explained, shown
from tests.cluster.scenarios import SCENARIOS, Scenario

BY_NAME = pytest.mark.parametrize("scenario", SCENARIOS, ids=[each.name for each in SCENARIOS])


@pytest.fixture(scope="module")
def everything(broken: Cluster) -> Report:
    """Give the report about all scenarios at once."""
    return diagnose(broken.kubeconfig)


@BY_NAME
def test_the_cause_comes_first(broken: Cluster, scenario: Scenario) -> None:
    """In its namespace the first cause is the symptom or explains it, and its words name what is wrong."""
    report = diagnose(broken.kubeconfig, scenario.name)
    first = causes(report)[0]
    kind, name = scenario.subject
    symptom = f"{scenario.symptom}/{scenario.name}/{name}"
    assert symptom in explained(report, first), shown(report)
    assert (first.subject.kind, first.subject.name) == (kind, name) or first.id != scenario.symptom
    said = " ".join((first.title, first.cause, *(entry.says for entry in first.evidence)))
    assert [word for word in scenario.words if word.lower() not in said.lower()] == [], f"{first.id}: {said}"


@BY_NAME
def test_no_cause_hides_another(everything: Report, scenario: Scenario) -> None:
    """When everything is broken at once, each scenario still has a cause of its own."""
    symptom = f"{scenario.symptom}/{scenario.name}/{scenario.subject[1]}"
    assert symptom in {key for each in causes(everything) for key in explained(everything, each)}, shown(everything)


def test_nothing_is_said_about_what_is_well(everything: Report) -> None:
    """The healthy namespace beside them is not drawn in."""
    assert {each.subject for each in everything.hypotheses if each.subject.namespace == "shop"} == set()
