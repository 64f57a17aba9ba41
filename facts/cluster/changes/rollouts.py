"""Rollouts: how the Pod template of a workload changed from one revision to the next."""

from collections.abc import Iterator
from itertools import pairwise

from facts.cluster.changes.change import Change, Concern
from facts.cluster.field_managers import writes_of
from facts.cluster.index import Index
from facts.cluster.revisions import Revision, Revisions
from facts.cluster.template_difference import template_difference
from facts.cluster.whole_objects import WholeObject, whole_objects
from facts.model.shell import plain_command
from facts.model.values import Subject

_KINDS = ("Deployment", "StatefulSet", "DaemonSet")


def changes(index: Index, concern: Concern) -> Iterator[Change]:
    """Yield what each revision changed of the Pod template, for the workloads that matter.

    A revision is not to blame while Pods of the one before fail as well.
    """
    workloads = {subject for kind in _KINDS for subject in concern.names(kind)}
    if not workloads:
        return
    revisions = Revisions(index, workloads)
    wanted = {(each.kind, each.namespace, each.name) for each in workloads}
    objects = whole_objects(index, _KINDS, wanted)
    for workload in sorted(workloads):
        known = revisions.of(workload)
        whole = objects.get((workload.kind, workload.namespace, workload.name), {})
        for older, newer in pairwise(known):
            if not older.troubled:
                yield from _between(workload, older, newer, whole, last=newer is known[-1])


def _between(
    workload: Subject, older: Revision, newer: Revision, whole: WholeObject, *, last: bool
) -> Iterator[Change]:
    moment, manager = newer.made, ""
    for write in writes_of(whole):
        if write.touches("spec", "template") and last:
            manager = write.manager
            moment = max(
                moment, write.moment
            )  # an old ReplicaSet that a rollback uses again is older than the rollback
    kind = workload.kind.lower()
    undo = plain_command("kubectl rollout undo {} {} -n {}", kind, workload.name, workload.namespace)
    for difference in template_difference(older.template, newer.template):
        yield Change(
            subject=workload,
            what=difference.what,
            field=difference.field,
            before=difference.before,
            after=difference.after,
            moment=moment,
            manager=newer.cause or manager,
            revision=str(newer.number),
            undo=undo if last else "",
            former_ready=older.ready,
            source=f"{newer.source} {difference.field}",
        )
