"""An API server that is slow, and a user who may not see all: what is looked at all the same, and how that is said."""

from pathlib import Path

import pytest

from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import Snapshot
from tests.facts.collect.test_kubernetes_collector import CRASHING, NOW, coverage_of, pod, when
from tests.facts.kubernetes_server import REVIEW, WHO, Answer, Late, kubeconfig, permitted, refusal, running

JANE = Answer({"status": {"userInfo": {"username": "jane"}}}, 201)
READER = {"verbs": ["list", "get"], "apiGroups": [""], "resources": ["nodes", "services"]}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")


def slowly(folder: Path, seconds: float, timeout: float) -> Snapshot:
    """Return what is seen within `timeout` of a server that takes `seconds` for each answer."""
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, lambda _: Late(seconds)) as server:
        path = kubeconfig(folder, server.port)
        return collect(Request(kubeconfig=path, timeout=timeout, ssh=SshOptions(enabled=False)), now=NOW)


def test_a_slow_server_is_called_slow_and_looked_at(tmp_path: Path) -> None:
    """It is no server that nobody reaches: its pace is said, and every list comes, for more of them wait at once."""
    snapshot = slowly(tmp_path, 1.1, 30.0)
    api = coverage_of(snapshot, "kubernetes/api")
    assert (api.state, api.reason) == ("partial", "slow")
    assert (api.why or "").startswith(f"slow: {api.object} an answer")
    assert {one.state for one in snapshot.coverage if one.collector == "kubernetes/pods"} == {"complete"}
    assert [one for one in snapshot.coverage if one.reason in ("timeout", "silent")] == []


def test_what_a_slow_server_has_no_time_for_is_not_called_away(tmp_path: Path) -> None:
    """Lists that were cut off say that the server is slow, so that no rule takes it for one that is down."""
    snapshot = slowly(tmp_path, 1.1, 5.0)
    assert coverage_of(snapshot, "kubernetes/api").reason == "slow"
    assert "look" in (coverage_of(snapshot, "kubernetes/api").why or "")
    assert {one.reason for one in snapshot.coverage if one.state == "failed"} == {"slow"}


def test_what_is_denied_is_one_fact_with_the_names_that_a_role_needs(tmp_path: Path) -> None:
    """User, verbs and resources of all that was refused are put together; the user is as the server calls them."""
    with running({}, when(REVIEW, permitted(READER)), when(WHO, JANE)) as server:
        path = kubeconfig(tmp_path, server.port)
        snapshot = collect(Request(kubeconfig=path, namespaces=("shop",), timeout=10.0), now=NOW)
    denied = [fact.attributes for fact in extract(snapshot).facts if fact.kind == "denied"]
    assert {(fact["user"], fact["namespace"]) for fact in denied} == {("jane", "shop"), ("jane", "")}
    (inside,) = [fact for fact in denied if fact["namespace"] == "shop"]
    assert {"pods", "deployments.apps", "pods/log"} <= set(str(inside["resources"]).split(","))
    assert {"nodes", "services"}.isdisjoint(str(inside["resources"]).split(","))
    assert inside["verbs"] == "get,list"


def test_what_the_server_itself_says_of_a_refusal_is_read(tmp_path: Path) -> None:
    """The words are those of the API server, with its API group and namespace."""
    words = 'deployments.apps is forbidden: User "jane" cannot list resource "deployments" in API group "apps" in the namespace "shop"'
    with running({}, when("/deployments", refusal(403, words))) as server:
        path = kubeconfig(tmp_path, server.port)
        snapshot = collect(Request(kubeconfig=path, namespaces=("shop",), timeout=10.0), now=NOW)
    (denied,) = [fact.attributes for fact in extract(snapshot).facts if fact.kind == "denied"]
    assert denied == {
        "user": "jane",
        "namespace": "shop",
        "verbs": "list",
        "resources": "deployments.apps",
        "what": "deployments.apps",
    }
