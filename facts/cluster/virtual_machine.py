"""Virtual machines as the VM managers list them: tart, limactl, virsh, multipass, vagrant."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.store import Store
from facts.model.values import Observation

_STATES = {
    "running": "running",
    "started": "running",
    "stopped": "stopped",
    "shut off": "stopped",
    "poweroff": "stopped",
    "not created": "stopped",
    "aborted": "stopped",
    "crashed": "stopped",
    "broken": "stopped",
    "shutoff": "stopped",
    "suspended": "suspended",
    "saved": "suspended",
    "paused": "paused",
}
_MEGABYTE = 1024 * 1024
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])i?B?", re.IGNORECASE)
_VIRSH = re.compile(r"\s*(?:\d+|-)\s+(\S+)\s+([a-z]+(?: [a-z]+)?)\s*$", re.MULTILINE)
_VAGRANT = re.compile(r"^(\S+)\s+(running|poweroff|saved|aborted|not created|paused|shutoff)\s+\((\w+)\)", re.MULTILINE)
_IMAGES = frozenset(("oci",))


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
    """Whether a process of the host runs it: "yes", "no", or "" when nobody looked at all processes."""


def virtual_machines(store: Store) -> tuple[VirtualMachine, ...]:
    """Return all VMs that some manager lists, with what `tart get`, `tart ip` and `ps` tell of them, by name."""
    found: dict[str, VirtualMachine] = {}
    for command, read in (
        ("tart list", _tart),
        ("limactl list", _lima),
        ("limactl ls", _lima),
        ("virsh list", _virsh),
        ("multipass list", _multipass),
        ("vagrant status", _vagrant),
    ):
        for observation in store.commands(command):
            for machine in read(observation):
                found[machine.name] = machine
    for observation in store.commands("tart get"):
        name = _target(observation)
        if name in found:
            found[name] = _with_size(found[name], observation)
    for observation in store.commands("tart ip"):
        name, address = _target(observation), _text(observation).strip()
        if name in found and re.fullmatch(r"[0-9a-fA-F.:]+", address):
            changed = {"ip": address, "ssh": observation.attribute("ssh")}
            found[name] = msgspec.structs.replace(found[name], **changed)
    modes = _net_modes(store)
    all_seen = any(observation.attribute("scope") == "all" for observation in store.commands("ps"))
    return tuple(
        msgspec.structs.replace(
            found[name],
            net_mode=modes.get(name, ""),
            process="yes" if name in modes else "no" if all_seen and found[name].manager == "tart" else "",
        )
        for name in sorted(found)
    )


def _text(observation: Observation) -> str:
    return observation.body.decode(errors="replace")


def _target(observation: Observation) -> str:
    """Return the VM that a command is about: the target, else its first argument that is no option."""
    arguments = observation.attribute("command").split()[2:]
    return observation.attribute("target") or next((word for word in arguments if not word.startswith("-")), "")


def _json(text: str) -> list[dict[str, Any]]:
    """Return the JSON objects of a list, of one object, or of one object a line."""
    try:
        values = (
            msgspec.json.decode(text)
            if text.lstrip().startswith("[")
            else [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
        )
    except msgspec.DecodeError:
        try:
            values = [msgspec.json.decode(text)]
        except msgspec.DecodeError:
            return []
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _number(value: object) -> int:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return 0


def _megabytes(value: object) -> int:
    """Return a size such as 4GiB, or a number of bytes, in MB."""
    size = _SIZE.match(str(value))
    if size:
        return int(float(size[1]) * 1024 ** ("KMGT".index(size[2].upper()) - 1))
    return _number(value) // _MEGABYTE


def _tart(observation: Observation) -> Iterator[VirtualMachine]:
    text = _text(observation)
    rows: list[tuple[str, str, str, str, str]] = []
    if _is_json(text):
        for item in _json(text):
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
                state=_STATES.get(state.lower(), "unknown"),
                source=observation.source,
                text=f"tart list: {row}",
                disk_gb=_number(disk),
            )


def _with_size(machine: VirtualMachine, observation: Observation) -> VirtualMachine:
    text = _text(observation)
    if _is_json(text):
        items = _json(text)
        row: dict[str, Any] = items[0] if items else {}
    else:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        row = dict(zip(lines[0], lines[1], strict=False)) if len(lines) > 1 else {}
    return msgspec.structs.replace(
        machine,
        cpu=_number(row.get("CPU", 0)) or machine.cpu,
        memory_mb=_number(row.get("Memory", 0)) or machine.memory_mb,
        disk_gb=_number(row.get("Disk", 0)) or machine.disk_gb,
    )


def _lima(observation: Observation) -> Iterator[VirtualMachine]:
    text = _text(observation)
    items = (
        _json(text)
        if _is_json(text)
        else [{key.lower(): value for key, value in row.items()} for row in _table(text, "NAME", "STATUS")]
    )
    for item in items:
        state = str(item.get("status", ""))
        yield VirtualMachine(
            name=str(item.get("name", "")),
            manager="lima",
            state=_STATES.get(state.lower(), "unknown"),
            source=observation.source,
            text=f"limactl list: {item.get('name', '')} {state}",
            cpu=_number(item.get("cpus", 0)),
            memory_mb=_megabytes(item.get("memory", 0)),
            disk_gb=_megabytes(item.get("disk", 0)) // 1024,
        )


def _table(text: str, *columns: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table whose cells hold no blanks, below the header that has `columns`."""
    header: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if all(column in words for column in columns):
            header = words
        elif header and len(words) > 1:
            yield dict(zip(header, words, strict=False))


def _virsh(observation: Observation) -> Iterator[VirtualMachine]:
    for name, state in _VIRSH.findall(_text(observation)):
        yield VirtualMachine(
            name, "libvirt", _STATES.get(state, "unknown"), observation.source, f"virsh list: {name} {state}"
        )


def _multipass(observation: Observation) -> Iterator[VirtualMachine]:
    for row in _table(_text(observation), "Name", "State", "IPv4"):
        state, address = row["State"], row.get("IPv4", "")
        yield VirtualMachine(
            name=row["Name"],
            manager="multipass",
            state=_STATES.get(state.lower(), "unknown"),
            source=observation.source,
            text=f"multipass list: {row['Name']} {state}",
            ip=address if re.fullmatch(r"[\d.]+", address) else "",
        )


def _vagrant(observation: Observation) -> Iterator[VirtualMachine]:
    for name, state, _ in _VAGRANT.findall(_text(observation)):
        yield VirtualMachine(
            name, "vagrant", _STATES.get(state, "unknown"), observation.source, f"vagrant status: {name} {state}"
        )


def _net_modes(store: Store) -> dict[str, str]:
    """Return the network mode of each VM whose `tart run` is among the processes of the host."""
    modes = {}
    for observation in store.commands("ps", "pgrep"):
        for line in _text(observation).splitlines():
            _, run, arguments = line.partition("tart run ")
            words = arguments.split()
            name = next((word for word in words if not word.startswith("-")), "")
            if run and name:
                softnet = any(word.startswith("--net-softnet") for word in words)
                bridged = any(word.startswith("--net-bridged") for word in words)
                modes[name] = "softnet" if softnet else "bridged" if bridged else "nat"
    return modes
