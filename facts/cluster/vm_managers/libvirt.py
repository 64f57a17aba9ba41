"""libvirt: `virsh list --all`.

 Id   Name          State
------------------------------
 1    prod-master   running
 -    prod-worker1  shut off
"""

import re
from collections.abc import Iterator

from facts.cluster.virtual_machine import VirtualMachine
from facts.cluster.vm_text import state_of
from facts.model.values import Observation

PROGRAM = "virsh"
LISTS = ("virsh list",)
OPTIONS = ("--all",)
HEADER = r"[ \t]*Id[ \t]+Name[ \t]+State[ \t]*$"
ROW = re.compile(r"\s*-{5,}|\s*(?:-|\d+)\s+\S+\s+\S")
_VM = re.compile(r"\s*(?:\d+|-)\s+(\S+)\s+([a-z]+(?: [a-z]+)?)\s*$", re.MULTILINE)


def machines(listed: Observation) -> Iterator[VirtualMachine]:
    """Yield the VMs of a list."""
    for name, state in _VM.findall(listed.text()):
        yield VirtualMachine(name, "libvirt", state_of(state), listed.source, f"virsh list: {name} {state}")
