"""Runs tasks side by side under one time limit; a task that hangs is left behind."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from facts.collect.concurrency.progress import count, is_stopped

Result = TypeVar("Result")

_GLANCE = 0.1
"""Seconds between two checks whether waiting should end early."""


def run_all(
    tasks: Sequence[Callable[[], Result]], workers: int, seconds: float, grace: float = 0.0
) -> list[Result | None]:
    """Return the results of `tasks` in their order, None for each that is not finished after `seconds`.

    At most `workers` run at a time. What a task raises is raised here. Unlike those of `concurrent.futures`, the
    threads do not keep the program from ending: looking up a name, or a plugin for credentials, may hang for minutes.
    Where the work is stopped (`facts.collect.concurrency.progress`), the tasks that run have `grace` seconds left.
    """
    count(0, len(tasks))
    futures: list[Future[Result]] = [Future() for _ in tasks]
    waiting: SimpleQueue[tuple[Callable[[], Result], Future[Result]]] = SimpleQueue()
    for pair in zip(tasks, futures, strict=True):
        waiting.put(pair)
    for _ in range(min(workers, len(tasks)) if grace or not is_stopped() else 0):
        Thread(target=copy_context().run, args=(_work, waiting), daemon=True).start()
    _wait(futures, seconds, grace)
    for future in futures:
        future.cancel()
    return [future.result() if future.done() and not future.cancelled() else None for future in futures]


def _wait(futures: "Sequence[Future[Result]]", seconds: float, grace: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_stopped():
        left = deadline - time.monotonic()
        if left <= 0 or not wait(futures, min(left, _GLANCE)).not_done:
            return
    wait(futures, min(grace, max(0.0, deadline - time.monotonic())))


def _work(waiting: "SimpleQueue[tuple[Callable[[], Result], Future[Result]]]") -> None:
    while True:
        try:
            task, future = waiting.get_nowait()
        except Empty:
            return
        if not future.set_running_or_notify_cancel():
            continue
        try:
            future.set_result(task())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            future.set_exception(error)
        count(1, 0)
