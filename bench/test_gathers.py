"""What an archive of a healthy cluster costs: a must-gather of some hundred Pods, with their objects and a day of logs.

The times are CPU-seconds of this process, the memory is what it held more at its peak than before.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.archives.layouts import must_gather
from tests.archives.packing import write_folder
from tests.archives.world import healthy
from tests.made_logs import FILES, lines_of

PODS, LOG = 120, 130_000
"""Pods of each of three workloads, and bytes of the log of one of them."""

RATE = 8
"""Megabytes that are read, extracted, scanned and judged in a CPU-second at least: half of what was measured."""

MEMORY = 350
"""Megabytes that the process may hold."""

_DIAGNOSE = """
import resource, sys
from facts.model.stages import measured, peak_memory, stage
from facts.read.evidence import read_evidence
from engine.match.chaining.reference import ReferenceEngine
from kb.catalogue.catalogue import load_catalogue
from kb.report.diagnose import diagnose
program = load_catalogue().program()
with measured() as profile:
    with stage("read"):
        snapshot = read_evidence([sys.argv[1]])
    diagnose(snapshot, program, ReferenceEngine())
print(sum(each.cpu for each in profile.stages), peak_memory())
"""


def _made(folder: Path) -> int:
    """Write the must-gather into `folder`; return its bytes. A third of the logs have warnings and errors of the day."""
    world = healthy(PODS)
    for number, place in enumerate(sorted(world.logs)):
        name, moment = FILES[1 + number % (len(FILES) - 1)], datetime(2026, 11, 23, 8, tzinfo=UTC)
        lines = list(lines_of(name, "quiet" if number % 3 else "mixed", LOG))
        step = timedelta(hours=24.5) / len(lines)
        world.logs[place] = "".join(
            f"{moment + step * count:%Y-%m-%dT%H:%M:%S.%f}000Z {line.decode()}" for count, line in enumerate(lines)
        )
    files = {name: body for name, body in must_gather(world).items() if "/rotated/" not in name}
    write_folder(files, folder)
    return sum(map(len, files.values()))


def test_a_must_gather_is_diagnosed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a process of its own, whose memory is nobody else's."""
    size = _made(tmp_path) / 1e6
    command = [sys.executable, "-c", _DIAGNOSE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, peak = map(float, done.stdout.split())
    with capsys.disabled():
        print(
            f"\ngather: {size:.0f} MB in {seconds:.1f} CPU-s, {size / seconds:.1f} MB/CPU-s, {peak / 1e6:.0f} MB held"
        )
    assert size / seconds > RATE
    assert peak / 1e6 < MEMORY
