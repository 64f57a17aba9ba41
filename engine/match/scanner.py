"""One pass over all text for the patterns of all rules: an Aho-Corasick automaton finds candidates, RE2 verifies them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from ahocorasick_rs import BytesAhoCorasick

from engine.language.condition import Sought
from engine.language.expression import compiled
from facts.model.values import Fact, Scalar, Text

BLOCK = 1 << 20
"""Bytes searched at a time, so that dense matches do not pile up in memory."""

SMALL = 1 << 14
"""Bytes of all texts of a run up to which looking for each literal is quicker than building the automaton of them all."""

MAXIMUM_FACTS = 200
"""Different facts that one expression may give per text; the rest of the text is not tried for it."""

MAXIMUM_TRIES = 5_000
"""Lines of one text that are tried for one expression."""

LINE_BYTES = 16_384
"""A longer line is cut to this many bytes around the literal."""

REACH = 4
"""Continuation lines that may be joined to a line, on either side."""

SURROUNDINGS = 1 << 20
"""Bytes of a text that are searched for what it is about."""

# A line that starts like this begins a message of its own; others may continue the one before.
_BEGINS = re.compile(
    rb"\s*(?:\d{4}[-/]\d\d[-/]\d\d|[IWEF]\d{4} \d\d:|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d|"
    rb"time=|level=|ts=|\{|\[(?: *\d+\.\d+|\w+)\]|\[?\d\d:\d\d:\d\d)"
)


class Scanner:
    """The expressions of a catalogue, ready to be looked for; making one costs more than scanning a short text."""

    def __init__(self, expressions: Mapping[Sought, Collection[str]], names: Iterable[str] = ()) -> None:
        """Take what is sought, each with the `literals` of its expression; a hit has at least the attributes `names`."""
        self.expressions = {sought: tuple(sorted(expressions[sought])) for sought in sorted(expressions)}
        self.names = tuple(names)
        self._owners: dict[bytes, list[Sought]] = {}
        for sought in sorted(expressions):
            for literal in expressions[sought]:
                self._owners.setdefault(literal.encode(), []).append(sought)
        self._needles = sorted(self._owners)
        self._blank: dict[str, Scalar] = dict.fromkeys(self.names, "")

    def scan(self, texts: Sequence[Text]) -> dict[Sought, list[Fact]]:
        """Return the `log` facts that each thing sought gives over `texts`.

        A fact has the attributes of its text, the components as `source` (blank-separated, empty when unknown), the
        line as `text`, and the named groups of the expression. Lines that give the same attributes but for the text
        give one fact, the first.
        """
        found: dict[Sought, list[Fact]] = {}
        small = sum(len(text.body) for text in texts) <= SMALL
        for text in texts:
            seen = _Seen(text, self._blank)
            for candidate, position in self._simply(text.body) if small else _candidates(text.body, self._automaton):
                for sought in self._owners[self._needles[candidate]]:
                    _verify(text, sought, position, seen, found)
        return found

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._needles)

    def _simply(self, body: bytes) -> list[tuple[int, int]]:
        """Return the candidates of a short text in the order in which the automaton gives them."""
        lowered = body.lower()
        found = []
        for candidate, needle in enumerate(self._needles):
            position = lowered.find(needle)
            while position >= 0:
                found.append((position + len(needle), -len(needle), candidate, position))
                position = lowered.find(needle, position + 1)
        return [(candidate, position) for _, _, candidate, position in sorted(found)]


class _Seen:
    """What was tried and found in one text."""

    def __init__(self, text: Text, blank: dict[str, Scalar]) -> None:
        self.attributes = blank | text.attributes
        self.tried: set[tuple[Sought, int]] = set()
        self.tries: dict[Sought, int] = {}
        self.facts: dict[Sought, set[tuple[tuple[str, Scalar], ...]]] = {}
        self.line = 0
        self.position = 0
        self._text = text
        self._about: dict[str, bool] = {"": True}

    def is_about(self, expression: str) -> bool:
        """Return True if the text, its source or the names of what it comes from contain `expression`."""
        if expression not in self._about:
            names = " ".join((self._text.source, *self._text.components, *map(str, self._text.attributes.values())))
            surroundings = f"{names}\n{_decoded(self._text.body[:SURROUNDINGS])}"
            self._about[expression] = compiled(expression).search(surroundings) is not None
        return self._about[expression]


def _candidates(body: bytes, automaton: BytesAhoCorasick) -> Iterable[tuple[int, int]]:
    start = 0
    while start < len(body):
        end = min(start + BLOCK, len(body))
        if end < len(body):
            end = body.find(b"\n", end) + 1 or len(body)
        for candidate, first, _ in automaton.find_matches_as_indexes(body[start:end].lower(), overlapping=True):
            yield candidate, start + first
        start = end


def _verify(text: Text, sought: Sought, position: int, seen: _Seen, found: dict[Sought, list[Fact]]) -> None:
    begin = text.body.rfind(b"\n", 0, position) + 1
    if (sought, begin) in seen.tried and position - begin < LINE_BYTES // 2:
        return
    seen.tried.add((sought, begin))
    tries = seen.tries[sought] = seen.tries.get(sought, 0) + 1
    facts = seen.facts.setdefault(sought, set())
    if tries > MAXIMUM_TRIES or len(facts) >= MAXIMUM_FACTS:
        return
    end = text.body.find(b"\n", position)
    end = len(text.body) if end < 0 else end
    line = _decoded(text.body[max(begin, position - LINE_BYTES // 2) : min(end, position + LINE_BYTES // 2)])
    expression, about = sought
    pattern = compiled(expression)
    match = pattern.search(line)
    if match is None:
        line = _decoded(_record(text.body, begin, end))
        match = pattern.search(line) if line else None
    if match is None or not seen.is_about(about):
        return
    attributes = seen.attributes | {name: value or "" for name, value in match.groupdict().items()}
    attributes["source"] = " ".join(sorted(text.components))
    identity = tuple(sorted(attributes.items()))
    if identity in facts:
        return
    facts.add(identity)
    attributes["text"] = line
    source = f"{text.source}:{_line_number(text, begin, seen)}" if text.numbered else text.source
    found.setdefault(sought, []).append(Fact("log", attributes, source, line))


def _line_number(text: Text, begin: int, seen: _Seen) -> int:
    if begin < seen.position:
        seen.line = seen.position = 0
    seen.line += text.body.count(b"\n", seen.position, begin)
    seen.position = begin
    return text.line + seen.line


def _record(body: bytes, begin: int, end: int) -> bytes:
    """Return the line joined with its neighbours as far as they read as one message; empty when it stands alone."""
    lines = [body[begin:end].strip()]
    first, start = body[begin:end], begin
    for _ in range(REACH):
        if start == 0 or _BEGINS.match(first):
            break
        before = body.rfind(b"\n", 0, start - 1) + 1
        first, start = body[before : start - 1], before
        lines.insert(0, first.strip())
    last = end
    for _ in range(REACH):
        if last >= len(body):
            break
        after = body.find(b"\n", last + 1)
        after = len(body) if after < 0 else after
        following = body[last + 1 : after]
        if not following.strip() or _BEGINS.match(following):
            break
        lines.append(following.strip())
        last = after
    return b" ".join(lines)[: 4 * LINE_BYTES] if len(lines) > 1 else b""


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip("\r\n")
