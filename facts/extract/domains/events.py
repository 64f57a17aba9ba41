"""Events about trouble that is still there."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.owners import owner_of
from facts.model.schema.domains.events import EventFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


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
                message=record.message,
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
