"""Programs of the user's PATH: what they print and how they end is kept, and none outlives its time."""

import os
import subprocess
import time

import pytest

from facts.collect.concurrency.progress import Progress, watched
from facts.collect.machines import program
from facts.collect.machines.program import run_program

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # `sh` forks beside our threads


def test_output_errors_and_exit_status() -> None:
    """Both streams are kept apart, and standard input is what is given."""
    ended = run_program(["sh", "-c", "cat; echo oh >&2; exit 3"], 10, b"hello\n")
    assert ended is not None
    assert (ended.status, ended.output, ended.errors, ended.text) == (3, b"hello\n", b"oh\n", b"hello\noh\n")


def test_a_program_that_does_not_exist() -> None:
    """There is nothing to tell of it."""
    assert run_program(["no-such-program-anywhere"], 10) is None


def test_a_program_that_kills_itself() -> None:
    """A signal is a negative status."""
    ended = run_program(["sh", "-c", "kill -9 $$"], 10)
    assert ended is not None
    assert ended.status == -9


def test_time_is_up_for_all_that_was_started() -> None:
    """What it printed by then is kept, and its children die with it."""
    started = time.monotonic()
    ended = run_program(["sh", "-c", "sleep 600 & echo $!; wait"], 0.3)
    assert ended is not None
    assert ended.status is None
    assert time.monotonic() - started < 300
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(int(ended.output))], capture_output=True, text=True, check=False
    )
    assert state.stdout.strip() == "" or state.stdout.startswith("Z")


def test_the_locale_is_c_and_the_environment_is_added_to() -> None:
    """Messages come in the words that readers know."""
    ended = run_program(["sh", "-c", 'echo "$LC_ALL $MORE $HOME"'], 10, environment={"MORE": "more"})
    assert ended is not None
    assert ended.output.decode() == f"C more {os.environ['HOME']}\n"


def test_nobody_is_asked_anything() -> None:
    """There is no terminal to ask on."""
    ended = run_program(["sh", "-c", "exec 3</dev/tty"], 10)
    assert ended is not None
    assert ended.status != 0


def test_a_flood_is_kept_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that prints without end does not fill the memory of this one."""
    monkeypatch.setattr(program, "OUTPUT_LIMIT", 1000)
    ended = run_program(["sh", "-c", "head -c 100000 /dev/zero; echo end >&2"], 10)
    assert ended is not None
    assert (len(ended.output), ended.errors, ended.status) == (1000, b"end\n", 0)


def test_a_program_ends_with_the_work_that_it_is_part_of() -> None:
    """Nothing that was started is left behind when the user ends a look early."""
    progress, started = Progress(), time.monotonic()
    progress.stop()
    with watched(progress, "x"):
        ended = run_program(["sh", "-c", "sleep 600"], 60)
    assert ended is not None
    assert ended.status is None
    assert time.monotonic() - started < 300
