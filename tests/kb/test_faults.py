"""Faults while kbdiag runs: each run ends in a diagnosis or in one honest line, and leaves nothing behind."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.match.chaining.durable import DurableEngine, is_available
from tests.facts.kubernetes_server import kubeconfig, running
from tests.kb.clusters import CRASH, ENVIRONMENT, crashing
from tests.kb.rulebook import Desk, kbdiag, write_rules

ROOT = Path(__file__).parents[2]
MOMENTS = 10
"""Moments of a run at which it is interrupted."""
_INTERRUPTED_AT = """
import os, signal, sys
from kb.cli import main
at, calls = int(sys.argv[1]), 0
def count(frame, event, argument):
    global calls
    calls += 1
    if calls == at:
        os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["kbdiag", *sys.argv[2:]]
sys.setprofile(count)
try:
    main()
finally:
    sys.setprofile(None)
    if not at:
        print(calls, file=sys.stderr)
"""
"""Runs kbdiag and interrupts it at a call of a function, counted from the first; at 0 it only counts them."""


def run(program: list[str], folder: Path, file_size: int = -1) -> subprocess.CompletedProcess[str]:
    """Run a program in a session of its own, with temporary files in `folder`, and wait until its children are gone."""

    def limited() -> None:
        if file_size >= 0:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        program,
        cwd=ROOT,
        env=ENVIRONMENT | {"TMPDIR": str(temporary), "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limited,  # noqa: PLW1509 - no thread runs when it is called
    )
    out, err = process.communicate(timeout=120)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        threading.Event().wait(0.02)
    else:
        pytest.fail("a child is left")
    assert list(temporary.iterdir()) == []
    return subprocess.CompletedProcess(program, process.returncode, out, err)


def infer(desk: Desk, *more: str | Path) -> list[str]:
    """Return the arguments of a diagnosis of the desk's evidence with its own rules."""
    return ["infer", str(desk.evidence), "--no-bundled-rules", "--rules", str(desk.rules), *map(str, more)]


@pytest.mark.skipif(not is_available(), reason="durable-rules is not installed")
@pytest.mark.parametrize("answers", [0, 1, 2])
def test_a_killed_child_costs_no_diagnosis(desk: Desk, monkeypatch: pytest.MonkeyPatch, answers: int) -> None:
    """Killed before its first answer or after some, durable-rules is replaced, and the report is the same."""
    ask, children, asked = DurableEngine.ask, [], [0]

    def ask_and_kill(engine: DurableEngine, request: dict[str, object]) -> dict[str, object]:
        children.append(engine._child)
        if asked[0] == answers:
            engine._child.kill()
            engine._child.wait()
        asked[0] += 1
        return ask(engine, request)

    whole = desk.infer("-o", "json", "--engine", "reference")
    monkeypatch.setattr(DurableEngine, "ask", ask_and_kill)
    result = desk.infer("-o", "json", "--engine", "durable")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["hypotheses"] == json.loads(whole.stdout)["hypotheses"]
    assert children
    assert all(child.returncode is not None for child in children)


@pytest.mark.parametrize("size", [0, 1, 100, 300])
def test_a_full_disk_costs_the_saved_snapshot_only(desk: Desk, tmp_path: Path, size: int) -> None:
    """Wherever in it the writing stops: the diagnosis is printed, one line says what failed, and no part of a file is left."""
    saved = tmp_path / "out" / "s.tar.zst"
    saved.parent.mkdir()
    done = run([sys.executable, "-m", "kb", *infer(desk, "--save", saved, "-o", "json")], tmp_path, size)
    assert done.returncode == 2
    assert json.loads(done.stdout)["hypotheses"]
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"kbdiag: --save {saved}: cannot be written (File too large)")
    assert list(saved.parent.iterdir()) == []


@contextlib.contextmanager
def cut_after(port: int, size: int) -> Iterator[int]:
    """Give the port of a proxy to `port` that closes each connection when the server has sent `size` bytes on it."""

    def serve(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=forward, args=(client, server, 1 << 30), daemon=True).start()
            forward(server, client, size)

    def forward(source: socket.socket, target: socket.socket, left: int) -> None:
        with contextlib.suppress(OSError):
            while left > 0 and (piece := source.recv(min(left, 4096))):
                target.sendall(piece)
                left -= len(piece)
            for end in (source, target):
                end.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("size", [0, 100, 1500, 2200, 3000, 6000, 12_000])
def test_a_connection_that_is_cut_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Cut in the handshake, between two answers or within one: status 1 where nothing came, else what was seen, or its gaps."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in set(os.environ) - set(ENVIRONMENT):
        monkeypatch.delenv(name)
    rules = write_rules(tmp_path / "rules", CRASH)
    with running(crashing()) as server, cut_after(server.port, size) as port:
        config = kubeconfig(tmp_path, port)
        arguments = ("--kubeconfig", config, "--no-ssh", "--no-bundled-rules", "--rules", rules, "--timeout", "5")
        result = kbdiag("infer", *arguments, "-o", "json")
    assert "internal error" not in result.output
    assert "Traceback" not in result.output
    if result.exit_code == 0:
        report = json.loads(result.stdout)
        seen = any(one["id"] == "DEMO-CRASH" for one in report["hypotheses"])
        assert seen or any(one["state"] == "failed" for one in report["coverage"])
    else:
        assert result.exit_code == 1
        assert result.stderr.startswith("kbdiag: ")


def test_an_interrupted_run_ends_quietly(desk: Desk, tmp_path: Path) -> None:
    """At ten moments of a diagnosis: it is complete, or the status is 130 and there is no traceback and no part of a file."""
    saved = tmp_path / "out" / "s.tar.zst"
    saved.parent.mkdir()
    arguments = infer(desk, "--save", saved, "-o", "json", "--engine", "durable" if is_available() else "reference")
    program = [sys.executable, "-c", _INTERRUPTED_AT]
    calls = int(run([*program, "0", *arguments], tmp_path).stderr.splitlines()[-1])
    for moment in range(1, MOMENTS + 1):
        saved.unlink(missing_ok=True)
        done = run([*program, str(calls * moment // (MOMENTS + 1)), *arguments], tmp_path)
        assert done.returncode in (0, 130, -signal.SIGINT), (moment, done.stderr)
        assert "Traceback" not in done.stderr, (moment, done.stderr)
        assert {path.name for path in saved.parent.iterdir()} <= {saved.name}
        if done.returncode == 0:
            assert json.loads(done.stdout)["hypotheses"]
