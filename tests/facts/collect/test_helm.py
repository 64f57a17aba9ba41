"""Helm: releases from the labels of Secrets alone, values only through the user's own helm."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from facts.collect.api.helm import ACCEPT
from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.collect.collectors.helm import collect as ask_helm
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import CoverageState, Snapshot
from tests.facts.collect.test_kubernetes_collector import when
from tests.facts.kubernetes_server import REVIEW, Answer, kubeconfig, permitted, refusal, running


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def revision(name: str, number: int, status: str) -> dict[str, Any]:
    """Return the Secret that Helm keeps of a revision, data included."""
    labels = {"name": name, "owner": "helm", "status": status, "version": str(number)}
    metadata = {"name": f"sh.helm.release.v1.{name}.v{number}", "namespace": "demo", "labels": labels}
    return {"metadata": metadata, "type": "helm.sh/release.v1", "data": {"release": "SDRzSUFBQUFBQUFB"}}


def look(folder: Path, port: int) -> Snapshot:
    return collect(Request(kubeconfig=kubeconfig(folder, port), timeout=10.0, ssh=SshOptions(enabled=False)))


def ending(snapshot: Snapshot) -> tuple[str, str]:
    (found,) = [one for one in snapshot.coverage if one.collector == "helm/releases"]
    return found.state.value, found.reason


def releases(snapshot: Snapshot) -> list[tuple[object, ...]]:
    names = ("namespace", "name", "status", "revision")
    facts = [fact for fact in extract(snapshot).facts if fact.kind == "helm_release"]
    return [tuple(fact.attributes[name] for name in names) for fact in facts]


def test_the_last_revision_counts(tmp_path: Path) -> None:
    """An upgrade that hangs is told with its revision, what is deployed is not; no data is asked for, and none kept."""
    secrets = [
        revision("web", 2, "pending-upgrade"), revision("web", 1, "deployed"), revision("db", 9, "failed"),
        revision("db", 10, "deployed"),
    ]  # fmt: skip
    with running({"/api/v1/secrets": secrets}) as server:
        snapshot = look(tmp_path, server.port)
        assert {ask.accept for ask in server.asks if ask.path.endswith("/secrets")} == {ACCEPT}
    assert releases(snapshot) == [("demo", "web", "pending-upgrade", 2)]
    assert ending(snapshot) == ("complete", "")
    assert "SDRzSUFBQUFBQUFB" not in str(snapshot)


def test_a_server_that_sends_whole_secrets_is_not_believed(tmp_path: Path) -> None:
    """What was not asked for is dropped before anything looks at it."""
    whole = {"kind": "SecretList", "items": [revision("web", 1, "failed")]}
    with running({}, when("/secrets", Answer(whole))) as server:
        snapshot = look(tmp_path, server.port)
    assert ending(snapshot) == ("failed", "other")
    assert releases(snapshot) == []
    assert "SDRzSUFBQUFBQUFB" not in str(snapshot)


def test_who_may_not_list_secrets_is_not_asked_to(tmp_path: Path) -> None:
    """No request is sent that is surely refused."""
    allowed = permitted({"verbs": ["list", "get"], "apiGroups": ["", "apps"], "resources": ["pods", "nodes"]})
    with running({}, when(REVIEW, allowed)) as server:
        snapshot = look(tmp_path, server.port)
        assert [path for path in server.paths() if path.endswith("/secrets")] == []
    assert ending(snapshot) == ("skipped", "")


def test_a_refusal_is_no_failure(tmp_path: Path) -> None:
    """Many may not list Secrets, and should not."""
    with running({}, when("/secrets", refusal(403, "secrets is forbidden"))) as server:
        assert ending(look(tmp_path, server.port)) == ("skipped", "")


def stub(folder: Path, script: str) -> None:
    """Install a `helm` that is a shell script."""
    path = folder / "helm"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_values_come_from_the_users_helm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """History and values of the release in trouble are asked for, in its namespace and context."""
    listed = json.dumps(
        [{"name": n, "namespace": "demo", "status": s} for n, s in (("web", "failed"), ("db", "deployed"))]
    )
    stub(
        tmp_path,
        f"""echo "$*" >> {tmp_path}/asked
case "$1" in
list) echo '{listed}' ;;
history) echo "2 failed" ;;
get) printf 'db:\\n  password: hunter2x\\n' ;;
esac""",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = ask_helm(Request(context="prod", helm_values=True))
    asked = sorted((tmp_path / "asked").read_text().splitlines())
    assert asked == [
        "get values web --namespace demo --kube-context prod",
        "history web --max 5 --namespace demo --kube-context prod",
        "list --all-namespaces --all --output json --kube-context prod",
    ]
    values = next(one for one in found.observations if "values" in one.source)
    assert values.body.startswith(b"db:")
    assert found.coverage[0].state is CoverageState.COMPLETE


def test_nothing_is_asked_without_being_told_to() -> None:
    """Values hold what people put there: they are fetched only when the user says so."""
    found = ask_helm(Request())
    assert (found.observations, found.coverage) == ((), ())


def test_a_helm_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wish for values without helm ends in coverage."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (coverage,) = ask_helm(Request(helm_values=True)).coverage
    assert (coverage.state, coverage.reason) == (CoverageState.SKIPPED, "missing-tool")
