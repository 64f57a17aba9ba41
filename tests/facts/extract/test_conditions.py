"""Custom resources that say that they do not work, and those that do."""

from typing import Any

import pytest

from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from tests.facts.given import JUST_NOW, LONG_AGO, condition, evidence, facts, kinds, metadata, only


def _custom(kind: str, status: Any, created: str = LONG_AGO) -> dict[str, Any]:
    about = metadata("orders", "shop", created)
    return {"apiVersion": "example.test/v1", "kind": kind, "metadata": about, "status": status}


@pytest.mark.parametrize("kind", ["ExternalSecret", "Certificate", "Kustomization", "SomethingNobodyKnows"])
def test_a_condition_that_is_false_is_a_fact(kind: str) -> None:
    """Whether the kind is known does not matter."""
    wrong = condition("Ready", "False", "SyncError", "the key does not exist")
    fact = only(evidence(_custom(kind, {"conditions": [wrong, condition("Synced", "True")]})), "condition")
    assert fact == {
        "kind": kind, "namespace": "shop", "name": "orders", "type": "Ready", "status": "False", "reason": "SyncError",
        "message": "the key does not exist", "age": 4 * 3600.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "types"),
    [
        ({"conditions": [condition("Degraded", "True", "Failing")]}, ["Degraded"]),
        ({"conditions": [condition("Degraded", "False")]}, []),
        ({"conditions": [{"type": "ComparisonError", "message": "repository not found"}]}, ["ComparisonError"]),
        ({"health": {"status": "Degraded"}, "sync": {"status": "Synced"}}, ["Healthy"]),
        ({"health": {"status": "Healthy"}, "sync": {"status": "OutOfSync"}}, []),
        ({"operationState": {"phase": "Failed", "message": "one or more objects failed to apply"}}, ["Synced"]),
        ({"parents": [{"conditions": [condition("ResolvedRefs", "False", "BackendNotFound")]}]}, ["ResolvedRefs"]),
        ({"conditions": [condition("Progressing", "False")]}, []),
        ({"conditions": "none"}, []),
        ("Failure", []),
        (None, []),
    ],
)
def test_which_conditions_tell_of_a_fault(status: Any, types: list[str]) -> None:
    """Some are wrong when False, some when True; Argo CD has fields of its own, and others write what they like."""
    assert [each["type"] for each in facts(evidence(_custom("Application", status)), "condition")] == types


@pytest.mark.parametrize(("created", "since"), [(JUST_NOW, JUST_NOW), (LONG_AGO, JUST_NOW)])
def test_what_is_young_may_still_become_ready(created: str, since: str) -> None:
    """Neither an object nor a condition of the last minute is a fault."""
    status = {"conditions": [condition("Ready", "False", "Issuing", since=since)]}
    assert kinds(evidence(_custom("Certificate", status, created))) == set()


def test_a_table_of_a_kind_that_nobody_knows() -> None:
    """The command names the kind, the columns its conditions."""
    text = """
$ kubectl get buckets -n shop
NAME   SYNCED   READY   EXTERNAL-NAME   AGE
logs   True     False   logs-x1         3d
ok     True     True    ok-x1           3d
$ kubectl get statefulsets -n shop
NAME   READY   AGE
db     1/1     3d
"""
    found = facts(extract(read_evidence(["-"], stdin=text.encode())), "condition")
    assert [(each["kind"], each["name"], each["type"]) for each in found] == [("Bucket", "logs", "Ready")]
