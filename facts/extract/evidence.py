"""From a snapshot to evidence: every extractor reads the joined index; the facts are sorted, each is there once."""

from collections.abc import Iterable
from itertools import chain
from typing import Protocol, cast

from facts.cluster.index import Index
from facts.extract.failures import failures_of
from facts.extract.texts import texts_of
from facts.model.plugins import Plugins
from facts.model.values import Evidence, Fact, Snapshot

EXTRACTORS = Plugins("facts.extract.domains", "kbdiag.extractors")


class Extractor(Protocol):
    """A module of `facts.extractors`: one domain of what can be wrong."""

    def extract(self, index: Index) -> Iterable[Fact]:
        """Return the facts of this domain; about what is well there are none."""
        ...


def extract(snapshot: Snapshot) -> Evidence:
    """Return the facts, the text still to be scanned and the coverage of `snapshot`, whatever order it holds them in.

    An object that cannot be read becomes coverage of the collector "evidence"; nothing is raised for it.
    """
    index = Index(snapshot)
    texts = texts_of(index)
    found = chain(failures_of(texts), *(extractor.extract(index) for extractor in _extractors()))
    facts = {fact.key(): fact for fact in found}
    return Evidence(
        facts=tuple(facts[key] for key in sorted(facts)),
        texts=texts,
        coverage=index.store.coverage(),
        cluster=snapshot.cluster or "cluster",
    )


def _extractors() -> list[Extractor]:
    return [cast(Extractor, module) for module in EXTRACTORS.load_all().values()]
