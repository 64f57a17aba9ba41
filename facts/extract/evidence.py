"""From a snapshot to evidence: every extractor reads the joined index; the facts are sorted, each is there once."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol, cast

from facts.cluster.index import Index
from facts.extract.calls import calls_of, facts_of
from facts.extract.failures import failures_of
from facts.extract.texts import texts_of
from facts.model.internal_error import internal_error
from facts.model.plugins import Plugins
from facts.model.values import Coverage, Evidence, Fact, Snapshot

EXTRACTORS = Plugins("facts.extract.domains", "kbdiag.extractors")


class Extractor(Protocol):
    """A module of `facts.extractors`: one domain of what can be wrong."""

    def extract(self, index: Index) -> Iterable[Fact]:
        """Return the facts of this domain; about what is well there are none."""
        ...


def extract(snapshot: Snapshot) -> Evidence:
    """Return the facts, the text still to be scanned and the coverage of `snapshot`, whatever order it holds them in.

    An object that cannot be read, and an extractor that fails, become coverage of the collector "evidence"; nothing is
    raised for them.
    """
    index = Index(snapshot)
    failed: list[Coverage] = []
    texts = texts_of(index)
    failures = tuple(_guarded("failures", partial(failures_of, texts), failed))
    steps: dict[str, Callable[[], Iterable[Fact]]] = {"failures": lambda: failures}
    steps["calls"] = lambda: facts_of(calls_of(index, texts, failures))
    steps |= {name: partial(extractor.extract, index) for name, extractor in _extractors().items()}
    facts = {fact.key(): fact for name, step in steps.items() for fact in _guarded(name, step, failed)}
    return Evidence(
        facts=tuple(facts[key] for key in sorted(facts)),
        texts=texts,
        coverage=(*index.store.coverage(), *failed),
        cluster=snapshot.cluster or "cluster",
    )


def _guarded(name: str, step: Callable[[], Iterable[Fact]], failed: list[Coverage]) -> Iterator[Fact]:
    """Yield the facts of an extractor up to where it fails; a failure is noted in `failed`."""
    try:
        yield from step()
    except Exception as error:  # noqa: BLE001 - one domain must not cost the diagnosis
        failed.append(internal_error(f"extractor {name}", "", error))


def _extractors() -> dict[str, Extractor]:
    return {name: cast(Extractor, module) for name, module in EXTRACTORS.load_all().items()}
