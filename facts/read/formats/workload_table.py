"""`kubectl get` of Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs.

NAME   READY   UP-TO-DATE   AVAILABLE   AGE
web    1/3     3            1           5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, fraction, header, number, pairs, read_table
from facts.snapshot.setting import Setting

OPENING = "|".join(
    (
        header("NAME", "READY", "UP-TO-DATE", "AVAILABLE"),
        header("NAME", "DESIRED", "CURRENT", "READY"),
        header("NAME", "READY", "AGE"),
        header("NAME", "COMPLETIONS", "DURATION"),
        header("NAME", "STATUS", "COMPLETIONS"),
        header("NAME", "SCHEDULE"),
    )
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of one of the kinds, which its columns tell."""
    columns = set((lines.line(0) or "").split())
    if {"READY", "UP-TO-DATE"} <= columns and "DESIRED" not in columns:
        return read_table(lines, setting, "Deployment", _deployment)
    if {"DESIRED", "UP-TO-DATE"} <= columns:
        return read_table(lines, setting, "DaemonSet", _daemon_set)
    if "DESIRED" in columns:
        return read_table(lines, setting, "ReplicaSet", _replica_set)
    if "COMPLETIONS" in columns:
        return read_table(lines, setting, "Job", _job)
    if "SCHEDULE" in columns:
        return read_table(lines, setting, "CronJob", _cron_job)
    return read_table(lines, setting, "StatefulSet", _stateful_set)


def _deployment(cells: Cells) -> dict[str, Any] | None:
    ready = fraction(cells["READY"])
    if ready is None:
        return None
    updated, available = number(cells["UP-TO-DATE"]) or 0, number(cells["AVAILABLE"]) or 0
    status = {
        "readyReplicas": ready[0],
        "replicas": max(ready[0], updated),
        "updatedReplicas": updated,
        "availableReplicas": available,
    }
    return {"spec": {"replicas": ready[1], **_template(cells)}, "status": status}


def _stateful_set(cells: Cells) -> dict[str, Any] | None:
    ready = fraction(cells["READY"])
    if ready is None:
        return None
    return {
        "spec": {"replicas": ready[1], **_template(cells)},
        "status": {"readyReplicas": ready[0], "replicas": ready[0]},
    }


def _replica_set(cells: Cells) -> dict[str, Any] | None:
    counts = _numbers(cells, "DESIRED", "CURRENT", "READY")
    if counts is None:
        return None
    desired, current, ready = counts
    return {"spec": {"replicas": desired, **_template(cells)}, "status": {"replicas": current, "readyReplicas": ready}}


def _daemon_set(cells: Cells) -> dict[str, Any] | None:
    counts = _numbers(cells, "DESIRED", "CURRENT", "READY")
    if counts is None:
        return None
    desired, current, ready = counts
    status = {"desiredNumberScheduled": desired, "currentNumberScheduled": current, "numberReady": ready}
    return {"spec": _template(cells), "status": status}


def _job(cells: Cells) -> dict[str, Any] | None:
    done = re.fullmatch(r"(\d+)/(\d+)(?: of \d+)?", cells["COMPLETIONS"])
    if done is None:
        return None
    status: dict[str, Any] = {"succeeded": int(done[1])}
    if cells.get("STATUS") == "Failed":
        status["conditions"] = [{"type": "Failed", "status": "True"}]
    elif cells.get("STATUS") == "Complete":
        status["conditions"] = [{"type": "Complete", "status": "True"}]
    return {"spec": {"completions": int(done[2])}, "status": status}


def _cron_job(cells: Cells) -> dict[str, Any] | None:
    if cells["SUSPEND"] not in ("True", "False"):
        return None
    return {"spec": {"schedule": cells["SCHEDULE"], "suspend": cells["SUSPEND"] == "True"}}


def _numbers(cells: Cells, *names: str) -> tuple[int, ...] | None:
    texts = [cells[name] for name in names]
    return tuple(map(int, texts)) if all(text.isdecimal() for text in texts) else None


def _template(cells: Cells) -> dict[str, Any]:
    """Return the Pod template and selector that a wide table tells."""
    names, images = cells.get("CONTAINERS", ""), cells.get("IMAGES", "")
    if not names:
        return {}
    containers = [
        {"name": name, "image": image} for name, image in zip(names.split(","), images.split(","), strict=False)
    ]
    labels = pairs(cells.get("SELECTOR", ""))
    return {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
    }
