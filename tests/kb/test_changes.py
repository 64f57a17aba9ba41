"""A report names what changed shortly before the trouble, with its difference and the way back."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.facts.collect.test_git_history import DEPLOYMENT, Repository
from tests.facts.given import metadata, owned_by
from tests.kb.test_cli import run


def _incident(folder: Path, selector: str = "wbe", name: str = "web") -> Path:
    """Write a Service whose selector was edited, so that it lost its Pod, beside a Pod that crashes."""
    fields: dict[str, Any] = {"f:spec": {"f:selector": {}}}
    wrote = [{"manager": "kubectl-edit", "operation": "Update", "time": "2026-03-01T11:50:00Z", "fieldsV1": fields}]
    service = {
        "kind": "Service", "metadata": metadata(name, managedFields=wrote),
        "spec": {"selector": {"app": selector}, "clusterIP": "10.96.0.9", "ports": [{"port": 80}]},
    }  # fmt: skip
    ended = {"exitCode": 1, "reason": "Error", "finishedAt": "2026-03-01T11:57:00Z"}
    status = {
        "name": "app", "ready": False, "restartCount": 5, "lastState": {"terminated": ended},
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
    }  # fmt: skip
    owner = owned_by("ReplicaSet", "cart-7d4b9c8f6d")
    pod = {
        "kind": "Pod", "metadata": metadata("cart-7d4b9c8f6d-x2x4n", ownerReferences=owner, labels={"app": "cart"}),
        "status": {"phase": "Running", "containerStatuses": [status]},
    }  # fmt: skip
    lists = [
        {"kind": f"{each['kind']}List", "metadata": {"resourceVersion": "1"}, "items": [each]}
        for each in (service, pod)
    ]
    for number, each in enumerate(lists):
        (folder / f"{number}.json").write_text(json.dumps(each))
    return folder


def _changes(*arguments: str | Path) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = json.loads(run("infer", *arguments, "-o", "json").stdout)["changes"]
    return changes


def test_a_change_is_told_with_its_way_back(tmp_path: Path) -> None:
    """What changed, who wrote it, and the command that takes it back."""
    (change,) = _changes(_incident(tmp_path))
    assert change["subject"] == {"kind": "Service", "name": "web", "namespace": "demo"}
    assert change["by"] == "kubectl-edit"
    assert change["text"].startswith("spec.selector: now app=wbe, by kubectl-edit")
    assert change["undo"] == "kubectl edit service web -n demo"


def test_the_text_shows_what_no_cause_has_shown(tmp_path: Path) -> None:
    """Below the causes, with the way back."""
    output = run("infer", _incident(tmp_path), "--brief").stdout
    assert output.index("Changed shortly before") > output.index("%")
    assert "back: kubectl edit service web -n demo" in output


@pytest.mark.parametrize("name", ["web;reboot", "--all", "$(id)", "web db", "web -n kube-system"])
def test_a_name_that_is_no_plain_word_gives_no_command(tmp_path: Path, name: str) -> None:
    """Evidence may come from anybody; what is shown may be pasted."""
    assert [change["undo"] for change in _changes(_incident(tmp_path, name=name))] == [""]


def test_commits_go_with_evidence_and_into_the_snapshot(tmp_path: Path) -> None:
    """`--git` names the commit that broke it, and a saved snapshot gives the same answer without the repository."""
    repository = Repository(tmp_path / "manifests")
    manifest = DEPLOYMENT.replace("namespace: shop", "namespace: demo")
    repository.commit("deploy/cart.yaml", manifest, at="2026-03-01T10:00:00Z")
    repository.commit("deploy/cart.yaml", manifest.replace("50051", "5051"), "new port", at="2026-03-01T11:50:00Z")
    evidence, saved = tmp_path / "evidence", tmp_path / "saved.json"
    evidence.mkdir()
    told = _changes(_incident(evidence), "--git", repository.folder, "--save", saved)
    by_git = [change for change in told if "new port" in change["by"]]
    assert [change["undo"].split()[:2] for change in by_git] == [["git", "revert"]]
    assert "payment:50051 -> payment:5051" in by_git[0]["text"]
    assert _changes(saved) == told
