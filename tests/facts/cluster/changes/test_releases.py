"""Revisions that tools of delivery brought to a workload that matters."""

from typing import Any

import pytest

from facts.cluster.changes.change import Change, Dependent, concern
from facts.cluster.changes.releases import changes
from facts.cluster.index import Index
from facts.model.values import Snapshot, Subject
from tests.facts.given import Object, metadata, table, workload

WEB = Subject("Deployment", "web", "demo")
MOMENT = "2026-03-01T11:50:00Z"


def _changes(tool: Object, **about: Any) -> list[Change]:
    owned = workload()
    owned["metadata"] |= about
    index = Index(Snapshot((table(owned, tool, fidelity="full", source="objects"),)))
    return list(changes(index, concern([Dependent(WEB)], {})))


def _tool(kind: str, status: Object, namespace: str = "delivery", **about: Any) -> Object:
    return {"apiVersion": "x/v1", "kind": kind, "metadata": metadata("shop", namespace, **about), "status": status}


HELM = {"annotations": {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "delivery"}}
ARGO = {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:demo/web"}}
KUSTOMIZE = {
    "labels": {"kustomize.toolkit.fluxcd.io/name": "shop", "kustomize.toolkit.fluxcd.io/namespace": "delivery"}
}
FLUX = {"labels": {"helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": "delivery"}}


def test_a_release_of_helm_is_rolled_back_by_helm() -> None:
    """Its number is in its labels, with the moment in seconds since 1970."""
    release = _tool("Release", {}, labels={"version": "7", "modifiedAt": "1772365800"})
    (change,) = _changes(release, **HELM)
    assert (change.subject, change.what, change.field) == (WEB, "helm-revision", "Release delivery/shop")
    assert (change.moment, change.revision, change.manager) == (MOMENT, "7", "Helm")
    assert change.undo == "helm rollback shop -n delivery"


def test_an_application_of_argo_cd_tells_the_revision_before() -> None:
    """Its history is oldest first."""
    history = [{"deployedAt": "2026-03-01T09:00:00Z", "revision": "aaa"}, {"deployedAt": MOMENT, "revision": "bbb"}]
    (change,) = _changes(_tool("Application", {"history": history}), **ARGO)
    assert (change.what, change.before, change.after, change.moment) == ("gitops-revision", "aaa", "bbb", MOMENT)
    assert (change.manager, change.undo) == ("Argo CD", "argocd app rollback shop")


def test_a_first_revision_has_no_way_back() -> None:
    """There is nothing to go back to."""
    (change,) = _changes(_tool("Application", {"history": [{"deployedAt": MOMENT, "revision": "aaa"}]}), **ARGO)
    assert (change.before, change.undo) == ("", "")


def test_a_kustomization_of_flux_was_applied_when_it_became_ready() -> None:
    """It keeps the last revision only."""
    status = {
        "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": MOMENT}],
        "lastAppliedRevision": "main@sha1:bbb",
    }
    (change,) = _changes(_tool("Kustomization", status), **KUSTOMIZE)
    assert (change.after, change.moment, change.manager, change.undo) == ("main@sha1:bbb", MOMENT, "Flux", "")


def test_a_helm_release_of_flux_has_its_newest_entry_first() -> None:
    """Other than Argo CD."""
    history = [
        {"lastDeployed": MOMENT, "chartVersion": "2.0.0"},
        {"lastDeployed": "2026-03-01T09:00:00Z", "chartVersion": "1.0.0"},
    ]
    (change,) = _changes(_tool("HelmRelease", {"history": history}), **FLUX)
    assert (change.before, change.after, change.moment) == ("1.0.0", "2.0.0", MOMENT)


@pytest.mark.parametrize(
    ("tool", "about"),
    [
        (_tool("Release", {}, labels={"version": "7", "modifiedAt": "1772365800"}), {}),
        (_tool("Release", {}, "other", labels={"version": "7", "modifiedAt": "1772365800"}), HELM),
        (_tool("Release", {}, labels={"version": "7"}), HELM),
        (_tool("Application", {"history": []}), ARGO),
    ],
)
def test_what_tells_no_moment_or_owns_something_else_is_no_change(tool: Object, about: dict[str, Any]) -> None:
    """A workload of nobody, a release of its name elsewhere, a release without a date, an application without history."""
    assert _changes(tool, **about) == []
