"""The table of kinds: one row is all that a kind needs."""

import pytest

from facts.cluster.kinds import KINDS, SCALABLE, WORKLOADS, collectors_of, is_cluster_kind, kind_of
from facts.cluster.objects import KubernetesObject
from facts.cluster.store import Store
from facts.model.values import Snapshot
from tests.facts.reading import coverage, objects, read


def test_every_row_is_another_list() -> None:
    """No group serves two kinds under one plural."""
    rows = [(kind.api, kind.plural) for kind in KINDS]
    assert sorted(set(rows)) == sorted(rows)


def test_secrets_are_never_listed() -> None:
    """A live cluster is asked for no Secret, whatever its group."""
    assert [kind.name for kind in KINDS if kind.plural == "secrets" and kind.queries] == []


def test_pods_are_listed_first() -> None:
    """Their logs wait for them."""
    assert KINDS[0].name == "Pod"


def test_workloads_make_pods() -> None:
    """All of them have the struct of a workload, and those with replicas are among them."""
    assert {kind.name for kind in KINDS if kind.struct.__name__ == "Workload"} == WORKLOADS
    assert SCALABLE < WORKLOADS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural + "." + kind.group)
def test_a_kind_is_known_by_all_its_names(kind: object) -> None:
    """Kind, plural and short names, with or without the group, lead to the kind."""
    (row,) = [each for each in KINDS if each is kind]
    words = [row.name, row.name.lower(), f"{row.name}.{row.group}", *row.short]
    first = next(each for each in KINDS if each.name == row.name or row.plural in (each.plural, *each.short))
    assert {kind_of(word) for word in words} == {row.name}
    assert kind_of(row.plural) == first.name
    assert is_cluster_kind(row.name) is not row.namespaced


def test_a_kind_that_is_not_in_the_table_has_a_plural_too() -> None:
    """Its list is complete when the collector of that plural was."""
    assert collectors_of("Widget") == ("kubernetes/widgets",)
    assert not Store(Snapshot()).complete("Widget", "")


def test_a_table_of_a_custom_kind_is_read_from_its_row() -> None:
    """The columns of the row say which fields the cells are copies of."""
    table = "NAME   SYNC STATUS   HEALTH STATUS\nshop   OutOfSync     Degraded\n"
    (application,) = objects(read(table))
    assert application["kind"] == "Application"
    assert application["status"] == {"sync": {"status": "OutOfSync"}, "health": {"status": "Degraded"}}
    assert coverage(read(table))


def test_a_column_may_be_a_condition() -> None:
    """READY of a Certificate is the status of its Ready condition."""
    (certificate,) = objects(read("NAME   READY   SECRET    AGE\nshop   False   shop-tls  5d\n"))
    assert certificate["status"] == {"conditions": [{"type": "Ready", "status": "False"}]}


def test_a_table_that_several_kinds_print_needs_the_command() -> None:
    """Kustomizations and HelmReleases of Flux look alike."""
    table = "NAME   AGE   READY   STATUS\nshop   5d    False   build failed\n"
    assert [each["kind"] for each in objects(read(f"$ kubectl get kustomizations\n{table}"))] == ["Kustomization"]
    assert [each["kind"] for each in objects(read(f"$ kubectl get hr\n{table}"))] == ["HelmRelease"]


def test_structs_are_those_of_objects() -> None:
    """A kind without fields of its own is known by its metadata."""
    assert {kind.struct for kind in KINDS if kind.name in ("Secret", "LimitRange")} == {KubernetesObject}
