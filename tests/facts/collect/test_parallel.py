"""Tasks side by side: results in order, failures raised, and nobody waits for one that hangs."""

import threading

import pytest

from facts.collect.concurrency.parallel import run_all


def test_results_come_in_the_order_of_the_tasks() -> None:
    """Which task ends first does not matter."""
    second_done = threading.Event()

    def first() -> str:
        second_done.wait()
        return "first"

    def second() -> str:
        second_done.set()
        return "second"

    assert run_all([first, second], 2, 10) == ["first", "second"]


def test_what_does_not_come_back_is_left_behind() -> None:
    """A task that hangs is None when the time is over, and so is one that waited for its place."""
    never = threading.Event()
    assert run_all([lambda: 1, never.wait, lambda: 2], 1, 0.05) == [1, None, None]
    never.set()


def test_what_a_task_raises_is_raised() -> None:
    """A fault is not lost in a thread."""

    def fails() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        run_all([fails], 1, 10)


def test_no_more_than_the_workers_run_at_a_time() -> None:
    """The server is asked so many things at once, and no more."""
    lock, running, most = threading.Lock(), 0, 0
    together = threading.Barrier(3)

    def task() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1

    run_all([task] * 9, 3, 10)
    assert most == 3
