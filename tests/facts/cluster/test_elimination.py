"""Which single reason keeps a Pod from a node, on clusters that were made with one."""

from typing import Any

import pytest

from tests.facts.given import Object, evidence, facts
from tests.unplaced import REASONS, Unplaced, unplaced

PER_REASON = 12
"""Clusters of each reason: more than 200 in all."""
COMPLETE = ("nodes", "pods", "persistentvolumeclaims", "persistentvolumes", "storageclasses")


def observed(made: Unplaced) -> list[Object]:
    """Return the objects as the API server would hold them a while later."""
    objects = []
    for one in (*made.nodes, *made.objects, made.pod):
        seen: dict[str, Any] = one | {"metadata": one["metadata"] | {"uid": one["metadata"]["name"]}}
        if one["kind"] == "Node":
            seen["spec"] = one["spec"] | {"podCIDR": "10.244.0.0/24"}
            seen["status"] = one["status"] | {"conditions": [{"type": "Ready", "status": "True"}]}
        if one["kind"] == "Pod":
            waits = {
                "phase": "Pending",
                "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}],
            }
            runs = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
            seen["status"] = runs if "nodeName" in one["spec"] else waits
        if one["kind"] == "PersistentVolumeClaim":
            seen["status"] = {"phase": "Bound" if "volumeName" in one["spec"] else "Pending"}
        objects.append(seen)
    return objects


@pytest.mark.parametrize("seed", range(PER_REASON))
@pytest.mark.parametrize("asked", REASONS)
def test_the_single_reason_is_named(asked: str, seed: int) -> None:
    """It is decisive, and nothing else is."""
    made = unplaced(asked, seed)
    found = facts(evidence(*observed(made), complete=COMPLETE), "unschedulable_reason")
    assert [(each["reason"], each["detail"]) for each in found if each["decisive"]] == [made.expected], found
    assert {each["pod"] for each in found} == {"web-0"}
    assert all(each["computed"] and each["nodes_total"] == len(made.nodes) for each in found)
