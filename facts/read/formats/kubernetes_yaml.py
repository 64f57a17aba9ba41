"""Kubernetes objects as YAML: `kubectl get ... -o yaml`, must-gather files, several documents, parts of a session.

apiVersion: v1
kind: Pod
metadata:
  name: web-0
  namespace: demo
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from facts.model.values import Coverage, Observation
from facts.read.formats.kubernetes_json import read_object
from facts.read.text.part import part_of_object
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

OPENING = r"(?:---[ \t]*$|(?:apiVersion|kind):[ \t]+[\w./-]+[ \t]*$|(?:items|spec|data|metadata):[ \t]*$)"

_KIND = re.compile(rb"(?m)^(?:- |  )?kind:[ \t]")
_VERSION = re.compile(rb"(?m)^(?:- |  )?apiVersion:[ \t]")
_MARKER = re.compile(rb"(?m)^(?:---(?:[ \t].*)?|\.\.\.[ \t]*)$\n?")
_ANCHOR, _ALIAS = re.compile(rb"(?m)(?:^|[:\-] +)&\w"), re.compile(rb"(?m)(?:^|[:\-,\[] *)\*\w")
_DEPTH = 200
_DEEP_BLOCK = re.compile(rb"(?m)^[ ?:-]{200}|(?:[?:-] ){100}")
_BRACKETS = re.compile(rb"[\[{]+|[\]}]+")
_TOP_KEY = re.compile(r"(?:apiVersion|kind|items|spec|data):")
_YAML_LINE = re.compile(r"(?:[ \t].*|- .*|-|#.*|[A-Za-z_][\w./-]*:(?: .*)?|\}|\])$")


def recognises(head: bytes) -> bool:
    """Return True if a top-level key or an item of a Kubernetes object starts here."""
    return re.search(rb"(?m)^(?:apiVersion|kind|items|- apiVersion):", head) is not None


def read_document(body: bytes, source: str, setting: Setting) -> Reading | None:
    """Read all documents of a file. None when the file is not such documents throughout: then it is read as a session."""
    observations: list[Observation] = []
    coverage: list[Coverage] = []
    for start, end in _documents(body):
        document = body[start:end]
        if not _content(document):
            continue
        reading = _read(document, source, 1 + body.count(b"\n", 0, start), setting)
        if reading is None:
            return None
        observations.extend(reading.observations)
        coverage.extend(reading.coverage)
    return Reading(tuple(observations), tuple(coverage)) if observations else None


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read one document that stands between other text: as far as the lines look like YAML."""
    first = 0
    while (lines.line(first) or "").startswith("---"):
        first += 1
    end, blank = first, 0
    keys: set[str] = set()
    for index, line in lines.after(first):
        if (line.strip() and not _YAML_LINE.match(line)) or line.startswith("---"):
            break
        if key := _TOP_KEY.match(line):
            if key[0] in keys:
                break  # the next object starts without a marker
            keys.add(key[0])
        blank = blank + 1 if not line.strip() else 0
        end = index + 1
    end -= blank
    document = lines.raw(first, end)
    if part := _part(document, lines, setting, first, end):
        return part
    if first == end or not _KIND.search(document):
        return None
    reading = _read(document, lines.source, lines.number + first, setting)
    return None if reading is None else msgspec.structs.replace(reading, length=end)


def _part(document: bytes, lines: Lines, setting: Setting, first: int, end: int) -> Reading | None:
    """Read what somebody pasted of one object without its head; the command above says what it is of."""
    if not setting.output.startswith("yaml") or re.search(rb"(?m)^  name:[ \t]", document):
        return None
    try:
        fields = _load(document)
    except (ValueError, RecursionError):
        return None
    return part_of_object(fields, lines, setting, lines.number + first, end) if isinstance(fields, dict) else None


def _documents(body: bytes) -> list[tuple[int, int]]:
    marks = [(found.start(), found.end()) for found in _MARKER.finditer(body)]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(body)]
    return list(zip(starts, ends, strict=True))


def _content(document: bytes) -> bool:
    return any(line.strip() and not line.lstrip().startswith(b"#") for line in document.splitlines())


def _read(document: bytes, source: str, line: int, setting: Setting) -> Reading | None:
    if not _KIND.search(document) or not _VERSION.search(document):
        return None
    try:
        value = _load(document)
        if isinstance(value, list) and value and all(isinstance(item, dict) and "kind" in item for item in value):
            value = {"apiVersion": "v1", "kind": "List", "items": value}
        if not isinstance(value, dict):
            return None
        body = msgspec.json.encode(value)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return read_object(body, source, line, setting)


def _load(document: bytes) -> Any:
    """Return the value of one document; raise ValueError when it is broken or could blow up."""
    import yaml  # takes 20 ms that only YAML evidence needs

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if _suspicious(document) and _hostile(yaml.parse(document, loader)):
            raise ValueError("aliases or deep nesting, which the API never writes")
        # Times stay the strings that the API writes; only the C loader's own copy of the resolvers is changed.
        texts = loader.yaml_constructors | {"tag:yaml.org,2002:timestamp": loader.construct_yaml_str}
        own = {"yaml_implicit_resolvers": _resolvers(loader), "yaml_constructors": texts}
        plain = type("_Loader", (loader,), own)
        return yaml.load(document, plain)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:  # a tag whose text is none of its type
        raise ValueError(str(error)) from error


def _suspicious(document: bytes) -> bool:
    """Return True if the document may hold aliases or nest deeply. The check is cheap and says yes too often."""
    if (_ANCHOR.search(document) and _ALIAS.search(document)) or _DEEP_BLOCK.search(document):
        return True
    if document.count(b"[") + document.count(b"{") < _DEPTH:
        return False
    depth = 0
    for brackets in _BRACKETS.finditer(document):
        run = brackets[0]
        depth = depth + len(run) if run[0] in b"[{" else max(0, depth - len(run))
        if depth >= _DEPTH:
            return True
    return False


def _hostile(events: Iterable[Any]) -> bool:
    """Return True if there are aliases, with which a small file can grow without bounds, or depths that crash the C loader."""
    depth = 0
    for event in events:
        name = type(event).__name__
        if name == "AliasEvent":
            return True
        if name in ("SequenceStartEvent", "MappingStartEvent"):
            depth += 1
            if depth > _DEPTH:
                return True
        elif name in ("SequenceEndEvent", "MappingEndEvent"):
            depth -= 1
    return False


def _resolvers(loader: Any) -> dict[str, list[tuple[str, Any]]]:
    return {
        first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":timestamp", ":merge"))]
        for first, pairs in loader.yaml_implicit_resolvers.items()
    }
