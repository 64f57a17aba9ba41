"""Programs that run virtual machines, one a file; a file in this folder is enough, the collector `vms` finds it."""

from typing import Protocol

from facts.collect.collector import Collected
from facts.model.plugins import Plugins

VM_MANAGERS = Plugins("facts.collect.vm_managers", "kbdiag.vm_managers")


class VmManager(Protocol):
    """Knows how to ask one VM manager, reading only."""

    TOOL: str
    """The program; without it on the PATH this manager is not in use here."""

    def look(self, user: str | None, deadline: float) -> Collected:
        """Return what it lists, before `deadline` (of `time.monotonic`), with a coverage "vm/<its name>".

        `user` is the one who logs into the VMs, when that is known.
        """
