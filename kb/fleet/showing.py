"""Shows on standard error how far a replay is."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from kb.fleet.result import Replayed

_EVERY = 4
"""How often a second the line is drawn anew."""


class Tally(msgspec.Struct):
    """How many results there are: `kept` of an earlier run, `done` in this one, and how many of all could not be read."""

    kept: int = 0
    done: int = 0
    unread: int = 0

    def count(self, result: Replayed, *, kept: bool = False) -> None:
        """Count a result."""
        self.kept += kept
        self.done += not kept
        self.unread += result.error is not None

    @property
    def total(self) -> int:
        """All results."""
        return self.kept + self.done


def line(tally: Tally, total: int, seconds: float) -> str:
    """Return the line for a terminal.

    >>> line(Tally(kept=10, done=30, unread=1), 100, 2.0)
    '40 of 100 · 1 could not be read · 15.0/s · 4 s left'
    """
    rate = tally.done / seconds if seconds > 0 else 0.0
    parts = [f"{tally.total} of {total}"]
    if tally.unread:
        parts.append(f"{tally.unread} could not be read")
    if rate:
        parts += [f"{rate:.1f}/s", f"{max(total - tally.total, 0) / rate:.0f} s left"]
    return " · ".join(parts)


@contextmanager
def showing(tally: Tally, total: Callable[[], int]) -> Iterator[None]:
    """Show `tally` while the block runs, when standard error is a terminal; only then `total` is asked."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and nothing is shown in a pipe
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    number, started = total(), time.monotonic()

    def drawn() -> Any:
        return Text(line(tally, number, time.monotonic() - started), style="dim", no_wrap=True)

    console = Console(stderr=True)
    with Live(get_renderable=drawn, console=console, transient=True, refresh_per_second=_EVERY, redirect_stdout=False):
        yield
