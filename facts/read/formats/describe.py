"""`kubectl describe`: blocks of a pod, node, Service, ... that start with `Name:`, whole or cut off, and their events.

Name:             web-0
Namespace:        demo
Node:             worker1/192.168.66.12
Status:           Running
Containers:
  app:
    Image:          shop/web:1
    State:          Waiting
      Reason:       CrashLoopBackOff
"""

import re
from typing import Any

from facts.cluster.kinds import api_of, is_cluster_kind, kind_of
from facts.model.values import Observation, ObservationKind
from facts.read.described.node import is_node, node
from facts.read.described.other import NAMESPACE, OTHERS, QUOTA, endpoints, other_kind
from facts.read.described.pod import is_pod, pod
from facts.read.described.workload import workload, workload_kind
from facts.read.formats.event_rows import read_rows
from facts.read.text.event import event
from facts.read.text.listing import list_coverage, list_observation
from facts.read.text.outline import Entry, moment, read_outline
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"[ \t]*Name:[ \t]+[a-z0-9]\S*[ \t]*$"

_KEY = re.compile(r"[A-Za-z][\w ./()#-]*:(?:\s|$)")
_TABLE = re.compile(
    r"(?:Resource\s+Used\s+Hard|-{3,}[-\s]*|[a-z][\w./-]*\s+[\d.]+\w*\s+[\d.]+\w*|No (?:resource quota|LimitRange)\b.*)$"
)
_MESSAGE_LINES = 100
"""Lines that a container's message may take: the kubelet keeps the last 2048 bytes, or 80 lines, of a log."""
WHY = "a single object that was described"


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read one block, from its name to its last event; None when its lines tell no kind."""
    body, events_at, end = _block(lines)
    outline = read_outline(body)
    name, namespace = outline.get("Name"), outline.get("Namespace")
    kind, made = _object(outline, setting)
    if not kind:
        return None
    if is_cluster_kind(kind):
        namespace = ""
    elif not namespace and setting.namespace not in ("", "*"):
        namespace = setting.namespace
    rows, events_end = read_rows(lines, events_at) if events_at else ([], 0)
    items = [_whole(kind, name, namespace, outline, made)] if made is not None else []
    if kind == "Service" and (addresses := endpoints(outline)) is not None:
        items.append(
            {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": name, "namespace": namespace}, **addresses}
        )
    events = [event(kind, name, namespace, **row) for row in rows]
    seen = [(item["kind"], namespace) for item in [*items, *events[:1]]]
    length = max(end, events_end)
    observations: list[Observation] = []
    if items or events:
        observations.append(list_observation([*items, *events], lines.source, lines.number, "describe"))
    if made is None:  # of kinds that are not known, the text says more than the name
        observations.append(Observation(ObservationKind.LOG, lines.source, lines.raw(0, end), {}, lines.number))
    return Reading(tuple(observations), list_coverage(seen, Setting(), WHY), length)


def _block(lines: Lines) -> tuple[list[str], int, int]:
    """Return the lines of the block without its events, the index of its first event or 0, and where it ends."""
    top = lines.line(0) or ""
    indent = len(top) - len(top.lstrip())
    body = [top]
    blank = False
    for index, line in lines.after(1):
        text = line.strip()
        depth = len(line) - len(line.lstrip())
        if not text:
            blank = True
            continue
        key = depth == indent and _KEY.match(text)
        if depth < indent or (depth == indent and not key and not _TABLE.match(text)):
            if not _in_message(body, lines, index):
                return body, 0, index
            deeper = 2 if body[-1].lstrip().startswith("Message:") else 0
            body.append(" " * (len(body[-1]) - len(body[-1].lstrip()) + deeper) + text)
            continue
        if key and text.startswith("Name:"):
            return body, 0, index
        if blank and depth > indent and not body[-1].startswith(" "):
            return body, 0, index
        blank = False
        if key and text.startswith("Events:"):
            return body, index + 1, index + 1
        body.append(line)
        end = index + 1
    return body, 0, end if len(body) > 1 else 1


def _in_message(body: list[str], lines: Lines, index: int) -> bool:
    """Return True if line `index` continues the message of a container's state, which may have several lines.

    It does when the last key above is Message, and the state's next keys stand not far below.
    """
    keyed = next((line for line in reversed(body) if _KEY.match(line.strip())), "")
    if not keyed.strip().startswith("Message:"):
        return False
    following = (lines.line(index + ahead) or "" for ahead in range(_MESSAGE_LINES))
    return any(re.match(r"\s+(?:Exit Code|Signal|Ready|Restart Count):\s", line) for line in following)


def _object(outline: Entry, setting: Setting) -> tuple[str, dict[str, Any] | None]:
    """Return the kind of the block, and the object that its lines tell, None for a kind that is not known."""
    if is_node(outline):
        return "Node", node(outline)
    if kind := workload_kind(outline):
        return kind, workload(outline)
    if is_pod(outline):
        return "Pod", pod(outline)
    if kind := other_kind(outline):
        return kind, OTHERS[kind][1](outline)
    texts = [entry.text for entry in outline.children]
    if any(re.match(r"Resource\s+Used\s+Hard", text) for text in texts) and outline.has("Namespace"):
        return "ResourceQuota", QUOTA(outline)
    if any(text.startswith(("No resource quota", "Resource Quotas", "No LimitRange")) for text in texts):
        return "Namespace", NAMESPACE(outline)
    if outline.has("API Version", "Kind"):
        return outline.get("Kind"), None
    if setting.says("kubectl", "describe") and len(setting.words) > 2 and outline.has("Labels"):  # names a kind
        return kind_of(setting.words[2].split("/", 1)[0]), None
    return "", None


def _whole(kind: str, name: str, namespace: str, outline: Entry, made: dict[str, Any]) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    if labels := outline.pairs("Labels"):
        metadata["labels"] = labels
    owner_kind, slash, owner = outline.get("Controlled By").partition("/")
    if slash:
        metadata["ownerReferences"] = [{"kind": owner_kind, "name": owner, "controller": True}]
    if created := moment(outline.get("CreationTimestamp")):
        metadata["creationTimestamp"] = created
    return {
        "apiVersion": api_of(kind),
        "kind": kind,
        **made,
        "metadata": metadata | made.get("metadata", {}),
    }
