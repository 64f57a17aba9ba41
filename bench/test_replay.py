"""How many snapshots of one megabyte a replay diagnoses in a second, and the memory that it takes for few and for many."""

import os
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.made_fleet import write_fleet

FEW, MANY = 20, 200
FLOOR = 3.5
"""Snapshots that a process diagnoses in a CPU-second at least, the rules being loaded: half of what was measured."""


def _replay(folder: Path, workers: int, *more: str) -> tuple[float, float, float]:
    """Replay `folder` in a process of its own; return seconds, CPU-seconds and the largest process in MB."""
    command = [sys.executable, "-m", "kb", "replay", str(folder), "-o", "jsonl", "--workers", str(workers), *more]
    measured = partial(resource.getrusage, resource.RUSAGE_CHILDREN)
    before, start = measured(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, seconds = measured(), time.monotonic() - start
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, after.ru_maxrss / 1024


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return a small and a large fleet."""
    made = {number: tmp_path_factory.mktemp("fleet") / f"{number}" for number in (FEW, MANY)}
    for number, folder in made.items():
        write_fleet(folder, number)
    return made


@pytest.mark.parametrize("engine", ["reference", "durable"])
@pytest.mark.parametrize("workers", [1, 2])
def test_snapshots_are_diagnosed(
    folders: dict[int, Path], workers: int, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The difference of a large and a small fleet leaves out what loads the rules."""
    few, many = (_replay(folders[number], workers, "--engine", engine) for number in (FEW, MANY))
    seconds, used = many[0] - few[0], many[1] - few[1]
    rate, per_cpu = (MANY - FEW) / seconds, (MANY - FEW) / used
    with capsys.disabled():
        print(
            f"\nreplay, {workers} of {os.cpu_count()} processors, {engine}: {rate:.1f} snapshots/s, {per_cpu:.1f}/CPU-s; "
            f"{MANY} in {many[0]:.1f} s; largest process {few[2]:.0f} MB for {FEW}, {many[2]:.0f} MB for {MANY}"
        )
    assert per_cpu > FLOOR
    assert many[2] < 1.2 * few[2]
