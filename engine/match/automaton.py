"""All expressions of a catalogue as one Hyperscan automaton: made when kbdiag is built, loaded when there is much to scan.

It is a filter: what it finds is confirmed by RE2, and it may find too much, never too little, in lines of plain ASCII.
Compiling takes many seconds, so it is never done at run time. Hyperscan is optional; nothing else changes without it.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

_OTHER_MEANING = re.compile(r"\\[AzZCpPX]|[^\x00-\x7f]")
"""What Hyperscan reads differently than RE2: the ends of a text, classes of Unicode, letters of several bytes."""

_LOOSE_END = re.compile(
    r"(?P<atom>(?<!\\)\.|\\[dDsSwW]|(?<!\\)\[\^?\]?(?:\\.|[^\]\[\\])*\])"
    r"(?:(?P<many>[*+])|\{(?P<least>\d+),\d*\})\??(?P<closed>\)*)$"
)
"""A class of characters, many times, at the end of an expression: each of its characters would be a match of its own."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|.", re.DOTALL)


FRESH = 0.98
"""The part of the expressions that an automaton must know to count as current; the scanner looks for the rest itself."""


class _File(msgspec.Struct, frozen=True, array_like=True):
    """An automaton on disk: who made it, the expressions by their number in it, and Hyperscan's serialised database."""

    maker: tuple[str, ...]
    expressions: tuple[str, ...]
    refused: tuple[str, ...]
    database: bytes


class Automaton:
    """A compiled automaton, ready to scan blocks of text for the expressions of a scanner."""

    def __init__(self, database: Any, places: Sequence[int], left_out: Sequence[int]) -> None:
        """Take Hyperscan's database, the place of each of its expressions (-1 for none), and the places it does not know."""
        self._database, self._places = database, list(places)
        self.left_out = tuple(left_out)

    def scan(self, block: bytes) -> list[tuple[int, int]]:
        """Return (end, place of the expression) of each match in `block`; a match may reach over several lines."""
        found: list[tuple[int, int]] = []
        add, places = found.append, self._places
        self._database.scan(
            block, match_event_handler=lambda number, _start, end, _flags, _context: add((end, places[number]))
        )
        return found if min(places, default=0) >= 0 else [match for match in found if match[1] >= 0]


def compile_automaton(expressions: Sequence[str]) -> bytes | None:
    """Return the automaton of `expressions` as bytes for `load_automaton`; None where Hyperscan is not installed."""
    hyperscan = _hyperscan()
    if hyperscan is None:
        return None
    every = sorted(set(expressions))
    taken = [expression for expression in every if not _OTHER_MEANING.search(expression)]
    try:
        database = _compiled(hyperscan, taken)
    except hyperscan.CompilerError:
        taken = [expression for expression in taken if _is_known(hyperscan, expression)]
        database = _compiled(hyperscan, taken)
    refused = tuple(sorted(set(every) - set(taken)))
    return msgspec.msgpack.encode(_File(_maker(hyperscan), tuple(taken), refused, hyperscan.dumpb(database)))


def is_current(raw: bytes, expressions: Sequence[str]) -> bool:
    """Return whether `raw` knows nearly all of `expressions`, and was made by this Hyperscan on a machine like this one."""
    hyperscan, file = _hyperscan(), _decoded(raw)
    if hyperscan is None or file is None or file.maker != _maker(hyperscan):
        return False
    unknown = set(expressions) - set(file.expressions) - set(file.refused)
    return len(unknown) <= (1 - FRESH) * len(expressions)


def load_automaton(raw: bytes, expressions: Sequence[str]) -> Automaton | None:
    """Return the automaton that `compile_automaton` gave; None when it cannot be used here, for whatever reason."""
    hyperscan, file = _hyperscan(), _decoded(raw)
    if hyperscan is None or file is None or file.maker != _maker(hyperscan):
        return None
    try:
        database = hyperscan.loadb(file.database, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except hyperscan.HyperscanError:  # damaged, or of another processor: the scanner does without
        return None
    known = {expression: place for place, expression in enumerate(expressions)}
    places = [known.get(expression, -1) for expression in file.expressions]
    left_out = set(range(len(expressions))) - set(places)
    return Automaton(database, places, sorted(left_out))


def loosened(expression: str) -> str:
    r"""Return an expression that matches in the same lines, without a loose end.

    >>> loosened(r"failed: (?P<reason>.+)"), loosened(r"no route(?: to (\S+))?"), loosened(r"done\.*")
    ('failed: (?P<reason>.)', 'no route', 'done\\.*')
    """
    while True:
        if loose := _LOOSE_END.search(expression):
            count = int(loose["least"]) if loose["least"] else int(loose["many"] == "+")
            kept = "" if not count else loose["atom"] if count == 1 else f"{loose['atom']}{{{count}}}"
            shorter = expression[: loose.start()] + kept + loose["closed"]
        else:
            shorter = _without_optional_end(expression)
        if shorter == expression or not shorter.rstrip(")") or shorter.rstrip(")").endswith(("|", "(", ":", ">")):
            return expression
        expression = shorter


def _without_optional_end(expression: str) -> str:
    """Return `expression` without a group at its end that may be missing."""
    if not re.search(r"(?<!\\)\)[?*]\??\)*$", expression):
        return expression
    opened, closed = list[int](), dict[int, int]()
    for token in _TOKEN.finditer(expression):
        if token.group() == "(":
            opened.append(token.start())
        elif token.group() == ")" and opened:
            closed[token.start()] = opened.pop()
    end = re.search(r"\)[?*]\??(?P<closed>\)*)$", expression)
    if end is None or end.start() not in closed:
        return expression
    return expression[: closed[end.start()]] + end["closed"]


def _compiled(hyperscan: ModuleType, expressions: Sequence[str]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[loosened(expression).encode() for expression in expressions],
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[hyperscan.HS_FLAG_MULTILINE] * len(expressions),
    )
    return database


def _is_known(hyperscan: ModuleType, expression: str) -> bool:
    try:
        _compiled(hyperscan, [expression])
    except hyperscan.CompilerError:
        return False
    return True


def _maker(hyperscan: ModuleType) -> tuple[str, ...]:
    """Return what a database depends on besides the expressions."""
    import platform  # noqa: PLC0415 - only large logs need it

    how = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return (hyperscan.__version__, platform.system(), platform.machine(), how)


def _decoded(raw: bytes) -> _File | None:
    try:
        return msgspec.msgpack.decode(raw, type=_File)
    except msgspec.MsgspecError:
        return None


def _hyperscan() -> ModuleType | None:
    try:
        import hyperscan  # noqa: PLC0415 - optional, and 10 MB
    except ImportError:
        return None
    return hyperscan
