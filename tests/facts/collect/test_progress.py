"""Progress counts what runs under it, and stops it."""

import sys
import threading
from collections.abc import Callable
from itertools import count
from types import FrameType
from typing import Any

from facts.collect.concurrency.parallel import run_all
from facts.collect.concurrency.progress import Part, Progress, is_stopped, part_of, watched


def test_tasks_count_for_the_part_they_run_in() -> None:
    """Each part has its own numbers, in threads and in tasks of tasks too."""
    progress = Progress()

    def collector() -> None:
        with part_of("kubernetes"):
            run_all([lambda: 1, lambda: 2], 2, 10)

    with watched(progress, "prod"):
        run_all([collector], 1, 10)
    assert progress.parts() == (Part("prod", 1, 1), Part("prod/kubernetes", 2, 2))


def test_nobody_need_watch() -> None:
    """Without a watcher nothing is counted, and nothing is stopped."""
    assert run_all([is_stopped], 1, 10) == [False]


def test_a_stop_leaves_behind_what_is_not_done() -> None:
    """What was finished by then is kept; what hangs, and what has not begun, is None."""
    progress, never = Progress(), threading.Event()

    def stops() -> str:
        progress.stop()
        return "done"

    with watched(progress, "x"):
        tasks: list[Callable[[], object]] = [stops, never.wait, lambda: 3]
        assert run_all(tasks, 2, 60)[1] is None
        assert run_all([lambda: 4], 1, 60) == [None]
    never.set()


def test_what_is_stopped_may_have_some_time_left() -> None:
    """Collectors hand over what they have: with a grace, tasks are run even then."""
    progress = Progress()
    progress.stop()
    with watched(progress, "x"):
        assert run_all([lambda: 4], 1, 60, grace=10) == [4]


def test_numbers_can_begin_anew() -> None:
    """A second look is not counted on top of the first."""
    progress = Progress()
    progress.add("x", 1, 2)
    progress.forget()
    assert progress.parts() == ()


def _wait_and_stop(progress: Progress, step: int) -> bool:
    """Wait for a moment, and stop after `step` steps of the interpreter, as a signal handler would; return if one was left."""
    steps = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        if steps == step:
            sys.settrace(None)
            progress.stop()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        progress.wait(0.001)
    finally:
        sys.settrace(before)
    return steps >= step


def test_a_stop_may_interrupt_a_wait_at_any_point() -> None:
    """Ctrl-C comes between any two steps of whoever waits: he never waits for a lock that he holds himself."""
    outcomes: list[bool] = []

    def at_every_step() -> None:
        for step in count(1):
            progress = Progress()
            if not _wait_and_stop(progress, step):
                break
            outcomes.append(progress.wait(60))

    thread = threading.Thread(target=at_every_step, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert outcomes
    assert all(outcomes)


def test_a_stop_ends_every_wait() -> None:
    """All who wait are woken, and who comes later need not wait."""
    progress, ended = Progress(), list[bool]()
    threads = [threading.Thread(target=lambda: ended.append(progress.wait(60)), daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    progress.stop()
    for thread in threads:
        thread.join(20)
    assert [*ended, progress.wait(60)] == [True] * 4
