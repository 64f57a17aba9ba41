"""`kubectl describe node`."""

import re
from typing import Any

from facts.read.described.pod import conditions
from facts.read.text.outline import Entry, moment

_INFO = {
    "Kubelet Version": "kubeletVersion",
    "OS Image": "osImage",
    "Kernel Version": "kernelVersion",
    "Container Runtime Version": "containerRuntimeVersion",
    "Architecture": "architecture",
}


def is_node(outline: Entry) -> bool:
    """Return True if the outline is that of a Node."""
    return outline.has("Roles") or outline.has("Taints", "Unschedulable") or outline.has("System Info", "Capacity")


def node(outline: Entry) -> dict[str, Any]:
    """Return spec and status of a Node."""
    spec: dict[str, Any] = {}
    if taints := [found for line in outline.lines("Taints") if (found := _taint(line))]:
        spec["taints"] = taints
    if outline.get("Unschedulable") == "true":
        spec["unschedulable"] = True
    if cidr := outline.get("PodCIDR"):
        spec["podCIDR"] = cidr
    status: dict[str, Any] = {
        "conditions": _conditions(outline),
        "addresses": [
            {"type": entry.key, "address": entry.value} for entry in outline.below("Addresses") if entry.value
        ],
        "nodeInfo": {_INFO[entry.key]: entry.value for entry in outline.below("System Info") if entry.key in _INFO},
    }
    for field, key in (("capacity", "Capacity"), ("allocatable", "Allocatable")):
        if values := {entry.key: entry.value for entry in outline.below(key) if entry.value}:
            status[field] = values
    roles = [role for role in outline.get("Roles").split(",") if role]
    metadata = {"labels": {f"node-role.kubernetes.io/{role}": "" for role in roles} | outline.pairs("Labels")}
    return {"metadata": metadata if metadata["labels"] else {}, "spec": spec, "status": status}


def _conditions(outline: Entry) -> list[dict[str, str]]:
    found = conditions(outline, "lastHeartbeatTime", "lastTransitionTime", "reason", "message")
    times = ("lastHeartbeatTime", "lastTransitionTime")
    return [
        {
            name: moment(value) if name in times else value
            for name, value in one.items()
            if name not in times or moment(value)
        }
        for one in found
    ]


def _taint(line: str) -> dict[str, str] | None:
    found = re.fullmatch(r"([\w./-]+)(?:=([^:]*))?:(NoSchedule|NoExecute|PreferNoSchedule)", line)
    if found is None:
        return None
    return {"key": found[1], **({"value": found[2]} if found[2] else {}), "effect": found[3]}
