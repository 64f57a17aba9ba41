"""What a mesh puts between two Pods, and its routes that lead nowhere."""

from typing import Any

import pytest

from facts.model.values import Evidence, Snapshot
from tests.facts.given import (
    LONG_AGO,
    Object,
    checked,
    container,
    evidence,
    facts,
    log,
    metadata,
    only,
    pod,
    service,
    table,
)

CALLER, ACCOUNT = "web-7d4b9c8f6d-x2x4n", "web"


def _custom(kind: str, spec: Object, name: str = "rule", namespace: str = "demo") -> Object:
    return {"apiVersion": "istio.io/v1", "kind": kind, "metadata": metadata(name, namespace), "spec": spec}


def _caller(*, sidecar: bool) -> Object:
    proxies = [container("istio-proxy")] if sidecar else []
    return pod(CALLER, statuses=[container(), *proxies], spec={"serviceAccountName": ACCOUNT})


def _callee(*, sidecar: bool, **labels: str) -> Object:
    proxies = [{"name": "istio-proxy"}] if sidecar else []
    containers = [{"name": "app", "ports": [{"containerPort": 8080}]}, *proxies]
    spec = {"containers": containers}
    return pod("pay-0", labels={"app": "pay", **labels}, owner=("StatefulSet", "pay"), spec=spec)


def _pay() -> Object:
    return service(
        "pay", {"app": "pay"}, clusterIP="10.96.0.7", ports=[{"name": "http", "port": 80, "targetPort": 8080}]
    )


def _call(error: str, *rules: Object, client: bool, server: bool) -> tuple[str, str, str]:
    """Return problem, kind and name of what is in the way of a call from web to pay."""
    said = log(f"ERROR calling http://pay/charge: {error}", pod=CALLER, namespace="demo")
    objects = (_caller(sidecar=client), _callee(sidecar=server), _pay(), *rules)
    call = only(evidence(*objects, more=(said,), complete=("services", "pods", "istio")), "call")
    return call["problem"], call["policy_kind"], call["policy"]


RESET, FORBIDDEN = "connection reset by peer", "403 Forbidden: RBAC: access denied"
STRICT = {"mtls": {"mode": "STRICT"}}
NOTHING = ("", "", "")


def _peer(spec: Object, name: str = "peer", namespace: str = "demo") -> Object:
    return _custom("PeerAuthentication", spec, name, namespace)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ([_peer(STRICT)], ("mtls-required", "PeerAuthentication", "peer")),
        ([_peer(STRICT, "default", "istio-system")], ("mtls-required", "PeerAuthentication", "default")),
        ([_peer({"selector": {"matchLabels": {"app": "pay"}}, **STRICT})], ("mtls-required", "PeerAuthentication", "peer")),
        ([_peer({"portLevelMtls": {"8080": {"mode": "STRICT"}}})], ("mtls-required", "PeerAuthentication", "peer")),
        ([_peer(STRICT, "all", "istio-system"), _peer({"mtls": {"mode": "PERMISSIVE"}})], NOTHING),
        ([_peer({"portLevelMtls": {"8080": {"mode": "DISABLE"}}, **STRICT})], NOTHING),
        ([_peer({"selector": {"matchLabels": {"app": "other"}}, **STRICT})], NOTHING),
        ([_peer(STRICT, namespace="elsewhere")], NOTHING),
        ([], NOTHING),
    ],
    ids=["namespace", "root", "workload", "port", "permissive here", "port let through", "other Pods", "elsewhere", "none"],
)  # fmt: skip
def test_a_caller_without_a_sidecar_meets_strict_mutual_tls(rules: list[Object], problem: tuple[str, str, str]) -> None:
    """The narrowest PeerAuthentication counts."""
    assert _call(RESET, *rules, client=False, server=True) == problem


def test_two_sidecars_agree() -> None:
    """STRICT is no obstacle between them, and none for a callee without a sidecar."""
    assert _call(RESET, _peer(STRICT), client=True, server=True) == NOTHING
    assert _call(RESET, _peer(STRICT), client=False, server=False) == NOTHING


def test_a_pod_of_an_ambient_mesh_needs_no_sidecar() -> None:
    """Its node speaks mutual TLS for it."""
    caller = _caller(sidecar=False)
    caller["metadata"]["annotations"] = {"ambient.istio.io/redirection": "enabled"}
    said = log(f"ERROR calling http://pay/charge: {RESET}", pod=CALLER, namespace="demo")
    found = evidence(caller, _callee(sidecar=True), _pay(), _peer(STRICT), more=(said,))
    assert only(found, "call")["problem"] == ""


@pytest.mark.parametrize(
    ("mode", "strict", "server", "problem"),
    [
        ("DISABLE", True, True, "mtls-disabled"),
        ("DISABLE", False, True, ""),
        ("ISTIO_MUTUAL", True, True, ""),
        ("ISTIO_MUTUAL", False, False, "mtls-unanswered"),
        ("DISABLE", False, False, ""),
    ],
)
@pytest.mark.parametrize("host", ["pay", "pay.demo.svc.cluster.local", "*.demo.svc.cluster.local"])
def test_a_destination_rule_has_to_fit_the_callee(
    *,
    mode: str,
    strict: bool,
    server: bool,
    problem: str,
    host: str,
) -> None:
    """Whether TLS is turned off for a callee that wants it, or asked of one that cannot."""
    rule = _custom("DestinationRule", {"host": host, "trafficPolicy": {"tls": {"mode": mode}}})
    rules = [rule, _peer(STRICT)] if strict else [rule]
    assert _call(RESET, *rules, client=True, server=server)[0] == problem


def _allow(*sources: Object, action: str = "ALLOW", **more: object) -> Object:
    rules = [{"from": [{"source": source}], **more} for source in sources]
    return _custom("AuthorizationPolicy", {"action": action, "rules": rules})


@pytest.mark.parametrize(
    ("policy", "denied"),
    [
        (_custom("AuthorizationPolicy", {}), True),
        (_allow({"principals": ["cluster.local/ns/demo/sa/front"]}), True),
        (_allow({"namespaces": ["other"]}), True),
        (_allow({"principals": ["cluster.local/ns/demo/sa/web"]}, action="DENY"), True),
        (_allow({"principals": ["*/sa/web"]}), False),
        (_allow({"namespaces": ["other"]}, {"namespaces": ["demo"]}), False),
        (_allow({"notNamespaces": ["demo"]}), True),
        (_allow({"principals": ["cluster.local/ns/demo/sa/web"]}, action="DENY", to=[{"operation": {"paths": ["/x"]}}]), False),
        (_custom("AuthorizationPolicy", {"selector": {"matchLabels": {"app": "other"}}}), False),
    ],
    ids=["nobody", "another account", "another namespace", "denied", "by its end", "one of two", "anybody else", "denied a path", "other Pods"],
)  # fmt: skip
def test_who_is_not_let_in_is_told(*, policy: Object, denied: bool) -> None:
    """By service account and namespace; what depends on a path is not judged."""
    expected = ("unauthorized", "AuthorizationPolicy", "rule") if denied else NOTHING
    assert _call(FORBIDDEN, policy, client=True, server=True) == expected


def test_a_caller_without_a_sidecar_has_no_identity() -> None:
    """Not even * as a principal fits it."""
    assert _call(FORBIDDEN, _allow({"principals": ["*"]}), client=False, server=True)[0] == "unauthorized"


def _routed(destination: Object, *rules: Object, weight: int | None = None, pods: bool = True) -> Evidence:
    route: Object = {"destination": destination} | ({} if weight is None else {"weight": weight})
    there = [_callee(sidecar=True, version="v1")] if pods else []
    routes = _custom("VirtualService", {"hosts": ["pay"], "http": [{"route": [route]}]}, "pay")
    return evidence(_pay(), *there, routes, *rules, complete=("services", "pods", "istio"))


SUBSETS = _custom(
    "DestinationRule",
    {
        "host": "pay",
        "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}],
    },
)


@pytest.mark.parametrize(
    ("destination", "problem"),
    [
        ({"host": "pya"}, "no-such-host"),
        ({"host": "pay.elsewhere.svc.cluster.local"}, "no-such-host"),
        ({"host": "pay", "subset": "v3"}, "no-such-subset"),
        ({"host": "pay.demo.svc.cluster.local", "subset": "v2"}, "empty-subset"),
    ],
)
def test_a_route_to_nowhere_is_told(destination: Object, problem: str) -> None:
    """A host without a Service, a subset that nobody defines or that has no Pod."""
    found = only(_routed(destination, SUBSETS), "dead_route")
    assert (found["name"], found["problem"], found["subset"]) == ("pay", problem, destination.get("subset", ""))


def test_a_dead_subset_is_told_with_those_there_are() -> None:
    """Names and labels."""
    missing = only(_routed({"host": "pay", "subset": "v3"}, SUBSETS), "dead_route")
    empty = only(_routed({"host": "pay", "subset": "v2"}, SUBSETS), "dead_route")
    assert (missing["known"], missing["rule"], empty["labels"]) == ("v1, v2", "rule", "version=v2")


@pytest.mark.parametrize(
    ("destination", "weight"),
    [
        ({"host": "pay"}, None),
        ({"host": "pay", "subset": "v1"}, None),
        ({"host": "pay", "subset": "v2"}, 0),
        ({"host": "api.example.com"}, None),
    ],
    ids=["the Service", "a subset with Pods", "no call goes there", "outside"],
)
def test_a_route_that_works_is_not(destination: Object, weight: int | None) -> None:
    """To a Service, a subset with Pods, the outside; or one that gets no calls."""
    assert facts(_routed(destination, SUBSETS, weight=weight), "dead_route") == []


def test_the_subsets_of_a_service_without_pods_are_not_judged() -> None:
    """That there are no Pods at all is another fault."""
    assert facts(_routed({"host": "pay", "subset": "v1"}, SUBSETS, pods=False), "dead_route") == []


def test_rules_that_nobody_listed_are_not_missed() -> None:
    """A subset may be defined in what was not looked at."""
    routes = _custom("VirtualService", {"http": [{"route": [{"destination": {"host": "pay", "subset": "v9"}}]}]}, "pay")
    assert facts(evidence(_pay(), routes), "dead_route") == []


@pytest.mark.parametrize(("ready", "needed"), [(False, True), (True, False)])
def test_a_proxy_that_is_not_ready_needs_its_control_plane(*, ready: bool, needed: bool) -> None:
    """The other containers of the Pod may be well."""
    running = {"running": {"startedAt": LONG_AGO}}
    proxy = container("istio-proxy", ready=ready, state=running)
    broken = pod(CALLER, statuses=[container(ready=ready, state=running), proxy])
    ends = {(each["from_name"], each["to_kind"], each["to_name"]) for each in facts(evidence(broken), "dependency")}
    assert (("web", "Deployment", "istiod") in ends) is needed


def _across(error: str, *, mode: str = "STRICT", proxied: bool = True, client: bool = False) -> list[dict[str, object]]:
    """Return the call from a Pod of another namespace to a Service that nobody showed; tables count containers only."""
    clients, servers = [container()] * (2 if client else 1), [container()] * (2 if proxied else 1)
    hidden: Object = {"containers": []}
    pods = table(pod(CALLER, statuses=clients, spec=hidden), pod("pay-0", "bank", statuses=servers, spec=hidden))
    rule = table(_custom("PeerAuthentication", {"mtls": {"mode": mode}}, "default", "bank"), source="peers.txt")
    said = log(f"ERROR calling http://pay.bank:80/charge: {error}", pod=CALLER, namespace="demo")
    return facts(checked(Snapshot((pods, rule, said))), "call")


def test_tables_tell_of_strict_namespaces() -> None:
    """The mode stands in the table, and READY counts the containers."""
    (call,) = _across(RESET)
    assert (call["problem"], call["policy"], call["policy_namespace"], call["target"]) == (
        "mtls-required",
        "default",
        "bank",
        "pay",
    )


@pytest.mark.parametrize(
    "told",
    [{"mode": "PERMISSIVE"}, {"proxied": False}, {"client": True}],
    ids=["plain text is let in", "nobody there has a proxy", "the caller may have one"],
)
def test_tables_that_do_not_tell_it(told: dict[str, Any]) -> None:
    """Something else resets the connection."""
    (call,) = _across(RESET, **told)
    assert call["problem"] == ""


def test_a_timeout_is_no_answer_of_a_proxy() -> None:
    """It ends what it does not like at once."""
    (call,) = _across("i/o timeout")
    assert call["problem"] == ""
