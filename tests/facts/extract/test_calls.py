"""Calls that fail, followed from the log of a caller that is well to what it calls."""

from typing import Any

import pytest

from facts.model.values import Evidence
from tests.facts.given import Object, condition, container, evidence, facts, log, metadata, only, pod, service, workload

CALLER = "web-7d4b9c8f6d-x2x4n"
ALL = ("services", "pods", "endpointslices", "networkpolicies")


def _says(line: str, *objects: Object, caller: Object | None = None, complete: tuple[str, ...] = ALL) -> Evidence:
    said = log(line, pod=CALLER, namespace="demo")
    return evidence(caller or pod(), *objects, more=(said,), complete=complete)


def _callee(port: int = 5432, **more: Any) -> Object:
    spec = {"containers": [{"name": "app", "ports": [{"containerPort": port}]}]}
    return pod("db-0", labels={"app": "db"}, owner=("StatefulSet", "db"), spec=spec, **more)


def _db(**spec: Any) -> Object:
    return service("db", {"app": "db"}, clusterIP="10.96.0.7", ports=[{"name": "sql", "port": 5432}], **spec)


def _slice(*, ready: bool = True) -> Object:
    return {
        "kind": "EndpointSlice",
        "metadata": metadata("db-1", labels={"kubernetes.io/service-name": "db"}),
        "endpoints": [{"addresses": ["10.244.1.9"], "conditions": {"ready": ready}}],
    }


def test_an_address_is_followed_to_its_service_and_workload() -> None:
    """A ClusterIP is the Service, and what its selector matches stands behind it."""
    call = only(_says("dial tcp 10.96.0.7:5432: connect: connection refused", _db(), _callee(), _slice()), "call")
    assert (call["workload"], call["target_kind"], call["target"], call["callee"]) == ("web", "Service", "db", "db")
    assert (call["error"], call["problem"]) == ("refused", "")


def test_a_pods_address_is_followed_to_the_pod() -> None:
    """Headless Services and proxies show Pod addresses."""
    callee = _callee(status={"podIP": "10.244.1.9"})
    call = only(_says("dial tcp 10.244.1.9:9999: connect: connection refused", callee), "call")
    assert (call["target_kind"], call["target"], call["problem"], call["served"]) == (
        "Pod",
        "db-0",
        "no-such-port",
        "5432",
    )


@pytest.mark.parametrize("host", ["db", "db.demo", "db.demo.svc", "db.demo.svc.cluster.local", "db-0.db.demo.svc"])
def test_names_are_looked_up_as_a_pod_does(host: str) -> None:
    """Short and long names of one Service are the same."""
    call = only(_says(f"dial tcp {host}:5432: i/o timeout", _db(), _callee(), _slice()), "call")
    assert (call["target"], call["target_namespace"], call["problem"]) == ("db", "demo", "")


def test_a_port_that_the_service_has_not_is_noticed() -> None:
    """Asked 9999, served 5432."""
    call = only(_says("dial tcp db:9999: i/o timeout", _db(), _callee(), _slice()), "call")
    assert (call["problem"], call["served"]) == ("no-such-port", "5432 (sql)")


def test_a_name_that_no_service_has_is_noticed() -> None:
    """Where all Services are known, and the nearest name is offered."""
    line = "dial tcp: lookup dbb on 10.96.0.10:53: no such host"
    call = only(_says(line, _db()), "call")
    assert (call["problem"], call["target"], call["near"]) == ("no-such-service", "dbb", "db")
    assert only(_says(line, _db(), complete=()), "call")["problem"] == ""


def test_a_service_of_another_namespace_is_offered_with_it() -> None:
    """A short name is looked up in the Pod's own namespace only."""
    there = _db()
    there["metadata"] = metadata("db", "data")
    call = only(_says("getaddrinfo ENOTFOUND db", service("other"), there), "call")
    assert (call["problem"], call["near"]) == ("wrong-namespace", "db.data")


def test_a_name_outside_is_followed_nowhere() -> None:
    """Nothing is known of it, and nothing is said."""
    call = only(_says("getaddrinfo ENOTFOUND api.example.com", _db()), "call")
    assert (call["target"], call["problem"]) == ("", "")


def test_what_stands_behind_a_service_is_looked_at() -> None:
    """Scaled to zero, selecting nothing, and Pods that are not ready are three different problems; where nobody looked for workloads, it is one."""
    line = "dial tcp db:5432: connect: connection refused"
    zero = workload("StatefulSet", "db", spec={"replicas": 0}, status={}, labels={"app": "db"})
    unready = _callee(statuses=[container(ready=False)], conditions=[condition("Ready", "False")])
    assert only(_says(line, _db(), zero), "call")["problem"] == "scaled-to-zero"
    looked = (*ALL, "workloads")
    assert only(_says(line, _db(), complete=looked), "call")["problem"] == "selector-matches-nothing"
    assert only(_says(line, _db()), "call")["problem"] == "no-endpoints"
    assert only(_says(line, _db(), unready, _slice(ready=False)), "call")["problem"] == "no-endpoints"


def test_the_place_that_holds_the_address_is_named() -> None:
    """An environment variable, an argument, a key of a ConfigMap; of several the one with the port."""
    env = [{"name": "DB_NAME", "value": "db"}, {"name": "DB_ADDR", "value": "db:9999"}]
    caller = pod(spec={"containers": [{"name": "app", "env": env}]})
    call = only(_says("dial tcp 10.96.0.7:9999: i/o timeout", _db(), caller=caller), "call")
    assert (call["declared_in"], call["declared"]) == ("env DB_ADDR", "db:9999")
    reads = [{"name": "app", "envFrom": [{"configMapRef": {"name": "settings"}}]}]
    settings = {"kind": "ConfigMap", "metadata": metadata("settings"), "data": {"url": "a: 1\nsql: db:9999/x"}}
    caller = pod(spec={"containers": reads})
    call = only(_says("dial tcp db:9999: i/o timeout", _db(), settings, caller=caller), "call")
    assert (call["declared_in"], call["declared"]) == ("ConfigMap settings key url", "sql: db:9999/x")


def _policy(name: str, **spec: Any) -> Object:
    return {"kind": "NetworkPolicy", "metadata": metadata(name), "spec": spec}


ONLY_FRONT = _policy(
    "db-only-front",
    podSelector={"matchLabels": {"app": "db"}},
    ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "front"}}}]}],
)


def test_a_policy_that_denies_this_caller_is_named() -> None:
    """It selects the callee and allows others only; one that allows the caller too opens the way."""
    line, objects = "dial tcp db:5432: i/o timeout", (_db(), _callee(), _slice())
    call = only(_says(line, *objects, ONLY_FRONT), "call")
    assert (call["problem"], call["policy"], call["direction"]) == ("denied", "db-only-front", "ingress")
    allowing = _policy(
        "db-web",
        podSelector={"matchExpressions": [{"key": "app", "operator": "In", "values": ["db"]}]},
        ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}],
    )
    assert only(_says(line, *objects, ONLY_FRONT, allowing), "call")["problem"] == ""


def test_a_policy_that_shuts_the_caller_in_is_named() -> None:
    """Egress to the callee or to DNS may be missing."""
    line, objects = "dial tcp db:5432: i/o timeout", (_db(), _callee(), _slice())
    shut = _policy(
        "shut", podSelector={}, policyTypes=["Egress"], egress=[{"ports": [{"port": 53, "protocol": "UDP"}]}]
    )
    assert only(_says(line, *objects, shut), "call")["direction"] == "egress"
    nobody = _policy("nobody", podSelector={}, policyTypes=["Egress"])
    failed = "getaddrinfo EAI_AGAIN db"
    assert only(_says(failed, *objects, nobody), "call")["policy"] == "nobody"
    assert only(_says(failed, *objects, shut), "call")["policy"] == ""


ONLY_DNS = _policy("only-dns", podSelector={}, policyTypes=["Egress"], egress=[{"ports": [{"port": 53}]}])


@pytest.mark.parametrize(
    ("egress", "host", "problem"),
    [
        ([], "10.96.0.1", "denied"),
        ([{"ports": [{"port": 53}]}], "10.96.0.1", "denied"),
        ([{"ports": [{"port": 6443}]}], "10.96.0.1", ""),
        ([{"ports": [{"port": 443}]}], "api.vendor.example", ""),
        ([{"ports": [{"port": 5432}]}], "api.vendor.example", "denied"),
        ([{"to": [{"podSelector": {}}]}], "api.vendor.example", "denied"),
        ([{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}], "1.1.1.1", ""),
        ([{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["1.1.0.0/16"]}}]}], "1.1.1.1", "denied"),
    ],
)
def test_a_policy_that_lets_nothing_out_to_a_host_outside(egress: list[Object], host: str, problem: str) -> None:
    """By its port and its address; of a private address, which may be a Service, only DNS alone is no way out."""
    policy = _policy("out", podSelector={}, policyTypes=["Egress"], egress=egress)
    call = only(_says(f"dial tcp {host}:443: i/o timeout", policy), "call")
    assert (call["target"], call["problem"]) == ("", problem)


def test_what_answers_is_not_denied() -> None:
    """A policy drops packets to a host outside: who is refused was answered."""
    call = only(_says("dial tcp 10.96.0.1:443: connect: connection refused", ONLY_DNS), "call")
    assert call["problem"] == ""


def test_a_policy_that_denies_everybody_denies_a_caller_that_is_not_known() -> None:
    """A log without its Pod: no other Pod of the namespace may call, or one of them may."""
    said = log("dial tcp db:5432: i/o timeout")
    objects = (pod(), _db(), _callee(), _slice())
    assert only(evidence(*objects, ONLY_FRONT, more=(said,), complete=ALL), "call")["policy"] == "db-only-front"
    assert only(evidence(*objects, more=(said,), complete=ALL), "call")["problem"] == ""


def test_the_caller_depends_on_what_it_calls() -> None:
    """What is wrong with the Service, or behind it, explains what the caller says."""
    found = _says("dial tcp db:5432: connect: connection refused", _db(), _callee(), _slice())
    told = {(each["from_name"], each["how"], each["to_kind"], each["to_name"]) for each in facts(found, "dependency")}
    assert told == {("web", "calls", "Service", "db"), ("db", "routes-to", "StatefulSet", "db")}


def test_a_call_that_worked_in_the_end_is_history() -> None:
    """A later line of the same log says so."""
    lines = "dial tcp db:5432: connect: connection refused, retrying in 5s\nsuccessfully connected to db:5432\n"
    assert facts(_says(lines, _db(), _callee(), _slice()), "call") == []


@pytest.mark.parametrize("asked", ["db", "10.244.1.9"])
def test_a_headless_service_does_not_translate_ports(asked: str) -> None:
    """Its name leads to the Pods, which listen on the target port only."""
    headless = service("db", {"app": "db"}, clusterIP="None", ports=[{"port": 80, "targetPort": 5432}])
    line = f"dial tcp {asked}:80: connect: connection refused"
    call = only(_says(line, headless, _callee(), _slice() | {"ports": [{"port": 5432}]}), "call")
    assert (call["target_kind"], call["problem"], call["served"]) == ("Service", "headless-port", "5432")
    line = f"dial tcp {asked}:5432: connect: connection refused"
    call = only(_says(line, headless, _callee(), _slice() | {"ports": [{"port": 5432}]}), "call")
    assert call["problem"] != "headless-port"
