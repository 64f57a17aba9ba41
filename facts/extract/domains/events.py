"""Events about trouble that is still there."""

import re
from collections.abc import Iterator

from facts.cluster.event_record import EventRecord
from facts.cluster.index import Index
from facts.cluster.objects import Pod
from facts.cluster.owners import owner_of
from facts.model.schema.domains.events import EventFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_PREEMPTOR = re.compile(r"(?<=Preempted by pod )[0-9a-f-]{36}")
"""The UID of a Pod that took the place of another one: since Kubernetes 1.27 the scheduler does not tell its name."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `event` fact for each event that matters."""
    for record in index.events:
        kind, workload = owner_of(index.store, record.kind, record.namespace, record.name)
        yield new_fact(
            EventFact(
                namespace=record.namespace,
                object_kind=record.kind,
                object=record.name,
                reason=record.reason,
                message=_named(index, record),
                type=record.type,
                count=record.count,
                component=record.component,
                node=record.host,
                workload_kind=kind,
                workload=workload,
            ),
            record.source,
            f"{record.type} {record.reason} {record.message}",
        )


def _named(index: Index, record: EventRecord) -> str:
    """Return the message of an event, with the name in place of the UID of a Pod that preempted another."""
    found = _PREEMPTOR.search(record.message) if record.reason == "Preempted" else None
    if found is None:
        return record.message
    pods = (pod for pod in index.store.every(Pod) if pod.body.metadata.uid == found.group())
    return next((_PREEMPTOR.sub(f"{pod.namespace}/{pod.name}", record.message) for pod in pods), record.message)
