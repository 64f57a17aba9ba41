"""From a snapshot to evidence: every extractor reads the joined index; the facts are sorted, each is there once."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol, TypeVar, cast

from facts.cluster.index import Index
from facts.extract.calls import Call, calls_of, facts_of
from facts.extract.changes import changes_of
from facts.extract.culprit import without_culprit
from facts.extract.failures import Reading, reading_of
from facts.extract.listeners import listeners_of
from facts.extract.settings import settings_of
from facts.extract.texts import texts_of
from facts.extract.throttling import throttling_of
from facts.extract.written_endpoints import written_endpoints_of
from facts.model.internal_error import internal_error
from facts.model.plugins import Plugins
from facts.model.values import Coverage, Evidence, Fact, Snapshot

EXTRACTORS = Plugins("facts.extract.domains", "kbdiag.extractors")

_MOST_CULPRITS = 5
"""Observations or objects that one extractor does without for internal errors; with more, it tells no facts."""

_Result = TypeVar("_Result")


class Extractor(Protocol):
    """A module of `facts.extractors`: one domain of what can be wrong."""

    def extract(self, index: Index) -> Iterable[Fact]:
        """Return the facts of this domain; about what is well there are none."""
        ...


def extract(snapshot: Snapshot) -> Evidence:
    """Return the facts, the text still to be scanned and the coverage of `snapshot`, whatever order it holds them in.

    Nothing is raised for what the snapshot holds. An object that cannot be read becomes coverage of the collector
    "evidence", and so does an observation on which an extractor fails: that extractor does without it.
    """
    guard = _Guard()
    index = guard.done("the index of objects", Index, snapshot) or Index(Snapshot(coverage=snapshot.coverage))
    texts = guard.of_index("extractor texts", texts_of, index) or ()
    reading = guard.of_index(
        "extractor failures", lambda seen: reading_of(texts if seen is index else texts_of(seen)), index
    ) or Reading((), texts)
    calls: tuple[Call, ...] = (
        guard.of_index("extractor calls", lambda seen: tuple(calls_of(seen, texts, reading.failures)), index) or ()
    )
    steps: dict[str, Callable[[Index], Iterable[Fact]]] = {
        "failures": lambda _: reading.failures,
        "calls": lambda _: facts_of(calls),
        "listeners": lambda seen: listeners_of(seen, texts, calls),
        "settings": lambda seen: settings_of(seen, reading.failures, calls),
        "throttling": lambda seen: throttling_of(seen, texts),
        "written endpoints": lambda seen: written_endpoints_of(seen, calls),
        "changes": lambda seen: changes_of(seen, calls),
    }
    steps |= {name: extractor.extract for name, extractor in _extractors().items()}
    found = (guard.of_index(f"extractor {name}", partial(_listed, work), index) or () for name, work in steps.items())
    facts = {fact.key(): fact for each in found for fact in each}
    moment = guard.of_index("the moment", lambda seen: seen.store.now, index)
    return Evidence(
        facts=tuple(facts[key] for key in sorted(facts)),
        texts=reading.texts,
        coverage=(*index.store.coverage(), *reading.coverage, *guard.failed),
        cluster=snapshot.cluster or "cluster",
        moment=moment,
    )


class _Guard:
    """Does parts of the work; where one fails on an observation or an object, it is done again without that."""

    def __init__(self) -> None:
        self.failed: list[Coverage] = []

    def of_index(self, part: str, work: Callable[[Index], _Result], index: Index) -> _Result | None:
        """Return what `work` makes of `index`, None when nothing helps."""
        try:
            return work(index)
        except Exception:  # noqa: BLE001 - one domain must not cost the others
            return self.done(part, lambda snapshot: work(Index(snapshot)), index.snapshot)

    def done(self, part: str, work: Callable[[Snapshot], _Result], snapshot: Snapshot) -> _Result | None:
        """Return what `work` makes of `snapshot`, or of the rest of it; None when nothing helps."""
        for _ in range(_MOST_CULPRITS):
            try:
                return work(snapshot)
            except Exception as fault:  # noqa: BLE001 - one domain must not cost the others
                error = fault
            reduced = without_culprit(snapshot, partial(_fails, work))
            if reduced is None:
                self.failed.append(internal_error(part, "", error))
                return None
            snapshot, source = reduced
            self.failed.append(internal_error(part, source, error))
        return None


def _fails(work: Callable[[Snapshot], object], snapshot: Snapshot) -> bool:
    try:
        work(snapshot)
    except Exception:  # noqa: BLE001 - whether it fails is the question
        return True
    return False


def _listed(work: Callable[[Index], Iterable[Fact]], index: Index) -> list[Fact]:
    return list(work(index))


def _extractors() -> dict[str, Extractor]:
    return {name: cast(Extractor, module) for name, module in EXTRACTORS.load_all().items()}
