"""Reads `key=value` pairs, quoted or not, as logfmt, logrus, slog and klog print them."""

import re

from facts.read.failures.reasons.chains import unescaped
from facts.read.failures.reasons.patterns import Lazy

_PAIR = Lazy(r'([A-Za-z_@][\w./@-]{0,60})=(?:"((?:[^"\\]|\\.)*)("|$)|<\n?((?:[^>]|>(?!$))*)>?$|([^\s",]*))', re.DOTALL)

MESSAGE_KEYS = (
    "msg",
    "message",
    "log",
    "event",
    "MESSAGE",
    "short_message",
    "text",
    "M",
    "textPayload",
    "description",
    "body",
    "summary",
)
"""Keys of the message, the most usual first."""

ERROR_KEYS = (
    "err", "error", "cause", "error.message", "exception", "exc_info", "error_message", "errorMessage", "errmsg", "reason", "stack_trace",
    "exc", "stacktrace", "error.stack_trace", "stack", "errorVerbose", "exception.message", "details", "error_description",
)  # fmt: skip
"""Keys of the reason, the most usual first."""

SOURCE_KEYS = (
    "caller",
    "controller",
    "source",
    "logger",
    "subsys",
    "component",
    "module",
    "logger_name",
    "name",
    "c",
    "log.logger",
    "file",
    "target",
    "loggerName",
)
"""Keys of where in the program a line was written."""


def pairs_of(text: str) -> dict[str, str]:
    r"""Return the pairs of `text`; of two with one key the first counts.

    >>> pairs_of('time=now level=error msg="no \\"x\\"" error="open /x: no" n=1')
    {'time': 'now', 'level': 'error', 'msg': 'no "x"', 'error': 'open /x: no', 'n': '1'}
    """
    pairs: dict[str, str] = {}
    for match in _PAIR.finditer(text):
        key, quoted, _, block, plain = match.groups()
        if key not in pairs:
            pairs[key] = (
                unescaped(quoted) if quoted is not None else (block if block is not None else plain or "").strip()
            )
    return pairs


def all_of(pairs: dict[str, str], keys: tuple[str, ...]) -> str:
    """Return the values of all `keys` that have one, a line each."""
    return "\n".join(pairs[key] for key in keys if pairs.get(key))


def first_of(pairs: dict[str, str], keys: tuple[str, ...]) -> str:
    """Return the value of the first of `keys` that has one."""
    return next((pairs[key] for key in keys if pairs.get(key)), "")
