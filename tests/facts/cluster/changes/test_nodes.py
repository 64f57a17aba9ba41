"""Reboots and cordons of nodes that matter for what is in trouble."""

import pytest

from facts.cluster.changes.change import Change, Dependent, concern
from facts.cluster.changes.nodes import changes
from facts.cluster.index import Index
from facts.model.values import Snapshot, Subject
from tests.facts.given import Object, event, table

WEB = Subject("Deployment", "web", "demo")
NODE = Subject("Node", "w1")


def _changes(*events: Object) -> list[Change]:
    index = Index(Snapshot((table(*events, fidelity="full", source="events.json"),)))
    return list(changes(index, concern([Dependent(WEB)], {WEB: {NODE}})))


def _of_node(reason: str, name: str = "w1") -> Object:
    return event("Node", name, reason)


def test_a_reboot_has_no_way_back() -> None:
    """It is told with its moment."""
    (change,) = _changes(_of_node("Rebooted"))
    assert (change.subject, change.what, change.field, change.undo) == (NODE, "node-reboot", "boot id", "")
    assert change.moment


def test_a_cordon_is_taken_back_by_uncordon() -> None:
    """By name."""
    (change,) = _changes(_of_node("NodeNotSchedulable"))
    assert (change.what, change.after, change.undo) == ("node-cordon", "true", "kubectl uncordon w1")


@pytest.mark.parametrize("other", [_of_node("NodeReady"), _of_node("Rebooted", "w2"), event("Pod", "w1", "Rebooted")])
def test_what_is_no_change_of_a_node_that_matters_is_not_told(other: Object) -> None:
    """Another reason, another node, an object that is none."""
    assert _changes(other) == []
