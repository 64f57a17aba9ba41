"""Commits that changed the manifest of something that matters."""

from typing import Any

import pytest

from facts.cluster.changes.change import Change, Dependent, concern
from facts.cluster.changes.commits import changes
from facts.cluster.index import Index
from facts.model.values import Snapshot, Subject
from tests.facts.given import table

WEB = Subject("Deployment", "web", "demo")
SETTINGS = Subject("ConfigMap", "settings", "demo")
COMMIT = "4f1c2d3e"


def _changes(**changed: Any) -> list[Change]:
    commit = {
        "apiVersion": "kbdiag/v1",
        "kind": "Commit",
        "metadata": {"name": COMMIT, "creationTimestamp": "2026-03-01T11:50:00Z"},
        "spec": {"subject": "Shorter timeouts", "changes": [{"path": "shop/web.yaml", **changed}]},
    }
    index = Index(Snapshot((table(commit, fidelity="full", source="commits"),)))
    return list(changes(index, concern([Dependent(WEB)], {WEB: {SETTINGS}})))


def test_an_object_that_matters_is_told_with_its_field() -> None:
    """Both values, who did it, and the way back."""
    (change,) = _changes(kind="Deployment", namespace="demo", name="web", field="replicas", before="3", after="0")
    assert (change.subject, change.what, change.moment) == (WEB, "git", "2026-03-01T11:50:00Z")
    assert (change.field, change.before, change.after) == ("shop/web.yaml: replicas", "3", "0")
    assert (change.manager, change.undo) == ("commit 4f1c2d3e (Shorter timeouts)", "git revert 4f1c2d3e")


def test_a_manifest_without_a_namespace_is_of_each_object_of_its_name() -> None:
    """Kustomize and Helm add the namespace later."""
    (change,) = _changes(kind="ConfigMap", name="settings", action="removed")
    assert (change.subject, change.action, change.field) == (SETTINGS, "removed", "shop/web.yaml")


@pytest.mark.parametrize("path", ["values/web.yaml", "web/values.yaml", "apps/web/base/deployment.yaml"])
def test_a_file_without_an_object_is_of_the_workload_in_its_path(path: str) -> None:
    """By its stem, or by a folder."""
    (change,) = _changes(path=path)
    assert change.subject == WEB


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "Deployment", "namespace": "bank", "name": "web"},
        {"kind": "ConfigMap", "namespace": "demo", "name": "other"},
        {"kind": "Deployment"},
        {"path": "values/webshop.yaml"},
        {"path": "settings/values.yaml"},
    ],
)
def test_what_does_not_matter_is_not_told(other: dict[str, str]) -> None:
    """Another namespace, another name, no name, a part of a name, a path that names no workload."""
    assert _changes(**other) == []
