"""Multipass: `multipass list`.

Name           State       IPv4            Image
prod-master    Running     10.64.36.11     Ubuntu 24.04 LTS
"""

import re
from collections.abc import Iterator

from facts.cluster.virtual_machine import VirtualMachine
from facts.cluster.vm_text import state_of, table_rows
from facts.model.values import Observation

PROGRAM = "multipass"
LISTS = ("multipass list",)
OPTIONS = ()
HEADER = r"Name[ \t]+State[ \t]+IPv4[ \t]+Image"
ROW = re.compile(r"[\w-]+\s+(?:Running|Stopped|Deleted|Suspended|Starting|Unknown)\s|\s{20,}\S")
_ADDRESS = re.compile(r"[\d.]+")


def machines(listed: Observation) -> Iterator[VirtualMachine]:
    """Yield the VMs of a list."""
    for row in table_rows(listed.text(), "Name", "State", "IPv4"):
        name, state, address = row["Name"], row["State"], row.get("IPv4", "")
        yield VirtualMachine(
            name=name,
            manager="multipass",
            state=state_of(state),
            source=listed.source,
            text=f"multipass list: {name} {state}",
            ip=address if _ADDRESS.fullmatch(address) else "",
        )
