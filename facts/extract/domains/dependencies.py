"""Who needs whom, around what is in trouble."""

from collections.abc import Iterator

from facts.cluster.dependencies import dependencies
from facts.cluster.index import Index
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `dependency` fact for each pair of subjects, the strongest when it is told several times."""
    strongest = {
        (dependency.dependent, dependency.needed): dependency
        for dependency in sorted(index.once(dependencies), key=lambda each: (each.strength, each.source))
    }
    for dependency in strongest.values():
        yield dependency.fact()
