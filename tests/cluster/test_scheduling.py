"""Pods without a node, as the real scheduler sees them: the reason that was computed is the one that it gives."""

from collections.abc import Iterator

import pytest

from facts.extract.domains.scheduling import reasons_of
from facts.extract.evidence import extract
from tests.cluster.api import Api, Object
from tests.cluster.build import UnavailableError
from tests.cluster.cluster import Cluster, running
from tests.cluster.diagnosis import look
from tests.cluster.objects import namespace
from tests.unplaced import REASONS, unplaced

CASES = [(asked, seed) for seed in (101, 102) for asked in REASONS][:32]


@pytest.fixture(scope="module")
def empty() -> Iterator[Cluster]:
    """Give a cluster without nodes."""
    try:
        with running() as started:
            yield started
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(("asked", "seed"), CASES)
def test_the_computed_reason_is_among_those_of_the_scheduler(empty: Cluster, asked: str, seed: int) -> None:
    """One reason is decisive, and no node is ruled out for more reasons than the scheduler counts nodes."""
    space = f"{asked}-{seed}"
    made = unplaced(asked, seed, space)
    api = empty.api
    try:
        empty.add_nodes(*made.nodes)
        for node in made.nodes:
            api.until("/api/v1/nodes", _has_settled, fieldSelector=f"metadata.name={node['metadata']['name']}")
        api.create(namespace(space))
        api.until(f"/api/v1/namespaces/{space}/serviceaccounts", lambda one: True)
        api.create(*made.objects)
        if any("volumeName" in one["spec"] for one in made.objects if one["kind"] == "PersistentVolumeClaim"):
            api.until(
                f"/api/v1/namespaces/{space}/persistentvolumeclaims", lambda one: one["status"]["phase"] == "Bound"
            )
        api.create(made.pod)
        message = _message(api, space)
        facts = [
            fact.attributes for fact in extract(look(empty.kubeconfig)).facts if fact.kind == "unschedulable_reason"
        ]
        found = [each for each in facts if each["namespace"] == space]
        decisive = [(each["reason"], each["detail"]) for each in found if each["decisive"]]
        assert (decisive, [each for each in found if not each["computed"]]) == ([made.expected], []), message
        said = {(reason.why if reason.taint != _CORDON else "cordoned"): reason.of for reason in reasons_of(message)}
        assert made.expected[0] in said, message
        assert set(said) - {"cordoned"} <= {str(each["reason"]) for each in found}, message
    finally:
        api.delete(made.pod, *made.nodes, namespace(space))
        for node in made.nodes:
            api.until_gone(node)


_CORDON = "node.kubernetes.io/unschedulable"


def _has_settled(node: Object) -> bool:
    """Return whether the taints of a node are those that it has for good."""
    keys = {taint["key"] for taint in node["spec"].get("taints", ())}
    return "node.kubernetes.io/not-ready" not in keys and (_CORDON in keys) == node["spec"].get("unschedulable", False)


def _message(api: Api, space: str) -> str:
    """Return what the scheduler says of the Pod that waits."""

    def waits(pod: Object) -> bool:
        return any(
            each.get("message")
            for each in pod.get("status", {}).get("conditions", [])
            if each["type"] == "PodScheduled"
        )

    pod = api.until(f"/api/v1/namespaces/{space}/pods", lambda one: one["metadata"]["name"] == "web-0" and waits(one))
    message: str = next(each["message"] for each in pod["status"]["conditions"] if each["type"] == "PodScheduled")
    return message
