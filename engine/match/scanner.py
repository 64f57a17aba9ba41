"""One pass over all text for the patterns of all rules: an Aho-Corasick automaton finds candidates, RE2 verifies them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import re2
from ahocorasick_rs import BytesAhoCorasick

from engine.language.condition import Sought
from engine.language.expression import compiled, required
from facts.model.values import Fact, Scalar, Text

BLOCK = 1 << 20
"""Bytes searched at a time, so that dense matches do not pile up in memory."""

SMALL = 1 << 14
"""Bytes of all texts of a run up to which looking for each literal is quicker than building the automaton of them all."""

MAXIMUM_FACTS = 200
"""Different facts that one expression may give per text; the rest of the text is not tried for it."""

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
            for start, piece in _pieces(text.body):
                lowered = piece.lower()
                hits = self._simply(lowered) if small else self._at_once(lowered)
                self._scan_piece(start, lowered, hits, seen, found)
        return found

    def _scan_piece(
        self,
        start: int,
        lowered: bytes,
        hits: Sequence[tuple[int, int]],
        seen: "_Seen",
        found: dict[Sought, list[Fact]],
    ) -> None:
        line = _Line(seen.text.body, lowered, start, 0, 0)
        done = len(seen.done)
        for candidate, position in hits:
            choices = seen.open.get(candidate)
            if choices is None:
                choices = seen.open[candidate] = [
                    choice for choice in self._choices[candidate] if choice.sought not in seen.done
                ]
            if not choices:
                continue
            if not line.begin <= position < line.end:
                begin = lowered.rfind(b"\n", 0, position) + 1
                line = _Line(
                    seen.text.body, lowered, start, begin, lowered.find(b"\n", position) + 1 or len(lowered) + 1
                )
            if line.end - line.begin > LINE_BYTES // 2:
                line.focus(position)
            elif candidate in line.tried:
                continue
            line.tried.add(candidate)
            for choice in choices:
                if choice not in line.settled:
                    line.settled.add(choice)
                    _try(choice, line, seen, found)
            if len(seen.done) != done:
                done = len(seen.done)
                seen.open.clear()

    @cached_property
    def _choices(self) -> list[tuple["_Choice", ...]]:
        """Return what is sought by the number of its literal."""
        choices = {sought: _Choice(sought, literals) for sought, literals in self.expressions.items()}
        return [tuple(choices[sought] for sought in self._owners[needle]) for needle in self._needles]

    @cached_property
    def _automaton(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._needles)

    def _at_once(self, lowered: bytes) -> list[tuple[int, int]]:
        return [
            (candidate, first)
            for candidate, first, _ in self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        ]

    def _simply(self, lowered: bytes) -> list[tuple[int, int]]:
        """Return the candidates of a short text, each with its place, line by line."""
        found = []
        for candidate, needle in enumerate(self._needles):
            position = lowered.find(needle)
            while position >= 0:
                found.append((position, candidate))
                position = lowered.find(needle, position + 1)
        return [(candidate, position) for position, candidate in sorted(found)]


class _Choice:
    """Something sought, with all literals that a match of it must contain."""

    __slots__ = ("_groups", "_literals", "_pattern", "_texts", "sought")

    def __init__(self, sought: Sought, literals: Collection[str]) -> None:
        self.sought = sought
        self._literals = set(literals)
        self._pattern: re2._Regexp | None = None
        self._texts: tuple[bytes, ...] | None = None
        self._groups: tuple[tuple[bytes, ...], ...] = ()

    @property
    def pattern(self) -> re2._Regexp:
        """Return the compiled expression."""
        if self._pattern is None:
            self._pattern = compiled(self.sought[0])
        return self._pattern

    def may_match(self, lowered: bytes) -> bool:
        """Tell whether `lowered` has the other literals that a match needs; quick, and never wrong when it says no."""
        if self._texts is None:
            groups = [
                tuple(text.encode() for text in group)
                for group in required(self.sought[0])
                if set(group) != self._literals
            ]
            self._texts = tuple(group[0] for group in groups if len(group) == 1)
            self._groups = tuple(group for group in groups if len(group) > 1)
        for text in self._texts:
            if text not in lowered:
                return False
        return all(any(text in lowered for text in group) for group in self._groups)


class _Seen:
    """What was tried and found in one text."""

    def __init__(self, text: Text, blank: dict[str, Scalar]) -> None:
        self.attributes = blank | text.attributes
        self.attributes["source"] = " ".join(sorted(text.components))
        self.open: dict[int, list[_Choice]] = {}
        """What is still sought, by the number of its literal."""
        self.done: set[Sought] = set()
        """What can give no further fact in this text."""
        self.facts: dict[Sought, set[tuple[Scalar, ...]]] = {}
        self.line = 0
        self.position = 0
        self.text = text
        self._about: dict[str, bool] = {"": True}

    def is_about(self, expression: str) -> bool:
        """Return True if the text, its source or the names of what it comes from contain `expression`."""
        if expression not in self._about:
            names = " ".join((self.text.source, *self.text.components, *map(str, self.text.attributes.values())))
            surroundings = f"{names}\n{_decoded(self.text.body[:SURROUNDINGS])}"
            self._about[expression] = compiled(expression).search(surroundings) is not None
        return self._about[expression]


def _pieces(body: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    while start < len(body):
        end = min(start + BLOCK, len(body))
        if end < len(body):
            end = body.find(b"\n", end) + 1 or len(body)
        yield start, body[start:end]
        start = end


class _Line:
    """A line that has literals, and the message that it is part of; each is read when it is needed."""

    __slots__ = ("_body", "_record", "_text", "begin", "end", "lowered", "place", "settled", "tried")

    def __init__(self, body: bytes, lowered: bytes, start: int, begin: int, end: int) -> None:
        """`begin` and `end` are places in the piece `lowered`, which starts at `start` of `body`."""
        self.begin, self.end, self.place = begin, end, start + begin
        self.lowered = lowered[begin : end - 1]
        self.tried: set[int] = set()
        self.settled: set[_Choice] = set()
        self._body = body
        self._text: bytes | None = None
        self._record: tuple[bytes, bytes] | None = None

    def focus(self, position: int) -> None:
        """Cut a long line to what stands around `position` of the piece."""
        first = max(self.begin, position - LINE_BYTES // 2)
        start = self.place - self.begin
        raw = self._body[start + first : start + min(self.end - 1, position + LINE_BYTES // 2)]
        self.lowered, self._text = raw.lower(), _plain(raw)
        self.settled.clear()

    @property
    def text(self) -> bytes:
        """Return the line as valid UTF-8."""
        if self._text is None:
            self._text = _plain(self._body[self.place : self.place + self.end - self.begin - 1])
        return self._text

    def record(self) -> tuple[bytes, bytes]:
        """Return the line joined with its neighbours, in lower case and as it is; both are empty when it stands alone."""
        if self._record is None:
            raw = _record(self._body, self.place, self.place + self.end - self.begin - 1)
            self._record = (raw.lower(), _plain(raw)) if raw else (b"", b"")
        return self._record


def _try(choice: "_Choice", line: _Line, seen: _Seen, found: dict[Sought, list[Fact]]) -> None:
    sought = choice.sought
    text, match = b"", None
    if choice.may_match(line.lowered):
        text = line.text
        match = choice.pattern.search(text)
    if match is None:
        lowered, text = line.record()
        if not text or not choice.may_match(lowered):
            return
        match = choice.pattern.search(text)
        if match is None:
            return
    number = _line_number(seen.text, line.place, seen)
    if number - seen.text.line + 1 in seen.text.over:
        return
    if not seen.is_about(sought[1]):
        seen.done.add(sought)
        return
    attributes = seen.attributes | {name: (value or b"").decode() for name, value in match.groupdict().items()}
    attributes["source"] = seen.attributes["source"]
    identity = tuple(attributes.values())
    facts = seen.facts.setdefault(sought, set())
    if identity in facts:
        return
    facts.add(identity)
    if not choice.pattern.groupindex or len(facts) >= MAXIMUM_FACTS:
        seen.done.add(sought)  # each further match would give the same fact
    attributes["text"] = said = text.decode()
    place = seen.text
    source = f"{place.source}:{number}" if place.numbered else place.source
    found.setdefault(sought, []).append(Fact("log", attributes, source, said))


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


def _plain(raw: bytes) -> bytes:
    return _decoded(raw).encode()


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip("\r\n")
