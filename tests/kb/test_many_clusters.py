"""Many clusters at once: one ranked report, in which a dead cluster hides and delays nothing."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from facts.snapshot.snapshot_file import load_snapshot
from kb.live.targets import Live, requests_of
from kb.report.merge import addressed
from tests.kb.clusters import CRASH, clusters, crashing, well
from tests.kb.rulebook import Desk, kbdiag, write_rules


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "KBDIAG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def infer(folder: Path, config: str, *arguments: str) -> Result:
    """Run `kbdiag infer` on live clusters with one rule."""
    rules = write_rules(folder / "own-rules", CRASH)
    return kbdiag(
        "infer", "--no-bundled-rules", "--rules", rules, "--engine", "reference", "--no-ssh", "--kubeconfig", config, *arguments
    )  # fmt: skip


def test_one_report_ranks_all(tmp_path: Path) -> None:
    """Hypotheses of all clusters are ranked together; each names its cluster, in its key too."""
    with clusters(tmp_path, prod=crashing(), dev=crashing("api-1"), stage=well()) as (config, _):
        report = json.loads(infer(tmp_path, config, "--all-contexts", "-o", "json").stdout)
    found = [(one["rank"], one["cluster"], one["id"]) for one in report["hypotheses"]]
    assert found == [(1, "dev", "DEMO-CRASH"), (2, "prod", "DEMO-CRASH")]
    assert [(one["cluster"], one["observed"]) for one in report["clusters"]] == [
        ("dev", True), ("prod", True), ("stage", True),
    ]  # fmt: skip
    assert {one["target"].split("/")[0] for one in report["coverage"]} == {"dev", "prod", "stage"}
    assert report["source"]["cluster"] == "dev, prod, stage"


def test_commands_go_to_the_cluster_they_are_about(tmp_path: Path) -> None:
    """A kubectl without a context would ask, or change, the wrong cluster."""
    with clusters(tmp_path, prod=crashing(), dev=well()) as (config, _):
        report = json.loads(infer(tmp_path, config, "--all-contexts", "-o", "json").stdout)
    (one,) = report["hypotheses"]
    assert one["fix"][0]["run"].startswith("kubectl --context prod -n demo rollout undo ")
    assert one["verify"][0]["run"] == "kubectl --context prod -n demo logs web-1"


def test_a_dead_cluster_delays_and_hides_nothing(tmp_path: Path) -> None:
    """One that never answers costs its own limit, and the text says that it could not be looked at."""
    with clusters(tmp_path, prod=crashing(), dead=None) as (config, _):
        output = infer(tmp_path, config, "--all-contexts", "--timeout", "3").stdout
    assert "? dead  could not be looked at" in output
    assert "✗ prod  workload" in output
    assert "1  DEMO-CRASH" in output
    assert "cluster   prod" in output


def test_clusters_can_be_chosen(tmp_path: Path) -> None:
    """--cluster takes contexts when there is no inventory; the others are not asked."""
    with clusters(tmp_path, prod=crashing(), dev=well(), stage=well()) as (config, servers):
        report = json.loads(infer(tmp_path, config, "--cluster", "prod", "--cluster", "dev", "-o", "json").stdout)
        assert servers["stage"].asks == []
    assert [one["cluster"] for one in report["clusters"]] == ["prod", "dev"]


def test_one_cluster_is_a_plain_report(tmp_path: Path) -> None:
    """A single --cluster is a report like any other."""
    with clusters(tmp_path, dev=well(), prod=crashing()) as (config, _):
        report = json.loads(infer(tmp_path, config, "--cluster", "prod", "-o", "json").stdout)
    assert (report["source"]["cluster"], report["clusters"]) == ("prod", [])
    assert report["hypotheses"][0]["cluster"] == ""


def test_each_snapshot_is_saved(tmp_path: Path) -> None:
    """--save writes one file for each cluster, and each can be diagnosed alone."""
    with clusters(tmp_path, prod=crashing(), dev=well()) as (config, _):
        infer(tmp_path, config, "--all-contexts", "--save", "s.tar.zst")
    assert [load_snapshot(f"s-{name}.tar.zst").cluster for name in ("dev", "prod")] == ["dev", "prod"]


def test_proofs_name_their_cluster(tmp_path: Path) -> None:
    """--why shows the proofs of all clusters."""
    with clusters(tmp_path, prod=crashing(), dev=well()) as (config, _):
        output = infer(tmp_path, config, "--all-contexts", "--why", "DEMO-CRASH").stdout
    assert "prod: DEMO-CRASH/demo/" in output
    assert "dev: DEMO-CRASH did not fire" in output


def test_contexts_of_one_cluster_are_one(tmp_path: Path) -> None:
    """Contexts that differ in the namespace lead to the same cluster, which is looked at once."""
    text = """
    current-context: b
    clusters: [{name: k, cluster: {server: "https://x"}}]
    contexts: [{name: a, context: {cluster: k}}, {name: b, context: {cluster: k, namespace: y}}]
    """
    (tmp_path / "config").write_text(text)
    assert [one.context for one in requests_of(Live(kubeconfig="config", all_contexts=True))] == ["b"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--cluster", "prdo"), "--cluster prdo: neither the inventory nor the kubeconfig knows it (did you mean prod?)"),
        (("--cluster", "prod", "--all-contexts"), "--cluster and --all-contexts exclude each other; give one of them"),
        (("--context", "prod", "--all-contexts"), "--context names one cluster; leave it out, or --cluster and --all-contexts"),
    ],
)  # fmt: skip
def test_wrong_choices_are_one_line(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    """With status 2, and a hint."""
    with clusters(tmp_path, prod=well()) as (config, _):
        result = infer(tmp_path, config, *arguments)
    assert (result.exit_code, result.output) == (2, f"kbdiag: {told}\n")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl get pods", "kubectl --context 'a b' get pods"),
        ("kubectl a | grep x && kubectl b", "kubectl --context 'a b' a | grep x && kubectl --context 'a b' b"),
        ("ssh w1 sudo kubectl get nodes", "ssh w1 sudo kubectl get nodes"),
        ("echo kubectl-x; tart run w1", "echo kubectl-x; tart run w1"),
    ],
)
def test_only_kubectl_here_is_told_the_context(command: str, expected: str) -> None:
    """On another machine kubectl has other contexts."""
    assert addressed(command, "context a b") == expected


def test_evidence_and_clusters_exclude_each_other(desk: Desk) -> None:
    """Files beside --all-contexts are bad usage."""
    assert desk.infer("--all-contexts").exit_code == 2
