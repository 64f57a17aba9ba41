"""What nearly met a condition: the fact that misses the fewest of its tests, or the line that holds a part of its pattern."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from engine.language.condition import Pattern, Test
from engine.match.alpha import bindings_of
from engine.match.memory import Memory
from facts.model.values import Fact, Text, text_of

SHOWN = 60
"""Characters of a value or a line that are quoted."""
LIMIT = 16 << 20
"""Bytes of text in which a line is looked for."""
_WANTED = {"gt": "more than", "gte": "at least", "lt": "less than", "lte": "at most", "match": "what matches"}


class Near(msgspec.Struct, frozen=True):
    """What nearly met a condition: where it was seen, and what differs.

    `misses` is how many of its tests it fails, `known` what was bound before, of all that was, where it fails fewest.
    """

    text: str
    misses: int
    known: Mapping[str, str] = {}


def nearest(
    pattern: Pattern, bindings: Sequence[Mapping[str, str]], memory: Memory, texts: Sequence[Text]
) -> Near | None:
    """Return what came closest to `pattern` under any of `bindings`; None when nothing is of its kind."""
    found = _nearest_fact(pattern, bindings, memory)
    if found is None and pattern.kind == "log":
        return _nearest_line(pattern, texts)
    return found


def _nearest_fact(pattern: Pattern, bindings: Sequence[Mapping[str, str]], memory: Memory) -> Near | None:
    candidates = memory.candidates(pattern) if pattern.kind == "log" else memory.numbers_of(pattern.kind)
    best: Near | None = None
    for number in candidates:
        fact = memory.facts[number]
        own = [
            f"{_value(fact, test.attribute)}, you want {_wanted(test)}"
            for test in pattern.tests
            if bindings_of(Pattern(pattern.kind, (test,)), fact) is None
        ]
        for known in bindings:
            if best is not None and len(own) >= best.misses:
                break
            differences = [*own, *_disagreements(pattern, known, fact)]
            if differences and (best is None or len(differences) < best.misses):
                best = Near(f"nearly: {fact.source}: {'; '.join(differences)}", len(differences), known)
    return best


def _disagreements(pattern: Pattern, known: Mapping[str, str], fact: Fact) -> Iterator[str]:
    """Yield which names of `fact` are other than those that `known` and its own attributes bind."""
    groups = bindings_of(Pattern(pattern.kind, tuple(t for t in pattern.tests if t.operator == "match")), fact) or {}
    bound = dict(known)
    for attribute, variable in pattern.binds:
        if attribute not in fact.attributes:
            if variable not in groups:
                yield f"{_value(fact, attribute)}, you want one"
            continue
        value = text_of(fact.attributes[attribute])
        wanted = groups.get(variable) or bound.setdefault(variable, value)
        if wanted != value and wanted and value:
            yield f"{_value(fact, attribute)}, you want {_quoted(wanted)} as ?{variable}"


def _value(fact: Fact, attribute: str) -> str:
    if attribute not in fact.attributes:
        return f"there is no {attribute}"
    return f"{attribute} is {_quoted(text_of(fact.attributes[attribute]))}"


def _quoted(value: str) -> str:
    return f"'{_short(value)}'"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def _wanted(test: Test) -> str:
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    told = " or ".join(_short(text_of(value)) or "''" for value in values)
    if test.operator == "exists":
        return "one" if test.value else "none"
    if test.operator == "not":
        return f"anything but {told}"
    return f"{_WANTED[test.operator]} {told}" if test.operator in _WANTED else told


def _nearest_line(pattern: Pattern, texts: Sequence[Text]) -> Near | None:
    """Return the line that holds the longest fixed text of the pattern of a log condition, which it does not match."""
    literals = {one for test in pattern.tests if test.attribute == "match" for one in test.literals}
    wanted = sorted((one.encode() for one in literals), key=lambda one: (-len(one), one))
    for literal in wanted:
        for text, lowered in _lowered(texts):
            place = lowered.find(literal)
            if place >= 0:
                start = lowered.rfind(b"\n", 0, place) + 1
                line = text.body[start:].partition(b"\n")[0].decode(errors="replace")
                line_number = text.line + lowered.count(b"\n", 0, start)
                number = f":{line_number}" if text.numbered else ""
                held = f"holds {_quoted(literal.decode(errors='replace'))}, and not the rest of the pattern"
                return Near(f"nearly: {text.source}{number}: {_quoted(line)} {held}", 1)
    return None


def _lowered(texts: Iterable[Text]) -> Iterator[tuple[Text, bytes]]:
    left = LIMIT
    for text in texts:
        left -= len(text.body)
        if left < 0:
            return
        yield text, text.body.lower()
