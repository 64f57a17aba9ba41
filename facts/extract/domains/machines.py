"""File systems and memory of machines, from `df` and `free`."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.new_fact import new_fact
from facts.model.values import Fact, Observation, Scalar

_PSEUDO = re.compile(
    r"tmpfs|devtmpfs|udev|shm|overlay|none|efivarfs|squashfs|devfs|cgroup2?|/dev/loop\d+|map .*|proc|sysfs"
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMGTP]?)i?B?")
_BLOCKS = {"1K-blocks": "K", "1024-blocks": "K", "1M-blocks": "M", "1048576-blocks": "M", "1G-blocks": "G"}
_STEP = 1024.0
_POWERS = "KMGTP"


def extract(index: Index) -> Iterator[Fact]:
    """Yield `filesystem` facts of real file systems, and `memory` facts."""
    for observation in _grouped(list(index.store.commands("df"))):
        yield from observation
    for seen in index.store.commands("free"):
        yield from _memory(seen)


def _grouped(observations: list[Observation]) -> Iterator[list[Fact]]:
    """Yield the facts of each machine, the space and the inodes of one mount point joined."""
    hosts: dict[str, dict[str, tuple[Observation, dict[str, Scalar], str]]] = {}
    for observation in observations:
        mounts = hosts.setdefault(_host(observation), {})
        for mount, attributes, line in _rows(observation):
            known = mounts.get(mount)
            if known is None:
                mounts[mount] = (observation, attributes, line)
            else:
                inodes_first = "used_percent" not in known[1]
                merged = {**attributes, **known[1]}
                mounts[mount] = (observation if inodes_first else known[0], merged, line if inodes_first else known[2])
    for host, mounts in hosts.items():
        yield [_filesystem(host, *mounts[mount]) for mount in sorted(mounts) if "used_percent" in mounts[mount][1]]


def _filesystem(host: str, observation: Observation, attributes: dict[str, Scalar], line: str) -> Fact:
    place: dict[str, Scalar] = {"node": host, "role": _role(observation), "inodes_used_percent": -1.0}
    return new_fact("filesystem", place | attributes, f"{observation.source} df {attributes['mount']}", line)


def _rows(observation: Observation) -> Iterator[tuple[str, dict[str, Scalar], str]]:
    """Yield mount point, attributes and line of each row of `df`, `df -h`, `df -T` or `df -i`, of Linux or macOS."""
    header: list[str] = []
    for line in observation.body.decode(errors="replace").splitlines():
        if line.startswith("Filesystem"):
            header = line.replace("Mounted on", "Mounted").split()
            continue
        cells = line.split(maxsplit=max(len(header) - 1, 0)) if header else []
        if len(cells) < len(header) or not cells or _PSEUDO.fullmatch(cells[0]) or not cells[-1].startswith("/"):
            continue
        row = dict(zip(header, cells, strict=True))
        attributes: dict[str, Scalar] = {"mount": row["Mounted"], "device": row["Filesystem"]}
        used, inodes = row.get("Use%", row.get("Capacity")), row.get("IUse%", row.get("%iused"))
        if used is not None and used.rstrip("%").isdecimal():
            unit = next((_BLOCKS[column] for column in header if column in _BLOCKS), "K")
            attributes["used_percent"] = float(used.rstrip("%"))
            attributes["available_mb"] = round(_megabytes(row.get("Avail", row.get("Available", "")), unit), 1)
        if inodes is not None and inodes.rstrip("%").isdecimal():
            attributes["inodes_used_percent"] = float(inodes.rstrip("%"))
        yield row["Mounted"], attributes, line


def _megabytes(cell: str, unit: str) -> float:
    """Return a size such as 1.5G or 2048 (then in `unit`: K, M, G, or "" for bytes) in MB."""
    size = _SIZE.fullmatch(cell)
    if size is None:
        return 0.0
    letter = size[2] or unit
    return float(size[1]) * _STEP ** (_POWERS.index(letter) - 1 if letter else -2)


def _memory(observation: Observation) -> Iterator[Fact]:
    words = observation.attribute("command").split()
    unit = next((unit for option, unit in (("-m", "M"), ("-g", "G"), ("-b", "")) if option in words), "K")
    header: list[str] = []
    rows: dict[str, dict[str, float]] = {}
    proof = ""
    for line in observation.body.decode(errors="replace").splitlines():
        name, colon, values = line.partition(":")
        if "total" in line.split() and not colon:
            header = line.split()
        elif colon and name.strip() in ("Mem", "Swap"):
            rows[name.strip()] = {
                column: _megabytes(cell, unit) for column, cell in zip(header, values.split(), strict=False)
            }
            proof = proof or line
    memory, swap = rows.get("Mem", {}), rows.get("Swap", {})
    total = memory.get("total", 0.0)
    if not total:
        return
    cached = sum(memory.get(column, 0.0) for column in ("free", "buffers", "cached", "buff/cache"))
    available = memory.get("available", cached)
    attributes: dict[str, Scalar] = {
        "node": _host(observation),
        "role": _role(observation),
        "total_mb": round(total, 1),
        "available_mb": round(available, 1),
        "available_percent": round(available / total * 100, 1),
        "swap_total_mb": round(swap.get("total", 0.0), 1),
        "swap_used_mb": round(swap.get("used", 0.0), 1),
    }
    yield new_fact("memory", attributes, f"{observation.source} free {_host(observation)}".strip(), proof)


def _host(observation: Observation) -> str:
    return observation.attribute("host") or observation.attribute("node")


def _role(observation: Observation) -> str:
    role = observation.attribute("role")
    return role if role in ("host", "vm") else ""
