"""klog of Kubernetes and its kin: `E1127 07:07:59.7 22 controller.go:14] "Failed to ensure lease" err="…"`; plain text too.

glog and Abseil write the same head, Abseil with the time as seconds since 1970 while it starts; CockroachDB writes the
year as well, no bracket, and its tags and a counter: `E261127 07:07:59.7 12 server/node.go:14  [n1] 7  text`.
"""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.chains import unescaped
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.fields import ERROR_KEYS, first_of, pairs_of
from facts.read.failures.shapes.statement import Statement

_KLOG = Lazy(
    r"(?P<level>[IWEF])\d{4}(?:\d\d)? \d\d:\d\d:(?:\d\d|\d{10})(?:\.\d+)? +\d+ (?P<file>[\w./@-]+\.\w{1,4}):\d+\]? ?(?: ?\[[\w,.?-]{1,60}\] \d{0,8} +)?(?P<text>.*)",
    re.DOTALL,
)
_STRUCTURED = Lazy(r'"((?:[^"\\]|\\.)*)"(?: |$)(.*)', re.DOTALL)
_LEVELS = {"I": Level.INFO, "W": Level.WARNING, "E": Level.ERROR, "F": Level.FATAL}
_TROUBLE = Lazy(r"[Ee]rror|[Ff]ail|not ready|[Rr]efused|denied")


def read_klog(record: Record) -> Statement | None:
    """Return the statement of a line of klog, else None."""
    match = _KLOG.match(record.body)
    if match is None:
        return None
    level, text = _LEVELS[match["level"]], match["text"].strip()
    structured = _STRUCTURED.match(text)
    if structured is None:
        return Statement(text, level=level, source=match["file"], last=level is Level.FATAL)
    pairs = pairs_of(structured[2])
    error = first_of(pairs, ERROR_KEYS) or next((value for value in pairs.values() if _TROUBLE.search(value)), "")
    namespace, _, pod = pairs.get("pod", "").rpartition("/")
    kind, name = next(((kind, pairs[key]) for key, kind in _OBJECTS if pairs.get(key)), ("", ""))
    return Statement(
        unescaped(structured[1]),
        error,
        level,
        source="\n".join(part for part in (match["file"], pairs.get("logger", "")) if part),
        namespace=namespace,
        pod=pod,
        object_kind=kind,
        object=name,
        last=level is Level.FATAL,
    )


_OBJECTS = (
    ("image", "image"), ("volumeName", "volume"), ("path", "path"), ("node", "Node"), ("mountPath", "path"), ("configMap", "ConfigMap"),
    ("secret", "Secret"), ("PVC", "PersistentVolumeClaim"), ("service", "Service"),
)  # fmt: skip
"""Keys that name an object, where the error itself names none."""
