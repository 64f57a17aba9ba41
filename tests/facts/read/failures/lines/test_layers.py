"""What carriers put around a line comes off, and what they tell is kept."""

import pytest

from facts.read.failures.lines.layers import LINE_BYTES, peel


@pytest.mark.parametrize(
    ("raw", "text", "program", "node"),
    [
        ("Mar 01 09:10:11 cart-7 kubelet[901]: hello", "hello", "kubelet", "cart-7"),
        ("3월 01 09:10:11 cart-7 kubelet[901]: hello", "hello", "kubelet", "cart-7"),
        ("2026-03-01T09:10:11+0000 cart-7 kubelet[901]: hello", "hello", "kubelet", "cart-7"),
        ("<30>1 2026-03-01T09:10:11Z cart-7 crond 12 - - hello", "hello", "crond", "cart-7"),
        ("<4>[  12.345678] hello", "hello", "kernel", ""),
        ("[Sun Mar  1 09:10:11 2026] hello", "hello", "kernel", ""),
        ("2026-03-01 09:10:11,120 hello", "hello", "", ""),
        ("[2026-03-01T09:10:11,120][ERROR] hello", "[ERROR] hello", "", ""),
        ("2026-03-01T09:10:11.120Z ERROR cart: hello", "ERROR cart: hello", "", ""),
        ("2026-03-01 09:10:11.1200 W | auth: hello", "W | auth: hello", "", ""),
        ('{"log":"\\tat a.B(C.java:1)\\n","stream":"stderr","time":"x"}', "\tat a.B(C.java:1)", "", ""),
        ("Error: no | yes", "Error: no | yes", "", ""),
    ],
)
def test_layers_come_off(raw: str, text: str, program: str, node: str) -> None:
    """A line is what the program printed, with program and node as far as a carrier tells them."""
    line = peel(raw)
    assert (line.text, line.program, line.node) == (text, program, node)


def test_line_that_the_runtime_cut_is_partial() -> None:
    """CRI marks a line that goes on with P."""
    assert peel("2026-03-01T09:10:11Z stdout P begin").partial


def test_long_line_is_cut() -> None:
    """A line is read as far as its limit."""
    assert len(peel(b"x" * 3 * LINE_BYTES).text) == LINE_BYTES
