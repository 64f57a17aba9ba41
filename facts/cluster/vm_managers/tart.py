"""Tart, which runs VMs on Macs: `tart list`, `tart get`, `tart ip`, and the processes that run VMs.

Source Name          Disk Size Accessed      State
local  prod-master   50   21   2 hours ago   running
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from facts.cluster.store import Store
from facts.cluster.virtual_machine import VirtualMachine
from facts.cluster.vm_text import is_json, json_objects, number, state_of
from facts.model.values import Observation

PROGRAM = "tart"
LISTS = ("tart list",)
OPTIONS = ("--format", "json")
HEADER = ""  # facts.read.formats.tart reads all that tart prints
ROW = re.compile(r"(?:local|oci|OCI)\s+\S")
PROCESS = "tart run "
_IMAGES = frozenset(("oci",))
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")


def machines(listed: Observation) -> Iterator[VirtualMachine]:
    """Yield the VMs of a list, without the images."""
    text = listed.text()
    rows: list[tuple[str, str, str, str, str]] = []
    if is_json(text):
        for item in json_objects(text):
            state = item.get("State") or ("running" if item.get("Running") else "stopped")
            name, disk = str(item.get("Name", "")), str(item.get("Disk", item.get("Size", 0)))
            rows.append((str(item.get("Source", "local")), name, disk, str(state), f"{name}: {state}"))
    else:
        for line in text.splitlines():
            words = line.split()
            if len(words) > 2 and words[0].lower() in ("local", "oci"):
                rows.append((words[0], words[1], words[2], words[-1], " ".join(words)))
    for source, name, disk, state, row in rows:
        if name and source.lower() not in _IMAGES:
            yield VirtualMachine(
                name=name,
                manager="tart",
                state=state_of(state),
                source=listed.source,
                text=f"tart list: {row}",
                disk_gb=number(disk),
            )


def questions(machine: VirtualMachine) -> tuple[str, ...]:
    """Return the commands that tell size and address; a VM that does not run has no address."""
    size = f"tart get {machine.name} --format json"
    return (size, f"tart ip {machine.name}") if machine.state == "running" else (size,)


def completed(machines: Sequence[VirtualMachine], store: Store) -> Iterator[VirtualMachine]:
    """Yield the VMs with size, address, network mode, and whether a process runs them."""
    known = {machine.name: machine for machine in machines}
    for answer in store.commands("tart get"):
        name = _target(answer)
        if name in known:
            known[name] = _with_size(known[name], answer)
    for answer in store.commands("tart ip"):
        name, address = _target(answer), answer.text().strip()
        if name in known and _ADDRESS.fullmatch(address):
            user = answer.attribute("user")
            login = answer.attribute("ssh") or (f"{user}@{address}" if user else "")
            known[name] = msgspec.structs.replace(known[name], ip=address, ssh=login)
    modes = _net_modes(store)
    all_seen = any(answer.attribute("scope") == "all" for answer in store.commands("ps"))
    for name, machine in known.items():
        process = "yes" if name in modes else "no" if all_seen else ""
        yield msgspec.structs.replace(machine, net_mode=modes.get(name, ""), process=process)


def _target(observation: Observation) -> str:
    """Return the VM that a command is about: the target, else its first argument that is no option."""
    arguments = observation.attribute("command").split()[2:]
    return observation.attribute("target") or next((word for word in arguments if not word.startswith("-")), "")


def _with_size(machine: VirtualMachine, answer: Observation) -> VirtualMachine:
    text = answer.text()
    if is_json(text):
        items = json_objects(text)
        row: dict[str, Any] = items[0] if items else {}
    else:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        row = dict(zip(lines[0], lines[1], strict=False)) if len(lines) > 1 else {}
    return msgspec.structs.replace(
        machine,
        cpu=number(row.get("CPU", 0)) or machine.cpu,
        memory_mb=number(row.get("Memory", 0)) or machine.memory_mb,
        disk_gb=number(row.get("Disk", 0)) or machine.disk_gb,
    )


def _net_modes(store: Store) -> dict[str, str]:
    """Return the network mode of each VM whose `tart run` is among the processes of the host."""
    modes = {}
    for observation in store.commands("ps", "pgrep"):
        for line in observation.text().splitlines():
            _, run, arguments = line.partition(PROCESS)
            words = arguments.split()
            name = next((word for word in words if not word.startswith("-")), "")
            if run and name:
                softnet = any(word.startswith("--net-softnet") for word in words)
                bridged = any(word.startswith("--net-bridged") for word in words)
                modes[name] = "softnet" if softnet else "bridged" if bridged else "nat"
    return modes
