"""What the lists of VM managers have in common: JSON objects or a table, words for states, sizes."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_STATES = {
    "running": "running",
    "started": "running",
    "stopped": "stopped",
    "shut off": "stopped",
    "poweroff": "stopped",
    "not created": "stopped",
    "aborted": "stopped",
    "crashed": "stopped",
    "broken": "broken",
    "shutoff": "stopped",
    "suspended": "suspended",
    "saved": "suspended",
    "paused": "paused",
}
_MEGABYTE = 1024 * 1024
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])i?B?", re.IGNORECASE)


def state_of(word: str) -> str:
    """Return the state of a VM that `word` means: running, stopped, suspended, paused or unknown.

    >>> state_of("shut off"), state_of("Started"), state_of("Deleted")
    ('stopped', 'running', 'unknown')
    """
    return _STATES.get(word.lower(), "unknown")


def is_json(text: str) -> bool:
    """Return whether a list is JSON."""
    return text.lstrip().startswith(("{", "["))


def json_objects(text: str) -> list[dict[str, Any]]:
    """Return the JSON objects of a list, of one object, or of one object a line."""
    try:
        values = (
            msgspec.json.decode(text)
            if text.lstrip().startswith("[")
            else [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
        )
    except msgspec.DecodeError:
        try:
            values = [msgspec.json.decode(text)]
        except msgspec.DecodeError:
            return []
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def table_rows(text: str, *columns: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table whose cells hold no blanks, below the header that has `columns`."""
    header: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if all(column in words for column in columns):
            header = words
        elif header and len(words) > 1:
            yield dict(zip(header, words, strict=False))


def number(value: object) -> int:
    """Return the number in a JSON value or a cell, 0 if it is not a number."""
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0


def megabytes(value: object) -> int:
    """Return a size such as 4GiB, or a number of bytes, in MB."""
    size = _SIZE.match(str(value))
    if size:
        return int(float(size[1]) * 1024 ** ("KMGT".index(size[2].upper()) - 1))
    return number(value) // _MEGABYTE
