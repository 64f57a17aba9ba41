"""Progress on a terminal: a line for each cluster, and nothing at all in a pipe."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from facts.collect.concurrency.progress import Progress
from kb.live.looking import lines
from tests.kb.clusters import ENVIRONMENT, clusters, well
from tests.kb.test_cli import ROOT


def test_each_cluster_has_a_line() -> None:
    """Parts of a cluster stand side by side with what is done of them."""
    progress = Progress()
    for name, done, total in (
        ("prod/kubernetes", 23, 38),
        ("arn:x/dev/vms", 1, 2),
        ("prod/nodes", 2, 5),
        ("prod", 0, 1),
    ):
        progress.add(name, done, total)
    assert lines(progress, 4.2) == [
        "prod: kubernetes 23/38, nodes 2/5 · 4 s",
        "arn:x/dev: vms 1/2 · 4 s",
        "prod 0/1 · 4 s",
    ]


def test_the_end_is_announced() -> None:
    """Who pressed Ctrl-C sees that it was noticed."""
    progress = Progress()
    assert lines(progress, 0.0) == ["looking · 0 s"]
    progress.stop()
    assert lines(progress, 1.0) == ["looking · ending with what there is · Ctrl-C again to break off"]


def collect(folder: Path, config: str, **settings: object) -> subprocess.CompletedProcess[bytes]:
    """Collect in a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "kb", "collect", "--kubeconfig", config, "--no-ssh", "-o", folder / "x.tar.zst"],
        cwd=ROOT,
        env={**ENVIRONMENT, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
        **settings,
    )


def test_a_pipe_gets_nothing(tmp_path: Path) -> None:
    """Standard error is empty where nobody watches."""
    with clusters(tmp_path, prod=well()) as (config, _):
        assert collect(tmp_path, config, stderr=subprocess.PIPE).stderr == b""


def test_a_terminal_sees_how_far_it_is(tmp_path: Path) -> None:
    """The line names the collectors, and is wiped at the end."""
    reading, writing = pty.openpty()
    with clusters(tmp_path, prod=well()) as (config, _):
        assert collect(tmp_path, config, stderr=writing).returncode == 0
    os.close(writing)
    shown = os.read(reading, 1 << 16).decode()
    os.close(reading)
    assert "looking" in shown or "kubernetes" in shown
    assert "\x1b[2K" in shown
