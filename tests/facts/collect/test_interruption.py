"""A look that is stopped gives what it saw by then, and says what it did not see."""

import threading
from pathlib import Path

import pytest

from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.collect.concurrency.progress import Progress, watched
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import CoverageState, Snapshot
from tests.facts.collect.test_kubernetes_collector import pod, when
from tests.facts.kubernetes_server import Hang, kubeconfig, refusal, running


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def stopped(path: str, progress: Progress, done: int) -> Snapshot:
    """Return the snapshot of a look that is stopped when `done` of its requests are."""
    found: list[Snapshot] = []

    def look() -> None:
        with watched(progress, ""):
            found.append(collect(Request(kubeconfig=path, timeout=60.0, ssh=SshOptions(enabled=False))))

    thread = threading.Thread(target=look)
    thread.start()
    while thread.is_alive() and sum(part.done for part in progress.parts()) < done:
        progress.wait(0.01)
    progress.stop()
    thread.join(20)
    assert not thread.is_alive()
    return found[0]


def test_what_was_seen_is_kept(tmp_path: Path) -> None:
    """One list hangs: all others are in the snapshot, and that one was not looked at because of the interruption."""
    with running({"/api/v1/pods": [pod("web-1")]}, when("/events", Hang())) as server:
        snapshot = stopped(kubeconfig(tmp_path, server.port), Progress(), 35)
    coverage = {(one.collector, one.target): one for one in snapshot.coverage}
    assert coverage["kubernetes/pods", "*"].state is CoverageState.COMPLETE
    assert coverage["kubernetes/events", "*"].state is CoverageState.SKIPPED
    assert coverage["kubernetes/events", "*"].reason == "interrupted"
    whole = coverage["collect", "*"]
    assert (whole.state, whole.reason) == (CoverageState.PARTIAL, "interrupted")
    assert "/api/v1/pods" in {one.source for one in snapshot.observations}


def test_a_server_that_was_not_reached_yet_is_not_called_unreachable(tmp_path: Path) -> None:
    """Stopped while it waits for the first answer, nobody knows whether one would have come."""
    with running({}, when("/version", Hang())) as server:
        snapshot = stopped(kubeconfig(tmp_path, server.port), Progress(), 1)
    assert {one.reason for one in snapshot.coverage if one.collector.startswith("kubernetes/")} == {"interrupted"}
    facts = [fact for fact in extract(snapshot).facts if fact.kind == "collector"]
    assert {fact.attributes["state"] for fact in facts} == {"skipped"}


def test_what_failed_before_the_stop_keeps_its_reason(tmp_path: Path) -> None:
    """A refusal is a refusal, whenever the user loses patience."""
    with running({}, when("/events", Hang()), when("/pods", refusal(403, "pods is forbidden"))) as server:
        snapshot = stopped(kubeconfig(tmp_path, server.port), Progress(), 34)
    (pods,) = [one for one in snapshot.coverage if one.collector == "kubernetes/pods"]
    assert (pods.state, pods.reason) == (CoverageState.FAILED, "forbidden")
