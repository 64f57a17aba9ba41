"""Virtual machines as the VM managers list them. A manager is one file in the folder `vm_managers`."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Protocol, cast

import msgspec

from facts.cluster.store import Store
from facts.model.plugins import Plugins
from facts.model.values import Observation

VM_MANAGERS = Plugins("facts.cluster.vm_managers", "kbdiag.vm_managers")


class VirtualMachine(msgspec.Struct, frozen=True):
    """One VM; numbers are 0 and texts "" when unknown."""

    name: str
    manager: str
    state: str
    source: str
    text: str = ""
    cpu: int = 0
    memory_mb: int = 0
    disk_gb: int = 0
    ip: str = ""
    ssh: str = ""
    net_mode: str = ""
    process: str = ""
    """Whether a process of the host runs it: "yes", "no", or "" when not all processes were seen."""


class VmManager(Protocol):
    """A program that runs virtual machines: how to ask it, and what its answers mean. The file has its name.

    A module may have more: `questions(machine)` returns the command lines that tell more of one VM, `PROCESS` is how
    the command line of a process that runs a VM begins, and `completed(machines, store)` returns the machines with what
    those commands and processes told.
    """

    PROGRAM: str
    """The program; without it on the PATH this manager is not in use here."""
    LISTS: tuple[str, ...]
    """The commands that list all VMs; a live look runs the first."""
    OPTIONS: tuple[str, ...]
    """Options of the first command that a live look adds, which an old version may not know."""
    HEADER: str
    """RE2 pattern of the header line of the list in saved text; "" when no pattern tells it."""
    ROW: re.Pattern[str]
    """What the lines below the header look like."""

    def machines(self, listed: Observation) -> Iterable[VirtualMachine]:
        """Yield the VMs of a list."""
        ...


@lru_cache(maxsize=1)
def vm_managers() -> dict[str, VmManager]:
    """Return all VM managers by name."""
    return {name: cast(VmManager, module) for name, module in VM_MANAGERS.load_all().items()}


def virtual_machines(store: Store) -> tuple[VirtualMachine, ...]:
    """Return all VMs that some manager lists, with what else is known of them, by name."""
    machines: dict[str, VirtualMachine] = {}
    for manager in vm_managers().values():
        listed = {
            machine.name: machine
            for command in manager.LISTS
            for observation in store.commands(command)
            for machine in manager.machines(observation)
        }
        machines.update({machine.name: machine for machine in _completed(manager, tuple(listed.values()), store)})
    return tuple(machines[name] for name in sorted(machines))


def _completed(manager: VmManager, machines: Sequence[VirtualMachine], store: Store) -> Iterable[VirtualMachine]:
    complete = getattr(manager, "completed", None)
    return cast(Iterable[VirtualMachine], complete(machines, store)) if complete and machines else machines
