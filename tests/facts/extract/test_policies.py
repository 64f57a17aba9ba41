"""Autoscalers, quotas, webhooks, aggregated APIs, namespaces, ingresses, network policies."""

import json
from typing import Any

import pytest

from tests.facts.given import (
    JUST_NOW,
    LONG_AGO,
    condition,
    crashing,
    endpoint_slice,
    event,
    evidence,
    facts,
    kinds,
    log,
    metadata,
    only,
    pod,
    service,
    workload,
)


def _scaler(*conditions: dict[str, Any], status: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    target = {"kind": "Deployment", "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    return {
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata("web"),
        "spec": {"scaleTargetRef": target, "maxReplicas": 5, "metrics": [metric], **spec},
        "status": {"currentReplicas": 2, "conditions": list(conditions), **(status or {})},
    }


@pytest.mark.parametrize(
    ("failing", "problem"),
    [
        (condition("ScalingActive", "False", "FailedGetResourceMetric", "unable to get metrics for resource cpu: no metrics returned"), "no-metrics"),
        (condition("ScalingActive", "False", "FailedGetResourceMetric", "failed to get cpu utilization: missing request for cpu in container app"), "missing-request"),
        (condition("AbleToScale", "False", "FailedGetScale", 'deployments/scale.apps "web" not found'), "target-missing"),
        (condition("ScalingActive", "False", "AmbiguousSelector", "pods by several HPAs"), "invalid-selector"),
        (condition("AbleToScale", "False", "BackoffBoth", "wait"), "other"),
    ],
)  # fmt: skip
def test_a_scaler_says_what_fails(failing: dict[str, Any], problem: str) -> None:
    """Its conditions tell why it does not scale."""
    fact = only(evidence(_scaler(failing)), "hpa")
    assert (fact["problem"], fact["reason"], fact["target_value"]) == (problem, failing["reason"], "50%")


def test_a_scaler_that_scales_gives_no_fact() -> None:
    """So does one that was switched off by scaling its target to nothing."""
    assert kinds(evidence(_scaler(condition("ScalingActive", "True")))) == set()
    assert kinds(evidence(_scaler(condition("ScalingActive", "False", "ScalingDisabled")))) == set()


def test_a_scaler_at_its_maximum_under_load() -> None:
    """It wants more than it may have."""
    limited = condition(
        "ScalingLimited", "True", "TooManyReplicas", "the desired replica count is more than the maximum"
    )
    now = {"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": 250}}}
    fact = only(evidence(_scaler(limited, status={"currentReplicas": 5, "currentMetrics": [now]})), "hpa")
    assert (fact["problem"], fact["current"], fact["target_value"], fact["max_replicas"]) == (
        "at-maximum",
        "250%",
        "50%",
        5,
    )


def test_a_scaler_of_the_first_version_keeps_its_conditions_in_an_annotation() -> None:
    """autoscaling/v1 has no room for them."""
    old = _scaler(metrics=[], targetCPUUtilizationPercentage=60)
    failing = condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics returned")
    old["metadata"]["annotations"] = {"autoscaling.alpha.kubernetes.io/conditions": json.dumps([failing])}
    fact = only(evidence(old), "hpa")
    assert (fact["problem"], fact["current"], fact["target_value"]) == ("no-metrics", "<unknown>", "60%")


def test_a_scaler_whose_target_is_gone() -> None:
    """All workloads were seen."""
    assert only(evidence(_scaler(), complete=("workloads",)), "hpa")["problem"] == "target-missing"
    assert "hpa" not in kinds(
        evidence(_scaler(condition("ScalingActive", "True")), workload(), complete=("workloads",))
    )


def _quota(**used: str) -> dict[str, Any]:
    hard = {"pods": "10", "requests.cpu": "2", "services.nodeports": "0"}
    return {"kind": "ResourceQuota", "metadata": metadata("team"), "status": {"hard": hard, "used": used}}


def test_a_quota_that_is_used_up() -> None:
    """2000m of 2 is all of it; a limit of nothing is meant so."""
    found = evidence(_quota(**{"pods": "9", "requests.cpu": "2000m", "services.nodeports": "0"}))
    fact = only(found, "quota")
    assert (fact["resource"], fact["used"], fact["hard"]) == ("requests.cpu", "2000m", "2")


def test_a_refused_pod_tells_the_quota() -> None:
    """Only what the request exceeds is named."""
    message = 'pods "a" is forbidden: exceeded quota: team, requested: pods=1,requests.cpu=500m, used: pods=3,requests.cpu=1800m, limited: pods=10,requests.cpu=2'
    fact = only(evidence(event("ReplicaSet", "web-7d4b9c8f6d", "FailedCreate", message)), "quota")
    assert (fact["name"], fact["resource"], fact["used"], fact["hard"]) == ("team", "requests.cpu", "1800m", "2")


def _webhook(policy: str = "Fail", name: str = "web") -> dict[str, Any]:
    hook = {"name": "a.b.c", "failurePolicy": policy, "clientConfig": {"service": {"namespace": "demo", "name": name}}}
    return {"kind": "ValidatingWebhookConfiguration", "metadata": {"name": "checks"}, "webhooks": [hook]}


def test_a_webhook_that_nobody_answers() -> None:
    """Its Service is missing, or empty; one that may be ignored is no fault."""
    assert only(evidence(_webhook(name="gone"), complete=("services",)), "webhook")["problem"] == "service-missing"
    found = evidence(_webhook(), service(), endpoint_slice(), crashing())
    assert only(found, "webhook")["problem"] == "no-endpoints"
    assert "webhook" not in kinds(evidence(_webhook("Ignore"), service(), endpoint_slice(), crashing()))
    assert "webhook" not in kinds(evidence(_webhook(name="unseen")))


def test_an_api_that_is_not_available() -> None:
    """The reason says how."""
    api = {
        "kind": "APIService",
        "metadata": {"name": "v1beta1.metrics.k8s.io"},
        "spec": {"service": {"namespace": "kube-system", "name": "metrics-server"}},
        "status": {"conditions": [condition("Available", "False", "MissingEndpoints", "no endpoints")]},
    }
    found = evidence(api)
    fact = only(found, "api_service")
    assert (fact["service"], fact["reason"]) == ("metrics-server", "MissingEndpoints")
    assert [text.body for text in found.texts] == [b"no endpoints"]


def _namespace(deleted: str, *conditions: dict[str, Any]) -> dict[str, Any]:
    about = {"name": "old", "deletionTimestamp": deleted}
    return {"kind": "Namespace", "metadata": about, "status": {"phase": "Terminating", "conditions": list(conditions)}}


def test_a_namespace_that_does_not_go() -> None:
    """Something has a finalizer; a namespace on its way out is no fault."""
    remaining = condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", "in 1 resource instances")
    assert only(evidence(_namespace(LONG_AGO, remaining)), "namespace")["reason"] == "SomeFinalizersRemain"
    assert kinds(evidence(_namespace(JUST_NOW, remaining))) == set()


def _ingress(backend: str = "web", class_name: str = "nginx") -> dict[str, Any]:
    path = {"path": "/", "backend": {"service": {"name": backend, "port": {"number": 80}}}}
    return {
        "kind": "Ingress",
        "metadata": metadata("front"),
        "spec": {
            "ingressClassName": class_name,
            "rules": [{"http": {"paths": [path]}}],
            "tls": [{"secretName": "cert"}],
        },
        "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.7"}]}},
    }


CLASS = {"kind": "IngressClass", "metadata": {"name": "nginx"}}


def _problems(*objects: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(fact["problem"], fact["detail"]) for fact in facts(evidence(*objects, **more), "ingress")]


def test_what_an_ingress_lacks() -> None:
    """Class, backend, its endpoints, its certificate, an address."""
    everything = (CLASS, service(), endpoint_slice(ready=("10.1.0.1",)), pod())
    seen = {"complete": ("ingressclasses", "services", "endpointslices", "pods")}
    assert _problems(_ingress(), *everything, **seen) == []
    assert _problems(_ingress(class_name="ngnix"), *everything, **seen) == [("class-missing", "ngnix")]
    assert _problems(_ingress(class_name=""), *everything, **seen) == [("no-class", "")]
    assert _problems(_ingress("gone"), *everything, **seen) == [("backend-missing", "gone")]
    assert _problems(_ingress(), CLASS, service(), endpoint_slice(), crashing(), **seen) == [
        ("backend-no-endpoints", "web")
    ]
    bare = _ingress() | {"status": {}}
    assert _problems(bare, *everything, **seen) == [("no-address", "")]
    missing = event("Ingress", "front", "BadConfig", "Error getting SSL certificate: secret demo/cert was not found")
    assert _problems(_ingress(), missing) == [("tls-secret-missing", "cert")]


@pytest.mark.parametrize(
    ("port", "problems"),
    [
        ({"number": 80}, []),
        ({"name": "http"}, []),
        ({"number": 8080}, [("backend-no-port", "web:8080, serves 80 (http)")]),
        ({"name": "grpc"}, [("backend-no-port", "web:grpc, serves 80 (http)")]),
    ],
)
def test_an_ingress_asks_for_a_port_of_the_service(port: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    """By number or by name; the Pods behind it are well all the same."""
    ingress = _ingress()
    ingress["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["port"] = port
    served = service(ports=[{"name": "http", "port": 80, "targetPort": 8080}])
    assert _problems(ingress, served, endpoint_slice(ready=("10.1.0.1",)), pod()) == problems


def _policy(**spec: Any) -> dict[str, Any]:
    return {"kind": "NetworkPolicy", "metadata": metadata("lock"), "spec": {"podSelector": {}, **spec}}


@pytest.mark.parametrize(
    ("spec", "ingress", "egress", "dns"),
    [
        ({"policyTypes": ["Ingress"]}, "deny-all", "none", True),
        ({"policyTypes": ["Ingress", "Egress"]}, "deny-all", "deny-all", False),
        ({}, "deny-all", "none", True),
        ({"policyTypes": ["Ingress"], "ingress": [{}]}, "allow-all", "none", True),
        ({"policyTypes": ["Egress"], "egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 443}]}]}, "none", "restricts", False),
        ({"policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]}, "none", "restricts", True),
        ({"policyTypes": ["Egress"], "egress": [{"ports": [{"port": 1, "endPort": 100}]}]}, "none", "restricts", True),
    ],
)  # fmt: skip
def test_what_a_policy_does(spec: dict[str, Any], ingress: str, egress: str, dns: bool) -> None:  # noqa: FBT001
    """To either direction, and to the questions of DNS."""
    fact = only(evidence(_policy(**spec), crashing()), "network_policy")
    assert (fact["selects"], fact["ingress"], fact["egress"], fact["allows_dns"]) == ("*", ingress, egress, dns)


def test_cilium_policies_isolate_by_section() -> None:
    """An egress section without DNS cuts it off."""
    policy = {
        "kind": "CiliumNetworkPolicy",
        "metadata": metadata("lock"),
        "spec": {
            "endpointSelector": {"matchLabels": {"app": "web"}},
            "egress": [{"toPorts": [{"ports": [{"port": "443"}]}]}],
        },
    }
    fact = only(evidence(policy, crashing()), "network_policy")
    assert (fact["selects"], fact["ingress"], fact["egress"], fact["allows_dns"]) == (
        "app=web",
        "none",
        "restricts",
        False,
    )


def test_policies_of_a_quiet_namespace_are_not_told() -> None:
    """Unless packets are dropped there."""
    assert kinds(evidence(_policy(), pod())) == set()
    wide = {"kind": "CiliumClusterwideNetworkPolicy", "metadata": {"name": "all"}, "spec": {"endpointSelector": {}}}
    assert kinds(evidence(wide, pod())) == set()
    dropped = log("Policy denied DROPPED demo/web-1 -> demo/db-0", component="hubble")
    assert "network_policy" in kinds(evidence(_policy(), pod(), more=(dropped,)))


def test_data_sources_that_are_default() -> None:
    """Two of them in one organisation keep Grafana from starting; the rule counts."""
    text = "apiVersion: 1\ndatasources:\n- name: Prometheus\n  isDefault: true\n- name: Loki\n  isDefault: false\n"
    settings = {
        "kind": "ConfigMap",
        "metadata": metadata("sources", labels={"grafana_datasource": "1"}),
        "data": {"a.yaml": text},
    }
    fact = only(evidence(settings), "datasource")
    assert (fact["configmap"], fact["name"], fact["is_default"]) == ("sources", "Prometheus", True)
    broken = {**settings, "data": {"a.yaml": "datasources: [\n"}}
    assert kinds(evidence(broken)) == set()


def test_what_coredns_forwards_to() -> None:
    """The Corefile tells it."""
    text = ".:53 {\n    errors\n    forward . /etc/resolv.conf {\n       max_concurrent 1000\n    }\n    loop\n}\n"
    settings = {"kind": "ConfigMap", "metadata": metadata("coredns", "kube-system"), "data": {"Corefile": text}}
    assert only(evidence(settings), "coredns_config") == {"forward": "/etc/resolv.conf", "loop_plugin": True}


@pytest.mark.parametrize(
    ("labels", "expected"), [({"app": "front-v2"}, ("app=front", "web", "app=front-v2")), ({"app": "front"}, None)]
)
def test_a_policy_that_lets_in_labels_that_no_pod_has(
    labels: dict[str, str], expected: tuple[str, str, str] | None
) -> None:
    """The Pods of the namespace are known with their labels, and none may come in."""
    spec = {
        "podSelector": {"matchLabels": {"app": "db"}},
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "front"}}}]}],
    }
    policy = {"kind": "NetworkPolicy", "metadata": metadata("db-from-front"), "spec": spec}
    database = pod("db-0", labels={"app": "db"}, owner=("StatefulSet", "db"))
    found = facts(
        evidence(pod(labels=labels), database, policy, complete=("pods", "networkpolicies")), "network_policy"
    )
    named = [(fact["admits_nobody"], fact["near"], fact["near_labels"]) for fact in found]
    assert named == ([expected] if expected else [])
