"""`kubectl get` of kinds whose columns are copies of fields, as the table of kinds says.

NAME   SYNC STATUS   HEALTH STATUS
shop   OutOfSync     Degraded
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from facts.cluster.kinds import KINDS, Kind, kind_of
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, columns_of, read_table
from facts.snapshot.setting import Setting

_TABLES: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind.columns)
_STEP = re.compile(r"(\w+)(?:\[(\w+)\])?")
_BLANKS, _AGE = r"[ \t]+", r"(?:AGE[ \t]+)?"


def _header(columns: Mapping[str, str]) -> str:
    names = f"{_BLANKS}{_AGE}".join(column.replace(" ", "[ ]") for column in columns)
    return rf"[ \t]*(?:NAMESPACE[ \t]+)?NAME{_BLANKS}{_AGE}{names}(?:[ \t]|$)"


OPENING = "|".join(sorted({_header(kind.columns) for kind in _TABLES}))


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of the kind that the command above it names, or of the one kind that has exactly its columns."""
    names = {name for name, _ in columns_of(lines.line(0) or "")}
    fitting = [kind for kind in _TABLES if kind.columns.keys() <= names]
    named = [kind for kind in fitting if kind.name == _asked(setting)]
    exact = [kind for kind in fitting if names - {"NAMESPACE", "NAME", "AGE"} == kind.columns.keys()]
    kinds = named or exact
    return read_table(lines, setting, kinds[0].name, partial(_object, kinds[0].columns)) if len(kinds) == 1 else None


def _asked(setting: Setting) -> str:
    words = setting.words
    return kind_of(words[2].split("/", 1)[0]) if words[:2] == ("kubectl", "get") and len(words) > 2 else ""


def _object(columns: Mapping[str, str], cells: Cells) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for column, path in columns.items():
        if path and cells[column]:
            _put(made, path, cells[column])
    return made


def _put(made: dict[str, Any], path: str, value: str) -> None:
    *steps, last = path.split(".")
    place = made
    for step in steps:
        name, condition = _STEP.findall(step)[0]
        if condition:
            listed = place.setdefault(name, [])
            known = next((each for each in listed if each["type"] == condition), None)
            place = known or {"type": condition}
            if known is None:
                listed.append(place)
        else:
            place = place.setdefault(name, {})
    place[last] = value
