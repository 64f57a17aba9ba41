"""Lines that belong together are one record."""

import pytest

from facts.read.failures import read_failures
from facts.read.failures.lines.extent import MAXIMUM_LINES, Extents
from facts.read.failures.lines.records import record_of


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ERROR no\n\tat a.B(C.java:1)\nCaused by: x\n\t... 3 more\nINFO yes", 4),
        ("Traceback (most recent call last):\n  File \"a.py\", line 1\n    x\nKeyError: 'A'\nnext", 4),
        ('E0301 09:10:11.1 1 a.go:1] "no" err=<\n\tb\n >\nE0301 09:10:11.1 1 a.go:1] "no"', 3),
        ('level=error msg="a\nb"\nlevel=info msg=c', 2),
        ("Error: no\n\nCaused by:\n    0: a\n    1: b\nnext: line", 5),
        ("2026-03-01 09:10:11 UTC [7] ERROR:  no\n2026-03-01 09:10:11 UTC [7] DETAIL:  more\n2026-03-01 09:10:11 UTC [8] ERROR:  no", 2),
        ("Mar 01 09:10:11 n a[1]: ERROR no\nMar 01 09:10:11 n b[2]: \tat x.Y(Z.java:1)", 1),
        ("ERROR no\nERROR no", 1),
    ],
)  # fmt: skip
def test_lines_that_continue_belong_to_the_first(text: str, lines: int) -> None:
    """A record reaches as far as its lines continue the first."""
    raw = text.encode()
    first, last = Extents(raw).of(0, raw.find(b"\n"))
    assert (first, raw[first:last].count(b"\n") + 1) == (0, lines)


def test_record_has_a_limit() -> None:
    """A trace without an end is cut."""
    raw = b"ERROR no\n" + b"\tat a.B(C.java:1)\n" * 5_000
    _, last = Extents(raw).of(0, 8)
    assert raw[:last].count(b"\n") + 1 == MAXIMUM_LINES


def test_indented_line_belongs_to_the_line_above() -> None:
    """What an information dumps below itself is part of it."""
    assert read_failures(b"INFO settings:\n  on_error: failed to open /x: permission denied\n") == ()


def test_lines_that_the_runtime_cut_are_joined() -> None:
    """A line in two pieces is one line."""
    raw = b"2026-03-01T09:10:11Z stderr P open /x: per\n2026-03-01T09:10:11Z stderr F mission denied"
    assert record_of(raw).lines == ("open /x: permission denied",)


LONG = (
    "E0301 09:10:11.120000     31 kubelet.go:145] Failed to start OOM watcher open /dev/kmsg: no such file or directory"
)


@pytest.mark.parametrize(
    "text",
    [f"{LONG[:100]}\n{LONG[100:]}\n", LONG.replace("such file", "such\nfile")],
    ids=["folded at a width", "folded between words"],
)
def test_folded_lines_are_one(text: str) -> None:
    """A line that a terminal or an editor folded says what it said before."""
    (failure,) = read_failures(text.encode())
    assert (failure.error.value, failure.object) == ("not-found", "/dev/kmsg")
