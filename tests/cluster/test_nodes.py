"""What breaks nodes and the whole cluster: each is found whatever else is, and nothing is left of it afterwards."""

from collections.abc import Iterator

import pytest

from facts.extract.evidence import extract
from tests.cluster.api import Api, Object
from tests.cluster.cluster import Cluster, node
from tests.cluster.conftest import NODES
from tests.cluster.diagnosis import causes, diagnose, explained, look, report_of, shown
from tests.cluster.objects import deployment, namespace, service, signing_request

PODS = "/api/v1/namespaces/{}/pods"


@pytest.fixture
def lost_node(cluster: Cluster) -> Iterator[str]:
    """Give the namespace of a Deployment all of whose Pods run on node w9, whose kubelet was stopped."""
    kubelet = cluster.start_kubelet("w9")
    lost = node("w9", shared=False, labels={"disk": "nvme"})
    cluster.add_nodes(lost)
    on_it = deployment("on-w9", replicas=2, nodeSelector={"disk": "nvme"})
    objects = [namespace("on-w9"), on_it, service("on-w9", "web", "web")]
    cluster.api.create(*objects)
    cluster.api.until("/apis/apps/v1/namespaces/on-w9/deployments", lambda one: _ready(one) == 2)
    kubelet.stop()
    cluster.api.until("/api/v1/nodes", lambda one: _ready_status(one) == "Unknown")
    cluster.api.until(PODS.format("on-w9"), lambda one: _ready_status(one) == "False")
    cluster.api.until("/apis/apps/v1/namespaces/on-w9/deployments", lambda one: _ready(one) == 0)
    cluster.api.until("/apis/discovery.k8s.io/v1/namespaces/on-w9/endpointslices", _is_out_of_service)
    yield "on-w9"
    cluster.api.delete(*objects[1:])
    cluster.api.until(PODS.format("on-w9"), lambda one: "deletionTimestamp" in one["metadata"])
    # Nobody is left on the node to end them.
    cluster.api.request("DELETE", PODS.format("on-w9"), {"gracePeriodSeconds": 0})
    cluster.api.delete(lost)
    cluster.api.request("DELETE", "/api/v1/namespaces/default/events")


def _ready(one: Object) -> int:
    return int(one["status"].get("readyReplicas", 0))


def _is_out_of_service(one: Object) -> bool:
    return not any(each["conditions"]["ready"] for each in one["endpoints"])


def _ready_status(one: Object) -> str:
    conditions = one.get("status", {}).get("conditions", [])
    return next((each["status"] for each in conditions if each["type"] == "Ready"), "")


def test_a_node_whose_kubelet_stops(cluster: Cluster, lost_node: str) -> None:
    """The node is the cause; its Pods, their Deployment and their Service follow from it."""
    report = diagnose(cluster.kubeconfig)
    (cause,) = [each for each in causes(report) if each.subject.name == "w9"]
    assert "NODE-NOTREADY/w9" in explained(report, cause), shown(report)
    folded = {each.id: each for each in report.hypotheses if each.subject.namespace == lost_node}
    assert {"POD-NOT-READY", "WORKLOAD-UNAVAILABLE", "SERVICE-NO-ENDPOINTS"} <= set(folded), shown(report)
    assert [each.id for each in folded.values() if not each.caused_by] == []


@pytest.fixture
def all_tainted(cluster: Cluster) -> Iterator[str]:
    """Give the namespace of a Pod that tolerates the taint of no node."""
    _taint(cluster.api, {"key": "dedicated", "value": "batch", "effect": "NoSchedule"})
    cluster.api.create(namespace("tainted"), one := deployment("tainted"))
    cluster.api.until("/api/v1/namespaces/tainted/events", lambda event: event["reason"] == "FailedScheduling")
    yield "tainted"
    _taint(cluster.api)
    cluster.api.delete(one)


def _taint(api: Api, *taints: Object) -> None:
    for name in NODES:
        api.patch({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}, {"spec": {"taints": list(taints)}})


def test_a_taint_that_no_pod_tolerates(cluster: Cluster, all_tainted: str) -> None:
    """The taint is named with its key, as the cause of the Pod that waits."""
    report = diagnose(cluster.kubeconfig, all_tainted)
    first = causes(report)[0]
    assert f"POD-PENDING/{all_tainted}/web" in explained(report, first), shown(report)
    assert "dedicated" in f"{first.title} {first.cause}"


@pytest.fixture
def broken_api(cluster: Cluster) -> Iterator[str]:
    """Give the name of an aggregated API whose Service does not exist."""
    service_of = {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": "v1.extra.example"},
        "spec": {
            "group": "extra.example",
            "version": "v1",
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "service": {"namespace": "default", "name": "extra"},
            "insecureSkipTLSVerify": True,
        },
    }
    cluster.api.create(service_of)
    path = "/apis/apiregistration.k8s.io/v1/apiservices"
    cluster.api.until(path, _is_unavailable, fieldSelector="metadata.name=v1.extra.example")
    yield "v1.extra.example"
    cluster.api.delete(service_of)


def _is_unavailable(one: Object) -> bool:
    conditions = one.get("status", {}).get("conditions", [])
    return any(each["type"] == "Available" and each["status"] == "False" for each in conditions)


def test_an_aggregated_api_without_its_service(cluster: Cluster, broken_api: str) -> None:
    """The APIService is named with its Service."""
    report = diagnose(cluster.kubeconfig)
    (cause,) = [each for each in causes(report) if each.subject.name == broken_api]
    assert "extra" in cause.cause, shown(report)


def test_a_control_plane_without_a_scheduler(cluster: Cluster) -> None:
    """Its lease is not renewed: nobody plans Pods any more, though none is in trouble yet."""
    with cluster.without("kube-scheduler"):
        report = report_of(look(cluster.kubeconfig, later=60))
    assert ("LEADER-MISSING", "kube-scheduler") in {(each.id, each.subject.name) for each in causes(report)}, shown(
        report
    )


def test_a_request_for_a_certificate_is_not_told_at_once(cluster: Cluster) -> None:
    """One that was made a moment ago is no fact; when nobody has decided it for two minutes it is."""
    request = signing_request("csr-w1")
    cluster.api.create(request)
    now, then = (extract(look(cluster.kubeconfig, later=later)) for later in (0, 120))
    cluster.api.delete(request)
    assert [fact for fact in now.facts if fact.kind == "csr"] == []
    (waiting,) = [fact.attributes for fact in then.facts if fact.kind == "csr"]
    assert (waiting["name"], waiting["state"], waiting["signer"]) == (
        "csr-w1",
        "pending",
        "kubernetes.io/kubelet-serving",
    )
