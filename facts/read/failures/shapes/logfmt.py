"""logfmt and its kin: logrus (`time= level= msg= error=`, on terminals `ERRO[0000] msg`), slog, Loki, Grafana, Lima."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.fields import ERROR_KEYS, MESSAGE_KEYS, SOURCE_KEYS, all_of, first_of, pairs_of
from facts.read.failures.shapes.levels import level_of
from facts.read.failures.shapes.statement import Statement

_STARTS = Lazy(r"(?:time|ts|t|level|lvl|logger|caller|msg|source|severity|at|component|subsys)=\S")
_TERMINAL = Lazy(r"(?P<level>FATA|ERRO|WARN|INFO|DEBU|PANI|TRAC)\[[\dT:.Z+-]+\] (?P<text>.*)", re.DOTALL)
_INNER = Lazy(r"(?:time=\"?[\dTZ:.+-]+\"? )?level=(?:error|fatal|panic)\b")
_LEVEL = Lazy(r"\b(?:level|lvl)=\w+")
_FIRST_PAIR = Lazy(r"[ \t]{1,}[a-zA-Z_][\w.]{0,40}=")


def read_logfmt(record: Record) -> Statement | None:
    r"""Return the statement of a line of pairs, else None; a line quoted in the message speaks for itself.

    >>> from facts.read.failures.lines.records import record_of
    >>> read_logfmt(record_of(b'time="1" level=fatal msg="no lease" error="lookup db: no such host"')).error
    'lookup db: no such host'
    """
    text = record.body
    terminal = _TERMINAL.match(text)
    if terminal is not None:
        return _of_terminal(terminal)
    if not _STARTS.match(text):
        return None
    inner = _inner(text)
    pairs = pairs_of(inner or text)
    word = first_of(pairs, ("level", "lvl", "severity"))
    message = first_of(pairs, MESSAGE_KEYS)
    if not word and not message:
        return None
    level = level_of(word)
    error = first_of(pairs, ERROR_KEYS)
    status = first_of(pairs, ("status_code", "statusCode", "http_status", "status"))
    if not error and status[:1] in ("4", "5") and len(status) == 3:
        error = f"status code {status}"
    namespace, _, pod = first_of(pairs, ("pod", "k8sPodName", "podName")).rpartition("/")
    return Statement(
        message or (inner or text),
        error,
        level,
        source="\n".join((all_of(pairs, SOURCE_KEYS), "[hostagent]" if "[hostagent]" in text else "")).strip(),
        namespace=namespace or pairs.get("k8sNamespace", pairs.get("namespace", "")),
        pod=pod,
        object_kind="image" if pairs.get("image") else "",
        object=pairs.get("image", ""),
        operation=_operation(pairs),
        component="cilium" if "subsys" in pairs else "",
        last=level is Level.FATAL,
    )


def _of_terminal(match: re.Match[str]) -> Statement:
    level, text = level_of(match["level"]), match["text"]
    first = _FIRST_PAIR.search(text)
    pairs = pairs_of(text[first.start() :]) if first else {}
    message = text[: first.start()] if first else text
    return Statement(message.strip(), first_of(pairs, ERROR_KEYS), level, last=level is Level.FATAL)


def _inner(text: str) -> str:
    """Return the line that `text` quotes, when it is worse than an information."""
    outer = _LEVEL.search(text)
    inner = _INNER.search(text, outer.end()) if outer else None
    return text[inner.start() :].replace('\\"', '"') if inner else ""


def _operation(pairs: dict[str, str]) -> str:
    """Return the operation that CRI-O names in a field: name=/runtime.v1.RuntimeService/RunPodSandbox."""
    name = pairs.get("name", "")
    return name.rpartition("/")[2] if name.startswith("/runtime.v1") else ""
