"""A Dask cluster gives the bytes that one process gives, whatever becomes of its workers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kb.fleet.crew import replay_all
from kb.fleet.dask_crew import DaskCluster
from kb.fleet.replay import Setting, failed
from kb.fleet.result import Replayed
from tests.kb.clusters import CRASH
from tests.kb.rulebook import kbdiag, write_rules
from tests.kb.test_cli import KBDIAG, ROOT
from tests.kb.test_diff import crashing, snapshot

NUMBER = 60


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a folder of snapshots, one of which is damaged."""
    folder = tmp_path / "fleet"
    folder.mkdir()
    first = snapshot(folder, "s00.tar.zst", crashing("shop-6f7c8d9b5-aaaaa"))
    for number in range(1, NUMBER):
        os.link(first, folder / f"s{number:02d}.tar.zst")
    (folder / "s90.tar.zst").write_bytes(first.read_bytes()[:100])
    return folder


def arguments(folder: Path, *more: str) -> list[str]:
    """Return the arguments for a replay with one rule."""
    rules = folder.parent / "rules"
    if not rules.exists():
        write_rules(rules, CRASH)
    options = ("--no-bundled-rules", "--rules", rules, "--engine", "reference", "-o", "jsonl")
    return [str(one) for one in ("replay", folder, *options, *more)]


@contextmanager
def started(module: str, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a program of Dask until the block ends; its standard error can be read."""
    command = [sys.executable, "-m", module, "--no-dashboard", "--dashboard-address", "127.0.0.1:0", *options]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: "subprocess.Popen[str]", word: str) -> str:
    """Wait for the line of standard error that holds `word`, and return it."""
    assert process.stderr is not None
    return next(line for line in process.stderr if word in line)


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """Run a scheduler and workers of one thread each on loopback; give its address, and the workers."""
    with ExitStack() as stack:
        place = ("--host", "127.0.0.1", "--port", "0")
        scheduler = stack.enter_context(started("distributed.cli.dask_scheduler", *place))
        address = told(scheduler, "Scheduler at:").split()[-1]
        options = (address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny")
        hands = [stack.enter_context(started("distributed.cli.dask_worker", *options)) for _ in range(workers)]
        for hand in hands:
            told(hand, "Registered to:")
        yield address, hands


def test_a_worker_that_dies_loses_nothing_and_doubles_nothing(fleet: Path) -> None:
    """One of two is killed after the first result; the lines are those of one process that did it all."""
    whole = kbdiag(*arguments(fleet, "--workers", "1")).stdout
    with cluster(2) as (address, workers):
        command = [*KBDIAG, *arguments(fleet, "--scheduler", address)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            workers[0].send_signal(signal.SIGKILL)
            rest = process.stdout.read()
    assert process.returncode == 0
    assert first + rest == whole
    assert len(whole.splitlines()) == NUMBER + 1


def work(paths: list[str], setting: Setting) -> list[Replayed]:
    """End this process for the path `deadly`."""
    if "deadly" in paths:
        os.kill(os.getpid(), signal.SIGKILL)
    return [failed(path, setting.digest, "done") for path in paths]


def test_what_ends_each_worker_costs_only_itself() -> None:
    """Its neighbours, which were given out with it, have their results."""
    paths = [*map(str, range(12)), "deadly", *map(str, range(12, 24))]
    with DaskCluster(Setting("sha256:0"), None, 2, work) as crew:
        results = list(replay_all(paths, crew))
    assert [one.path for one in results] == paths
    wrong = {one.path: one.error or "" for one in results if one.error != "done"}
    assert list(wrong) == ["deadly"]
    assert "ended each time" in wrong["deadly"]


def test_a_local_cluster_gives_the_same_bytes(fleet: Path) -> None:
    """Processes of this machine, started and ended by kbdiag; standard error holds its own line and no other."""
    whole = kbdiag(*arguments(fleet, "--workers", "1")).stdout
    command = [*KBDIAG, *arguments(fleet, "--dask", "--workers", "2")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, whole)
    assert done.stderr == f"kbdiag: 1 of {NUMBER + 1} could not be read; their results say why\n"


def test_without_dask_one_line_says_what_to_install(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default install has none."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = kbdiag(*arguments(fleet, "--dask"))
    assert result.exit_code == 2
    assert result.output == "kbdiag: --dask and --scheduler need Dask; pip install 'kbdiag[dask]'\n"


def test_a_scheduler_has_its_own_workers(fleet: Path) -> None:
    """Options that do not go together are bad usage."""
    result = kbdiag(*arguments(fleet, "--scheduler", "tcp://127.0.0.1:1", "--workers", "2"))
    assert result.exit_code == 2
    assert "--scheduler has its own workers" in result.output
