"""`kbdiag collect`: one file, one closing line, and what there is when the user loses patience."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from facts.model.values import CoverageState
from facts.snapshot.snapshot_file import load_snapshot
from tests.facts.collect.test_kubernetes_collector import pod, when
from tests.facts.kubernetes_server import TOKEN, Hang, running
from tests.facts.kubernetes_server import kubeconfig as kubeconfig_of
from tests.kb.clusters import ENVIRONMENT, clusters, crashing, well
from tests.kb.rulebook import kbdiag
from tests.kb.test_cli import ROOT


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "KBDIAG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_a_cluster_is_saved_and_told_in_one_line(tmp_path: Path) -> None:
    """The line says what, how much, how complete, where and how large; the file can be loaded."""
    with clusters(tmp_path, prod=crashing()) as (config, _):
        result = kbdiag("collect", "--kubeconfig", config, "--no-ssh", "-o", "prod.tar.zst")
    assert result.exit_code == 0, result.output
    snapshot = load_snapshot("prod.tar.zst")
    (line,) = result.output.splitlines()
    assert line.startswith(f"prod: {len(snapshot.observations)} observations, ")
    assert " collectors complete, " in line
    assert line.endswith(" kB)")
    assert "saved in prod.tar.zst (" in line
    assert TOKEN not in str(snapshot)


def test_without_a_name_the_file_is_named_after_the_cluster(tmp_path: Path) -> None:
    """Nobody need think of a name during an incident."""
    with clusters(tmp_path, prod=well()) as (config, _):
        assert kbdiag("collect", "--kubeconfig", config, "--no-ssh").exit_code == 0
    (saved,) = tmp_path.glob("kbdiag-prod-*-*.tar.zst")
    assert load_snapshot(saved).cluster == "prod"


def test_a_cluster_that_is_not_there_is_saved_too(tmp_path: Path) -> None:
    """Why nothing was seen is evidence; the status says that it is all there is."""
    with clusters(tmp_path, gone=well()) as (config, _):
        pass
    result = kbdiag("collect", "--kubeconfig", config, "--no-ssh", "-o", "x.tar.zst", "--timeout", "5")
    assert result.exit_code == 1
    (api,) = [one for one in load_snapshot("x.tar.zst").coverage if one.collector == "kubernetes/api"]
    assert api.reason == "refused"


def test_a_folder_that_is_not_there_is_told_before_anybody_looks(tmp_path: Path) -> None:
    """Nobody waits half a minute to learn that nothing can be saved."""
    with clusters(tmp_path, prod=well()) as (config, servers):
        result = kbdiag("collect", "--kubeconfig", config, "-o", "no/such/x.tar.zst")
        assert servers["prod"].asks == []
    assert (result.exit_code, result.output) == (
        2,
        "kbdiag: no/such/x.tar.zst: there is no such folder; choose another place\n",
    )


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """One line says why the snapshot was not saved, with status 2 as for `infer --save`."""
    with clusters(tmp_path, prod=well()) as (config, _):
        result = kbdiag("collect", "--kubeconfig", config, "--no-ssh", "-o", "/proc/x.tar.zst")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("kbdiag: /proc/x.tar.zst: cannot be written (")
    assert result.stderr.count("\n") == 1


def test_several_clusters_are_several_files(tmp_path: Path) -> None:
    """Each file has the name of its cluster in it, each cluster has its line."""
    with clusters(tmp_path, prod=crashing(), stage=well()) as (config, _):
        result = kbdiag("collect", "--kubeconfig", config, "--no-ssh", "--all-contexts", "-o", "all.tar.zst")
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.output.splitlines()] == ["prod", "stage"]
    assert load_snapshot("all-prod.tar.zst").cluster == "prod"
    assert load_snapshot("all-stage.tar.zst").cluster == "stage"


def test_an_interrupt_saves_what_there_is(tmp_path: Path) -> None:
    """Ctrl-C while a list hangs: the file is whole, its coverage says that it is not all, and so does the line."""
    with running({"/api/v1/pods": [pod("web-1")]}, when("/events", Hang())) as server:
        path = tmp_path / "x.tar.zst"
        config = kubeconfig_of(tmp_path, server.port)
        with subprocess.Popen(
            [sys.executable, "-m", "kb", "collect", "--no-ssh", "--timeout", "60", "--kubeconfig", config, "-o", path],
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        ) as process:
            # When the last lists are asked for, the first of them has been answered long since.
            while process.poll() is None and not {"/livez", "/events", "/api/v1/secrets"} <= {
                ask.path.replace("/api/v1/events", "/events") for ask in server.asks
            }:
                server.stopped.wait(0.01)
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert errors == ""
    assert ", interrupted, saved in " in output
    snapshot = load_snapshot(path)
    states = {one.collector: one.state for one in snapshot.coverage}
    assert states["collect"] is CoverageState.PARTIAL
    assert states["kubernetes/events"] is CoverageState.SKIPPED
    assert any(one.source == "/api/v1/pods" for one in snapshot.observations)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".x")] == []


def test_names_can_be_taken_out(tmp_path: Path) -> None:
    """--anonymize leaves neither names of Pods and nodes nor of the cluster in the file."""
    with clusters(tmp_path, acme=crashing("checkout-5d9c7b6f4d-x2x9k")) as (config, _):
        assert kbdiag("collect", "--kubeconfig", config, "--no-ssh", "--anonymize", "-o", "x.tar.zst").exit_code == 0
    text = str(load_snapshot("x.tar.zst"))
    assert "checkout" not in text
    assert "acme" not in text
