"""Results come in the order of the paths, and a process that dies costs only what killed it."""

import os
import signal
from pathlib import Path

from kb.fleet.crew import Processes, replay_all
from kb.fleet.replay import Setting, failed
from kb.fleet.result import Replayed

SETTING = Setting("sha256:0")


def work(path: str, setting: Setting) -> Replayed:
    """Kill this process for a path that says so: `deadly` each time, `once` until the file there is."""
    name = Path(path).name
    if name == "deadly" or (name == "once" and not Path(path).exists()):
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return failed(path, setting.digest, "done")


def test_the_order_is_that_of_the_paths() -> None:
    """More paths than are given out at once, on several processes."""
    paths = [f"{number}" for number in range(100)]
    with Processes(SETTING, 3, work) as crew:
        assert [one.path for one in replay_all(paths, crew)] == paths


def test_a_process_that_dies_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """What kills a process once is done again; what kills each has a result that says so; the others have theirs."""
    paths = [str(tmp_path / name) for name in ("a", "b", "once", "c", "deadly", "d", *map(str, range(30)))]
    with Processes(SETTING, 2, work) as crew:
        results = list(replay_all(paths, crew))
    assert [one.path for one in results] == paths
    wrong = {Path(one.path).name: one.error or "" for one in results if one.error != "done"}
    assert list(wrong) == ["deadly"]
    assert "ended twice" in wrong["deadly"]


def test_paths_are_asked_for_as_they_are_needed() -> None:
    """A fleet of any size has a few snapshots under way."""
    asked = 0

    def paths() -> object:
        nonlocal asked
        for number in range(1000):
            asked += 1
            yield f"{number}"

    with Processes(SETTING, 2, work) as crew:
        next(replay_all(paths(), crew))  # type: ignore[arg-type]
    assert asked <= 10
