"""Virtual machines, and the host that runs them."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.store import Store
from facts.cluster.virtual_machine import VirtualMachine, virtual_machines
from facts.model.schema.domains.vms import VmFact, VmHostFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_SYSCTL = re.compile(r"^hw\.(ncpu|memsize)[:=]\s*(\d+)", re.MULTILINE)
_MEMORY = re.compile(r"^Mem:\s+(\d+)", re.MULTILINE)
_MEGABYTE = 1024 * 1024
_OFF = frozenset(("stopped", "suspended"))
"""States of a VM that somebody has to start. One that is paused or in an unknown state has a process."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `vm` fact per VM, and one `vm_host` fact when there are VMs."""
    machines = virtual_machines(index.store)
    for machine in machines:
        attributes = VmFact(
            name=machine.name,
            state=machine.state,
            ip=machine.ip,
            cpu=machine.cpu,
            memory_mb=machine.memory_mb,
            disk_gb=machine.disk_gb,
            manager=machine.manager,
            ssh=machine.ssh or machine.ip or machine.name,
            net_mode=machine.net_mode,
            process=machine.process,
        )
        yield new_fact(attributes, f"{machine.source} VM {machine.name}", machine.text)
    if machines:
        yield _host(index.store, machines)


def _host(store: Store, machines: tuple[VirtualMachine, ...]) -> Fact:
    name, cpu, memory = _size(store)
    running = [machine for machine in machines if machine.state == "running"]
    vcpu, given = sum(machine.cpu for machine in running), sum(machine.memory_mb for machine in running)
    over = [word for word, promised, there in (("cpu", vcpu, cpu), ("memory", given, memory)) if promised > there > 0]
    attributes = VmHostFact(
        name=name,
        cpu=cpu,
        memory_mb=memory,
        vcpu=vcpu,
        vm_memory_mb=given,
        vms_total=len(machines),
        vms_running=len(running),
        overcommitted=" and ".join(over),
        all_stopped=all(machine.state in _OFF for machine in machines),
    )
    proof = f"{len(running)} of {len(machines)} VMs run: {vcpu} virtual of {cpu} CPUs, {given} of {memory} MB"
    return new_fact(attributes, f"{machines[0].source} host {name}", proof)


def _size(store: Store) -> tuple[str, int, int]:
    """Return name, CPUs and memory in MB of the host; 0 when unknown."""
    name, cpu, memory = "host", 0, 0
    for observation in store.commands("sysctl", "nproc", "free"):
        if observation.attribute("role") != "host":
            continue
        name = observation.attribute("host") or name
        text = observation.body.decode(errors="replace")
        for key, value in _SYSCTL.findall(text):
            cpu, memory = (int(value), memory) if key == "ncpu" else (cpu, int(value) // _MEGABYTE)
        if observation.attribute("command").startswith("nproc") and text.strip().isdecimal():
            cpu = int(text)
        if observation.attribute("command") == "free -m" and (total := _MEMORY.search(text)):
            memory = int(total[1])
    return name, cpu, memory
