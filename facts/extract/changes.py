"""Changes as facts: in comes what is in trouble with its calls, out go the changes that came shortly before.

A change counts when it is of something in trouble, or of what that depends on or calls, and when it came at most
`WINDOW` before the trouble began. What changed earlier, later or elsewhere gives no fact.
"""

from collections.abc import Iterable, Iterator

from facts.cluster.changes import commits, edits, nodes, releases, rollouts
from facts.cluster.changes.change import Change, Concern, Dependent, concern
from facts.cluster.dependencies import dependencies
from facts.cluster.index import Index
from facts.cluster.moment import seconds_of
from facts.cluster.objects import Service
from facts.cluster.onset import Onsets
from facts.extract.calls import Call
from facts.model.schema.domains.changes import ChangeFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject

WINDOW = 3600.0
"""Seconds before the onset in which a change counts."""

SLACK = 5.0
"""Seconds by which clocks differ, and by which a controller may write later than what it brought about."""

_SOURCES = (rollouts.changes, edits.changes, nodes.changes, releases.changes, commits.changes)


def changes_of(index: Index, calls: Iterable[Call]) -> Iterator[Fact]:
    """Yield a `change` fact for each change that came shortly before trouble that it can have brought about."""
    concerned = concern_of(index, calls)
    if not concerned.dependents:
        return
    for source in _SOURCES:
        for change in source(index, concerned):
            dependents = concerned.of(change.subject) or concerned.in_namespace(change.subject.namespace)
            found = _following(index, change, dependents)
            if found is not None:
                yield _fact(change, *found)


def concern_of(index: Index, calls: Iterable[Call]) -> Concern:
    """Return what is in trouble or fails to call something, and what each of that needs."""
    needs: dict[Subject, set[Subject]] = {}
    onsets = Onsets(index)
    troubled = {Subject(kind, name, namespace) for namespace, (kind, name) in index.pods.troubled_owners}
    troubled |= {each.subject for each in index.troubled_workloads}
    services = [
        Subject("Service", each.name, each.namespace)
        for each in index.store.every(Service)
        if each.body.spec.selector and index.backings.of(each).empty
    ]
    found = {Dependent(subject, onsets.of(subject)) for subject in troubled}
    found |= {Dependent(service, None) for service in services}
    for dependency in index.once(dependencies):
        needs.setdefault(dependency.dependent, set()).add(dependency.needed)
    for call in calls:
        if not call.caller.name:
            continue
        found.add(Dependent(call.caller, seconds_of(call.failed.first)))
        if call.destination.target is not None:
            needs.setdefault(call.caller, set()).add(call.destination.target)
            needs.setdefault(call.destination.target, set()).update(call.destination.workloads)
    return concern(found, needs)


def _following(index: Index, change: Change, dependents: Iterable[Dependent]) -> tuple[Dependent, float] | None:
    """Return the trouble that followed the change, its own before others, and after how many seconds."""
    moment, now = seconds_of(change.moment), index.store.now
    if moment is None or now is None:
        return None
    gaps = [((now if each.onset is None else each.onset) - moment, each) for each in dependents]
    timely = [gap for gap in gaps if -SLACK <= gap[0] <= WINDOW]
    best = min(timely, key=lambda gap: (gap[1].subject != change.subject, gap[0], gap[1].subject), default=None)
    return (best[1], max(0.0, best[0])) if best else None


def _fact(change: Change, dependent: Dependent, seconds: float) -> Fact:
    known = dependent.onset is not None
    ago = f"{_words(seconds)} before" if known else f"{_words(seconds)} ago"
    attributes = ChangeFact(
        kind=change.subject.kind,
        namespace=change.subject.namespace,
        name=change.subject.name,
        what=change.what,
        action=change.action,
        field=change.field,
        from_=change.before,
        to=change.after,
        when=change.moment,
        by=change.manager,
        revision=change.revision,
        before_onset_seconds=int(seconds) if known else -1,
        ago=ago,
        dependent_kind=dependent.subject.kind,
        dependent_namespace=dependent.subject.namespace,
        dependent=dependent.subject.name,
        own=dependent.subject == change.subject,
        former_ready=change.former_ready,
        undo=change.undo,
    )
    return new_fact(attributes, change.source, _proof(change, ago))


def _proof(change: Change, ago: str) -> str:
    """Return the change in one line: "env PAYMENT_ADDR: payment:50051 -> payment:5051, revision 7, 6 minutes before"."""
    if change.action in ("created", "deleted"):
        values = change.action
    elif change.before or change.after:
        values = f"{change.before or '(none)'} -> {change.after or '(none)'}"
        if not change.before and not change.revision:
            values = f"now {change.after}"
    else:
        values = "written"
    parts = [
        f"{change.field}: {values}",
        f"revision {change.revision}"
        if change.revision and change.what != "git" and change.revision != change.after
        else "",
        f"by {change.manager}" if change.manager else "",
        ago,
    ]
    return ", ".join(part for part in parts if part)


def _words(seconds: float) -> str:
    if seconds < 120:
        return f"{int(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"
