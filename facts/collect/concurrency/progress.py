"""How far a long look is, for whoever watches it, and whether it shall end early with what there is.

The work does not know who watches: `watched` says so for all that runs inside it, in threads of `run_all` too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from threading import Lock

import msgspec


class Part(msgspec.Struct, frozen=True):
    """One part of the work: how many of its known tasks are done."""

    name: str
    done: int
    total: int


class Progress:
    """Counts the tasks of each part; safe to use from any thread. A signal handler may call `stop`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers: dict[str, list[int]] = {}
        self._is_stopped = False
        # Not an Event: whoever waits for one holds its lock for a moment, and a handler that interrupts him then
        # would wait for that lock for ever. SimpleQueue.put alone may be called in the midst of any other call
        # (https://docs.python.org/3/library/queue.html#queue.SimpleQueue.put).
        self._wakes: SimpleQueue[None] = SimpleQueue()

    def stop(self) -> None:
        """Ask all that runs under this progress to end with what it has."""
        self._is_stopped = True
        self._wakes.put(None)

    @property
    def is_stopped(self) -> bool:
        """Whether the work shall end early."""
        return self._is_stopped

    def wait(self, seconds: float) -> bool:
        """Wait for `seconds`, or until the work is stopped; return whether it is."""
        try:
            self._wakes.get(timeout=seconds)
        except Empty:
            return self._is_stopped
        self._wakes.put(None)  # for whoever waits besides, and for the next who does
        return True

    def add(self, name: str, done: int, total: int) -> None:
        """Count `done` tasks more as done, and `total` more as known."""
        with self._lock:
            numbers = self._numbers.setdefault(name, [0, 0])
            numbers[0] += done
            numbers[1] += total

    def forget(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self._numbers.clear()

    def parts(self) -> tuple[Part, ...]:
        """Return the parts, in the order in which they began."""
        with self._lock:
            return tuple(Part(name, done, total) for name, (done, total) in self._numbers.items())


class _Watched(msgspec.Struct, frozen=True):
    progress: Progress
    part: str = ""


_WATCHED: ContextVar[_Watched | None] = ContextVar("watched", default=None)


@contextmanager
def watched(progress: Progress, part: str = "") -> Iterator[None]:
    """Let what runs inside count towards `part` of `progress`, and end when it is stopped."""
    token = _WATCHED.set(_Watched(progress, part))
    try:
        yield
    finally:
        _WATCHED.reset(token)


@contextmanager
def part_of(name: str) -> Iterator[None]:
    """Let what runs inside count towards `name`, below the part that it is in."""
    here = _WATCHED.get() or _Watched(Progress())
    with watched(here.progress, f"{here.part}/{name}".lstrip("/")):
        yield


def is_stopped() -> bool:
    """Return True if the caller's work should end early."""
    here = _WATCHED.get()
    return here is not None and here.progress.is_stopped


def count(done: int, total: int) -> None:
    """Count tasks of the part that the caller is in."""
    here = _WATCHED.get()
    if here is not None and here.part:
        here.progress.add(here.part, done, total)
