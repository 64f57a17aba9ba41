"""Judges one record: in come its lines, out goes the failure that they state, or None.

The shape tells the parts; the chain of reasons tells the class, the object and the peer; noise and levels tell whether
it is a failure at all.
"""

import re

from facts.model.failure import ErrorClass, Failure, Hints, Level
from facts.read.failures.components import component_of
from facts.read.failures.lines.layers import Line
from facts.read.failures.lines.records import Record, is_folded, record_of, unfolded
from facts.read.failures.noise import is_noise
from facts.read.failures.reasons.chains import reason_of, unescaped, without_advice
from facts.read.failures.reasons.objects import object_of
from facts.read.failures.reasons.operations import operation_of
from facts.read.failures.reasons.peers import peer_of
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.statements import statement_of
from facts.read.failures.templates import Known

CHAIN = 4_000
"""Characters of a chain that are looked at: the first half and the last."""

TEXT = 1_000
"""Characters of the line that a failure keeps."""


def judged(raw: bytes, hints: Hints) -> Known:
    """Return what the lines of one record state."""
    record = record_of(raw)
    if is_folded(record):
        known = _judged(unfolded(record, raw), hints)
        if known.failure is not None and known.failure.error is not ErrorClass.UNKNOWN:
            return known
    return _judged(record, hints)


def _judged(record: Record, hints: Hints) -> Known:
    statement = statement_of(record)
    if statement is None:
        if hints.level is None:
            return Known(None)
        statement = Statement(unescaped(record.body), level=hints.level)
    if is_noise(statement):
        return Known(None, quiet=statement.level is Level.INFO and len(record.lines) == 1)
    level = statement.level or hints.level or (Level.ERROR if statement.certain else None)
    if level is None:
        return Known(None)
    return Known(_of_statement(statement, level, record.head, hints, record.first))


def _of_statement(statement: Statement, level: Level, head: Line, hints: Hints, first: str) -> Failure | None:
    message, error = unescaped(statement.message), unescaped(statement.error)
    chain = f"{message}: {error}" if error else message
    if len(chain) > CHAIN:
        chain = f"{chain[: CHAIN // 2]} {chain[-CHAIN // 2 :]}"
    chain = without_advice(chain)
    reason = reason_of(chain)
    kind = _class(statement, reason.error if reason else None)
    operation = statement.operation or operation_of(message, error)
    if kind is ErrorClass.PERMISSION_DENIED and _FORBIDDEN.search(chain):
        kind = ErrorClass.FORBIDDEN
    if kind in _NAMES and operation in _ACCESS:
        operation = "resolve name"
    if kind is None:
        if level is Level.WARNING or (statement.level is None and not operation):
            return None
        kind = ErrorClass.UNKNOWN
    start = reason.start if reason else len(chain)
    object_kind, name = statement.object_kind, statement.object
    if not name:
        found_kind, found = object_of(chain, start)
        object_kind, name = found_kind, found
        if reason and reason.object:
            object_kind, name = reason.object_kind or _KINDS.get(kind, found_kind), reason.object
    peer = (statement.peer or (reason.peer if reason else "") or peer_of(chain, start))[:200]
    if peer and (name == peer or object_kind == "url"):
        object_kind = name = ""
    return Failure(
        error=kind,
        level=level,
        component=component_of(statement, head.program, f"{message}: {error}" if error else first, hints.component),
        node=statement.node or head.node or hints.node,
        namespace=statement.namespace or head.namespace,
        pod=statement.pod or head.pod,
        container=head.container,
        operation=operation,
        object_kind=object_kind,
        object=name[:300],
        peer=peer,
        detail=reason.detail if reason and kind is not ErrorClass.CRASHED else chain.split("\n", 1)[0][:300],
        code=statement.code or (reason.code if reason else ""),
        by=reason.by if reason else "",
        state=statement.state or _state(chain),
        count=statement.count,
        last=statement.last,
        text=first[:TEXT],
    )


def _class(statement: Statement, said: ErrorClass | None) -> ErrorClass | None:
    """Return the class: what the text proves, but for what the shape knows better."""
    if statement.reason is None:
        return said
    if said is None or said in _VAGUE:
        return statement.reason
    return said if statement.reason in _VAGUE or statement.reason in _REFINED else statement.reason


_FORBIDDEN = re.compile(r"code = PermissionDenied|\b(?:[Cc]ode:? |status:? |HTTP |: )403\b")
"""An API that refuses says "permission denied" too."""

_NAMES = frozenset((ErrorClass.NAME_NOT_FOUND, ErrorClass.NAME_FAILED))
_ACCESS = frozenset(("", "get", "post", "put", "patch", "delete", "head", "connect", "read"))
_VAGUE = frozenset((ErrorClass.EXITED, ErrorClass.UNAVAILABLE, ErrorClass.INVALID_ARGUMENT, ErrorClass.UNKNOWN))
_REFINED = frozenset(
    (
        ErrorClass.IO_ERROR,
        ErrorClass.FORBIDDEN,
        ErrorClass.CONFLICT,
        ErrorClass.NOT_FOUND,
        ErrorClass.TIMEOUT,
        ErrorClass.CLOSED,
        ErrorClass.REFUSED,
    )
)
"""Reasons of an API that a text refines: quota and policy are `Forbidden` too."""

_KINDS = {
    ErrorClass.MISSING_COMMAND: "command", ErrorClass.MISSING_LIBRARY: "library", ErrorClass.MISSING_MODULE: "module", ErrorClass.NAME_NOT_FOUND: "name",
    ErrorClass.NAME_FAILED: "name", ErrorClass.NAME_MISMATCH: "certificate", ErrorClass.UNKNOWN_FLAG: "flag", ErrorClass.QUOTA_EXCEEDED: "quota",
    ErrorClass.MISSING_KERNEL_MODULE: "kernel module", ErrorClass.OOM_KILLED: "process", ErrorClass.POLICY_DENIED: "policy", ErrorClass.MISSING_CONFIG: "setting",
    ErrorClass.INVALID_CONFIG: "setting", ErrorClass.WRONG_ARCHITECTURE: "path", ErrorClass.LOCKED: "file", ErrorClass.FORBIDDEN: "user",
    ErrorClass.UNSUPPORTED: "service", ErrorClass.VERSION_MISMATCH: "kind", ErrorClass.PERMISSION_DENIED: "path",
}  # fmt: skip


def _state(chain: str) -> str:
    lowered = chain.lower()
    return (
        "retried"
        if any(
            word in lowered for word in ("retry", "retries in", "backing off", "back-off", "requeue", "will try again")
        )
        else ""
    )
