"""What changed before it broke is named with its difference, its time and the way back; harmless changes are not."""

import pytest

from facts.extract.evidence import extract
from facts.model.values import Snapshot
from kb.report.report import Report
from tests.cluster.changes import BESIDE, BREAKING, Edit
from tests.cluster.cluster import Cluster
from tests.cluster.diagnosis import causes, look, report_of, shown


@pytest.fixture(scope="module")
def changed(broken: Cluster) -> Snapshot:
    """Give a snapshot from after all edits of what ran well for a while."""
    broken.api.until_grown()
    return look(broken.kubeconfig)


@pytest.fixture(scope="module")
def report(changed: Snapshot) -> Report:
    """Give the report about everything at once."""
    return report_of(changed)


@pytest.mark.parametrize("edit", BREAKING, ids=[edit.name for edit in BREAKING])
def test_the_change_comes_first(report: Report, edit: Edit) -> None:
    """In its namespace the change is the first cause, shown with both values, and its fix takes it back."""
    mine = [each for each in causes(report) if each.subject.namespace == edit.name]
    assert mine, shown(report)
    first = mine[0]
    assert first.id == edit.rule, shown(report)
    said = " ".join([first.title, first.cause, *(fact.text for entry in first.evidence for fact in entry.facts)])
    assert [word for word in (edit.field, *edit.values) if word not in said] == [], said
    assert any(step.run.startswith(edit.way_back) for step in first.fix), first.fix


def test_nothing_else_is_blamed(report: Report, changed: Snapshot) -> None:
    """The Deployment that failed from the start has its cause, and no harmless change beside it is one."""
    facts = [fact for fact in extract(changed).facts if fact.kind == "change"]
    assert {fact.attributes["name"] for fact in facts if fact.attributes["namespace"] == BESIDE} == set()
    beside = {each.subject.name for each in report.hypotheses if each.subject.namespace == BESIDE}
    assert beside == {"bad"}, shown(report)


def test_the_time_before_the_onset_is_told(changed: Snapshot) -> None:
    """Each rollout came moments before its Pods failed."""
    rollouts = {edit.name for edit in BREAKING if edit.kind != "Service"}
    seconds = {
        fact.attributes["namespace"]: fact.attributes["before_onset_seconds"]
        for fact in extract(changed).facts
        if fact.kind == "change" and fact.attributes["namespace"] in rollouts and fact.attributes["own"]
    }
    assert seconds.keys() == rollouts
    assert all(0 <= each < 60 for each in map(int, seconds.values())), seconds
