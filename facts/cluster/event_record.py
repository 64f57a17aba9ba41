"""Kubernetes events of both API groups in one shape, identical ones merged."""

import re

import msgspec

from facts.cluster.kinds import BY_NAME, is_cluster_kind
from facts.cluster.moment import seconds_of, seconds_of_age
from facts.cluster.objects import Event, ObjectReference
from facts.cluster.store import Seen, Store, moments_of

_KINDS = {name.lower(): name for name in BY_NAME}
_CONTAINER = re.compile(r"spec\.(?:initContainers|containers|ephemeralContainers)\{([^}]+)\}")


class EventRecord(msgspec.Struct, frozen=True):
    """What happened to one object.

    `last` is the moment it was seen last, in seconds since the epoch; `ago` the seconds from then to the printing of the
    table that shows it. Each is None when unknown.
    """

    namespace: str
    kind: str
    name: str
    container: str
    reason: str
    message: str
    type: str
    count: int
    component: str
    host: str
    last: float | None
    ago: float | None
    source: str

    @property
    def warning(self) -> bool:
        """Whether the event is a warning."""
        return self.type == "Warning"

    def is_followed_by(self, other: "EventRecord") -> bool:
        """Return whether `other` was seen later; of two ages that a table shows alike, the success counts as later."""
        if self.last is not None and other.last is not None:
            return other.last > self.last
        return self.ago is not None and other.ago is not None and other.ago <= self.ago


def event_records(store: Store) -> tuple[EventRecord, ...]:
    """Return all events of the store, newest last.

    Identical ones of one origin are summed; the same event seen in several origins counts once.
    """
    merged: dict[tuple[str, ...], dict[str, EventRecord]] = {}
    events: set[tuple[str, ...]] = set()
    for seen in store.events:
        record = _record(store, seen)
        if seen.name:
            identity = (seen.origin, record.namespace, seen.name, record.reason, record.message)
            if identity in events:
                continue
            events.add(identity)
        same = (
            record.namespace,
            record.kind,
            record.name,
            record.container,
            record.reason,
            record.message,
            record.type,
        )
        origins = merged.setdefault(same, {})
        known = origins.get(seen.origin)
        origins[seen.origin] = record if known is None else _sum(known, record)
    best = [max(origins.values(), key=lambda record: (record.count, record.source)) for origins in merged.values()]
    return tuple(sorted(best, key=lambda record: (*_order(record), record.kind, record.name, record.message)))


def _order(record: EventRecord) -> tuple[float, float]:
    return record.last or 0.0, -(record.ago or 0.0)


def _sum(one: EventRecord, two: EventRecord) -> EventRecord:
    newer, older = (one, two) if _order(one) > _order(two) else (two, one)
    return msgspec.structs.replace(newer, count=newer.count + older.count)


def _record(store: Store, seen: Seen[Event]) -> EventRecord:
    event = seen.body
    about = event.involved_object or event.regarding or ObjectReference()
    kind = _KINDS.get(about.kind.lower(), about.kind)
    namespace = about.namespace or ("" if is_cluster_kind(kind) else seen.namespace)
    found = store.find_any(kind, namespace, about.name) if about.name else None
    namespace = namespace or (found.namespace if found else "")
    source = event.source or event.deprecated_source
    reporter = (source.component if source else "") or event.reporting_component or event.reporting_controller
    component, _, host = reporter.partition(", ")
    container = _CONTAINER.search(about.field_path)
    moments = [moment for moment in map(seconds_of, moments_of(event)) if moment is not None]
    path = "/".join(part for part in (namespace, kind.lower(), about.name) if part)
    return EventRecord(
        namespace=namespace,
        kind=kind,
        name=about.name,
        container=container[1] if container else "",
        reason=event.reason,
        message=(event.message or event.note).strip(),
        type=event.type or "Warning",
        count=max(event.count or 0, event.deprecated_count or 0, event.series.count if event.series else 0, 1),
        component=component,
        host=(source.host if source else "") or host,
        last=max(moments, default=None),
        ago=seconds_of_age(event.metadata.shown_age) if not moments else None,
        source=" ".join(part for part in (seen.origin, "Event", path, event.reason) if part),
    )
