"""Finds the shape of a record: in comes a record, out goes what it states, by the first shape that knows it."""

from collections.abc import Callable

import msgspec

from facts.read.failures.lines.records import Record
from facts.read.failures.shapes.coredns import read_coredns
from facts.read.failures.shapes.databases import read_mysql, read_postgresql, read_redis
from facts.read.failures.shapes.events import read_event
from facts.read.failures.shapes.golang import read_golang
from facts.read.failures.shapes.json_object import read_json
from facts.read.failures.shapes.klog import read_klog
from facts.read.failures.shapes.leveled import read_leveled
from facts.read.failures.shapes.logfmt import read_logfmt
from facts.read.failures.shapes.plain import read_plain
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.shapes.systems import read_system
from facts.read.failures.shapes.tools import read_tool
from facts.read.failures.shapes.traces import causes_of, read_trace
from facts.read.failures.shapes.webservers import read_webserver

SHAPES: tuple[Callable[[Record], Statement | None], ...] = (
    read_klog,
    read_logfmt,
    read_json,
    read_coredns,
    read_golang,
    read_system,
    read_webserver,
    read_redis,
    read_event,
    read_tool,
    read_trace,
    read_mysql,
    read_postgresql,
    read_leveled,
    read_plain,
)
"""From the shapes that are recognised at their first letters to those that could be anything."""


def statement_of(record: Record) -> Statement | None:
    """Return what `record` states, None when it has no shape that can state a failure; a trace below a line is its error."""
    statement = next((statement for shape in SHAPES if (statement := shape(record)) is not None), None)
    if statement is None or statement.certain or len(record.lines) == 1:
        return statement
    causes = causes_of(record.lines)
    if not causes or causes in statement.chain:
        return statement
    first = statement.message.split("\n", 1)[0]
    error = f"{statement.error.split(chr(10), 1)[0]}: {causes}" if statement.error else causes
    return msgspec.structs.replace(statement, message=first, error=error)
