"""Lines that are one JSON object: zap, slog, logrus, pino, bunyan, MongoDB, Elasticsearch, klog, journal, Status, Event."""

from typing import Any

import msgspec

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.chains import unescaped
from facts.read.failures.shapes.fields import ERROR_KEYS, MESSAGE_KEYS, SOURCE_KEYS, all_of, first_of
from facts.read.failures.shapes.levels import level_of
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.codes import REASONS

_LEVEL_KEYS = (
    "level",
    "severity",
    "lvl",
    "log.level",
    "levelname",
    "s",
    "loglevel",
    "L",
    "log_level",
    "level_name",
    "@l",
    "severityText",
)
_PRIORITIES = {
    "0": "fatal",
    "1": "alert",
    "2": "crit",
    "3": "error",
    "4": "warning",
    "5": "notice",
    "6": "info",
    "7": "debug",
}
_TEXT_BYTES = 8_192


def read_json(record: Record) -> Statement | None:
    """Return the statement of a JSON object with a level or a message, or of an API Status, else None."""
    text = "\n".join(record.lines).strip()
    if not text.startswith("{"):
        return None
    try:
        body = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    kind = body.get("kind")
    if kind == "Status":
        return _of_status(body)
    if isinstance(kind, str) and "apiVersion" in body:
        return _of_event(body) if kind == "Event" and "reason" in body else None
    return _of_line(body)


def _of_line(body: dict[str, Any]) -> Statement | None:
    pairs = _flat(body)
    word = first_of(pairs, _LEVEL_KEYS)
    message = first_of(pairs, MESSAGE_KEYS)
    error = first_of(pairs, ERROR_KEYS) or next((pairs[key] for key in pairs if key.endswith((".error", ".err"))), "")
    if not word and "PRIORITY" in pairs:
        word = _PRIORITIES.get(pairs["PRIORITY"], "")
    level = level_of(word)
    if level is None and "ts" in pairs and "caller" in pairs:  # klog: no level; `v` stands on information only
        level = Level.INFO if "v" in pairs and not error else Level.ERROR
        level = Level.FATAL if message.startswith("fatal ") else level
    if level is None and not (error and message):
        return None
    if pairs.get("level") == "60":
        level = Level.FATAL
    detail = first_of(
        pairs,
        (
            "attr.error",
            "attr.error.errmsg",
            "attr.message.msg",
            "attr.message",
            "attr.exception",
            "err.message",
            "err.stack",
        ),
    )
    last = level is Level.FATAL
    kind, name = (
        ("Node", pairs["node"])
        if "node" in pairs and "caller" in pairs
        else ("path", first_of(pairs, ("attr.path", "path", "filename")))
    )
    return Statement(
        message or error,
        (error if error != message else "") or detail,
        level,
        source=all_of(pairs, SOURCE_KEYS),
        component=pairs.get("SYSLOG_IDENTIFIER", ""),
        node=pairs.get("_HOSTNAME", ""),
        code=first_of(pairs, ("err.code", "code", "errno")),
        object_kind=kind,
        object=name,
        namespace=first_of(pairs, ("namespace", "kubernetes.namespace_name")),
        pod=first_of(pairs, ("pod", "kubernetes.pod_name")),
        last=last,
    )


def _of_status(body: dict[str, Any]) -> Statement | None:
    if body.get("status") == "Success" or not isinstance(body.get("message"), str):
        return None
    details = body.get("details") if isinstance(body.get("details"), dict) else {}
    return Statement(
        body["message"],
        level=Level.ERROR,
        component="apiserver",
        reason=REASONS.get(str(body.get("reason", ""))),
        code=str(body.get("code", "")),
        object_kind=str(details.get("kind", "")) if details else "",
        object=str(details.get("name", "")) if details else "",
        certain=True,
    )


def _of_event(body: dict[str, Any]) -> Statement | None:
    if body.get("type") != "Warning" or not isinstance(body.get("message", body.get("note")), str):
        return None
    about = body.get("involvedObject", body.get("regarding"))
    pairs = _flat(about) if isinstance(about, dict) else {}
    source = body.get("source")
    component = source.get("component", "") if isinstance(source, dict) else ""
    count = body.get("count", 1)
    return Statement(
        str(body.get("message", body.get("note"))),
        level=Level.ERROR,
        component=str(component or body.get("reportingComponent", "")),
        operation=str(body["reason"]),
        namespace=pairs.get("namespace", ""),
        pod=pairs.get("name", "") if pairs.get("kind") == "Pod" else "",
        count=count if isinstance(count, int) and count > 0 else 1,
        certain=True,
    )


def _flat(body: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Return the scalars of `body` by their paths, and lists of texts joined."""
    pairs: dict[str, str] = {}
    for key, value in body.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and depth < 3:
            pairs |= _flat(value, f"{path}.", depth + 1)
        elif isinstance(value, list):
            pairs[path] = "\n".join(item for item in value if isinstance(item, str))[:_TEXT_BYTES]
        elif isinstance(value, str):
            pairs[path] = unescaped(value)[:_TEXT_BYTES]
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, int | float):
            pairs[path] = str(value)
    return pairs
