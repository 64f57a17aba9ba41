"""`kubectl get hpa`.

NAME   REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS   AGE
web    Deployment/web   <unknown>/50%   2         5         2          5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, header, number, read_table
from facts.snapshot.setting import Setting

OPENING = header("NAME", "REFERENCE", "TARGETS")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of HorizontalPodAutoscalers; TARGETS is `cpu: 250%/50%`, `<unknown>/50%`, several with commas."""
    return read_table(lines, setting, "HorizontalPodAutoscaler", _autoscaler)


def _autoscaler(cells: Cells) -> dict[str, Any] | None:
    kind, slash, name = cells["REFERENCE"].partition("/")
    if not slash:
        return None
    metrics = re.findall(r"(?:([\w.-]+): )?(<unknown>|[\w.%]+)(?: \(avg\))?/([\w.%]+)", cells["TARGETS"])
    spec = {
        "scaleTargetRef": {"kind": kind, "name": name},
        "minReplicas": number(cells.get("MINPODS", "")) or 0,
        "maxReplicas": number(cells.get("MAXPODS", "")) or 0,
        "metrics": [_metric(resource, "target", target) for resource, _, target in metrics],
    }
    current = [_metric(resource, "current", now) for resource, now, _ in metrics if now != "<unknown>"]
    status: dict[str, Any] = {"currentReplicas": number(cells.get("REPLICAS", "")) or 0, "currentMetrics": current}
    if len(current) < len(metrics):
        why = {"reason": "FailedGetResourceMetric", "message": f"TARGETS shows {cells['TARGETS']}"}
        status["conditions"] = [{"type": "ScalingActive", "status": "False", **why}]
    return {"spec": spec, "status": status}


def _metric(resource: str, role: str, shown: str) -> dict[str, Any]:
    percent = shown.removesuffix("%")
    value: dict[str, Any] = (
        {"averageUtilization": int(percent)} if shown.endswith("%") and percent.isdecimal() else {"averageValue": shown}
    )
    if role == "target":
        value["type"] = "Utilization" if "averageUtilization" in value else "AverageValue"
    return {"type": "Resource", "resource": {"name": resource or "cpu", role: value}}
