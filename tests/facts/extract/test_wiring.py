"""Addresses in the specification of a workload are followed; those that lead nowhere are told."""

from typing import Any

import pytest

from facts.model.values import Evidence
from tests.facts.given import Object, crashing, evidence, facts, metadata, only, pod, service, workload

ALL = ("services", "pods", "workloads")


def _spec(*containers: Object, **more: Any) -> Object:
    return {"containers": list(containers) or [{"name": "app"}], **more}


def _env(**variables: str) -> Object:
    return {"name": "app", "env": [{"name": name, "value": value} for name, value in variables.items()]}


def _payment(replicas: int = 1, *, port: int = 50051) -> list[Object]:
    """Return a Service `payment` with its Deployment, and its Pod when it has one."""
    labels = {"app": "payment"}
    spec = {"containers": [{"name": "app", "ports": [{"containerPort": port}]}]}
    there = pod(
        "payment-7d4b9c8f6d-q8x2k",
        labels=labels,
        owner=("ReplicaSet", "payment-7d4b9c8f6d"),
        spec=spec,
        status={"podIP": "10.0.0.7"},
    )
    made = workload("Deployment", "payment", spec={"replicas": replicas}, labels=labels)
    return [service("payment", labels, ports=[{"port": port, "name": "grpc"}]), made] + [there] * replicas


def _seen(spec: Object, *others: Object, broken: bool = False) -> Evidence:
    """Return a Pod of Deployment web with `spec` beside other objects, all of which were seen."""
    mine = crashing(spec=spec) if broken else pod(spec=spec)
    return evidence(mine, *others, complete=ALL)


@pytest.mark.parametrize(
    ("spec", "place", "problem"),
    [
        (_spec(_env(PAYMENT_ADDR="payment:5051")), "env PAYMENT_ADDR", "no-such-port"),
        (_spec(_env(PAYMENT_ADDR="paymnt:50051")), "env PAYMENT_ADDR", "no-such-service"),
        (_spec(_env(PAYMENT_URL="http://user:word@payment.demo.svc.cluster.local:80/x")), "env PAYMENT_URL", "no-such-port"),
        (_spec(_env(PAYMENT_HOST="paymnt", PAYMENT_PORT="50051")), "env PAYMENT_HOST", "no-such-service"),
        (_spec(_env(PAYMENT_HOST="payment", PAYMENT_PORT="5051")), "env PAYMENT_HOST", "no-such-port"),
        (_spec({"name": "app", "args": ["--payment=payment:5051"]}), "argument --payment", "no-such-port"),
        (_spec({"name": "app", "command": ["/bin/web", "payment:5051"]}), "its arguments", "no-such-port"),
        (_spec(_env(BROKERS="payment:50051,payment:9092")), "env BROKERS", "no-such-port"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_told(spec: Object, place: str, problem: str) -> None:
    """Variables, pairs of host and port, arguments, URLs."""
    found = only(_seen(spec, *_payment()), "wiring")
    assert (found["workload"], found["place"], found["problem"]) == ("web", place, problem)


def test_a_deployment_whose_pods_nobody_looked_at_is_followed_as_well() -> None:
    """Its template is enough; a manifest that nothing runs of yet is no reason to look."""
    template = {"replicas": 1, "template": {"spec": _spec(_env(PAYMENT_ADDR="paymnt:50051"))}}
    running = workload(spec=template)
    assert only(evidence(running, *_payment(), complete=("services",)), "wiring")["problem"] == "no-such-service"
    assert facts(evidence(workload(spec=template, status={}), *_payment(), complete=("services",)), "wiring") == []


@pytest.mark.parametrize(
    "spec",
    [
        _spec(_env(PAYMENT_ADDR="payment:50051", PAYMENT_URL="grpc://payment.demo:50051", PAYMENT_HOST="payment")),
        _spec(_env(OTHER_URL="https://api.example.com:8443/v1", STORE="s3.eu-central-1.amazonaws.com:443")),
        _spec(_env(LISTEN="0.0.0.0:8080", SELF="$(POD_IP):9000", TIME="12:30", BIND=":8080", LOCAL="localhost:1")),
        _spec({"name": "app", "args": ["--image=registry:5000/shop/web:1", "--level=info:2x"]}),
        _spec(_env(PAYMENT_ADDR="other:50051"), hostAliases=[{"ip": "10.1.1.1", "hostnames": ["other"]}]),
        _spec(_env(MODE="paymnt", LEVEL="debug")),
    ],
    ids=["leads there", "outside", "own", "no address", "an alias of its own", "a word"],
)
def test_what_leads_there_or_outside_is_not(spec: Object) -> None:
    """An address that works, one of elsewhere, one of the workload's own, what is no address."""
    assert facts(_seen(spec, *_payment()), "wiring") == []


def test_a_file_in_a_configmap_counts_by_its_urls() -> None:
    """Words with a colon stand in files for all kinds of things."""
    text = "level: info\nmap: payment:1\nbackend:\n  url: http://payment:5051/charge\n"
    spec = _spec(volumes=[{"name": "conf", "configMap": {"name": "settings"}}])
    settings = {"kind": "ConfigMap", "metadata": metadata("settings"), "data": {"app.yaml": text}}
    found = only(_seen(spec, settings, *_payment()), "wiring")
    assert (found["place"], found["port"], found["served"]) == ("ConfigMap settings key app.yaml", 5051, "50051 (grpc)")


def test_what_sleeps_behind_a_service_is_named() -> None:
    """The workload that is scaled to zero."""
    found = only(_seen(_spec(_env(PAYMENT_ADDR="payment:50051")), *_payment(0)), "wiring")
    assert (found["problem"], found["callee_kind"], found["callee"]) == ("scaled-to-zero", "Deployment", "payment")


def test_a_policy_in_the_way_is_named() -> None:
    """One that selects the callee and lets nobody through."""
    denies = {
        "kind": "NetworkPolicy",
        "metadata": metadata("closed"),
        "spec": {"podSelector": {"matchLabels": {"app": "payment"}}},
    }
    found = only(_seen(_spec(_env(PAYMENT_ADDR="payment:50051")), *_payment(), denies), "wiring")
    assert (found["problem"], found["policy"], found["direction"]) == ("denied", "closed", "ingress")


def test_services_that_nobody_listed_are_not_missed() -> None:
    """Only a complete list tells that a Service is not there."""
    spec = _spec(_env(PAYMENT_ADDR="paymnt:50051"))
    assert facts(evidence(pod(spec=spec), *_payment()), "wiring") == []


@pytest.mark.parametrize(("name", "needed"), [("PAYMENT_ADDR", True), ("OTEL_EXPORTER_ADDR", False)])
def test_a_workload_in_trouble_needs_what_it_is_configured_to_call(*, name: str, needed: bool) -> None:
    """But not where it only sends its traces."""
    found = facts(_seen(_spec(_env(**{name: "payment:50051"})), *_payment(), broken=True), "dependency")
    ends = {(each["from_name"], each["how"], each["to_kind"], each["to_name"]) for each in found}
    assert (("web", "calls", "Service", "payment") in ends) is needed
