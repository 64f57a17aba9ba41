"""The node itself: where it cannot run it says why, and whatever ends it leaves nothing behind."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.build import UnavailableError
from tests.cluster.process import StartError
from tests.node import configuration
from tests.node.node import CGROUPS, NodeCluster, missing, remove_leftovers, running_node

ROOT = Path(__file__).parents[2]


def _cgroups(process: int) -> list[Path]:
    return list(CGROUPS.glob(f"*/kbdiag-node-{process}-*"))


def _processes(cgroup: Path) -> list[int]:
    return [int(line) for line in (cgroup / "cgroup.procs").read_text().split()]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without root or containerd the reason says so, and what to do."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert missing() == "a node needs Linux and root, for it makes namespaces and cgroups"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnavailableError, match=r"needs containerd, .* \(apt-get install containerd "), running_node():
        pass


def test_a_start_that_fails_leaves_nothing(node: NodeCluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message is the kubelet's; processes, cgroups, files and the network are as they were."""
    healthy: Callable[..., dict[str, object]] = configuration.kubelet
    monkeypatch.setattr(configuration, "kubelet", lambda *told: {**healthy(*told), "failCgroupV1": True})
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before, network = _cgroups(os.getpid()), Path("/proc/thread-self/ns/net").readlink()
    with pytest.raises(StartError, match=r"(?s)kubelet ended with 1: .*cgroup v1"), running_node():
        pass
    assert _cgroups(os.getpid()) == before  # a cgroup can only be removed when no process is in it any more
    assert list(tmp_path.iterdir()) == []
    assert Path("/proc/thread-self/ns/net").readlink() == network


def test_it_ends_with_whoever_started_it(node: NodeCluster, tmp_path: Path) -> None:
    """When the starter is killed the node's processes end, and the next start removes the rest."""
    script = (
        "import sys\nfrom tests.node.node import running_node\nwith running_node():\n    print()\n    sys.stdin.read()"
    )
    starter = subprocess.Popen(
        [sys.executable, "-uc", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == b"\n"
    (own,) = (cgroup for cgroup in _cgroups(starter.pid) if cgroup.parent.name == "systemd")
    alive = {os.pidfd_open(process) for process in _processes(own)}
    assert len(alive) >= 3  # sh, containerd and the kubelet
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    poll = select.poll()
    for each in alive:
        poll.register(each, select.POLLIN)
    while alive and (ended := poll.poll(10_000)):
        for each, _ in ended:
            poll.unregister(each)
            os.close(each)
            alive.discard(each)
    assert alive == set()
    remove_leftovers()
    assert _cgroups(starter.pid) == []
