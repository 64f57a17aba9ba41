"""Custom resources that say of themselves that they do not work, whatever their kind."""

from collections.abc import Iterator

from facts.cluster.conditions import wrong_conditions
from facts.cluster.index import Index
from facts.cluster.objects import CustomObject
from facts.model.schema.domains.conditions import ConditionFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `condition` fact for each condition that tells of a fault."""
    for seen in index.store.every(CustomObject):
        for condition in wrong_conditions(index.store, seen):
            since = index.store.age(condition.last_transition_time)
            fact = ConditionFact(
                kind=seen.kind,
                namespace=seen.namespace,
                name=seen.name,
                type=condition.type,
                status=condition.status or "True",
                reason=condition.reason,
                message=condition.message,
                age=-1.0 if since is None else round(since, 1),
            )
            proof = f"condition {condition.type}={fact.status} {condition.reason}: {condition.message}".rstrip(" :")
            yield new_fact(fact, seen.source, proof)
