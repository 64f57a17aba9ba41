"""Revisions that tools of delivery brought: Helm releases, Applications of Argo CD, Kustomizations and HelmReleases of Flux."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from facts.cluster.changes.change import Change, Concern
from facts.cluster.index import Index
from facts.cluster.moment import written
from facts.cluster.objects import Workload, labels_of
from facts.cluster.whole_objects import WholeObject, whole_objects
from facts.model.shell import plain_command
from facts.model.values import Subject

_KINDS = ("Application", "Kustomization", "HelmRelease", "Release")


def changes(index: Index, concern: Concern) -> Iterator[Change]:
    """Yield the last revision that each tool brought to a workload that matters, about that workload."""
    objects = whole_objects(index, _KINDS)
    if not objects:
        return
    for seen in index.store.every(Workload):
        workload = seen.subject
        if not concern.of(workload):
            continue
        labels, annotations = labels_of(seen.body), seen.body.metadata.annotations or {}
        tracking = annotations.get("argocd.argoproj.io/tracking-id", "").split(":", 1)[0]
        owners = {
            "Release": (
                annotations.get("meta.helm.sh/release-name", ""),
                annotations.get("meta.helm.sh/release-namespace", ""),
            ),
            "Application": (tracking.rpartition("_")[2] or labels.get("argocd.argoproj.io/instance", ""), ""),
            "Kustomization": (
                labels.get("kustomize.toolkit.fluxcd.io/name", ""),
                labels.get("kustomize.toolkit.fluxcd.io/namespace", ""),
            ),
            "HelmRelease": (
                labels.get("helm.toolkit.fluxcd.io/name", ""),
                labels.get("helm.toolkit.fluxcd.io/namespace", ""),
            ),
        }
        for (kind, namespace, name), whole in sorted(objects.items(), key=lambda item: item[0]):
            owner, space = owners[kind]
            if (
                owner == name
                and space in ("", namespace)
                and (change := _change(workload, kind, namespace, name, whole))
            ):
                yield change


def _change(workload: Subject, kind: str, namespace: str, name: str, whole: WholeObject) -> Change | None:
    history = _history(kind, whole)
    if not history or not history[-1][0]:
        return None
    moment, revision = history[-1]
    before = history[-2][1] if len(history) > 1 else ""
    undo = plain_command("helm rollback {} -n {}", name, namespace) if kind == "Release" else ""
    if kind == "Application" and len(history) > 1:
        undo = plain_command("argocd app rollback {}", name)
    return Change(
        subject=workload,
        what="helm-revision" if kind == "Release" else "gitops-revision",
        field=f"{kind} {namespace}/{name}",
        before=before,
        after=revision,
        moment=moment,
        revision=revision,
        manager={"Release": "Helm", "Application": "Argo CD"}.get(kind, "Flux"),
        undo=undo,
        source=f"{kind} {namespace}/{name} revision {revision}",
    )


def _history(kind: str, whole: WholeObject) -> list[tuple[str, str]]:
    """Return moment and name of the revisions, oldest first."""
    status: dict[str, Any] = whole.get("status") or {}
    if kind == "Release":
        labels = (whole.get("metadata") or {}).get("labels") or {}
        stamp = str(labels.get("modifiedAt") or labels.get("createdAt") or "")
        moment = written(datetime.fromtimestamp(int(stamp), UTC)) if stamp.isdecimal() else ""
        return [(moment, str(labels.get("version", "")))]
    if kind == "Application":
        return [
            (str(each.get("deployedAt") or ""), str(each.get("revision") or "")) for each in status.get("history") or ()
        ]
    if kind == "HelmRelease" and status.get("history"):
        entries = [
            (str(each.get("lastDeployed") or ""), str(each.get("chartVersion") or "")) for each in status["history"]
        ]
        return entries[::-1]
    ready: dict[str, Any] = next((each for each in status.get("conditions") or () if each.get("type") == "Ready"), {})
    return [(str(ready.get("lastTransitionTime") or ""), str(status.get("lastAppliedRevision") or ""))]
