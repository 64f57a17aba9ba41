"""`kubectl get pods`, wide or not, with or without its header: rows become Pods whose status says what STATUS said.

NAME    READY   STATUS             RESTARTS   AGE
web-0   0/1     CrashLoopBackOff   7          5d
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import EMPTY, GREPPED, Cells, fraction, header, number, object_of, read_table, table_reading
from facts.snapshot.setting import Setting

_AGE = r"(?:(?:\d+[smhdwy])+|<invalid>|<unknown>)"
_ROW = (
    r"[ \t]*(?:(?P<namespace>[a-z0-9][a-z0-9-]*)[ \t]+)?(?P<name>(?:pods?/)?[a-z0-9][a-z0-9.-]*)[ \t]+(?P<ready>\d+/\d+)[ \t]+"
    rf"(?P<status>[A-Z][\w:/-]*)[ \t]+(?P<restarts>\d+(?:[ \t]+\([^)\n]*ago\))?)[ \t]+(?P<age>{_AGE})"
)
OPENING = f"{header('NAME', 'READY', 'STATUS', 'RESTARTS')}|{_ROW}(?:[ \\t]|$)"

_BARE = re.compile(_ROW + r"(?P<wide>(?:[ \t].*)?)$")
_ENDED = frozenset({"Error", "OOMKilled", "ContainerCannotRun", "Completed", "StartError", "ContainerStatusUnknown"})
_PHASES = frozenset({"Pending", "Running", "Succeeded", "Failed", "Unknown"})
_POD_REASONS = re.compile(
    r"Evicted|NodeLost|NodeAffinity|NodeShutdown|Shutdown|Terminated|UnexpectedAdmissionError|OutOf\w+|Preempting|"
    r"DeadlineExceeded|TopologyAffinityError|UnsupportedOS\w*|SysctlForbidden|AppArmor|NodePorts|InvalidNodeInfo"
)
_STARTING = frozenset(
    {
        "ContainerCreating",
        "PodInitializing",
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
        "ErrImageNeverPull",
    }
    | {"CreateContainerConfigError", "CreateContainerError", "RegistryUnavailable", "ImageInspectError"}
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table with its header, or the rows that somebody grepped."""
    if re.match(r"\s*(NAMESPACE\s+)?NAME\s", lines.line(0) or ""):
        return read_table(lines, setting, "Pod", _pod)
    items: list[dict[str, Any]] = []
    for _, line in lines.after(0):
        row = _BARE.match(line)
        if row is None:
            break
        cells = {name.upper(): value or "" for name, value in row.groupdict().items()}
        cells |= _wide(cells.pop("WIDE").split())
        made = _pod(cells)
        if made is None and not items:
            return None  # the lines below are looked at in their turn, each once
        if made is not None:
            items.append(object_of(cells, "Pod", setting, made))
    return table_reading(items, lines, setting, len(items), GREPPED)


def _wide(words: list[str]) -> Cells:
    """Name the cells after AGE: IP, NODE, NOMINATED NODE, READINESS GATES and labels; an old table ends at NODE."""
    cells = dict(zip(("IP", "NODE"), words, strict=False))
    if words and ("=" in words[-1] or len(words) > 4):  # the four wide columns
        cells["LABELS"] = words[-1]
    return {name: "" if value in EMPTY else value for name, value in cells.items()}


def _pod(cells: Cells) -> dict[str, Any] | None:
    ready = fraction(cells["READY"])
    status = cells["STATUS"]
    if ready is None or not status:
        return None
    pod: dict[str, Any] = {"status": pod_status(status, *ready, number(cells["RESTARTS"]) or 0)}
    if cells.get("IP"):
        pod["status"]["podIP"] = cells["IP"]
    if cells.get("NODE"):
        pod["spec"] = {"nodeName": cells["NODE"]}
    if status == "Terminating":
        pod["metadata"] = {"deletionTimestamp": "unknown"}
    return pod


def pod_status(shown: str, ready: int, total: int, restarts: int) -> dict[str, Any]:
    """Return the status of a Pod for which `kubectl get pods` shows STATUS, READY and RESTARTS like this.

    It is the inverse of what kubectl's printer does, as far as that can be: names of containers are not known, and
    what keeps the Pod from being ready is laid on the first container that is not.
    """
    status: dict[str, Any] = {"phase": "Running"}
    state: dict[str, Any] = {"running": {}}
    if shown.startswith("Init:"):
        return _initializing(shown.removeprefix("Init:"), total, restarts)
    if shown in _PHASES:
        status["phase"] = shown
    elif _POD_REASONS.fullmatch(shown):
        status |= {"phase": "Failed", "reason": shown}
    elif shown == "SchedulingGated":
        status |= {"phase": "Pending", "conditions": [_condition("PodScheduled", shown)]}
    elif shown in _ENDED or re.fullmatch(r"(?:ExitCode|Signal):\d{1,9}", shown):
        last = "Succeeded" if shown == "Completed" else "Failed"
        status["phase"] = "Running" if ready or restarts else last
        state = {"terminated": _terminated(shown)}
    elif shown == "NotReady":  # some containers are done, the others run
        status["conditions"] = [_condition("Ready", "ContainersNotReady")]
        state = {"terminated": {"reason": "Completed", "exitCode": 0}}
    elif shown != "Terminating":
        status["phase"] = "Pending" if shown in _STARTING and not restarts else "Running"
        state = {"waiting": {"reason": shown}}
    if shown in ("Pending", "SchedulingGated") or status.get("reason"):
        return status
    containers = [
        {"name": "", "ready": index >= total - ready, "restartCount": 0, "state": {"running": {}}}
        for index in range(total)
    ]
    whole = not ready and shown not in ("CrashLoopBackOff", "Running", "Terminating", "Unknown")
    for container in containers[: total - ready] if whole else containers[:1]:
        if not container["ready"]:
            container["state"] = state
    if containers:
        containers[0]["restartCount"] = restarts
        status["containerStatuses"] = containers
    return status


def _initializing(step: str, total: int, restarts: int) -> dict[str, Any]:
    """Return the status of a Pod whose init containers run (Init:1/2) or fail (Init:Error)."""
    done = {
        "name": "",
        "ready": True,
        "restartCount": 0,
        "state": {"terminated": {"reason": "Completed", "exitCode": 0}},
    }
    steps = fraction(step)
    if steps is not None:
        state: dict[str, Any] = {"running": {}}
    elif step in _ENDED or re.fullmatch(r"(?:ExitCode|Signal):\d{1,9}", step):
        state = {"terminated": _terminated(step)}
    else:
        state = {"waiting": {"reason": step}}
    now = {"name": "", "ready": False, "restartCount": restarts, "state": state}
    first, of = steps or (0, 1)
    later = {"name": "", "ready": False, "restartCount": 0, "state": {"waiting": {"reason": "PodInitializing"}}}
    return {
        "phase": "Pending",
        "initContainerStatuses": [*[done] * first, now, *[later] * (of - first - 1)],
        "containerStatuses": [later] * total,
    }


def _terminated(shown: str) -> dict[str, Any]:
    kind, _, value = shown.partition(":")
    if value:
        return {"exitCode": int(value)} if kind == "ExitCode" else {"signal": int(value), "exitCode": 128 + int(value)}
    known = {"Completed": 0, "OOMKilled": 137}
    return {"reason": shown, **({"exitCode": known[shown]} if shown in known else {})}


def _condition(kind: str, reason: str) -> dict[str, str]:
    return {"type": kind, "status": "False", "reason": reason}
