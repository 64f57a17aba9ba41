"""Who needs whom, around what is in trouble."""

from collections.abc import Iterator

from facts.cluster.dependencies import dependencies
from facts.cluster.index import Index
from facts.model.schema.domains.dependencies import DependencyFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `dependency` fact for each pair of subjects, the strongest when it is told several times."""
    strongest = {
        (dependency.dependent, dependency.needed): dependency
        for dependency in sorted(dependencies(index), key=lambda each: (each.strength, each.source))
    }
    for dependency in strongest.values():
        dependent, needed = dependency.dependent, dependency.needed
        fact = DependencyFact(
            from_kind=dependent.kind,
            from_namespace=dependent.namespace,
            from_name=dependent.name,
            to_kind=needed.kind,
            to_namespace=needed.namespace,
            to_name=needed.name,
            how=dependency.how,
            strength=dependency.strength,
        )
        yield new_fact(fact, dependency.source, dependency.text or f"{dependent} {dependency.how} {needed}")
