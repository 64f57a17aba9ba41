"""Who wrote what to an object, from its managed fields and from what kubectl applied."""

import json
from typing import Any

import pytest

from facts.cluster.field_managers import applied, maker_of, writes_of

CREATED = "2026-03-01T10:00:00Z"
LATER = "2026-03-01T11:00:00Z"


def _entry(manager: str, fields: dict[str, Any], moment: str = LATER, **more: str) -> dict[str, Any]:
    return {"manager": manager, "time": moment, "fieldsType": "FieldsV1", "fieldsV1": fields, **more}


def _object(*entries: dict[str, Any], **annotations: str) -> dict[str, Any]:
    return {"metadata": {"creationTimestamp": CREATED, "managedFields": list(entries), "annotations": annotations}}


SELECTOR: dict[str, Any] = {"f:spec": {"f:selector": {".": {}, "f:app": {}}}}


def test_a_write_has_its_manager_moment_and_fields() -> None:
    """The mark of the parent itself, a dot, is no field."""
    (write,) = writes_of(_object(_entry("kubectl-edit", SELECTOR)))
    assert (write.manager, write.moment, write.paths) == ("kubectl-edit", LATER, (("spec", "selector", "app"),))


def test_items_of_lists_are_named_by_their_key() -> None:
    """By the first of its parts, and values of sets by themselves."""
    fields: dict[str, Any] = {"f:spec": {'k:{"name":"app"}': {"f:image": {}}, 'v:"a"': {}}}
    (write,) = writes_of(_object(_entry("helm", fields)))
    assert set(write.paths) == {("spec", "app", "image"), ("spec", "a")}


def test_a_write_touches_what_stands_at_or_below_a_path() -> None:
    """And nothing beside it."""
    (write,) = writes_of(_object(_entry("kubectl-edit", SELECTOR)))
    assert write.touches("spec", "selector")
    assert not write.touches("spec", "ports")


@pytest.mark.parametrize(
    "entry",
    [
        _entry("kube-controller-manager", SELECTOR),
        _entry("kubectl-edit", SELECTOR, subresource="status"),
        _entry("kubectl-edit", SELECTOR, "2026-03-01T10:00:03Z"),
        _entry("kubectl-edit", SELECTOR, "some day"),
        _entry("kubectl-edit", {"f:status": {"f:phase": {}}}),
    ],
    ids=["of a controller", "of the status", "of its making", "of no time", "of status fields"],
)
def test_what_nobody_changed_afterwards_is_no_write(entry: dict[str, Any]) -> None:
    """Only an edit of what was made before counts."""
    assert writes_of(_object(entry)) == ()


def test_writes_are_told_from_the_oldest_to_the_youngest() -> None:
    """Whatever their order in the object is."""
    first, second = _entry("b", SELECTOR, "2026-03-01T10:30:00Z"), _entry("a", SELECTOR)
    assert [each.manager for each in writes_of(_object(second, first))] == ["b", "a"]


def test_the_maker_is_who_wrote_first() -> None:
    """Nobody is where nothing tells."""
    assert maker_of(_object(_entry("b", SELECTOR), _entry("a", SELECTOR, CREATED))) == "a"
    assert maker_of({}) == ""


def test_what_kubectl_applied_is_kept() -> None:
    """It is in an annotation."""
    key = "kubectl.kubernetes.io/last-applied-configuration"
    assert applied(_object(**{key: json.dumps({"spec": {"replicas": 2}})})) == {"spec": {"replicas": 2}}


@pytest.mark.parametrize("text", ["{", "[]", "1", "[" * 100_000])
def test_an_annotation_that_is_no_object_tells_nothing(text: str) -> None:
    """Whoever may annotate may write anything."""
    assert applied(_object(**{"kubectl.kubernetes.io/last-applied-configuration": text})) == {}
