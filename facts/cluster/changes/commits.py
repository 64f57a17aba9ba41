"""Commits that touch the manifest of something that matters, as `--git` reads them."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from facts.cluster.changes.change import Change, Concern
from facts.cluster.index import Index
from facts.cluster.whole_objects import WholeObject, section, sections, whole_objects
from facts.model.shell import plain_command
from facts.model.values import Subject

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "CronJob")
_PLAIN = frozenset(("values", "kustomization", "deployment", "base", "templates", "overlays"))


def changes(index: Index, concern: Concern) -> Iterator[Change]:
    """Yield what commits changed of objects that matter; a file without an object counts for the workload of its path."""
    if not index.store.of_kind("Commit"):
        return
    for (_, _, commit), whole in sorted(whole_objects(index, ("Commit",)).items(), key=lambda item: item[0]):
        for each in sections(section(whole, "spec").get("changes")):
            for subject in _subjects(each, concern):
                yield _change(subject, commit, whole, each)


def _subjects(change: WholeObject, concern: Concern) -> Iterator[Subject]:
    kind, namespace, name = (str(change.get(part) or "") for part in ("kind", "namespace", "name"))
    if name:
        found = concern.names(kind)
        yield from sorted(each for each in found if each.name == name and namespace in ("", each.namespace))
        return
    if kind:
        return
    path = PurePosixPath(str(change.get("path") or ""))
    words = {path.stem, *path.parent.parts} - _PLAIN
    yield from sorted(each for kind in _WORKLOADS for each in concern.names(kind) if each.name in words)


def _change(subject: Subject, commit: str, whole: WholeObject, change: WholeObject) -> Change:
    spec = section(whole, "spec")
    field = str(change.get("field") or "")
    return Change(
        subject=subject,
        what="git",
        field=f"{change.get('path')}: {field}" if field else str(change.get("path")),
        before=str(change.get("before") or ""),
        after=str(change.get("after") or ""),
        action=str(change.get("action") or "changed"),
        moment=str(section(whole, "metadata").get("creationTimestamp") or ""),
        manager=f"commit {commit} ({spec.get('subject')})",
        revision=commit,
        undo=plain_command("git revert {}", commit),
        source=f"commit {commit} {change.get('path')} {field}",
    )
