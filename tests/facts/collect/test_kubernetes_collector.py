"""Live collection, against a server that speaks TLS: what it shows is kept, and each way to fail has its own name."""

import gzip
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facts.cluster.kinds import KINDS
from facts.collect.api.client import Connection, connect
from facts.collect.api.helm import ACCEPT
from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from tests.facts.kubernetes_server import (
    REVIEW,
    TOKEN,
    WHO,
    Answer,
    Hang,
    Reset,
    Rule,
    expired,
    kubeconfig,
    permitted,
    refusal,
    running,
)

NOW = datetime(2026, 11, 23, 10, 4, tzinfo=UTC)
DENIED = 'pods is forbidden: User "dev" cannot list resource "pods" in API group "" at the cluster scope'


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No proxy and no kubeconfig of whoever runs the tests takes part."""
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def pod(name: str, *, namespace: str = "demo", owner: str = "web", **status: Any) -> dict[str, Any]:
    """Return a Pod whose one container `app` has `status`; it runs well without."""
    one = {"name": "app", "ready": True, "restartCount": 0, "state": {"running": {}}, **status}
    return {
        "metadata": {"name": name, "namespace": namespace, "ownerReferences": [{"kind": "ReplicaSet", "name": owner}]},
        "spec": {"nodeName": "w1", "containers": [{"name": "app"}]},
        "status": {"phase": "Running", "containerStatuses": [one]},
    }


CRASHING: dict[str, Any] = {"ready": False, "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}


def when(path: str, *answers: Answer | Hang | Reset) -> Rule:
    """Answer requests whose path ends in `path`: the first with the first answer, ..., all further with the last."""
    return lambda ask: answers[min(ask.attempt, len(answers)) - 1] if ask.path.endswith(path) else None


@contextmanager
def limited() -> Iterator[None]:
    """Fail when the block waits for what never comes; how fast it is depends on the machine."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 60


def snapshot_of(
    tmp_path: Path, port: int, *, timeout: float = 10.0, namespace: str | None = None, **user: Any
) -> Snapshot:
    return collect(
        Request(
            kubeconfig=kubeconfig(tmp_path, port, **user), namespaces=(namespace,) if namespace else (), timeout=timeout
        ),
        now=NOW,
    )


def coverage_of(snapshot: Snapshot, collector: str, target: str = "*") -> Coverage:
    (found,) = [one for one in snapshot.coverage if (one.collector, one.target) == (collector, target)]
    return found


def ending_of(snapshot: Snapshot, collector: str, target: str = "*") -> tuple[str, str]:
    """Return state and reason of a coverage."""
    found = coverage_of(snapshot, collector, target)
    return found.state.value, found.reason


def logs_of(snapshot: Snapshot) -> list[Observation]:
    return [one for one in snapshot.observations if one.kind is ObservationKind.LOG]


def assert_unreachable(snapshot: Snapshot, reason: str, *words: str) -> None:
    """Fail unless the API is one failed coverage with the reason, all else is skipped, and nothing was seen."""
    assert ending_of(snapshot, "kubernetes/api") == ("failed", reason)
    why = coverage_of(snapshot, "kubernetes/api").why or ""
    assert [word for word in words if word not in why] == [], why
    others = [
        one
        for one in snapshot.coverage
        if one.collector.startswith("kubernetes/") and one.collector not in ("kubernetes/api", "kubernetes/certificate")
    ]
    assert {one.state for one in others} == {CoverageState.SKIPPED}
    assert {one.collector for one in others} == {kind.collector for kind in KINDS if kind.queries} | {
        "kubernetes/health"
    }
    assert [one for one in snapshot.observations if one.attribute("command") != "openssl x509"] == []
    assert TOKEN not in str(snapshot)


# --- what is seen ----------------------------------------------------------------------------------------------------


def test_a_healthy_cluster_gives_its_lists_and_complete_coverage(tmp_path: Path) -> None:
    """All kinds are listed for the whole cluster; only ConfigMaps, of which few are read, and logs are not complete."""
    with running({"/api/v1/pods": [pod("web-1")]}) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert (snapshot.cluster, snapshot.origin, snapshot.observed_at) == ("lab", "context lab", "2026-11-23T10:04:00Z")
    kubernetes = {
        one.collector: one.state.value for one in snapshot.coverage if one.collector.startswith("kubernetes/")
    }
    assert kubernetes.pop("kubernetes/configmaps") == "partial"
    assert set(kubernetes.values()) == {"complete"}
    assert coverage_of(snapshot, "logs").state is CoverageState.SKIPPED
    assert ending_of(snapshot, "kubernetes/configmaps") == ("partial", "")
    assert coverage_of(snapshot, "kubernetes/pods").target == "*"
    first = snapshot.observations[0]
    assert (first.source, first.attributes) == ("/api/v1/pods", {"fidelity": "full", "scope": "cluster"})
    assert json.loads(first.body)["items"][0]["metadata"]["name"] == "web-1"


def test_nothing_is_changed_and_secrets_are_never_asked_for(tmp_path: Path) -> None:
    """GET is sent, and POST only to ask what the user may see; no Secret is fetched. The token of the kubeconfig is sent, and kept nowhere."""
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, when("/log", Answer(b"x"))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert {ask.path for ask in server.asks if ask.method != "GET"} == {REVIEW, WHO}
    # Of Secrets only metadata may be sent, which tells of Helm releases: no other form is accepted.
    assert {ask.accept for ask in server.asks if ask.path.endswith("/secrets")} == {ACCEPT}
    assert server.tokens == {f"Bearer {TOKEN}"}
    assert TOKEN not in str(snapshot)


def test_long_lists_come_in_pages(tmp_path: Path) -> None:
    """1,200 Pods are three pages, kept in their order."""
    with running({"/api/v1/pods": [pod(f"web-{number:04}") for number in range(1200)]}) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    pages = [json.loads(one.body)["items"] for one in snapshot.observations if one.source == "/api/v1/pods"]
    assert [len(page) for page in pages] == [500, 500, 200]
    assert [item["metadata"]["name"] for page in pages for item in page] == [
        f"web-{number:04}" for number in range(1200)
    ]


@pytest.mark.parametrize("how", [{}, {"Transfer-Encoding": "chunked"}])
def test_answers_may_be_compressed(tmp_path: Path, how: dict[str, str]) -> None:
    """What the server sends as gzip is kept as JSON, in one piece or in chunks, as a real one sends long lists."""
    packed = Answer(gzip.compress(b'{"kind":"NodeList"}'), headers={"Content-Encoding": "gzip", **how})
    with running({}, when("/api/v1/nodes", packed)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert [one.body for one in snapshot.observations if one.source == "/api/v1/nodes"] == [b'{"kind":"NodeList"}']


def test_concurrency_does_not_change_the_result(tmp_path: Path) -> None:
    """Two collections of the same cluster differ in nothing but the seconds."""
    objects = {"/api/v1/pods": [pod(f"p-{number}", owner=f"o-{number}", **CRASHING) for number in range(30)]}
    with running(objects, lambda ask: Answer(ask.path.encode()) if ask.path.endswith("/log") else None) as server:
        one, two = (snapshot_of(tmp_path, server.port) for _ in range(2))
    assert one.observations == two.observations
    assert [(each.collector, each.target, each.state) for each in one.coverage] == [
        (each.collector, each.target, each.state) for each in two.coverage
    ]


def test_what_is_observed_is_redacted(tmp_path: Path) -> None:
    """Passwords in objects and logs are tokens before anything keeps them."""
    noisy = pod("web-1", **CRASHING)
    noisy["spec"]["containers"][0]["env"] = [{"name": "DB_PASSWORD", "value": "hunter2"}]
    with running({"/api/v1/pods": [noisy]}, when("/log", Answer(b"login with password=hunter2 failed"))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert "hunter2" not in str(snapshot)
    assert logs_of(snapshot)[0].body.startswith(b"login with password=REDACTED-secret-")


def test_a_namespace_narrows_what_can_be_narrowed(tmp_path: Path) -> None:
    """Pods are listed in the namespace, nodes as ever, and of the namespaces only the one."""
    objects = {"/api/v1/pods": [pod("web-1"), pod("web-2", namespace="other")]}
    with running(
        objects, when("/namespaces/demo", Answer({"kind": "Namespace", "metadata": {"name": "demo"}}))
    ) as server:
        snapshot = snapshot_of(tmp_path, server.port, namespace="demo")
    assert "/api/v1/pods" not in server.paths()
    assert ending_of(snapshot, "kubernetes/pods", "demo") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/nodes", "*") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/namespaces", "demo") == ("complete", "")
    assert snapshot.observations[0].attributes["scope"] == "demo"
    assert b"web-2" not in snapshot.observations[0].body


def test_several_namespaces_are_looked_at_each_for_itself(tmp_path: Path) -> None:
    """Each is read itself and has its lists, its coverage and its logs; what is in no namespace is listed once."""
    objects = {
        "/api/v1/pods": [pod("a", namespace="shop", **CRASHING), pod("b", namespace="till"), pod("c", namespace="x")]
    }
    space = when("", *[Answer({"kind": "Namespace", "metadata": {"name": "x"}})] * 9)
    with running(
        objects,
        SAYS,
        lambda ask: space(ask) if ask.path.startswith("/api/v1/namespaces/") and ask.path.count("/") == 4 else None,
    ) as server:
        path = kubeconfig(tmp_path, server.port)
        snapshot = collect(Request(kubeconfig=path, namespaces=("shop", "till"), timeout=10.0), now=NOW)
    assert [name for name in ("shop", "till", "x") if f"/api/v1/namespaces/{name}" in server.paths()] == [
        "shop",
        "till",
    ]
    assert server.paths().count("/api/v1/nodes") == 1
    assert {one.target: one.state for one in snapshot.coverage if one.collector == "kubernetes/pods"} == {
        "shop": "complete", "till": "complete",
    }  # fmt: skip
    assert {one.target: one.state for one in snapshot.coverage if one.collector == "logs"} == {
        "shop": "partial", "till": "skipped",
    }  # fmt: skip
    assert all(b'"c"' not in one.body for one in snapshot.observations)


def test_a_namespace_that_does_not_exist_is_said(tmp_path: Path) -> None:
    """Its lists are empty, which must not pass for health."""
    missing = when("/namespaces/dmo", refusal(404, 'namespaces "dmo" not found'))
    with running({}, missing) as server:
        snapshot = snapshot_of(tmp_path, server.port, namespace="dmo")
    assert ending_of(snapshot, "kubernetes/namespaces", "dmo") == ("failed", "not-found")


# --- logs ------------------------------------------------------------------------------------------------------------

SAYS = lambda ask: Answer(f"{ask.query.get('previous')} {ask.path}".encode()) if ask.path.endswith("/log") else None  # noqa: E731


@pytest.mark.parametrize(
    ("status", "previous"),
    [
        (CRASHING, [True, False]),
        ({"ready": False, "state": {"terminated": {"exitCode": 1, "reason": "Error"}}}, [False]),
        ({"ready": False, "state": {"running": {}}}, [False]),
        ({"ready": False, "restartCount": 2, "state": {"running": {}}}, [True, False]),
        ({"ready": True, "restartCount": 9, "state": {"running": {}}}, []),
        ({"ready": False, "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}, []),
        ({"ready": False, "state": {"waiting": {"reason": "ImagePullBackOff"}}}, []),
        ({"ready": False, "state": {"waiting": {"reason": "ContainerCreating"}}}, []),
    ],
)
def test_what_failing_containers_printed_is_fetched(
    tmp_path: Path, status: dict[str, Any], previous: list[bool]
) -> None:
    """A container that failed has its log, and one that was restarted also the log before that."""
    with running({"/api/v1/pods": [pod("web-1", **status)]}, SAYS) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    asked = [ask for ask in server.asks if ask.path.endswith("/log") and "sinceSeconds" not in ask.query]
    assert ["previous" in ask.query for ask in asked] == sorted(previous)
    assert len(logs_of(snapshot)) == len(previous) or status.get("ready")
    assert {(ask.query["container"], ask.query["tailLines"], ask.query["limitBytes"]) for ask in asked} <= {
        ("app", "200", "262144")
    }


def test_what_pods_that_are_well_said_lately_is_fetched(tmp_path: Path) -> None:
    """One Pod of each owner, where some Pod is not well; where all are, everywhere but in the platform's namespaces."""
    well = [
        *(pod(f"web-{number}") for number in range(3)),
        pod("api-1", owner="api"),
        pod("far-1", namespace="far"),
        pod("dns-1", namespace="kube-system"),
    ]
    broken = pod("bad-1", owner="bad", **CRASHING)
    names = {}
    for case, pods in {"well": well, "broken": [*well, broken]}.items():
        with running({"/api/v1/pods": pods}, SAYS) as server:
            snapshot_of(tmp_path, server.port)
        names[case] = {ask.path.split("/")[6] for ask in server.asks if ask.query.get("sinceSeconds") == "600"}
    assert names == {"well": {"web-0", "api-1", "far-1"}, "broken": {"web-0", "api-1"}}


def test_the_settings_of_pods_in_trouble_are_fetched(tmp_path: Path) -> None:
    """ConfigMaps whole; of Secrets nothing but the metadata, and no annotation, which may repeat the data."""
    broken = pod("bad-1", **CRASHING)
    broken["spec"]["volumes"] = [{"configMap": {"name": "settings"}}, {"secret": {"secretName": "keys"}}]
    about = {"namespace": "demo", "annotations": {"last-applied": "hunter2"}, "managedFields": [{"manager": "kubectl"}]}
    settings = Answer({"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}})
    keys = Answer({"kind": "PartialObjectMetadata", "metadata": {"name": "keys", **about}})
    with running(
        {"/api/v1/pods": [broken]}, when("/configmaps/settings", settings), when("/secrets/keys", keys)
    ) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    bodies = {
        one.source.rpartition("/")[2]: json.loads(one.body)
        for one in snapshot.observations
        if one.source.startswith("/api/v1/namespaces/demo")
    }
    assert bodies["settings"]["data"] == {"a": "b"}
    assert bodies["keys"]["metadata"] == {
        "name": "keys",
        "namespace": "demo",
        "managedFields": [{"manager": "kubectl"}],
    }
    (asked,) = [ask for ask in server.asks if ask.path.endswith("/secrets/keys")]
    assert "as=PartialObjectMetadata;" in asked.accept


def test_the_flags_of_flagd_are_fetched(tmp_path: Path) -> None:
    """It is well itself; those who ask it fail."""
    flagd = pod("flagd-1")
    flagd["spec"]["containers"][0]["image"] = "ghcr.io/open-feature/flagd:v0.11"
    flagd["spec"]["volumes"] = [{"configMap": {"name": "flags"}}, {"secret": {"secretName": "keys"}}]
    with running({"/api/v1/pods": [flagd, pod("web-1")]}) as server:
        snapshot_of(tmp_path, server.port)
    asked = {
        ask.path for ask in server.asks if ask.path.startswith("/api/v1/namespaces/demo/") and "/log" not in ask.path
    }
    assert asked == {"/api/v1/namespaces/demo/configmaps/flags"}


def test_a_log_knows_where_it_comes_from(tmp_path: Path) -> None:
    """Component, node, namespace, Pod and container are attributes of the observation."""
    cilium = pod("cilium-x7k2p", namespace="kube-system", ready=False)
    with running({"/api/v1/pods": [cilium]}, SAYS) as server:
        (log,) = logs_of(snapshot_of(tmp_path, server.port))
    assert log.source == "Pod kube-system/cilium-x7k2p container app"
    assert log.attributes == {
        "component": "cilium",
        "namespace": "kube-system",
        "pod": "cilium-x7k2p",
        "container": "app",
        "node": "w1",
    }


def test_the_same_log_is_kept_once(tmp_path: Path) -> None:
    """Between two restarts the log and the one before the restart are the same: one piece of evidence, not two."""
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, when("/log", Answer(b"panic"))) as server:
        (log,) = logs_of(snapshot_of(tmp_path, server.port))
    assert (log.body, log.attribute("previous")) == (b"panic", "true")


def test_many_failing_pods_of_one_owner_are_two_logs(tmp_path: Path) -> None:
    """At most two Pods of an owner and fifty containers are read, and every owner comes before second Pods."""
    pods = [pod(f"a-{number}", owner="a", ready=False) for number in range(100)]
    pods += [pod(f"b-{number:02}", owner=f"b-{number}", ready=False) for number in range(49)]
    with running({"/api/v1/pods": pods}, SAYS) as server:
        names = [log.attributes["pod"] for log in logs_of(snapshot_of(tmp_path, server.port))]
    assert names == ["a-0", *(f"b-{number:02}" for number in range(49))]


def test_a_log_that_does_not_exist_is_no_failure(tmp_path: Path) -> None:
    """A container that has not started, or no longer has its previous instance, simply has no log."""
    gone = refusal(400, 'previous terminated container "app" in pod "web-1" not found')
    none = lambda ask: gone if "previous" in ask.query else None  # noqa: E731
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, none, when("/log", Answer(b"now"))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert [log.body for log in logs_of(snapshot)] == [b"now"]
    assert ending_of(snapshot, "logs") == ("partial", "")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("dial tcp 192.0.2.7:10250: connect: no route to host", "no-route"),
        ("dial tcp 192.0.2.7:10250: connect: connection refused", "refused"),
        ("dial tcp 192.0.2.7:10250: i/o timeout", "timeout"),
        ("remote error: tls: internal error", "certificate"),
    ],
)
def test_a_kubelet_that_the_server_cannot_reach_is_a_finding(tmp_path: Path, message: str, reason: str) -> None:
    """Its node is given up at once, and has a coverage of its own that says why."""
    down = when("/log", refusal(500, f'Get "https://192.0.2.7:10250/containerLogs/demo/web-1/app": {message}'))
    pods = [pod(f"web-{number}", owner=f"o-{number}", ready=False) for number in range(40)]
    with running({"/api/v1/pods": pods}, down) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/kubelet", "w1") == ("failed", reason)
    assert message in (coverage_of(snapshot, "kubernetes/kubelet", "w1").why or "")
    assert coverage_of(snapshot, "logs").state is CoverageState.FAILED
    assert sum(ask.path.endswith("/log") for ask in server.asks) <= 8


def test_a_dead_node_does_not_cost_the_logs_of_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server waits for the kubelet of one node, the logs of another come."""
    monkeypatch.setattr("facts.collect.api.logs.SILENT_SECONDS", 0.1)
    pods = [pod(f"dead-{number}", owner=f"d-{number}", ready=False) for number in range(20)]
    alive = pod("well-1", ready=False)
    alive["spec"]["nodeName"] = "w2"
    hang = lambda ask: Hang() if "/pods/dead-" in ask.path else None  # noqa: E731
    with running({"/api/v1/pods": [*pods, alive]}, hang, SAYS) as server, limited():
        snapshot = snapshot_of(tmp_path, server.port, timeout=1.5)
    assert [log.attributes["pod"] for log in logs_of(snapshot)] == ["well-1"]
    assert ending_of(snapshot, "logs") == ("partial", "silent")
    assert ending_of(snapshot, "kubernetes/kubelet", "w1") == ("failed", "timeout")
    assert {one.target for one in snapshot.coverage if one.collector == "kubernetes/kubelet"} == {"w1"}


def test_forbidden_logs_are_said(tmp_path: Path) -> None:
    """Not being allowed to read logs is not the same as there being none."""
    denied = when("/log", refusal(403, 'pods "web-1" is forbidden: cannot get resource "pods/log"'))
    with running({"/api/v1/pods": [pod("web-1", ready=False)]}, denied) as server:
        assert ending_of(snapshot_of(tmp_path, server.port), "logs") == ("failed", "forbidden")


# --- what the server says of itself ----------------------------------------------------------------------------------


def observed(snapshot: Snapshot, source: str) -> Observation:
    (found,) = [one for one in snapshot.observations if one.source == source]
    return found


def test_health_and_version_are_kept(tmp_path: Path) -> None:
    """The checks of the API server one by one, and its version, as the commands of kubectl print them."""
    with running({}) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert observed(snapshot, "/readyz").body == b"[+]ping ok\n[+]etcd ok\nreadyz check passed\n"
    assert observed(snapshot, "/readyz").attributes == {"command": "kubectl get --raw /readyz?verbose"}
    assert json.loads(observed(snapshot, "/version").body) == {"gitVersion": "v1.31.0"}


def test_a_health_check_that_fails_is_an_answer(tmp_path: Path) -> None:
    """The server says with status 500 which check fails: that was seen, and nothing failed to be."""
    failing = b"[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n"
    with running({}, when("/readyz", Answer(failing, 500))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert observed(snapshot, "/readyz").body == failing
    assert ending_of(snapshot, "kubernetes/health") == ("complete", "")


def test_the_certificate_of_the_server_is_kept(tmp_path: Path) -> None:
    """From when to when it holds and for whom, as openssl prints it."""
    with running({}) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    seen = observed(snapshot, f"certificate of https://127.0.0.1:{server.port}")
    assert seen.attributes == {"command": "openssl x509", "target": f"127.0.0.1:{server.port}"}
    assert b"IP Address:127.0.0.1" in seen.body
    assert b"notAfter=" in seen.body


def test_a_certificate_that_has_expired_is_read_all_the_same(tmp_path: Path) -> None:
    """Nothing else is asked of such a server; its certificate tells since when."""
    with running({}, expires=expired()) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert server.asks == []
    assert ending_of(snapshot, "kubernetes/api") == ("failed", "server-certificate-expired")
    assert (
        b"notAfter=Jan 01 00:00:00 2020 GMT"
        in observed(snapshot, f"certificate of https://127.0.0.1:{server.port}").body
    )


# --- permissions -----------------------------------------------------------------------------------------------------

ME = Answer({"status": {"userInfo": {"username": "dev"}}}, 201)
PODS = {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}


def test_what_is_surely_forbidden_is_not_asked_for(tmp_path: Path) -> None:
    """Of a user who may only list Pods the other lists are skipped, in the words in which the server would refuse."""
    with running({}, when(REVIEW, permitted(PODS)), when(WHO, ME)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert [path for path in server.paths() if path.endswith("/v1/nodes") or "/apps/" in path] == []
    assert ending_of(snapshot, "kubernetes/nodes") == ("skipped", "forbidden")
    why = 'nodes: nodes is forbidden: User "dev" cannot list resource "nodes" in API group "" at the cluster scope'
    assert coverage_of(snapshot, "kubernetes/nodes").why == why
    assert ending_of(snapshot, "kubernetes/pods") == ("complete", "")


def test_whoever_does_not_know_who_asks_lets_the_server_refuse(tmp_path: Path) -> None:
    """Servers before 1.28 do not tell the user: the refusal of the server itself does."""
    words = 'nodes is forbidden: User "dev" cannot list resource "nodes" in API group "" at the cluster scope'
    unknown = when(WHO, refusal(404, "not found"))
    with running({}, when(REVIEW, permitted(PODS)), unknown, when("/v1/nodes", refusal(403, words))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert words in (coverage_of(snapshot, "kubernetes/nodes").why or "")


def test_logs_that_are_surely_forbidden_are_not_asked_for(tmp_path: Path) -> None:
    """To see Pods is not to see what they print."""
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, when(REVIEW, permitted(PODS)), when(WHO, ME)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "logs") == ("skipped", "forbidden")
    assert [path for path in server.paths() if path.endswith("/log")] == []


@pytest.mark.parametrize(
    "review",
    [
        refusal(404, "not found"),
        refusal(403, "forbidden"),
        Answer(b"<html>"),
        permitted(error="webhook authorizer does not support user rule resolution"),
    ],
)
def test_where_permissions_are_not_known_everything_is_tried(tmp_path: Path, review: Answer) -> None:
    """An answer that says little, or none, forbids nothing."""
    with running({}, when(REVIEW, review)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/nodes") == ("complete", "")


def test_the_authorizer_of_kubelets_hides_nothing(tmp_path: Path) -> None:
    """A server of kubeadm always adds that one authorizer told no rules: its rules are for kubelets only."""
    error = "node authorizer does not support user rule resolution"
    with running({}, when(REVIEW, permitted(PODS, error=error)), when(WHO, ME)) as server:
        assert ending_of(snapshot_of(tmp_path, server.port), "kubernetes/nodes") == ("skipped", "forbidden")


def test_without_a_metrics_server_nothing_is_known_of_usage(tmp_path: Path) -> None:
    """Neither a missing API nor one that does not answer means that nobody uses much."""
    missing = [refusal(404, "not found"), refusal(503, "the server is currently unable to handle the request")]
    for answer in missing:
        with running({}, when("v1beta1/nodes", answer), when("v1beta1/pods", answer)) as server:
            assert ending_of(snapshot_of(tmp_path, server.port), "kubernetes/metrics") == ("skipped", "")


# --- faults of single lists ------------------------------------------------------------------------------------------


def test_a_list_that_is_forbidden_is_the_only_one_that_fails(tmp_path: Path) -> None:
    """403 on one kind leaves the others as they are."""
    with running({}, when("/api/v1/nodes", refusal(403, DENIED))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/nodes") == ("failed", "forbidden")
    assert 'User "dev" cannot list' in (coverage_of(snapshot, "kubernetes/nodes").why or "")
    assert ending_of(snapshot, "kubernetes/pods") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/api") == ("complete", "")


def test_where_the_cluster_is_forbidden_the_namespace_of_the_context_is_listed(tmp_path: Path) -> None:
    """The cluster is then covered in part, the namespace completely; what belongs to no namespace fails."""
    only_demo = lambda ask: None if "/namespaces/demo/" in ask.path or ask.path == "/version" else refusal(403, DENIED)  # noqa: E731
    with running({"/api/v1/pods": [pod("web-1", **CRASHING)]}, SAYS_IN_DEMO, only_demo) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/pods", "*") == ("partial", "forbidden")
    assert "only namespace demo was listed" in (coverage_of(snapshot, "kubernetes/pods", "*").why or "")
    assert ending_of(snapshot, "kubernetes/pods", "demo") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/nodes", "*") == ("failed", "forbidden")
    assert coverage_of(snapshot, "logs", "demo").state is CoverageState.PARTIAL
    assert snapshot.observations[0].attributes["scope"] == "demo"


SAYS_IN_DEMO: Rule = lambda ask: Answer(b"x") if ask.path.startswith("/api/v1/namespaces/demo/pods/") else None  # noqa: E731


def test_where_everything_is_forbidden_the_server_was_still_reached(tmp_path: Path) -> None:
    """403 everywhere, also for the version: the API works, this user may see nothing."""
    with running({}, when("", refusal(403, DENIED))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/api") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/pods") == ("failed", "forbidden")
    assert coverage_of(snapshot, "logs").state is CoverageState.SKIPPED
    assert [one.source for one in snapshot.observations] == [f"certificate of https://127.0.0.1:{server.port}"]


def test_a_kind_that_is_not_installed_is_no_failure(tmp_path: Path) -> None:
    """Without Cilium its policies are complete: there are none."""
    with running({}) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert "/apis/cilium.io/v2/ciliumnetworkpolicies" in server.paths()
    assert ending_of(snapshot, "kubernetes/networkpolicies") == ("complete", "")


def _serving(*versions: str) -> Rule:
    groups = [{"name": version.split("/")[0], "versions": [{"groupVersion": version}]} for version in versions]
    return when("/apis", Answer({"kind": "APIGroupList", "groups": groups}))


def test_a_group_that_the_server_does_not_serve_is_not_asked_for(tmp_path: Path) -> None:
    """The server says which groups it serves; of the others there are no objects."""
    with running({}, _serving("chaos-mesh.org/v1alpha1")) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert "/apis/chaos-mesh.org/v1alpha1/networkchaos" in server.paths()
    assert [path for path in server.paths() if "cilium.io" in path or "argoproj.io" in path] == []
    assert ending_of(snapshot, "kubernetes/argocd") == ("complete", "")


def test_the_version_that_the_server_serves_is_asked_for(tmp_path: Path) -> None:
    """An older Istio serves v1beta1 only."""
    with running({}, _serving("networking.istio.io/v1beta1")) as server:
        snapshot_of(tmp_path, server.port)
    assert "/apis/networking.istio.io/v1beta1/virtualservices" in server.paths()
    assert "/apis/networking.istio.io/v1/virtualservices" not in server.paths()


def test_an_older_group_stands_in(tmp_path: Path) -> None:
    """Where autoscaling/v2 does not exist, v1 is listed."""
    old = lambda ask: Answer({"kind": "List"}) if ask.path.startswith("/apis/autoscaling/v1/") else None  # noqa: E731
    with running({}, when("/v2/horizontalpodautoscalers", refusal(404, "not found")), old) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/horizontalpodautoscalers") == ("complete", "")


def _second_page(answer: Answer | Hang, times: int = 1) -> Rule:
    return lambda ask: answer if ask.query.get("continue") == "500" and ask.attempt <= times else None


def test_a_page_that_expired_restarts_its_list(tmp_path: Path) -> None:
    """410 on the second page: the list starts again, and no object is there twice."""
    with running(
        {"/api/v1/pods": [pod(f"w-{n}") for n in range(700)]}, _second_page(refusal(410, "too old"))
    ) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    pages = [json.loads(one.body)["items"] for one in snapshot.observations if one.source == "/api/v1/pods"]
    assert [len(page) for page in pages] == [500, 200]
    assert ending_of(snapshot, "kubernetes/pods") == ("complete", "")


def test_a_page_that_expires_again_leaves_the_list_partial(tmp_path: Path) -> None:
    """The restart is done once; what came is kept, and no longer claims to be all there is."""
    again = _second_page(refusal(410, "too old"), times=9)
    with running({"/api/v1/pods": [pod(f"w-{n}") for n in range(700)]}, again) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/pods") == ("partial", "expired")
    assert snapshot.observations[0].attribute("scope") == ""


def test_a_page_that_does_not_come_leaves_the_list_partial(tmp_path: Path) -> None:
    """A server that hangs on the second page costs that page, within the time limit."""
    pods = [pod(f"w-{number}") for number in range(700)]
    with running({"/api/v1/pods": pods}, _second_page(Hang(), times=9)) as server, limited():
        snapshot = snapshot_of(tmp_path, server.port, timeout=1.0)
    assert ending_of(snapshot, "kubernetes/pods") == ("partial", "silent")
    assert ending_of(snapshot, "kubernetes/nodes") == ("complete", "")


def test_a_fault_of_the_server_is_tried_three_times(tmp_path: Path) -> None:
    """500 twice and then the list: complete. 500 always: failed after three requests."""
    fault = refusal(500, "etcdserver: request timed out")
    nodes = lambda ask: fault if ask.path == "/api/v1/nodes" and ask.attempt < 3 else None  # noqa: E731
    with running({}, nodes, when("/api/v1/pods", fault)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/nodes") == ("complete", "")
    assert ending_of(snapshot, "kubernetes/pods") == ("failed", "server-error")
    assert "etcdserver: request timed out" in (coverage_of(snapshot, "kubernetes/pods").why or "")
    assert server.paths().count("/api/v1/pods") == 3


def test_a_list_that_is_no_kubernetes_object_fails(tmp_path: Path) -> None:
    """A login page with status 200 is not an empty cluster."""
    with running({}, when("/api/v1/pods", Answer(b"<html>Sign in</html>"))) as server:
        assert ending_of(snapshot_of(tmp_path, server.port), "kubernetes/pods") == ("failed", "wrong-service")


def test_redirects_are_not_followed(tmp_path: Path) -> None:
    """The credentials go to the server of the kubeconfig and to nobody else."""
    away = Answer(b"", 302, {"Location": "https://login.example/"})
    with running({}, when("", away)) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/api") == ("failed", "wrong-service")
    assert "login.example" in (coverage_of(snapshot, "kubernetes/api").why or "")


# --- throttling ---------------------------------------------------------------------------------------


def _paused(path: str) -> tuple[Connection, list[float]]:
    """Return a connection that writes down its pauses instead of making them."""
    pauses: list[float] = []
    connection = connect(path, None)
    return Connection(
        connection.context, connection.namespace, connection.host, connection.pool, connection.headers, pauses.append
    ), pauses


@pytest.mark.parametrize(("header", "pauses"), [({"Retry_After": "3"}, [3.0, 3.0]), ({}, [0.2, 0.4])])
def test_a_throttled_request_waits_as_long_as_it_is_told(
    tmp_path: Path, header: dict[str, str], pauses: list[float]
) -> None:
    """Retry-After is honoured; without it the pauses grow."""
    busy = refusal(429, "too many requests", **header)
    with running({}, lambda ask: busy if ask.attempt < 3 else None) as server:
        connection, paused = _paused(kubeconfig(tmp_path, server.port))
        assert b"v1.31" in connection.get("/version", {}, time.monotonic() + 60)
    assert paused == pauses


@pytest.mark.parametrize(("wait", "left"), [("3", 2.0), ("60", 600.0)])
def test_a_pause_that_is_too_long_is_not_made(tmp_path: Path, wait: str, left: float) -> None:
    """Neither beyond the deadline nor beyond five seconds does a request wait."""
    with running({}, when("/pods", refusal(429, "too many requests", Retry_After=wait))) as server:
        connection, paused = _paused(kubeconfig(tmp_path, server.port))
        with pytest.raises(Exception, match="429 too many requests"):
            connection.get("/api/v1/pods", {}, time.monotonic() + left)
    assert paused == []


def test_throttling_ends_in_coverage(tmp_path: Path) -> None:
    """A list that is throttled for longer than anybody waits has failed, and says so."""
    with running({}, when("/api/v1/pods", refusal(429, "slow down", Retry_After="60"))) as server, limited():
        assert ending_of(snapshot_of(tmp_path, server.port), "kubernetes/pods") == ("failed", "throttled")


# --- no connection -----------------------------------------------------------------------------------------------------


def test_wrong_credentials(tmp_path: Path) -> None:
    """401 is not 403: the server does not know who asks. One request says so, not twenty."""
    with running({}, when("", refusal(401, "Unauthorized"))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert_unreachable(snapshot, "unauthorized", f"https://127.0.0.1:{server.port}: 401 Unauthorized")
    assert "does not accept the credentials" in (coverage_of(snapshot, "kubernetes/pods").why or "")
    assert server.paths() == ["/version"]


def test_a_server_with_a_fault_everywhere(tmp_path: Path) -> None:
    """503 for everything is a server that answers and cannot work."""
    with running({}, when("", Answer({}, 503, {"Retry-After": "60"}))) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert ending_of(snapshot, "kubernetes/api") == ("failed", "server-error")
    assert ending_of(snapshot, "kubernetes/pods") == ("failed", "server-error")


def test_nobody_listens(tmp_path: Path) -> None:
    """Connection refused, at once, with the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with limited():
        snapshot = snapshot_of(tmp_path, port)
    assert_unreachable(snapshot, "refused", f"https://127.0.0.1:{port}: connection refused")


def test_a_server_that_hangs(tmp_path: Path) -> None:
    """A server that takes the request and says nothing costs part of the time limit, once; it is not one that is away."""
    with running({}, when("", Hang())) as server, limited():
        snapshot = snapshot_of(tmp_path, server.port, timeout=1.0)
    assert_unreachable(snapshot, "silent", "the connection was accepted, and no answer came within")


def test_a_server_that_does_not_even_shake_hands(tmp_path: Path) -> None:
    """A port that is open and silent is told in the same way."""
    with socket.create_server(("127.0.0.1", 0)) as silent, limited():
        snapshot = snapshot_of(tmp_path, silent.getsockname()[1], timeout=1.0)
    assert_unreachable(snapshot, "silent")


def test_a_connection_that_is_reset(tmp_path: Path) -> None:
    """A reset is tried again before it counts."""
    with running({}, when("", Reset())) as server, limited():
        snapshot = snapshot_of(tmp_path, server.port)
    assert_unreachable(snapshot, "reset", "closed before the answer")
    assert len(server.asks) == 3


def test_a_connection_that_is_reset_once(tmp_path: Path) -> None:
    """One reset is not worth a word."""
    with running({}, when("/version", Reset(), Answer())) as server:
        assert ending_of(snapshot_of(tmp_path, server.port), "kubernetes/api") == ("complete", "")


def test_an_answer_that_breaks_off(tmp_path: Path) -> None:
    """Half an answer is none."""
    with running({}, when("", Answer({}, headers={"Content-Length": "999"}))) as server:
        assert_unreachable(snapshot_of(tmp_path, server.port), "reset", "before the answer was complete")


@pytest.mark.parametrize(
    ("options", "reason", "words"),
    [
        ({"authority": "somebody else"}, "untrusted", "issued by an authority that the kubeconfig does not trust"),
        ({"expires": expired()}, "server-certificate-expired", "has expired"),
        ({"host": "other.example"}, "name-mismatch", "issued for another"),
    ],
)
def test_a_certificate_that_cannot_be_trusted(tmp_path: Path, options: dict[str, Any], reason: str, words: str) -> None:
    """Unknown authority, expired and wrong host are told apart; nothing is sent to such a server."""
    with running({}, **options) as server:
        snapshot = snapshot_of(tmp_path, server.port)
    assert_unreachable(snapshot, reason, words)
    assert server.asks == []


def test_a_server_that_speaks_no_tls(tmp_path: Path) -> None:
    """Plain HTTP on the port of the API server is named as such."""
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            peer, _ = plain.accept()
            peer.recv(10)
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.close()

        threading.Thread(target=answer, daemon=True).start()
        snapshot = snapshot_of(tmp_path, plain.getsockname()[1])
    assert_unreachable(snapshot, "wrong-service", "does not speak TLS")


def test_a_name_that_does_not_resolve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the resolver does not know is not a server that is down."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    path = kubeconfig(tmp_path, 6443, host="api.lab.invalid")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert_unreachable(
        collect(Request(kubeconfig=path, timeout=5.0)),
        "dns",
        "https://api.lab.invalid:6443: the name cannot be resolved",
    )


def test_no_route(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that nothing leads to is not a server that refuses."""

    def unreachable(*_: object, **__: object) -> None:
        raise OSError(113, "No route to host")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert_unreachable(snapshot_of(tmp_path, 6443), "no-route", "no route to the host")


# --- the kubeconfig -----------------------------------------------------------------------------------------------------


def test_no_kubeconfig(tmp_path: Path) -> None:
    """Neither the default place nor a path that is given has a file."""
    assert_unreachable(collect(Request(timeout=5.0)), "no-config", "~/.kube/config: no such file")
    assert_unreachable(
        collect(Request(kubeconfig=str(tmp_path / "none"), timeout=5.0)), "no-such-file", "none: no such file"
    )


def test_an_unknown_context(tmp_path: Path) -> None:
    """The message names the contexts that there are."""
    snapshot = collect(Request(kubeconfig=kubeconfig(tmp_path, 1), context="prod", timeout=5.0))
    assert_unreachable(snapshot, "no-context", "context 'prod' is not in it; choose one of lab")
    assert snapshot.cluster == "prod"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "just text",
        "- a\n- b\n",
        "{{nonsense",
        "contexts: [",
        "contexts: 5\ncurrent-context: lab\n",
        "kind: Config\n",
        "current-context: lab\ncontexts:\n- name: lab\n",
        "current-context: lab\ncontexts:\n- name: lab\n  context: {cluster: gone, user: me}\nclusters: []\nusers: []\n",
        "\x00\x01\x02",
        "current-context: lab\ncontexts: [{name: lab, context: {cluster: lab}}]\nclusters: [{name: lab, cluster: {}}]\n",
        (
            "current-context: lab\ncontexts: [{name: lab, context: {cluster: lab, user: me}}]\n"
            "clusters: [{name: lab, cluster: {}}]\nusers: [{name: me, token: a-token-that-must-never-be-seen}]\n"
        ),
    ],
)
def test_a_kubeconfig_that_is_garbage(tmp_path: Path, content: str) -> None:
    """Whatever the file holds, it becomes one line that names it."""
    path = tmp_path / "kubeconfig"
    path.write_text(content)
    snapshot = collect(Request(kubeconfig=str(path), timeout=5.0))
    assert_unreachable(snapshot, "bad-config", str(path))
    assert all("\n" not in (one.why or "") for one in snapshot.coverage)


def test_a_certificate_file_that_is_missing_or_no_certificate(tmp_path: Path) -> None:
    """Files that the kubeconfig names are part of it."""
    files = {"client-certificate": "none.crt", "client-key": "none.key"}
    with running({}) as server:
        path = kubeconfig(tmp_path, server.port, **files)
        assert_unreachable(collect(Request(kubeconfig=path, timeout=5.0)), "bad-config", "none.crt")
        (tmp_path / "none.crt").write_text("no certificate")
        (tmp_path / "none.key").write_text("no key")
        assert_unreachable(collect(Request(kubeconfig=path, timeout=5.0)), "bad-config", "no PEM")


@pytest.mark.parametrize(
    ("command", "reason", "words"),
    [
        ({"command": "no-such-plugin"}, "missing-tool", "no-such-plugin"),
        ({"command": "sh", "args": ["-c", "echo session ended >&2; exit 1"]}, "plugin-failed", "session ended"),
    ],
)
def test_a_plugin_for_credentials_that_fails(
    tmp_path: Path, command: dict[str, Any], reason: str, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Why the plugin failed is said in coverage, and nowhere else."""
    path = kubeconfig(tmp_path, 1, exec={"apiVersion": "client.authentication.k8s.io/v1", **command})
    assert_unreachable(collect(Request(kubeconfig=path, timeout=5.0)), reason, words)
    assert capfd.readouterr().err == ""


def test_a_plugin_for_credentials_that_hangs(tmp_path: Path) -> None:
    """The time limit holds for plugins too."""
    os.mkfifo(tmp_path / "never")
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": "cat", "args": [str(tmp_path / "never")]}
    with limited():
        snapshot = collect(Request(kubeconfig=kubeconfig(tmp_path, 1, exec=command), timeout=0.5))
    (tmp_path / "never").write_text("")  # lets the plugin end
    assert_unreachable(snapshot, "plugin-failed", "no credentials within")


def test_the_kubeconfig_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$KUBECONFIG may name several files; those that do not exist do not matter."""
    with running({}) as server:
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/none:{kubeconfig(tmp_path, server.port)}")
        assert ending_of(collect(Request(timeout=10.0)), "kubernetes/api") == ("complete", "")
