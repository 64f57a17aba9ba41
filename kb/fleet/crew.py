"""Who diagnoses the snapshots of a fleet: this process, or a pool of processes; the results come in the order of the paths."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Protocol, Self

from kb.fleet.replay import Setting, failed, replay_path, unload
from kb.fleet.result import Replayed

AHEAD = 4
"""Snapshots that are given out for each worker: a slow one keeps the others busy for a while, and memory stays small."""
_LOST = "the process that diagnosed it ended twice, as it does when memory is short; give it to `kbdiag infer` alone"

Work = Callable[[str, Setting], Replayed]


class Crew(AbstractContextManager["Crew"], Protocol):
    """Those who do the work."""

    @property
    def ahead(self) -> int:
        """The number of snapshots that they take before the first result is awaited."""
        ...

    def begin(self, path: str) -> Any:
        """Give out the snapshot at `path`; return what stands for the work."""
        ...

    def result(self, path: str, work: Any) -> Replayed:
        """Wait for the result of what was begun."""
        ...


def replay_all(paths: Iterable[str], crew: Crew) -> Iterator[Replayed]:
    """Give the result of each of `paths`, in their order, whoever is done first."""
    waiting: deque[tuple[str, Any]] = deque()
    for path in paths:
        waiting.append((path, crew.begin(path)))
        if len(waiting) > crew.ahead:
            yield crew.result(*waiting.popleft())
    while waiting:
        yield crew.result(*waiting.popleft())


class Alone:
    """Does all the work in this process."""

    ahead = 0

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unload(self._setting)

    def begin(self, path: str) -> "Future[Replayed]":
        """Do the work at once."""
        work: Future[Replayed] = Future()
        work.set_result(replay_path(path, self._setting))
        return work

    def result(self, path: str, work: "Future[Replayed]") -> Replayed:  # noqa: ARG002 - as the protocol says
        """Return what `begin` did."""
        return work.result()


class Processes:
    """A pool of fresh processes, each of which loads the rules once.

    When a process dies, what was given out is done again in a process of its own; what kills that one too is a result
    that says so. On leaving, processes that are still at work are ended.
    """

    def __init__(self, setting: Setting, number: int, work: Work = replay_path) -> None:
        self.ahead = AHEAD * number
        self._setting, self._number, self._work = setting, number, work
        self._pool = _Pool(number)
        self._spare: _Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.end()
        if self._spare is not None:
            self._spare.end()

    def begin(self, path: str) -> "Future[Replayed]":
        """Give `path` to the pool; to a new one when that is broken."""
        try:
            return self._pool.submit(self._work, path, self._setting)
        except BrokenProcessPool:
            self._pool.end()
            self._pool = _Pool(self._number)
            return self._pool.submit(self._work, path, self._setting)

    def result(self, path: str, work: "Future[Replayed]") -> Replayed:
        """Return the result; of what a broken pool left undone, that of a second try."""
        try:
            return work.result()
        except BrokenProcessPool:
            self._spare = self._spare or _Pool(1)
        try:
            return self._spare.submit(self._work, path, self._setting).result()
        except BrokenProcessPool:
            self._spare.end()
            self._spare = None
            return failed(path, self._setting.digest, _LOST)


class _Pool:
    """Processes that begin with the first tasks, never see Ctrl-C, and end with this process whatever becomes of it."""

    def __init__(self, number: int) -> None:
        self._executor = ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), _begin)
        self._processes: list[multiprocessing.process.BaseProcess] = []

    def submit(self, work: Work, path: str, setting: Setting) -> "Future[Replayed]":
        """Give out a snapshot; a process more begins with it while there are fewer than there may be."""
        before = set(multiprocessing.active_children())
        with undisturbed():
            try:
                return self._executor.submit(work, path, setting)
            finally:
                self._processes += [one for one in multiprocessing.active_children() if one not in before]

    def end(self) -> None:
        """End all processes, whatever they are at."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from the processes and threads that begin inside: it reaches the whole group, and is the caller's alone.

    A blocked signal stays blocked in a thread or process that begins meanwhile; here it comes when the block ends.
    """
    resource_tracker.ensure_running()  # in the thread that starts it, multiprocessing lifts the block
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)


def _begin() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
