"""One pass over all text for the patterns of all rules: an automaton finds candidates, RE2 verifies them.

The automaton is Hyperscan's, which knows the expressions as a whole; where it is not at hand, for short texts, and for
lines that it would read differently (not ASCII, very long, or continued on other lines), an Aho-Corasick automaton looks
for the literals that each match must contain. Both ways give the same facts.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import re2
from ahocorasick_rs import BytesAhoCorasick

from engine.language.condition import Sought
from engine.language.expression import compiled, required
from engine.match.automaton import Automaton
from facts.model.values import Coverage, CoverageState, Fact, Scalar, Text

BLOCK = 1 << 20
"""Bytes searched at a time, so that dense matches do not pile up in memory."""

SMALL = 1 << 14
"""Bytes of all texts of a run up to which looking for each literal is quicker than building the automaton of them all."""

LARGE = 1 << 18
"""Bytes of all texts of a run from which on loading Hyperscan's automaton pays."""

MAXIMUM_FACTS = 200
"""Different facts that one expression may give per log; the rest of the log is not tried for it."""

PARTS = 50
"""Parts of one log, which others interrupt, that give facts each for itself; all later ones count as one text."""

LINE_BYTES = 16_384
"""A longer line is cut to this many bytes around the literal."""

REACH = 4
"""Continuation lines that may be joined to a line, on either side."""

SURROUNDINGS = 1 << 20
"""Bytes of a text that are searched for what it is about."""

# A line that starts like this begins a message of its own; others may continue the one before.
_BEGINS = re.compile(
    rb"\s*(?:\d{4}[-/]\d\d[-/]\d\d|[IWEF]\d{4} \d\d:|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d|"
    rb"time=|level=|ts=|\{|\[(?: *\d+\.\d+|\w+)\]|\[?\d\d:\d\d:\d\d|[\da-fA-F:.]{7,45} - \S+ \[\d\d?/)"
)


AutomatonSource = Callable[[Sequence[str]], Automaton | None]
"""Gives Hyperscan's automaton of expressions, None where there is none."""


def no_automaton(_: Sequence[str]) -> None:
    """Return None: there is no automaton."""


class Scanner:
    """The expressions of a catalogue, ready to be looked for; making one costs more than scanning a short text."""

    def __init__(
        self,
        expressions: Mapping[Sought, Collection[str]],
        names: Iterable[str] = (),
        automaton: AutomatonSource = no_automaton,
    ) -> None:
        """Take what is sought, each with the `literals` of its expression; a hit has at least the attributes `names`.

        `automaton` is asked for the automaton of the expressions when there is much to scan.
        """
        self.expressions = {sought: tuple(sorted(expressions[sought])) for sought in sorted(expressions)}
        self.names = tuple(names)
        self._load = automaton
        self._owners: dict[bytes, list[Sought]] = {}
        for sought in sorted(expressions):
            for literal in expressions[sought]:
                self._owners.setdefault(literal.encode(), []).append(sought)
        self._needles = sorted(self._owners)
        self._blank: dict[str, Scalar] = dict.fromkeys(self.names, "")

    def scan(self, texts: Sequence[Text]) -> dict[Sought, list[Fact]]:
        """Return the `log` facts that each thing sought gives over `texts`.

        A fact has the attributes of its text, the components as `source` (blank-separated, empty when unknown), the
        line as `text`, and the named groups of the expression. Lines of one log that give the same attributes but for
        the text give one fact, the first.
        """
        found: dict[Sought, list[Fact]] = {}
        logs: dict[tuple[object, ...], _Seen] = {}
        size = sum(len(text.body) for text in texts)
        search = self._simply if size <= SMALL else self._at_once
        if size >= LARGE and self._automaton is not None:
            search = self._by_expressions
        for block in _blocks(texts):
            hits = search(block)
            if hits:
                self._scan_block(block, hits, logs, found)
        return found

    def _scan_block(
        self,
        block: "_Block",
        hits: Sequence["_Hit"],
        logs: dict[tuple[object, ...], "_Seen"],
        found: dict[Sought, list[Fact]],
    ) -> None:
        parts = iter(block.parts)
        part = next(parts)
        seen = self._seen_of(part.text, logs)
        line, closed = _Line(part, block.lowered, 0, 0), seen.closed()
        for candidate, position in hits:
            if position > part.first + part.length:
                while position > part.first + part.length:
                    part = next(parts)
                seen = self._seen_of(part.text, logs)
                line, closed = _Line(part, block.lowered, 0, 0), seen.closed()
            choices = seen.open.get(candidate)
            if choices is None:
                choices = seen.open[candidate] = [
                    choice for choice in self._choices_of(candidate) if seen.is_open(choice.sought)
                ]
            if not choices:
                continue
            if not line.begin <= position < line.end:
                begin = max(block.lowered.rfind(b"\n", 0, position) + 1, part.first)
                line = _Line(
                    part, block.lowered, begin, block.lowered.find(b"\n", position) + 1 or len(block.lowered) + 1
                )
            if line.end - line.begin > LINE_BYTES // 2:
                if position - line.focused.get(candidate, -LINE_BYTES) < LINE_BYTES // 4:
                    continue  # what stands around it was tried
                line.focused[candidate] = position
                line.focus(position)
            elif candidate in line.tried:
                continue
            line.tried.add(candidate)
            for choice in choices:
                if choice not in line.settled:
                    line.settled.add(choice)
                    _try(choice, line, seen, found)
            if seen.closed() != closed:
                closed = seen.closed()
                seen.open.clear()

    def _seen_of(self, text: Text, logs: dict[tuple[object, ...], "_Seen"]) -> "_Seen":
        """Return what was found in the log that `text` is a part of: the lines of one component in one file are one log."""
        key = (text.source, text.components, tuple(text.attributes.items())) if text.numbered else (id(text),)
        seen = logs.get(key)
        if seen is None:
            seen = logs[key] = _Seen(text, self._blank)
        seen.enter(text)
        return seen

    @cached_property
    def _automaton(self) -> Automaton | None:
        return self._load([expression for expression, _ in self.expressions])

    def _choices_of(self, candidate: int) -> Sequence["_Choice"]:
        """Return what is sought by the number of a literal, or by the place of an expression, counted from -1 down."""
        return self._by_literal[candidate] if candidate >= 0 else (self._by_place[-1 - candidate],)

    @cached_property
    def _by_place(self) -> list["_Choice"]:
        return [_Choice(sought, literals) for sought, literals in self.expressions.items()]

    @cached_property
    def _by_literal(self) -> list[tuple["_Choice", ...]]:
        choices = {choice.sought: choice for choice in self._by_place}
        return [tuple(choices[sought] for sought in self._owners[needle]) for needle in self._needles]

    @cached_property
    def _literals(self) -> BytesAhoCorasick:
        return BytesAhoCorasick(self._needles)

    @cached_property
    def _rest(self) -> tuple[BytesAhoCorasick, list[int]]:
        """Return the literals of what Hyperscan's automaton leaves out, and their numbers."""
        assert self._automaton is not None
        left_out = {self._by_place[place].sought for place in self._automaton.left_out}
        numbers = [
            number for number, needle in enumerate(self._needles) if not left_out.isdisjoint(self._owners[needle])
        ]
        return BytesAhoCorasick([self._needles[number] for number in numbers]), numbers

    def _at_once(self, block: "_Block") -> list["_Hit"]:
        return [
            (candidate, first)
            for candidate, first, _ in self._literals.find_matches_as_indexes(block.lowered, overlapping=True)
        ]

    def _simply(self, block: "_Block") -> list["_Hit"]:
        """Return the candidates of a short text, each with its place, line by line."""
        found = []
        lowered = block.lowered
        for candidate, needle in enumerate(self._needles):
            position = lowered.find(needle)
            while position >= 0:
                found.append((position, candidate))
                position = lowered.find(needle, position + 1)
        return [(candidate, position) for position, candidate in sorted(found)]

    def _by_expressions(self, block: "_Block") -> list["_Hit"]:
        """Return the candidates that Hyperscan's automaton finds, and those of the lines that it is not asked about."""
        assert self._automaton is not None
        lines = _Lines(block.body)
        if lines.odd_bytes * 2 > len(block.body):
            return self._at_once(block)
        starts, odd = lines.starts, lines.odd
        found: set[tuple[int, int]] = set()
        for end, place in self._automaton.scan(block.body):
            line = bisect_right(starts, max(0, end - 1)) - 1
            if not odd[line]:
                found.add((starts[line], -1 - place))
        hits = list(found)
        rest, numbers = self._rest
        if numbers:
            hits += [
                (first, numbers[which])
                for which, first, _ in rest.find_matches_as_indexes(block.lowered, overlapping=True)
            ]
        for first, last in lines.odd_stretches():
            piece = block.lowered[first:last]
            hits += [
                (first + place, candidate)
                for candidate, place, _ in self._literals.find_matches_as_indexes(piece, overlapping=True)
            ]
        hits.sort()
        return [(candidate, position) for position, candidate in hits]


_Hit = tuple[int, int]
"""A candidate, as `Scanner._choices_of` takes it, and where it stands in the block."""


class _Part:
    """A text, or a piece of one, in a block: its bytes from `offset` on stand at `first` of the block."""

    __slots__ = ("first", "length", "offset", "text")

    def __init__(self, text: Text, offset: int, first: int, length: int) -> None:
        self.text, self.offset, self.first, self.length = text, offset, first, length


class _Block:
    """About a megabyte of text: many short texts, or a piece of a long one. No line is cut."""

    def __init__(self, body: bytes, parts: Sequence[_Part]) -> None:
        self.body, self.parts = body, parts

    @cached_property
    def lowered(self) -> bytes:
        """Return the bytes in lower case."""
        return self.body.lower()


class _Lines:
    """The lines of a block, and which of them are odd: to be looked at together with others, or as text of any kind."""

    def __init__(self, body: bytes) -> None:
        lines = body.split(b"\n")
        self.starts = [0] * len(lines)
        self.odd = [False] * len(lines)
        self.odd_bytes = 0
        begins, plain, place = _BEGINS.match, body.isascii() and b"\r" not in body, 0
        for number, line in enumerate(lines):
            self.starts[number] = place
            place += len(line) + 1
            if begins(line) is None:
                if line.strip():
                    self.odd[number] = self.odd[number - 1] = True
            elif len(line) > LINE_BYTES // 2 or not (plain or (line.isascii() and b"\r" not in line)):
                self.odd[number] = True
        self.odd[-1] = True  # what follows stands in the next block
        self._size = len(body)
        self.odd_bytes = sum(last - first for first, last in self.odd_stretches())

    def odd_stretches(self) -> Iterator[tuple[int, int]]:
        """Give where each stretch of odd lines starts and ends."""
        first = None
        for number, odd in enumerate(self.odd):
            if odd and first is None:
                first = self.starts[number]
            elif not odd and first is not None:
                yield first, self.starts[number] - 1
                first = None
        if first is not None:
            yield first, self._size


def cut_short(hits: Mapping[Sought, Sequence[Fact]], texts: Iterable[Text]) -> tuple[Coverage, ...]:
    """Return the texts of which a part was not tried for some expression, because it gave `MAXIMUM_FACTS` facts before."""
    full: dict[str, int] = {}
    for facts in hits.values():
        if len(facts) >= MAXIMUM_FACTS:
            counts = Counter(fact.source.rpartition(":")[0] or fact.source for fact in facts)
            for source, count in counts.items():
                full[source] = full.get(source, 0) + (count >= MAXIMUM_FACTS)
    sources = {text.source for text in texts if text.numbered}
    return tuple(
        Coverage("evidence", source, CoverageState.PARTIAL, _why_cut(full[source]))
        for source in sorted(sources)
        if full.get(source)
    )


def _why_cut(patterns: int) -> str:
    many = "1 pattern" if patterns == 1 else f"{patterns} patterns"
    return f"{many} matched {MAXIMUM_FACTS} different lines; further lines were not tried for {'it' if patterns == 1 else 'them'}"


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
    """What was tried and found in one log, text by text."""

    def __init__(self, text: Text, blank: dict[str, Scalar]) -> None:
        self.attributes = blank | text.attributes
        self.attributes["source"] = " ".join(sorted(text.components))
        self.open: dict[int, list[_Choice]] = {}
        """What is still sought, by the number of its literal."""
        self.done: set[Sought] = set()
        """What can give no further fact in this log."""
        self.facts: dict[Sought, set[tuple[Scalar, ...]]] = {}
        self.line = self.position = 0
        self.text = text
        self._elsewhere: set[Sought] = set()
        """What this text is not about."""
        self._parts = 1
        self._about: dict[str, bool] = {"": True}

    def enter(self, text: Text) -> None:
        """Go on with `text`, another part of the log."""
        if text is self.text:
            return
        self.text = text
        self.line = self.position = 0
        self._about = {"": True}
        self._parts += 1
        if self._elsewhere or self._parts <= PARTS:
            self.open.clear()
            self._elsewhere = set()
        if self._parts <= PARTS:
            self.done, self.facts = set(), {}

    def is_open(self, sought: Sought) -> bool:
        """Return whether `sought` can give a further fact in this text."""
        return sought not in self.done and sought not in self._elsewhere

    def closed(self) -> int:
        """Return how much of what is sought can give no further fact."""
        return len(self.done) + len(self._elsewhere)

    def leave_out(self, sought: Sought) -> None:
        """Take note that the text is not about what `sought` asks for."""
        self._elsewhere.add(sought)

    def is_about(self, expression: str) -> bool:
        """Return True if the text, its source or the names of what it comes from contain `expression`."""
        if expression not in self._about:
            names = " ".join((self.text.source, *self.text.components, *map(str, self.text.attributes.values())))
            surroundings = f"{names}\n{_decoded(self.text.body[:SURROUNDINGS])}"
            self._about[expression] = compiled(expression).search(surroundings) is not None
        return self._about[expression]


def _blocks(texts: Iterable[Text]) -> Iterator[_Block]:
    bodies: list[bytes] = []
    parts: list[_Part] = []
    size = 0
    for text in texts:
        for start, piece in _pieces(text.body):
            parts.append(_Part(text, start, size, len(piece)))
            bodies.append(piece)
            size += len(piece) + 1
            if size >= BLOCK:
                yield _Block(b"\n".join(bodies), parts)
                bodies, parts, size = [], [], 0
    if parts:
        yield _Block(b"\n".join(bodies), parts)


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

    __slots__ = (
        "_body",
        "_record",
        "_shift",
        "_text",
        "begin",
        "end",
        "focused",
        "lowered",
        "place",
        "settled",
        "tried",
    )

    def __init__(self, part: _Part, lowered: bytes, begin: int, end: int) -> None:
        """`begin` and `end` are places in the block, which is `lowered`; `part` tells whose line it is."""
        self.begin, self.end = begin, end
        self._shift = part.offset - part.first
        self.place = begin + self._shift
        self.lowered = lowered[begin : end - 1]
        self.tried: set[int] = set()
        self.focused: dict[int, int] = {}
        """Where each candidate was tried last, in a line that is too long to be tried at once."""
        self.settled: set[_Choice] = set()
        self._body = part.text.body
        self._text: bytes | None = None
        self._record: tuple[bytes, bytes] | None = None

    def focus(self, position: int) -> None:
        """Cut a long line to what stands around `position` of the block."""
        first = max(self.begin, position - LINE_BYTES // 2)
        raw = self._body[self._shift + first : self._shift + min(self.end - 1, position + LINE_BYTES // 2)]
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
        seen.leave_out(sought)
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
