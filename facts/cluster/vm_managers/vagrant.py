"""Vagrant: `vagrant status`, which knows the VMs of the folder that it runs in.

prod-master               running (virtualbox)
"""

import re
from collections.abc import Iterator

from facts.cluster.virtual_machine import VirtualMachine
from facts.cluster.vm_text import state_of
from facts.model.values import Observation

PROGRAM = "vagrant"
LISTS = ("vagrant status",)
OPTIONS = ()
HEADER = ""
_STATE = r"running|poweroff|saved|aborted|not created|paused|shutoff"
ROW = re.compile(rf"(\S+)\s+({_STATE})\s+\((\w+)\)", re.MULTILINE)
_VM = re.compile(rf"^{ROW.pattern}", re.MULTILINE)


def machines(listed: Observation) -> Iterator[VirtualMachine]:
    """Yield the VMs of a list."""
    for name, state, _ in _VM.findall(listed.text()):
        yield VirtualMachine(name, "vagrant", state_of(state), listed.source, f"vagrant status: {name} {state}")
