"""CoreDNS: `[LEVEL] plugin/P: text`, the errors plugin's `RCODE NAME TYPE: error`, and the parser's last words."""

import re

from facts.model.failure import ErrorClass, Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.levels import level_of
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.codes import RCODE

_PLUGIN = Lazy(r"\[(?P<level>FATAL|ERROR|WARNING|INFO|DEBUG)\] plugin/(?P<plugin>[\w-]{1,40}): (?P<text>.*)", re.DOTALL)
_ANSWER = Lazy(r"(?P<rcode>\d{1,2}) (?P<name>\S{1,253}) (?P<type>[A-Z]{1,10}): (?P<text>.*)", re.DOTALL)
_PARSER = Lazy(r"(?P<file>(?:/[\w./-]{1,200}/)?Corefile):\d+ - Error during parsing: (?P<text>.*)", re.DOTALL)


def read_coredns(record: Record) -> Statement | None:
    """Return the statement of a line of CoreDNS, else None.

    >>> from facts.read.failures.lines.records import record_of
    >>> read_coredns(record_of(b"[ERROR] plugin/errors: 2 shop.example. A: dial udp: i/o timeout")).object
    'shop.example'
    """
    parser = _PARSER.match(record.body)
    if parser is not None:
        return Statement(
            parser["text"],
            level=Level.FATAL,
            component="coredns",
            operation="parse Corefile",
            reason=ErrorClass.INVALID_CONFIG,
            last=True,
            certain=True,
        )
    match = _PLUGIN.match(record.body)
    if match is None:
        return None
    level, text = level_of(match["level"]), match["text"]
    answer = _ANSWER.match(text)
    if answer is None or match["plugin"] != "errors":
        return Statement(
            text, level=level, component="coredns", source=f"plugin/{match['plugin']}", last=level is Level.FATAL
        )
    return Statement(
        answer["text"],
        level=level,
        component="coredns",
        operation="forward",
        reason=RCODE.get(answer["rcode"]),
        object_kind="name",
        object=answer["name"].rstrip(".") or ".",
    )
