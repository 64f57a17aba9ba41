"""The cluster itself: it comes up, and whatever ends it leaves nothing behind."""

import os
import re
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.cluster import cluster as cluster_module
from tests.cluster.build import KUBERNETES, programs
from tests.cluster.cluster import Cluster, running
from tests.cluster.process import StartError

ROOT = Path(__file__).parents[2]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def _processes(folder: str) -> list[int]:
    """Return the ids of the programs that work in `folder`."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if folder in str((path / "cwd").readlink()):
                found.append(int(path.name))
        except OSError:
            continue  # it has ended, or is not ours
    return found


def test_it_is_the_pinned_version(cluster: Cluster) -> None:
    """The API server reports the version that go.mod names."""
    assert KUBERNETES is not None
    assert cluster.api.request("GET", "/version")["gitVersion"] == KUBERNETES[1]


@LINUX
def test_a_start_that_fails_leaves_nothing(cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message is that of the program that failed; what had started is stopped, and its files are gone."""
    monkeypatch.setattr(cluster_module.Cluster, "_apiserver_flags", lambda *_: ["--no-such-flag"])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(StartError, match=r"(?s)kube-apiserver ended with .*unknown flag"), running():
        pass
    assert list(tmp_path.iterdir()) == []
    assert _processes(str(tmp_path)) == []


@LINUX
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_its_programs_end_with_whoever_started_them(cluster: Cluster, tmp_path: Path, end: signal.Signals) -> None:
    """After Ctrl-C nothing is left; even when the starter is killed no program is."""
    script = (
        "import signal, sys\nfrom tests.cluster.cluster import running\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # what runs in the background inherits that it is ignored
        "with running() as c:\n    print(c.folder, flush=True)\n    sys.stdin.read()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert starter.stdout is not None
    folder = starter.stdout.readline().decode().strip()
    started = {os.pidfd_open(process) for process in _processes(folder)}
    assert len(started) == 5
    starter.send_signal(end)
    starter.wait()
    poll = select.poll()
    for each in started:
        poll.register(each, select.POLLIN)
    while started and (ended := poll.poll(5000)):
        for each, _ in ended:
            poll.unregister(each)
            os.close(each)
            started.discard(each)
    assert started == set()
    assert end == signal.SIGKILL or list(tmp_path.iterdir()) == []
    starter.communicate()


@LINUX
def test_one_in_the_background(cluster: Cluster, tmp_path: Path) -> None:
    """`up` prints how to use it, a second `up` the same, `down` ends it, and a second `down` says that none runs."""
    cache = tmp_path / "cache" / "kbdiag-cluster"
    cache.mkdir(parents=True)
    for folder in {path.parent.parent for path in programs().values()}:
        (cache / folder.name).symlink_to(folder)
    environment = {**os.environ, "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(cache.parent)}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "tests.cluster", command]
        return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    first, second = run("up"), run("up")
    told = re.fullmatch(r"export KUBECONFIG=(\S+)\n", first.stdout)
    assert told, first
    assert Path(told[1]).is_file()
    assert second.stdout == first.stdout
    assert run("down").returncode == 0
    assert not Path(told[1]).exists()
    assert _processes(str(tmp_path)) == []
    assert "no cluster runs" in run("down").stderr
