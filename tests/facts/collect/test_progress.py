"""Progress counts what runs under it, and stops it."""

import threading
from collections.abc import Callable

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
