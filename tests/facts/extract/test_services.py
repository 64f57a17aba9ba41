"""Services: no answer, and why."""

from typing import Any

import pytest

from facts.model.values import Snapshot
from tests.facts.given import (
    NOW,
    Object,
    checked,
    condition,
    crashing,
    endpoint_slice,
    evidence,
    facts,
    kinds,
    metadata,
    node,
    only,
    pod,
    service,
    table,
    workload,
)

ALL = ("pods", "services", "endpointslices", "workloads")


@pytest.mark.parametrize(
    "well",
    [
        (service(), endpoint_slice(ready=("10.1.0.1",)), pod()),
        (service(selector={}), endpoint_slice()),
        (service(type="ExternalName", externalName="example.org"), endpoint_slice()),
        (service("legacy", {"app": "gone"}, clusterIP="None"), endpoint_slice("legacy")),
        (service(), endpoint_slice(), pod(phase="Succeeded", statuses=[])),
        (
            service(),
            endpoint_slice(unready=("10.1.0.1",)),
            pod(created=NOW, statuses=[{"name": "app", "ready": False}]),
            node(),
        ),
    ],
    ids=["ready", "no selector", "external", "headless by choice", "done", "starting"],
)
def test_a_service_that_answers_or_need_not_gives_no_fact(well: tuple[dict[str, Any], ...]) -> None:
    """No selector, no Pods by choice, Pods that are done or still starting."""
    assert not {"service", "service_pod", "service_port"} & kinds(evidence(*well, complete=ALL))


def test_pods_that_are_not_ready_leave_a_service_empty() -> None:
    """The Service names the Pods that should answer."""
    found = evidence(service(), endpoint_slice(unready=("10.1.0.1",)), crashing(), complete=ALL)
    fact = only(found, "service")
    assert (fact["problem"], fact["matching_pods"], fact["not_ready_endpoints"]) == ("pods-not-ready", 1, 1)
    link = only(found, "service_pod")
    assert (link["service"], link["pod"], link["workload"], link["node"]) == (
        "web",
        "web-7d4b9c8f6d-x2x4n",
        "web",
        "worker1",
    )


def test_endpoints_of_the_old_kind_count_too() -> None:
    """Old clusters and tables have no slices."""
    old = {"kind": "Endpoints", "metadata": metadata("web"), "subsets": [{"notReadyAddresses": [{"ip": "10.1.0.1"}]}]}
    assert only(evidence(service(), old, crashing()), "service")["problem"] == "pods-not-ready"


def test_a_selector_that_nearly_matches_names_the_workload() -> None:
    """A slip of the pen in a value, or the right value under another key."""
    for selector in ({"app": "wed"}, {"name": "web"}):
        found = evidence(service(selector=selector), endpoint_slice(), pod(), workload(), complete=ALL)
        fact = only(found, "service")
        assert (fact["problem"], fact["near_workload"], fact["near_labels"]) == ("selector-mismatch", "web", "app=web")
        assert fact["matching_pods"] == 0


def test_no_mismatch_without_all_pods() -> None:
    """A Pod that nobody saw may match."""
    fact = only(
        evidence(service(selector={"app": "wed"}), endpoint_slice(), pod(), complete=("services", "endpointslices")),
        "service",
    )
    assert (fact["problem"], fact["matching_pods"]) == ("no-endpoints", -1)


def test_a_table_of_pods_without_labels_proves_no_mismatch() -> None:
    """The rows do not show whether they match."""
    row = {
        "kind": "Pod",
        "metadata": {"name": "web-1", "namespace": "demo"},
        "status": {"phase": "Running", "containerStatuses": [{"ready": True}]},
    }
    found = evidence(service(), complete=ALL, more=(table(row),))
    assert only(found, "service")["problem"] == "no-endpoints"


def test_a_workload_scaled_to_nothing_is_the_reason() -> None:
    """Nobody answers because nobody was asked to run."""
    found = evidence(service(), endpoint_slice(), workload(spec={"replicas": 0}, status={}), complete=ALL)
    assert only(found, "service")["problem"] == "scaled-to-zero"


def test_a_port_name_that_no_container_has() -> None:
    """The endpoints are there, without a port to go to."""
    spec = {"containers": [{"name": "app", "ports": [{"name": "http", "containerPort": 8080}]}]}
    named = service(ports=[{"port": 80, "targetPort": "web"}])
    found = evidence(named, endpoint_slice(ready=("10.1.0.1",)), pod(spec=spec), complete=ALL)
    assert only(found, "service")["problem"] == "target-port"
    fact = only(found, "service_port")
    assert (fact["port"], fact["target_port"], fact["container_ports"]) == (80, "web", "8080 (http)")


def test_a_port_number_counts_only_where_ports_are_declared() -> None:
    """A container may listen on a port that it does not declare."""
    numbered = service(ports=[{"port": 80, "targetPort": 9090}])
    declared = pod(spec={"containers": [{"name": "app", "ports": [{"containerPort": 8080}]}]})
    found = evidence(numbered, endpoint_slice(ready=("10.1.0.1",)), declared, complete=ALL)
    assert kinds(found) == {"service_port"}
    assert kinds(evidence(numbered, endpoint_slice(ready=("10.1.0.1",)), pod(), complete=ALL)) == set()


def test_a_load_balancer_without_address() -> None:
    """Old enough to have one by now."""
    waiting = service(type="LoadBalancer")
    found = evidence(waiting, endpoint_slice(ready=("10.1.0.1",)), pod(), complete=ALL)
    assert only(found, "service")["problem"] == "no-external-ip"


def test_many_pods_of_one_service_are_capped() -> None:
    """Fifty say it all."""
    pods = [crashing(f"web-7d4b9c8f6d-{i}") for i in range(80)]
    found = evidence(service(), endpoint_slice(), *pods, complete=ALL)
    assert len(facts(found, "service_pod")) == 50


def test_a_table_of_endpoints_alone_tells() -> None:
    """`kubectl get endpoints` shows <none>."""
    row = {"kind": "Endpoints", "metadata": {"name": "web", "namespace": "demo"}, "subsets": []}
    assert only(checked(Snapshot((table(row),))), "service")["problem"] == "no-endpoints"


def test_pods_on_a_lost_node_are_not_ready() -> None:
    """Their containers were ready when the node was last heard of."""
    lost = pod(conditions=[condition("Ready", "False", "NodeNotReady")])
    found = evidence(service(), endpoint_slice(unready=("10.1.0.1",)), lost, node("worker1", "Unknown"), complete=ALL)
    assert only(found, "service")["problem"] == "pods-not-ready"


def _worker(*ports: int, **labels: str) -> Object:
    spec = {"containers": [{"name": "app", "ports": [{"containerPort": each} for each in ports]}]}
    return pod("worker-0", labels={"app": "web", **labels}, owner=("StatefulSet", "worker"), spec=spec)


def _web(**labels: str) -> Object:
    spec = {"containers": [{"name": "app", "ports": [{"containerPort": 8080}]}]}
    return pod(labels={"app": "web", **labels}, spec=spec)


NUMBERED = service(ports=[{"port": 80, "targetPort": 8080}])


def test_a_stranger_behind_a_service_is_told() -> None:
    """With the label that would keep it out."""
    found = evidence(
        NUMBERED, endpoint_slice(ready=("10.1.0.1",)), _web(role="web"), _worker(role="worker"), complete=ALL
    )
    fact = only(found, "service_stranger")
    assert (fact["workload"], fact["right"], fact["target_port"], fact["label"]) == (
        "worker",
        "web",
        "8080",
        "role=web",
    )


def test_two_workloads_with_the_port_are_a_canary() -> None:
    """They share a Service on purpose."""
    found = evidence(NUMBERED, endpoint_slice(ready=("10.1.0.1",)), _web(), _worker(8080, 9090), complete=ALL)
    assert not facts(found, "service_stranger")


def test_a_named_port_passes_over_pods_without_it() -> None:
    """Endpoints are made of Pods that have the name."""
    named = service(ports=[{"port": 80, "targetPort": "http"}])
    found = evidence(named, endpoint_slice(ready=("10.1.0.1",)), _web(), _worker(), complete=ALL)
    assert not facts(found, "service_stranger")


def _outside(**spec: Any) -> Object:
    ports = [{"port": 443, "targetPort": 8443, "nodePort": 31443}]
    return service(ports=ports, **{"type": "NodePort", "externalTrafficPolicy": "Local", **spec})


def test_nodes_without_a_pod_of_a_local_service_are_told() -> None:
    """They drop what is sent to them."""
    found = evidence(
        _outside(), endpoint_slice(ready=("10.1.0.1",)), pod(), node("worker1"), node("worker2"), complete=ALL
    )
    fact = only(found, "local_traffic")
    assert (fact["node_port"], fact["nodes"], fact["without"]) == (31443, "worker1", "worker2")


@pytest.mark.parametrize(
    ("objects", "spec"),
    [
        ((node("worker1"),), {}),
        ((node("worker1"), node("worker2")), {"externalTrafficPolicy": "Cluster"}),
        ((node("worker1"), node("worker2")), {"type": "ClusterIP"}),
    ],
    ids=["every node has one", "any node answers", "nobody outside"],
)
def test_services_that_every_node_answers_for(objects: tuple[Object, ...], spec: dict[str, str]) -> None:
    """There is nothing to tell."""
    found = evidence(_outside(**spec), endpoint_slice(ready=("10.1.0.1",)), pod(), *objects, complete=ALL)
    assert not facts(found, "local_traffic")


def test_a_name_that_no_template_has_is_told_without_pods() -> None:
    """The manifests alone tell it."""
    named = service(ports=[{"port": 80, "targetPort": "http"}])
    ports = [{"name": "web", "containerPort": 80}]
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "ports": ports}]}}
    fact = only(evidence(named, workload(spec={"template": template})), "service_port")
    assert (fact["target_port"], fact["container_ports"]) == ("http", "80 (web)")
    ports[0]["name"] = "http"
    assert not facts(evidence(named, workload(spec={"template": template})), "service_port")
