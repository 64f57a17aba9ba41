"""`kubectl describe` of Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs."""

import re
from typing import Any

from facts.read.described.pod import conditions, pod_spec
from facts.read.text.outline import Entry, moment, number


def workload_kind(outline: Entry) -> str:
    """Return the kind that only these keys can be of, or ""."""
    if outline.has("StrategyType"):
        return "Deployment"
    if outline.has("Desired Number of Nodes Scheduled"):
        return "DaemonSet"
    if outline.has("Schedule", "Concurrency Policy"):
        return "CronJob"
    if outline.has("Completions") or outline.has("Parallelism") or outline.has("Pods Statuses"):
        return "Job"
    if outline.has("Replicas", "Pods Status"):
        return "ReplicaSet" if " current /" in outline.get("Replicas") else "StatefulSet"
    return ""


def workload(outline: Entry) -> dict[str, Any]:
    """Return spec and status of a workload, as far as its lines tell."""
    spec: dict[str, Any] = {}
    status: dict[str, Any] = {}
    if selector := outline.pairs("Selector"):
        spec["selector"] = {"matchLabels": selector}
    if (template := outline.find("Pod Template")) is not None:
        spec["template"] = {"metadata": {"labels": template.pairs("Labels")}, "spec": pod_spec(template)}
    _replicas(outline, spec, status)
    _nodes(outline, status)
    _runs(outline, spec, status)
    rows = conditions(outline, "reason", "message")
    if rows:
        status["conditions"] = rows
    return {"spec": spec, "status": status}


def _replicas(outline: Entry, spec: dict[str, Any], status: dict[str, Any]) -> None:
    counts = {word: int(count) for count, word in re.findall(r"(\d+) (\w+)", outline.get("Replicas"))}
    if "desired" in counts:
        spec["replicas"] = counts["desired"]
    if (total := counts.get("total", counts.get("current"))) is not None:
        status["replicas"] = total
    running = re.match(r"(\d+) Running", outline.get("Pods Status"))
    if (ready := counts.get("available", int(running[1]) if running else None)) is not None and "desired" in counts:
        status["readyReplicas"] = ready


def _nodes(outline: Entry, status: dict[str, Any]) -> None:
    for field, key in (
        ("desiredNumberScheduled", "Desired Number of Nodes Scheduled"),
        ("currentNumberScheduled", "Current Number of Nodes Scheduled"),
        ("numberReady", "Number of Nodes Scheduled with Available Pods"),
    ):
        if (count := number(outline.get(key))) is not None:
            status[field] = count


def _runs(outline: Entry, spec: dict[str, Any], status: dict[str, Any]) -> None:
    for field, key in (
        ("completions", "Completions"),
        ("parallelism", "Parallelism"),
        ("backoffLimit", "Backoff Limit"),
    ):
        if (count := number(outline.get(key))) is not None:
            spec[field] = count
    if outline.has("Suspend"):
        spec["suspend"] = outline.get("Suspend").lower() == "true"
    if schedule := outline.get("Schedule"):
        spec["schedule"] = schedule
    for count, word in re.findall(r"(\d+) (Active|Succeeded|Failed)", outline.get("Pods Statuses")):
        status[word.lower()] = int(count)
    if outline.has("Pods Statuses") and (start := moment(outline.get("Start Time"))):
        status["startTime"] = start
