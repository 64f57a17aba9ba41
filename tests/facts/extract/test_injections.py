"""Faults that somebody injects on purpose are told with what they hit; what is over, paused or off is not."""

import json
from typing import Any

import pytest

from facts.model.values import Evidence
from tests.facts.given import Object, crashing, evidence, facts, metadata, only, pod, workload

PAYMENT = "payment-7d4b9c8f6d-x2x4n"
OWNER = ("ReplicaSet", "payment-7d4b9c8f6d")


def _object(kind: str, name: str, spec: Object, status: Object | None = None) -> Object:
    whole = {"kind": kind, "metadata": metadata(name, "chaos"), "spec": spec}
    return whole if status is None else {**whole, "status": status}


def _chaos(*, phase: str = "Injected", desired: str = "Run", kind: str = "NetworkChaos", **more: Any) -> Object:
    """Return an experiment as Chaos Mesh 2 keeps it."""
    conditions = {"Selected": "True", "AllInjected": "True", "AllRecovered": "False", "Paused": "False", **more}
    applied = {"operation": "Apply", "type": "Succeeded", "timestamp": "2026-03-01T11:54:00Z"}
    record = {"id": f"demo/{PAYMENT}", "phase": phase, "selectorKey": ".", "events": [applied]}
    spec = {"action": "delay", "mode": "all", "selector": {"namespaces": ["demo"]}, "delay": {"latency": "2s"}}
    status = {
        "conditions": [{"type": name, "status": value} for name, value in conditions.items()],
        "experiment": {"desiredPhase": desired, "containerRecords": [record]},
    }
    return _object(kind, "slow", spec, status)


def _engine(state: str = "initialized", verdict: str = "Running") -> Object:
    settings = {"env": [{"name": "NETWORK_LATENCY", "value": "2000"}]}
    spec = {
        "appinfo": {"appns": "demo", "applabel": "app=payment", "appkind": "deployment"},
        "experiments": [{"name": "pod-network-latency", "spec": {"components": settings}}],
    }
    return _object(
        "ChaosEngine",
        "engine",
        spec,
        {"engineStatus": state, "experiments": [{"name": "pod-network-latency", "status": verdict}]},
    )


def _virtual_service(fault: Object, match: list[Object] | None = None) -> Object:
    route: Object = {"fault": fault, "route": [{"destination": {"host": "ratings"}}]}
    return _object(
        "VirtualService", "ratings", {"hosts": ["ratings"], "http": [route | ({"match": match} if match else {})]}
    )


def _flags(**flags: Object) -> Object:
    data = {"demo.flagd.json": json.dumps({"flags": flags})}
    return {"kind": "ConfigMap", "metadata": metadata("flagd-config"), "data": data}


def _flag(variant: str, state: str = "ENABLED", description: str = "Fail payment requests", **more: Any) -> Object:
    variants = {"on": True, "off": False, "half": 0.5}
    return {"description": description, "state": state, "variants": variants, "defaultVariant": variant, **more}


def _with(*objects: Object) -> Evidence:
    labels = {"app": "payment"}
    return evidence(workload("Deployment", "payment"), pod(PAYMENT, labels=labels, owner=OWNER), *objects)


def test_an_experiment_is_told_with_what_it_hits() -> None:
    """Its action, parameters and beginning, the workload of the Pods that are hit."""
    found = only(_with(_chaos()), "injection")
    assert (found["tool"], found["action"], found["detail"]) == ("chaos-mesh", "delay", "latency 2s")
    assert (found["target_kind"], found["target_namespace"], found["target"]) == ("Deployment", "demo", "payment")
    assert (found["kind"], found["name"], found["since"]) == ("NetworkChaos", "slow", "2026-03-01T11:54:00Z")


@pytest.mark.parametrize(
    "over",
    [
        _chaos(phase="Not Injected", AllRecovered="True"),
        _chaos(Paused="True"),
        _chaos(desired="Stop"),
        _chaos(phase="Not Injected"),
        {**_chaos(kind="PodChaos"), "spec": {"action": "pod-kill", "mode": "one"}},
        {**_chaos(), "status": {"experiment": {"phase": "Finished", "podRecords": [{"namespace": "demo", "name": PAYMENT}]}}},
        _engine("completed"),
        _engine("stopped"),
        _engine(verdict="Completed"),
        _virtual_service({"abort": {"httpStatus": 500, "percentage": {"value": 0}}}),
        _flags(paymentFailure=_flag("off")),
        _flags(paymentFailure=_flag("on", "DISABLED")),
        _flags(paymentCurrency=_flag("on", description="Show prices in euro")),
    ],
    ids=["recovered", "paused", "stopped", "hits nobody", "killed once", "old and over", "litmus over", "litmus stopped",
         "litmus has its verdict", "no call", "flag off", "flag disabled", "flag of a feature"],
)  # fmt: skip
def test_what_hits_nobody_now_is_no_injection(over: Object) -> None:
    """Over, paused, stopped, of no call, off."""
    assert facts(_with(over), "injection") == []


def test_an_experiment_of_the_first_version_is_read() -> None:
    """Its phase and its records stand elsewhere."""
    records = [{"namespace": "demo", "name": PAYMENT, "action": "delay"}]
    old = {
        **_chaos(),
        "status": {"experiment": {"phase": "Running", "startTime": "2026-03-01T11:50:00Z", "podRecords": records}},
    }
    found = only(_with(old), "injection")
    assert (found["target"], found["since"]) == ("payment", "2026-03-01T11:50:00Z")


def test_an_engine_of_litmus_names_its_application() -> None:
    """By namespace and label; the environment of the experiment says how much."""
    found = only(_with(_engine()), "injection")
    assert (found["tool"], found["action"], found["detail"]) == (
        "litmus",
        "pod-network-latency",
        "NETWORK_LATENCY 2000",
    )
    assert (found["target_kind"], found["target"]) == ("Deployment", "payment")


@pytest.mark.parametrize(
    ("match", "percentage", "partly"),
    [
        (None, {"percentage": {"value": 100}}, False),
        (None, {}, False),
        ([{"uri": {"prefix": "/"}}], {}, False),
        ([{"headers": {"end-user": {"exact": "jason"}}}], {}, True),
        (None, {"percentage": {"value": 12.5}}, True),
        (None, {"percent": 50}, True),
    ],
)
def test_a_fault_of_a_virtual_service_hits_those_who_call(
    *,
    match: list[Object] | None,
    percentage: Object,
    partly: bool,
) -> None:
    """It is about the Service, and about all calls unless it selects some."""
    found = only(_with(_virtual_service({"abort": {"httpStatus": 503, **percentage}}, match)), "injection")
    assert (found["target_kind"], found["target_namespace"], found["target"]) == ("Service", "chaos", "ratings")
    assert found["detail"].startswith("httpStatus 503")
    assert found["partly"] is partly


@pytest.mark.parametrize(
    ("workloads", "flag", "target"),
    [
        (["payment", "payment-history"], "paymentFailure", "payment"),
        (["productcatalogservice", "product-catalog"], "productCatalogFailure", "product-catalog"),
        (["shop-payment-service", "cart"], "payment_failure", "shop-payment-service"),
        (["ad", "address"], "addressFailure", "address"),
        (["cart"], "kafkaQueueProblems", ""),
    ],
)
def test_a_flag_hits_the_workload_that_it_is_called_after(workloads: list[str], flag: str, target: str) -> None:
    """By whole words, with or without a chart's name before and `service` behind."""
    made = [workload("Deployment", name) for name in workloads]
    assert only(evidence(*made, _flags(**{flag: _flag("on")})), "injection")["target"] == target


@pytest.mark.parametrize(
    ("name", "about"), [("cardDeclines", "share of charges"), ("adGc", "forces garbage collection")]
)
def test_flags_that_make_something_fail_in_other_words(name: str, about: str) -> None:
    """The name of the flag or its description tells."""
    assert only(_with(_flags(**{name: _flag("on", description=about)})), "injection")["action"] == name


def test_a_flag_that_only_a_rule_turns_on_hits_some() -> None:
    """The variant of a targeting rule."""
    rule = {"fractional": [["half", 10], ["off", 90]]}
    found = only(_with(_flags(paymentFailure=_flag("off", targeting=rule))), "injection")
    assert found["partly"] is True
    assert found["detail"] == "paymentFailure is half by a targeting rule: Fail payment requests"


def test_flags_of_the_openfeature_operator_are_read() -> None:
    """They stand in an object of their own."""
    flags = {"flagSpec": {"flags": {"paymentFailure": _flag("on")}}}
    assert only(_with(_object("FeatureFlag", "flags", flags)), "injection")["kind"] == "FeatureFlag"


def test_the_target_needs_that_nobody_injects() -> None:
    """So the experiment explains what goes wrong with it."""
    found = facts(evidence(workload("Deployment", "payment"), crashing(PAYMENT, owner=OWNER), _chaos()), "dependency")
    ends = {(each["from_kind"], each["from_name"], each["to_kind"], each["to_name"]) for each in found}
    assert ("Deployment", "payment", "NetworkChaos", "slow") in ends
