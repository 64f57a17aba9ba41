"""The time at the head of a line, in the forms in which programs write it."""

import pytest

from facts.read.failures.lines.clocks import clock_of


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"2026-03-02T08:00:00.123Z x", b"2026-03-02T09:00:00Z y"),
        (b"2026/03/02 08:00:00 [error] 1#1: x", b"2026/03/02 09:00:00 [notice] 1#1: y"),
        (b"E0302 08:00:00.000000 1 a.go:1] x", b"I0302 09:00:00.000000 1 a.go:1] y"),
        (b"Mar  2 08:00:00 w1 kubelet[1]: x", b"Mar  2 09:00:00 w1 kubelet[1]: y"),
        (b'{"level":"error","ts":1772438400.1,"msg":"x"}', b'{"level":"info","ts":1772442000,"msg":"y"}'),
        (b'{"time":1772438400123,"msg":"x"}', b'{"time":1772442000123,"msg":"y"}'),
    ],
)
def test_an_hour_is_an_hour(before: bytes, after: bytes) -> None:
    """Lines of one form compare."""
    first, second = clock_of(before), clock_of(after)
    assert first is not None
    assert second is not None
    assert (first[0], second[1] - first[1]) == (second[0], 3600.0)


@pytest.mark.parametrize("line", [b"no time", b"2026-13-45T08:00:00Z x", b"Xyz 12 08:00:00 x", b"E1340 08:00:00 x"])
def test_what_is_no_time_is_none(line: bytes) -> None:
    """Days that no calendar has are no reason to fail."""
    assert clock_of(line) is None
