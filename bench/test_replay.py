"""How many snapshots of one megabyte a replay diagnoses in a second, by whom, and the memory that it takes for few and for many."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.made_fleet import write_fleet

FEW, MANY = 20, 200
FLOOR = 3.5
"""Snapshots that a process diagnoses in a CPU-second at least, the rules being loaded: less than half of what was measured."""
RATIO = 1.7
"""How many times as fast two workers of Dask are as one, where two processors are idle."""


class Cost(msgspec.Struct, frozen=True):
    """What a replay took: seconds, CPU-seconds, and the memory of its largest process in MB."""

    seconds: float
    used: float
    memory: float


def _replay(folder: Path, *options: str) -> Cost:
    """Replay `folder` in a process of its own."""
    command = [sys.executable, "-m", "kb", "replay", str(folder), "-o", "jsonl", *options]
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return a small and a large fleet."""
    made = {number: tmp_path_factory.mktemp("fleet") / f"{number}" for number in (FEW, MANY)}
    for number, folder in made.items():
        write_fleet(folder, number)
    return made


def _measured(folders: dict[int, Path], *options: str) -> tuple[Cost, Cost]:
    """Return what a large fleet takes more than a small one, which leaves out what loads the rules, and what it takes itself."""
    few, many = (_replay(folders[number], *options) for number in (FEW, MANY))
    return Cost(many.seconds - few.seconds, many.used - few.used, many.memory / few.memory), many


@pytest.mark.parametrize("engine", ["reference", "durable"])
@pytest.mark.parametrize("workers", [1, 2])
def test_snapshots_are_diagnosed(
    folders: dict[int, Path], workers: int, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Processes of this machine; ten times as many snapshots take no more memory."""
    more, many = _measured(folders, "--workers", f"{workers}", "--engine", engine)
    rate, per_cpu = (MANY - FEW) / more.seconds, (MANY - FEW) / more.used
    with capsys.disabled():
        print(
            f"\nreplay, {workers} of {os.cpu_count()} processors, {engine}: {rate:.1f} snapshots/s, {per_cpu:.1f}/CPU-s; "
            f"{MANY} in {many.seconds:.1f} s and {many.memory:.0f} MB, {more.memory:.2f} times the memory of {FEW}"
        )
    assert per_cpu > FLOOR
    assert more.memory < 1.3


def test_two_workers_of_dask_share_the_work(folders: dict[int, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Two workers are nearly twice as fast as one, when the machine has two processors for them."""
    one, two = (_measured(folders, "--dask", "--workers", n, "--engine", "reference")[0] for n in "12")
    ratio = one.seconds / two.seconds
    with capsys.disabled():
        print(f"\nreplay with Dask: two workers are {ratio:.2f} times as fast as one")
    assert ratio > RATIO
