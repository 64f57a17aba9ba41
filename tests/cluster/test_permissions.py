"""What kbdiag asks of a real API server, by its audit log; and what it says when it may not ask."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from facts.model.values import Snapshot
from kb.report.report import Report
from tests.cluster.api import Object
from tests.cluster.cluster import Cluster
from tests.cluster.diagnosis import causes, diagnose, look, report_of, shown
from tests.cluster.objects import namespace

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "deploy" / "clusterrole.yaml"
REVIEWS = {"selfsubjectrulesreviews", "selfsubjectreviews"}
SECRET = "a-password-that-must-never-cross-the-wire"


@pytest.fixture(scope="module")
def account(broken: Cluster) -> str:
    """Give the kubeconfig of a ServiceAccount with the ClusterRole that is shipped, where everything is broken."""
    objects = [one for one in yaml.safe_load_all(ROLE.read_text()) if one["kind"] != "Namespace"]
    broken.api.create(namespace("kbdiag"), *objects)
    return broken.service_account("kbdiag", "kbdiag")


@pytest.fixture(scope="module")
def audited(broken: Cluster, account: str, tmp_path_factory: pytest.TempPathFactory) -> list[Object]:
    """Give what a whole run of the program asked of the API server, and what it was answered."""
    command = [
        sys.executable,
        "-m",
        "kb",
        "infer",
        "--kubeconfig",
        account,
        "--all-namespaces",
        "-o",
        "json",
    ]
    # Without a PATH there is neither ssh nor ping: the machines are made up.
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=ROOT, env={"HOME": str(tmp_path_factory.mktemp("home"))}
    )
    assert done.returncode == 0, done.stderr
    user = "system:serviceaccount:kbdiag:kbdiag"
    return [one for one in broken.audited() if one["user"].get("username", "") == user]


def test_it_only_reads(audited: list[Object]) -> None:
    """All requests are get or list, but for the two questions about oneself, which the server does not keep."""
    asked = Counter((one["verb"], one.get("objectRef", {}).get("resource", "")) for one in audited)
    assert {resource for verb, resource in asked if verb not in ("get", "list", "watch")} == REVIEWS
    assert {verb for verb, resource in asked if resource in REVIEWS} == {"create"}


def test_no_secret_crosses_the_wire(audited: list[Object]) -> None:
    """Secrets are not asked for, and what stands in one is in no answer."""
    assert [one for one in audited if one.get("objectRef", {}).get("resource") == "secrets"] == []
    assert SECRET not in str(audited)
    assert "shop" in str(audited)  # so it would be there if it were sent


def test_a_page_is_asked_for_once(audited: list[Object]) -> None:
    """Each list, and each page of it, is one request; everything else is joined from them."""
    asked = Counter(one["requestURI"] for one in audited if one["verb"] == "list")
    assert asked, "nothing was listed"
    assert {uri: times for uri, times in asked.items() if times > 1} == {}


def test_nothing_is_refused(audited: list[Object]) -> None:
    """The shipped role is enough: the server denies nothing, and misses only what is not installed."""
    codes = {one["responseStatus"]["code"] for one in audited}
    assert codes <= {200, 201, 404, 503}
    missing = {one["objectRef"].get("apiGroup", "") for one in audited if one["responseStatus"]["code"] in (404, 503)}
    assert missing <= {"cilium.io", "metrics.k8s.io", ""}


def test_the_role_sees_as_much_as_the_administrator(broken: Cluster, account: str) -> None:
    """Both come to the same conclusions."""
    assert _conclusions(diagnose(account)) == _conclusions(diagnose(broken.kubeconfig))


def _conclusions(report: Report) -> list[tuple[str, str]]:
    return sorted((each.id, str(each.subject)) for each in causes(report))


# --- with less ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def narrow(broken: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the kubeconfig of a ServiceAccount whose role lacks the resources that the test names."""
    role = next(yaml.safe_load_all(ROLE.read_text()))
    for rule in role["rules"]:
        rule["resources"] = [name for name in rule.get("resources", ()) if name not in request.param]
    role["rules"] = [rule for rule in role["rules"] if rule["resources"]]
    role["metadata"]["name"] = "narrow"
    account: dict[str, Any] = {"kind": "ServiceAccount", "namespace": "default", "name": "narrow"}
    rbac = {"apiVersion": "rbac.authorization.k8s.io/v1"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "narrow"}
    objects: list[Object] = [
        role,
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"namespace": "default", "name": "narrow"}},
        {
            **rbac,
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "narrow"},
            "roleRef": reference,
            "subjects": [account],
        },
    ]
    broken.api.create(*objects)
    yield broken.service_account("narrow", "default")
    broken.api.delete(*objects)


def _states(report: Report) -> dict[str, str]:
    return {layer.layer: layer.state for layer in report.layers}


@pytest.mark.parametrize("narrow", [("nodes", "persistentvolumeclaims", "horizontalpodautoscalers")], indirect=True)
def test_what_may_not_be_seen_is_unknown_and_not_well(broken: Cluster, narrow: str) -> None:
    """The layers of what is forbidden are unknown, each with the reason; the rest is found as ever."""
    snapshot = look(narrow)
    report = report_of(snapshot)
    states = _states(report)
    assert states["node"] == "unknown", shown(report)
    hidden = {one.collector: one.why for one in snapshot.coverage if one.reason == "forbidden"}
    assert set(hidden) == {
        "kubernetes/nodes",
        "kubernetes/persistentvolumeclaims",
        "kubernetes/horizontalpodautoscalers",
        "kubernetes/metrics",
    }
    assert 'User "system:serviceaccount:default:narrow" cannot list resource "nodes"' in str(hidden["kubernetes/nodes"])
    assert ("Deployment", "crash-loop") in {(each.subject.kind, each.subject.namespace) for each in causes(report)}


@pytest.mark.parametrize("narrow", [("pods", "pods/log", "events", "nodes")], indirect=True)
def test_without_pods_nothing_is_called_well(broken: Cluster, narrow: str) -> None:
    """A user who may not see Pods is told so; neither workloads nor Services nor nodes are ok."""
    snapshot = look(narrow)
    states = _states(report_of(snapshot))
    assert {"ok"} & {states[name] for name in ("node", "workload", "scheduling", "image", "cni", "dns")} == set()
    assert _of(snapshot, "logs") == ("skipped", "forbidden")


@pytest.mark.parametrize("narrow", [("configmaps", "pods/log")], indirect=True)
def test_what_is_surely_forbidden_is_not_even_asked_for(broken: Cluster, narrow: str) -> None:
    """The server has no refusal to write down: kbdiag knows beforehand."""
    look(narrow)
    mine = [one for one in broken.audited() if one["user"].get("username", "").endswith(":narrow")]
    assert mine
    assert [one["requestURI"] for one in mine if one["responseStatus"]["code"] == 403] == []


def test_a_user_without_any_permission(broken: Cluster) -> None:
    """The server was reached, nothing could be seen, and nothing is called well."""
    snapshot = look(broken.service_account("default", "default"))
    assert _of(snapshot, "kubernetes/api") == ("complete", "")
    assert _of(snapshot, "kubernetes/pods") == ("skipped", "forbidden")
    assert "ok" not in _states(report_of(snapshot)).values()


def _of(snapshot: Snapshot, collector: str) -> tuple[str, str]:
    (found,) = [one for one in snapshot.coverage if one.collector == collector]
    return found.state.value, found.reason
