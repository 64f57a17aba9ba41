"""`kubectl get events` and `kubectl events`, wide or not, old (with COUNT, NAME and KIND columns) and new.

LAST SEEN   TYPE      REASON    OBJECT      MESSAGE
2m          Warning   BackOff   pod/web-0   Back-off restarting failed container app
"""

import re
from typing import Any

from facts.cluster.kinds import kind_of
from facts.read.text.event import AGE, MESSAGE_LINES, event
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import GREPPED, Cells, cells_of, table_reading
from facts.snapshot.setting import Setting

_COLUMN = re.compile(r"\S+(?: \S+)*")
_ROW = (
    rf"[ \t]*(?:(?P<namespace>[a-z0-9][a-z0-9-]*)[ \t]+)?(?P<age>{AGE})[ \t]+(?P<type>Normal|Warning)[ \t]+(?P<reason>[A-Z]\w+)[ \t]+"
    r"(?P<object>[A-Za-z.]+/[A-Za-z0-9.:_-]+)[ \t]+(?P<message>\S.*)"
)
OPENING = rf"[ \t]*(?:NAMESPACE[ \t]+)?LAST[ ]?SEEN[ \t]+(?:TYPE|FIRST[ ]?SEEN|COUNT)[ \t]|{_ROW}"

_BARE = re.compile(_ROW + "$")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table with its header, or the rows that somebody grepped; a message may go on in the lines below."""
    top = lines.line(0) or ""
    heading = "SEEN" in top and _BARE.match(top) is None
    columns = [(found[0], found.start()) for found in _COLUMN.finditer(top.expandtabs())] if heading else []
    items: list[dict[str, Any]] = []
    end = start = last = 1 if heading else 0
    for index, line in lines.after(start):
        row = _row(line, columns) if line.strip() else None
        if row is None and items and heading and index - last <= MESSAGE_LINES and _continues(line):
            items[-1]["message"] += "\n" + line.strip()
        elif row is None:
            break
        else:
            items.append(_event(row, setting))
            last = index
        end = index + 1
    return table_reading(items, lines, setting, end, "" if heading else GREPPED) if items else None


def _row(line: str, columns: list[tuple[str, int]]) -> Cells | None:
    bare = _BARE.match(line)
    if not columns or ("SOURCE" not in [name for name, _ in columns] and bare):
        return {name.upper(): value or "" for name, value in bare.groupdict().items()} if bare else None
    cells = cells_of(line, columns)
    if cells is None or cells.get("TYPE") not in ("Normal", "Warning"):
        return None
    cells["AGE"] = cells.get("LAST SEEN") or cells.get("LASTSEEN") or ""
    return cells if re.match(AGE, cells["AGE"]) or not cells["AGE"] else None


def _continues(line: str) -> bool:
    """Return True if the line may continue a message: it is not a row, a prompt or a header."""
    return (
        bool(line.strip())
        and re.match(r"\s*[$#%>+]\s|\S+@\S+|\s*(?:NAMESPACE|NAME|LAST SEEN)\s{2,}|Name:|\{", line) is None
    )


def _event(cells: Cells, setting: Setting) -> dict[str, Any]:
    kind, _, name = cells.get("OBJECT", "").partition("/")
    if "KIND" in cells:
        kind, name = cells["KIND"], cells.get("NAME", "").split(".", 1)[0]
    namespace = cells.get("NAMESPACE") or ("" if setting.namespace == "*" else setting.namespace)
    component, _, host = cells.get("SOURCE", "").partition(",")
    count = cells.get("COUNT") or ""
    age = cells.get("AGE", "")
    if count.isdecimal():
        age = f"{age} (x{count})"
    found = event(
        kind_of(kind),
        name,
        namespace,
        cells.get("TYPE", ""),
        cells.get("REASON", ""),
        cells.get("MESSAGE", ""),
        age=age,
        component=component,
        host=host.strip(),
    )
    if cells.get("SUBOBJECT"):
        found["involvedObject"]["fieldPath"] = cells["SUBOBJECT"]
    return found
