"""Kubernetes objects as JSON: `kubectl get ... -o json`, raw API answers, several documents, one object a line.

{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web-0", "namespace": "demo"}}
"""

import re

import msgspec

from facts.cluster.kinds import api_of
from facts.model.values import Coverage, Observation, ObservationAttributes, ObservationKind
from facts.read.text.listing import list_coverage
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r'\{[ \t]*\n?[ \t]*"(?:apiVersion|kind|items|metadata)"[ \t]*:'

SELECTION = "single objects, not a whole list"
MANIFESTS = "manifests, not what the cluster holds"
_RUNS = frozenset(("Pod", "Node", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service"))
"""Kinds that always have a status in the cluster."""


class _Metadata(msgspec.Struct, rename="camel"):
    namespace: str | None = None
    name: str | None = None
    uid: str | None = None
    creation_timestamp: str | None = None


class _Item(msgspec.Struct, rename="camel"):
    kind: str | None = None
    api_version: str | None = None
    metadata: _Metadata | None = None
    status: msgspec.Raw = msgspec.Raw(b"")


class _Object(_Item):
    items: list[_Item] | None = None


_DECODER = msgspec.json.Decoder(_Object)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def recognises(head: bytes) -> bool:
    """Return True if a JSON object or array starts here, or below the document marker of YAML."""
    return head.removeprefix(b"---").lstrip().startswith((b"{", b"["))


def read_document(body: bytes, source: str, setting: Setting) -> Reading | None:
    """Read one document, without copying it, or several ones after each other; None when one is no Kubernetes object."""
    found = re.search(rb"[{\[]", body)
    first = found.start() if found else 0
    line = 1 + body.count(b"\n", 0, first)
    whole = body if first == 0 else body[first:]
    if whole.startswith(b"["):
        whole = b'{"apiVersion":"v1","kind":"List","items":' + whole.rstrip() + b"}"
    return read_object(whole, source, line, setting) or _several(whole, source, line, setting)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read an object that a terminal session shows."""
    first = lines.raw(0, 1).strip()
    if first.endswith(b"}"):  # one object a line, as audit logs have them by the million
        reading = read_object(first, lines.source, lines.number, setting)
        return reading and msgspec.structs.replace(reading, length=1)
    text = lines.text
    start = text.index(b"{", lines.offset(0))
    end = _end(text, start)
    if end is None or text[end : end + 1].strip():
        return None
    reading = read_object(text[start:end], lines.source, lines.number, setting)
    return reading and msgspec.structs.replace(reading, length=lines.length(end))


def read_object(body: bytes, source: str, line: int, setting: Setting) -> Reading | None:
    """Return the observation and coverage of `body`, the JSON of one object or List; None when it is neither."""
    try:
        head = _DECODER.decode(body)
    except _UNREADABLE:
        return None
    if head.kind == "Status" and head.api_version == "v1" and head.items is None:
        return _refusal(body, source, line)
    if kind := _missing_kind(body, head, setting):
        version = api_of(kind.removesuffix("List"))
        body = _with_kind(body, kind, version)
        head = msgspec.structs.replace(head, kind=kind, api_version=version)
    coverage = coverage_of(head, setting)
    if coverage is None:
        return None
    observation = Observation(ObservationKind.OBJECTS, source, body, {"fidelity": "full", "scope": ""}, line)
    return Reading((observation,), coverage)


def _missing_kind(body: bytes, head: _Object, setting: Setting) -> str:
    """Return the kind of an object or list that lacks it, as its shape or its path tells; "" when it does not lack it."""
    if head.items is None:
        return "" if head.kind else _kind_by_shape(body, head) or (setting.kind if _was_served(head) else "")
    if head.kind not in (None, "", "List") or not head.items or any(item.kind for item in head.items):
        return ""
    kind = setting.kind if all(map(_was_served, head.items)) else ""
    return f"{kind}List" if kind else ""


def _was_served(item: _Item) -> bool:
    """Return True if an object has what an API server adds to it."""
    metadata = item.metadata
    return metadata is not None and bool(metadata.name and (metadata.uid or metadata.creation_timestamp))


def _with_kind(body: bytes, kind: str, version: str) -> bytes:
    """Return the JSON of an object or list with this kind and apiVersion, whatever it says of them itself."""
    fields = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return msgspec.json.encode(fields | {"apiVersion": version, "kind": kind})


class _Shape(msgspec.Struct, rename="camel"):
    spec: dict[str, msgspec.Raw] = {}
    status: dict[str, msgspec.Raw] = {}
    involved_object: msgspec.Raw = msgspec.Raw(b"")


_SHAPES: tuple[tuple[str, str, str], ...] = (
    # kind, a field of its spec and one of its status that no other kind has
    ("Pod", "containers", "phase"),
    ("Node", "", "nodeInfo"),
    ("ClusterOperator", "", "relatedObjects"),
)


def _kind_by_shape(body: bytes, head: _Object) -> str:
    """Return the kind of an object that lacks it, as those in archives of Insights do; "" when its fields do not tell."""
    if head.metadata is None or not head.metadata.name:
        return ""
    try:
        shape = msgspec.json.decode(body, type=_Shape)
    except _UNREADABLE:
        return ""
    if bytes(shape.involved_object):
        return "Event"
    fits = (kind for kind, wanted, told in _SHAPES if (not wanted or wanted in shape.spec) and told in shape.status)
    return next(fits, "")


class _Status(msgspec.Struct):
    status: str = ""
    reason: str = ""
    message: str = ""


def _refusal(body: bytes, source: str, line: int) -> Reading | None:
    """Return what the API answered instead of an object as kubectl prints it; None for a Status of another kind."""
    try:
        status = msgspec.json.decode(body, type=_Status)
    except _UNREADABLE:
        return None
    if status.status != "Failure" or not status.message:
        return None
    reason = f" ({status.reason})" if status.reason else ""
    text = f"Error from server{reason}: {' '.join(status.message.split())}\n"
    attributes: ObservationAttributes = {"component": "kubectl"}
    return Reading((Observation(ObservationKind.LOG, source, text.encode(), attributes, line),))


def coverage_of(head: _Object, setting: Setting) -> tuple[Coverage, ...] | None:
    """Return what an object covers, or None if it has no kind or is an audit record."""
    kind = head.kind or ""
    if not kind or not re.fullmatch(r"[A-Z][A-Za-z0-9]*", kind) or (head.api_version or "").startswith("audit.k8s.io/"):
        return None
    if head.items is None:
        if head.metadata is None or head.metadata.name is None or not head.api_version:
            return None
        return list_coverage([(kind, head.metadata.namespace or "")], Setting(), SELECTION)
    if kind == "List" and any(item.kind is None for item in head.items):
        return None
    of = kind.removesuffix("List")
    seen = {(item.kind or of, (item.metadata and item.metadata.namespace) or "") for item in head.items} - {("", "")}
    if not head.items and of and setting.namespace:
        seen = {(of, "")}
    declared = kind == "List" and all(map(_is_manifest, head.items)) and any(item.kind in _RUNS for item in head.items)
    why = MANIFESTS if declared else "the output of the command is filtered" if setting.filtered else ""
    return list_coverage(seen, setting, why)


def _is_manifest(item: _Item) -> bool:
    added = item.metadata and (item.metadata.uid or item.metadata.creation_timestamp)
    return not bytes(item.status) and not added


def _several(body: bytes, source: str, line: int, setting: Setting) -> Reading | None:
    observations: list[Observation] = []
    coverage: list[Coverage] = []
    position = 0
    while found := re.compile(rb"(?:\s|---[ \t]*(?=\n)|,(?=\s*\{))*").match(body, position):
        line += body.count(b"\n", position, found.end())
        position = found.end()
        if position >= len(body):
            break
        end = _end(body, position) if body[position : position + 1] == b"{" else None
        reading = read_object(body[position:end], source, line, setting) if end else None
        if end is None or reading is None:
            return None
        observations.extend(reading.observations)
        coverage.extend(reading.coverage)
        line += body.count(b"\n", position, end)
        position = end
    return Reading(tuple(observations), tuple(coverage)) if observations else None


_DEPTH = 64
"""How deep the objects of a session may nest: more is not JSON, but a log that opens brackets."""
_STEP = re.compile(rb'[^"{}\[\]]*+(?:"(?:[^"\\]|\\.)*+"|([{}\[\]]))', re.DOTALL)


def _end(text: bytes, start: int) -> int | None:
    """Return where the JSON object that starts at `start` ends; None when it does not."""
    depth, position = 0, start
    while step := _STEP.match(text, position):
        position = step.end()
        bracket = step[1]
        if bracket is not None:
            depth += 1 if bracket in b"{[" else -1
            if depth <= 0:
                return position
            if depth > _DEPTH:
                return None
    return None
