"""`kubectl get nodes`, wide or not, with or without its header.

NAME      STATUS     ROLES    AGE   VERSION
worker1   NotReady   <none>   5d    v1.31.2
"""

import re
from typing import Any

from facts.read.text.reading import Lines, Reading
from facts.read.text.table import EMPTY, GREPPED, Cells, header, object_of, pairs, read_table, table_reading
from facts.snapshot.setting import Setting

_ROW = (
    r"[ \t]*(?P<name>[a-z0-9][a-z0-9.-]*)[ \t]+(?P<status>(?:Not)?Ready(?:,SchedulingDisabled)?)[ \t]+(?P<roles>\S+)[ \t]+"
    r"(?P<age>(?:\d+[smhdy])+)[ \t]+(?P<version>v\d+\.\d+\S*)"
)
OPENING = f"{header('NAME', 'STATUS', 'ROLES', 'AGE')}|{_ROW}"

_BARE = re.compile(_ROW + r"(?P<wide>(?:[ \t].*)?)$")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table with its header, or the rows that somebody grepped."""
    if re.match(r"\s*NAME\s", lines.line(0) or ""):
        return read_table(lines, setting, "Node", _node)
    items: list[dict[str, Any]] = []
    for _, line in lines.after(0):
        row = _BARE.match(line)
        if row is None:
            break
        cells = {name.upper(): "" if value in EMPTY else value or "" for name, value in row.groupdict().items()}
        wide = cells.pop("WIDE").split()
        if len(wide) > 1:
            cells |= {"INTERNAL-IP": wide[0], "EXTERNAL-IP": wide[1]}
        items.append(object_of(cells, "Node", setting, _node(cells) or {}))
    return table_reading(items, lines, setting, len(items), GREPPED)


def _node(cells: Cells) -> dict[str, Any] | None:
    """Return a node; of one that is NotReady a table does not tell whether Ready is False or Unknown."""
    states = cells["STATUS"].split(",")
    ready = {"Ready": "True", "NotReady": "NotReady", "Unknown": "Unknown"}.get(states[0])
    if ready is None:
        return None
    status: dict[str, Any] = {"conditions": [{"type": "Ready", "status": ready}]}
    status["nodeInfo"] = {
        field: cells[column]
        for field, column in (
            ("kubeletVersion", "VERSION"),
            ("osImage", "OS-IMAGE"),
            ("kernelVersion", "KERNEL-VERSION"),
            ("containerRuntimeVersion", "CONTAINER-RUNTIME"),
        )
        if cells.get(column)
    }
    addresses = {
        "Hostname": cells["NAME"].rsplit("/", 1)[-1],
        "InternalIP": cells.get("INTERNAL-IP"),
        "ExternalIP": cells.get("EXTERNAL-IP"),
    }
    status["addresses"] = [
        {"type": kind, "address": address} for kind, address in addresses.items() if address and address not in EMPTY
    ]
    node: dict[str, Any] = {"status": status}
    roles = {f"node-role.kubernetes.io/{role}": "" for role in cells["ROLES"].split(",") if role}
    if roles:
        node["metadata"] = {"labels": roles | pairs(cells.get("LABELS", ""))}
    if "SchedulingDisabled" in states:
        node["spec"] = {"unschedulable": True}
    return node
