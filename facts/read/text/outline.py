"""Indented outlines of `Key:  value` lines, as `kubectl describe` prints them, read into a tree."""

import re
from collections.abc import Iterator
from datetime import datetime

from facts.cluster.moment import written

_ENTRY = re.compile(r"(?P<key>[\w#][\w ./()#'-]*?):(?:\s+(?P<value>.*))?$")
_NOTHING = frozenset(("<none>", "<unset>", "<nil>", "<unknown>"))


class Entry:
    """A line of an outline: its text, its key and value, and the lines indented below it."""

    def __init__(self, indent: int, text: str) -> None:
        found = _ENTRY.match(text)
        self.indent, self.text = indent, text
        self.key = found["key"] if found else ""
        self.value = "" if found is None or (found["value"] or "") in _NOTHING else (found["value"] or "").strip()
        self.children: list[Entry] = []

    def find(self, *keys: str) -> "Entry | None":
        """Return the first child with one of `keys`."""
        return next((child for child in self.children if child.key in keys), None)

    def get(self, *keys: str) -> str:
        """Return the value of the first child with one of `keys`, "" if there is no such child or its value is <none>."""
        found = self.find(*keys)
        return found.value if found else ""

    def has(self, *keys: str) -> bool:
        """Return True if there is a child for each of `keys`."""
        return all(self.find(key) is not None for key in keys)

    def below(self, *keys: str) -> "list[Entry]":
        """Return the children of the first child with one of `keys`."""
        found = self.find(*keys)
        return found.children if found else []

    def lines(self, *keys: str) -> list[str]:
        """Return all text of the first child with one of `keys`: its value and each line below, whatever it looks like."""
        found = self.find(*keys)
        return (
            [] if found is None else [line for line in [found.value, *(entry.text for entry in found.walk())] if line]
        )

    def message(self, *keys: str) -> str:
        """Return the text of the first child with one of `keys`, of however many lines."""
        return "\n".join(self.lines(*keys))

    def pairs(self, *keys: str) -> dict[str, str]:
        """Return a list such as labels: key=value, one a line or separated by commas."""
        found = (one for line in self.lines(*keys) if line not in _NOTHING for one in re.split(r",(?=[^,=]+=)", line))
        return {key.strip(): value.strip() for key, sign, value in (one.partition("=") for one in found) if sign}

    def table(self, *keys: str) -> list[list[str]]:
        """Return the rows below the header and the rule of a table, cut at wide gaps."""
        rows = [re.split(r"\s{2,}", child.text.strip()) for child in self.below(*keys)]
        return [row for row in rows[1:] if not row[0].startswith("--")]

    def walk(self) -> "Iterator[Entry]":
        """Give all entries below this one, from the top."""
        for child in self.children:
            yield child
            yield from child.walk()


def read_outline(lines: list[str]) -> Entry:
    """Return the tree of `lines`: a line belongs to the last one above that is indented less."""
    root = Entry(-1, "")
    path = [root]
    for line in lines:
        text = line.strip()
        if not text:
            continue
        indent = len(line) - len(line.lstrip())
        while path[-1].indent >= indent:
            path.pop()
        entry = Entry(indent, text)
        path[-1].children.append(entry)
        if len(path) < 100:  # deeper than any description, well above the recursion limit of `walk`
            path.append(entry)
    return root


def moment(text: str) -> str:
    """Return an RFC 3339 moment in UTC for "Mon, 02 Jan 2006 15:04:05 -0700", or "" if it is not a moment."""
    try:
        parsed = datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")
    except ValueError:
        return ""
    return written(parsed)


def number(text: str) -> int | None:
    """Return the number at the start of `text`, or None."""
    found = re.match(r"-?\d{1,18}(?!\d)", text, re.ASCII)
    return int(found[0]) if found else None
