"""Virtual machines, and the host that runs them."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class VmFact(TypedFact, frozen=True, kw_only=True):
    """A virtual machine as the VM manager lists it."""

    KIND: ClassVar[FactKind] = FactKind(
        name="vm",
        layer="vm",
        coverage="vm",
        key="name",
        subject=("=VM", "", "name"),
        identity=("state",),
        well={"state": "running"},
    )

    name: Annotated[str, Meaning("name of the VM; nodes carry the same name", "prod-master")] = ""
    state: Annotated[
        str,
        Meaning(
            "state of the VM", "running", values=("running", "stopped", "suspended", "paused", "broken", "unknown")
        ),
    ] = ""
    ip: Annotated[str, Meaning('address that the VM manager knows, "" when it knows none', "192.168.64.3")] = ""
    cpu: Annotated[int, Meaning("virtual CPUs, 0 when unknown", 6)] = 0
    memory_mb: Annotated[int, Meaning("memory, 0 when unknown", 20480, unit="MB")] = 0
    disk_gb: Annotated[int, Meaning("disk, 0 when unknown", 50, unit="GB")] = 0
    manager: Annotated[str, Meaning("the VM manager: tart, lima, libvirt, multipass, vagrant, ...", "tart")] = ""
    ssh: Annotated[str, Meaning("what to hand to ssh to get there, user@address, or the name", "192.168.64.3")] = ""
    net_mode: Annotated[str, Meaning('network mode when known: nat, softnet, bridged, or ""', "softnet")] = ""
    process: Annotated[
        str,
        Meaning(
            "whether a process of the host runs it, when the processes were looked at", "yes", values=("yes", "no", "")
        ),
    ] = ""


class VmHostFact(TypedFact, frozen=True, kw_only=True):
    """The physical machine that runs the VMs."""

    KIND: ClassVar[FactKind] = FactKind(
        name="vm_host", layer="vm", coverage="vm", key="name", subject=("=Host", "", "name"), compared=False
    )

    name: Annotated[str, Meaning("its host name, or host", "studio")] = ""
    cpu: Annotated[int, Meaning("physical CPUs, 0 when unknown", 4)] = 0
    memory_mb: Annotated[int, Meaning("memory, 0 when unknown", 16384, unit="MB")] = 0
    vcpu: Annotated[int, Meaning("virtual CPUs given to running VMs, 0 when unknown", 6)] = 0
    vm_memory_mb: Annotated[int, Meaning("memory given to running VMs, 0 when unknown", 20480, unit="MB")] = 0
    vms_total: Annotated[int, Meaning("VMs that the manager lists", 2)] = 0
    vms_running: Annotated[int, Meaning("VMs that run", 1)] = 0
    overcommitted: Annotated[
        str,
        Meaning(
            "what is promised beyond what is there", "cpu and memory", values=("", "cpu", "memory", "cpu and memory")
        ),
    ] = ""
    all_stopped: Annotated[bool, Meaning("there are VMs, and all of them are off: stopped or suspended", False)] = False


class DhcpLeasesFact(TypedFact, frozen=True, kw_only=True):
    """How many addresses of a network of VMs are leased."""

    KIND: ClassVar[FactKind] = FactKind(name="dhcp_leases", layer="vm-network", compared=False)

    host: Annotated[str, Meaning("the host, or empty", "mac-1")] = ""
    network: Annotated[str, Meaning("the network", "192.168.64.0/24")] = ""
    leases: Annotated[int, Meaning("leases in the file; a network of 24 bits has room for 253", 253)] = 0
