"""Finds the shape of a record: in comes a record, out goes what it states, by the first shape that knows it."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import msgspec

from facts.read.failures.lines.records import Record
from facts.read.failures.shapes.statement import Statement

Shape = Callable[[Record], Statement | None]

SHAPES: tuple[tuple[str, str], ...] = (
    ("klog", "read_klog"),
    ("logfmt", "read_logfmt"),
    ("json_object", "read_json"),
    ("coredns", "read_coredns"),
    ("golang", "read_golang"),
    ("systems", "read_system"),
    ("webservers", "read_webserver"),
    ("databases", "read_redis"),
    ("events", "read_event"),
    ("tools", "read_tool"),
    ("traces", "read_trace"),
    ("databases", "read_mysql"),
    ("databases", "read_postgresql"),
    ("leveled", "read_leveled"),
    ("plain", "read_plain"),
)
"""Module and function of each shape, from those that are recognised at their first letters to those that could be anything."""


def statement_of(record: Record) -> Statement | None:
    """Return what `record` states, None when it has no shape that can state a failure; a trace below a line is its error."""
    statement = next((statement for name in SHAPES if (statement := _shape(*name)(record)) is not None), None)
    if statement is None or statement.certain or len(record.lines) == 1:
        return statement
    causes = _causes_of(record)
    if not causes or causes in statement.chain:
        return statement
    first = statement.message.split("\n", 1)[0]
    error = f"{statement.error.partition(chr(10))[0]}: {causes}" if statement.error else causes
    return msgspec.structs.replace(statement, message=first, error=error)


@cache
def _shape(module: str, function: str) -> Shape:
    """Return a shape; its patterns are compiled only when no shape before it knows a record."""
    shape: Shape = getattr(import_module(f"facts.read.failures.shapes.{module}"), function)
    return shape


def _causes_of(record: Record) -> str:
    from facts.read.failures.shapes.traces import causes_of

    return causes_of(record.lines)
