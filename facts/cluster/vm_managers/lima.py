"""Lima: `limactl list`, as a table or as one JSON object a line.

NAME          STATUS     SSH                CPUS    MEMORY    DISK
prod-master   Running    127.0.0.1:60022    2       4GiB      20GiB
"""

import re
from collections.abc import Iterator

from facts.cluster.virtual_machine import VirtualMachine
from facts.cluster.vm_text import is_json, json_objects, megabytes, number, state_of, table_rows
from facts.model.values import Observation

PROGRAM = "limactl"
LISTS = ("limactl list", "limactl ls")
OPTIONS = ("--format", "json")
HEADER = r"NAME[ \t]+STATUS[ \t]+SSH[ \t]"
ROW = re.compile(r"[\w.-]+\s+(?:Running|Stopped|Broken|Unknown|Paused|\S+)\s+\S")


def machines(listed: Observation) -> Iterator[VirtualMachine]:
    """Yield the VMs of a list."""
    text = listed.text()
    rows = [{key.lower(): value for key, value in row.items()} for row in table_rows(text, "NAME", "STATUS")]
    for item in json_objects(text) if is_json(text) else rows:
        name, state = str(item.get("name", "")), str(item.get("status", ""))
        yield VirtualMachine(
            name=name,
            manager="lima",
            state=state_of(state),
            source=listed.source,
            text=f"limactl list: {name} {state}",
            cpu=number(item.get("cpus", 0)),
            memory_mb=megabytes(item.get("memory", 0)),
            disk_gb=megabytes(item.get("disk", 0)) // 1024,
        )
