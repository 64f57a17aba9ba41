"""Laws of the grammar: carriers change nothing, repetition counts, no bytes break it, healthy programs say nothing."""

import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.model.failure import Failure, Hints, Level
from facts.read.failures import read_failures
from tests.facts.read.failures.test_examples import CASES

HEALTHY = [
    path
    for path in sorted((Path(__file__).parents[3] / "healthy").iterdir())
    if path.is_file()
    and not path.name.startswith("recovered")
    and "events" not in path.name
    and "describe" not in path.name
]
"""Logs and commands; what was wrong for a while, and tables of events, do state failures."""
ONE_LINE = {name: text for name, (text, _) in CASES.items() if "\n" not in text and not text[0].isspace()}

CARRIERS = {
    "colours": ("\x1b[31m", "\x1b[0m", {}),
    "Windows line ends": ("", "\r", {}),
    "kubectl --prefix": ("[pod/cart-1/app] ", "", {"pod": "cart-1", "container": "app"}),
    "CRI": ("2026-03-01T09:10:11.123456789Z stderr F ", "", {}),
    "kubectl --timestamps": ("2026-03-01T09:10:11.123456789Z ", "", {}),
    "Compose": ("web-1  | ", "", {"container": "web"}),
}
_TOLD_BY_CARRIERS = ("text", "node", "pod", "container", "namespace")

words = st.sampled_from(
    ["error: ", "failed to open ", "/x", '"', "\n", "\t", ": ", "connection refused", "\\", "{", "}", "Caused by: ", "level=error msg=", "E0301 09:10:11.1 1 a.go:1] ",
     "Traceback (most recent call last):", "[ERROR] ", "  at a.b(C.java:1)", "\x1b[31m", "é", "\x00", "exit status 1", "ready to accept connections", "2026-03-01T09:10:11Z stderr P "]
)  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("name", ONE_LINE)
def test_carrier_changes_nothing(name: str, carrier: str) -> None:
    """The layers of a carrier do not change what a line says; what they tell of the place is added."""
    if carrier == "kubectl --timestamps" and ONE_LINE[name].startswith("2026"):
        pytest.skip("a program's own time stamp already stands there")
    before, after, told = CARRIERS[carrier]
    plain = _only(read_failures(ONE_LINE[name].encode()))
    carried = _only(read_failures(f"{before}{ONE_LINE[name]}{after}\n".encode()))
    assert _without_place(carried) == _without_place(plain)
    assert {attribute: getattr(carried, attribute) for attribute in told} == told


def test_order_of_carriers_does_not_matter() -> None:
    """Carriers nest either way."""
    line = CASES["klog, plain text"][0]
    prefix, cri = CARRIERS["kubectl --prefix"][0], CARRIERS["CRI"][0]
    one = _only(read_failures(f"{prefix}{cri}{line}".encode()))
    other = _only(read_failures(f"{cri}{prefix}{line}".encode()))
    assert _without_place(one) == _without_place(other)


@pytest.mark.parametrize("name", ONE_LINE)
def test_reading_its_own_line_gives_the_same(name: str) -> None:
    """The line that a failure keeps gives the failure."""
    failure = _only(read_failures(ONE_LINE[name].encode()))
    assert _only(read_failures(failure.text.encode())) == failure


@pytest.mark.parametrize("times", [2, 7, 300])
def test_repetition_is_a_count(times: int) -> None:
    """The same line, said often, is one failure with a count, a first and a last line."""
    line = CASES["klog, structured, retried"][0].encode() + b"\n"
    failure = _only(read_failures(line * times))
    assert (failure.count, failure.line, failure.until) == (times, 1, times)


def test_different_objects_are_different_failures() -> None:
    """Lines that differ in the thing they name are different failures."""
    lines = b"".join(b'Error from server (NotFound): configmaps "cart-%d" not found\n' % number for number in range(5))
    assert [failure.object for failure in read_failures(lines)] == [f"cart-{number}" for number in range(5)]


def test_healthy_programs_say_nothing() -> None:
    """No log of a healthy program gives an error that is not over."""
    wrong = {
        path.name: failure.text
        for path in HEALTHY
        for failure in read_failures(path.read_bytes())
        if failure.level is not Level.WARNING and failure.state != "recovered"
    }
    assert wrong == {}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_it(text: bytes) -> None:
    """Any bytes give failures or none."""
    assert all(isinstance(failure, Failure) for failure in read_failures(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=25).map("".join), st.booleans(), st.sampled_from([None, Level.ERROR]))
def test_no_words_break_it(text: str, ends: bool, level: Level | None) -> None:  # noqa: FBT001
    """Words of error lines in any order give failures whose lines are lines of the text."""
    lines = text.count("\n") + 1
    for failure in read_failures(text.encode(), Hints(ends=ends, level=level)):
        assert 1 <= failure.line <= failure.until <= lines
        assert failure.count >= 1


@pytest.mark.parametrize(
    "text",
    [
        b"error " + b"a" * 1_000_000,
        b"error: " * 150_000,
        b"error " + b": " * 500_000,
        b'level=error msg="' + b'\\"' * 500_000,
        b'error {"a":' * 90_000,
        b"error " + b"1." * 500_000,
        b"failed to open " + b"/a" * 500_000,
        b"[error] " * 125_000,
        b"  error\n" * 125_000,
        b"Caused by: \n" * 90_000,
        b"2026-03-01T09:10:11Z stderr P error x\n" * 26_000,
        b"error\n" + b" \n" * 500_000,
        b"Traceback (most recent call last):\n" * 28_000,
        b'E0301 09:10:11.1 1 c.go:1] "' + b"a\\" * 500_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_hostile_megabyte_takes_no_time(text: bytes) -> None:
    """A megabyte made to be slow is read in well under two seconds of one busy processor."""
    start = time.process_time()
    read_failures(text)
    assert time.process_time() - start < 2


def _only(failures: tuple[Failure, ...]) -> Failure:
    assert len(failures) == 1
    return failures[0]


def _without_place(failure: Failure) -> Failure:
    return msgspec.structs.replace(failure, **dict.fromkeys(_TOLD_BY_CARRIERS, ""))
