"""Hyperscan's automaton finds what the search for literals finds, and is only used where it fits."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language.expression import compiled, literals
from engine.match import scanner
from engine.match.automaton import compile_automaton, is_current, load_automaton, loosened
from engine.match.scanner import Scanner
from facts.model.values import Fact, Text

pytest.importorskip("hyperscan")

EXPRESSIONS = (
    r"(?i)disk (?P<disk>\S+) full(?:: (?P<why>.+))?",
    r"no route to (?P<host>[\w.-]+)",
    r"(?:timeout|deadline)$",
    r"^panic: (?P<what>.{1,20})",
    r"unpack .*: denied",
    r"größer als (?P<limit>\d+)",
)
PARTS = st.sampled_from(
    ["E1124 09:00:00.1 ", "time=1 ", "  ", "panic: ", "disk sda full", "Disk B FULL: ", "no route to ", "db-1", "timeout", "deadline ", "unpack ", "x: denied", "größer als 7", "é", "\r", "\t"]
)  # fmt: skip
TEXTS = st.lists(st.lists(PARTS, max_size=5).map("".join), max_size=20).map("\n".join)


@pytest.fixture(scope="module")
def raw() -> bytes:
    """Compile the automaton of the expressions above, as it is kept."""
    made = compile_automaton(EXPRESSIONS)
    assert made is not None
    return made


def _scanner(raw: bytes) -> Scanner:
    wanted = {(expression, ""): literals(expression) for expression in EXPRESSIONS}
    return Scanner(wanted, (), lambda expressions: load_automaton(raw, expressions))


def _found(scanner: Scanner, texts: Sequence[Text]) -> set[tuple[str, str, str]]:
    def told(fact: Fact) -> tuple[str, str]:
        return fact.source, fact.text

    return {(sought[0], *told(fact)) for sought, facts in scanner.scan(texts).items() for fact in facts}


@given(st.lists(TEXTS, max_size=4))
@settings(deadline=None)
def test_both_ways_of_searching_find_the_same(raw: bytes, bodies: list[str]) -> None:
    """Whatever the lines are: continued, not ASCII, several texts in one block."""
    texts = [Text(body.encode(), f"{number}.log") for number, body in enumerate(bodies)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "SMALL", -1)
        patch.setattr(scanner, "LARGE", 0)
        assert _found(_scanner(raw), texts) == _found(_scanner(b""), texts)


@given(TEXTS)
def test_an_expression_without_its_loose_end_matches_the_same_lines(text: str) -> None:
    """What is cut off may match anything, or nothing."""
    for expression in EXPRESSIONS[:5]:
        shorter = compiled(loosened(expression))
        for line in text.split("\n"):
            assert (shorter.search(line) is None) == (compiled(expression).search(line) is None)


def test_a_damaged_automaton_is_not_used(raw: bytes) -> None:
    """The scanner then does without."""
    middle = len(raw) - 500
    assert load_automaton(raw[:middle] + bytes(255 - byte for byte in raw[middle:]), EXPRESSIONS) is None
    assert load_automaton(raw[:middle], EXPRESSIONS) is None
    assert load_automaton(b"", EXPRESSIONS) is None


def test_expressions_that_an_automaton_does_not_know_are_left_out_of_it() -> None:
    """A rule of one's own does not make the others slow."""
    raw = compile_automaton(EXPRESSIONS[:2])
    assert raw is not None
    loaded = load_automaton(raw, ("no answer", *EXPRESSIONS[:1]))
    assert loaded is not None
    assert loaded.left_out == (0,)
    assert {place for _, place in loaded.scan(b"disk sda full, no route to db, no answer")} == {1}


def test_an_automaton_of_other_expressions_is_not_current(raw: bytes) -> None:
    """It is compiled anew by the build."""
    assert is_current(raw, EXPRESSIONS)
    assert not is_current(raw, ("no answer", *EXPRESSIONS))
