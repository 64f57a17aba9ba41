"""Shows on standard error how far a look at clusters is, and ends it early on Ctrl-C with what there is by then."""

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from facts.collect.concurrency.progress import Part, Progress, watched

_STOPS = (signal.SIGINT, signal.SIGTERM)
_EVERY = 8
"""How often a second the line is drawn anew."""


@contextmanager
def looking() -> Iterator[Progress]:
    """Watch what runs inside. The first Ctrl-C, or a polite kill, stops it; a second Ctrl-C breaks it off.

    On a terminal one line for each cluster says how far it is; elsewhere nothing is written.
    """
    progress = Progress()
    with stopping(progress), shown(progress), watched(progress):
        yield progress


@contextmanager
def stopping(progress: Progress) -> Iterator[None]:
    """Let the first Ctrl-C, or a polite kill, stop `progress`, and a second Ctrl-C break off what runs inside."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return
    before = {number: signal.getsignal(number) for number in _STOPS}

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        progress.stop()
        signal.signal(number, signal.default_int_handler)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as under nohup: whoever started us decided
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def shown(progress: Progress) -> Iterator[None]:
    """Show `progress` on standard error while the block runs, when that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and nothing is shown in a pipe
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    started = time.monotonic()

    def drawn() -> Any:
        return Text("\n".join(lines(progress, time.monotonic() - started)), style="dim", no_wrap=True)

    with Live(
        get_renderable=drawn,
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=_EVERY,
        redirect_stdout=False,
    ):
        yield


def lines(progress: Progress, seconds: float) -> list[str]:
    """Return a line for each cluster: `prod: kubernetes 23/38, nodes 2/5 · 4 s`."""
    clusters: dict[str, list[Part]] = {}
    for part in progress.parts():
        cluster, _, name = part.name.rpartition("/")
        if part.total:
            clusters.setdefault(cluster, []).append(Part(name, part.done, part.total))
    ending = "ending with what there is · Ctrl-C again to break off" if progress.is_stopped else f"{seconds:.0f} s"
    told = [
        f"{cluster + ': ' if cluster else ''}{', '.join(f'{one.name} {one.done}/{one.total}' for one in parts)} · {ending}"
        for cluster, parts in clusters.items()
    ]
    return told or [f"looking · {ending}"]
