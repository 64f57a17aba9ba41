"""File systems and memory of machines, from `df` and `free`."""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.index import Index
from facts.model.schema.domains.machines import FilesystemFact, MemoryFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

_PSEUDO = re.compile(
    r"tmpfs|devtmpfs|udev|shm|overlay|none|efivarfs|squashfs|devfs|cgroup2?|/dev/loop\d+|map .*|proc|sysfs"
)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMGTP]?)i?B?")
_BLOCKS = {"1K-blocks": "K", "1024-blocks": "K", "1M-blocks": "M", "1048576-blocks": "M", "1G-blocks": "G"}
_STEP = 1024.0
_POWERS = "KMGTP"


def extract(index: Index) -> Iterator[Fact]:
    """Yield `filesystem` facts of real file systems, and `memory` facts."""
    yield from _filesystems(list(index.store.commands("df")))
    for seen in index.store.commands("free"):
        yield from _memory(seen)


class _Row(msgspec.Struct, frozen=True):
    """A row of `df`, which shows the space, the inodes or both of one mount point."""

    observation: Observation
    line: str
    mount: str
    device: str
    used_percent: float | None = None
    available_mb: float = 0.0
    inodes_used_percent: float | None = None

    def joined(self, later: "_Row") -> "_Row":
        """Return this row with what only the `later` row of the same mount point shows."""
        inodes = later.inodes_used_percent if self.inodes_used_percent is None else self.inodes_used_percent
        space = later if self.used_percent is None else self
        return _Row(
            space.observation, space.line, self.mount, self.device, space.used_percent, space.available_mb, inodes
        )


def _filesystems(observations: list[Observation]) -> Iterator[Fact]:
    """Yield the file systems of each machine whose space is known."""
    hosts: dict[str, dict[str, _Row]] = {}
    for observation in observations:
        mounts = hosts.setdefault(_host(observation), {})
        for row in _rows(observation):
            known = mounts.get(row.mount)
            mounts[row.mount] = known.joined(row) if known else row
    for host, mounts in hosts.items():
        for _, row in sorted(mounts.items()):
            if row.used_percent is not None:
                yield _filesystem(host, row, row.used_percent)


def _filesystem(host: str, row: _Row, used_percent: float) -> Fact:
    filesystem = FilesystemFact(
        node=host,
        role=_role(row.observation),
        mount=row.mount,
        device=row.device,
        used_percent=used_percent,
        available_mb=row.available_mb,
        inodes_used_percent=-1.0 if row.inodes_used_percent is None else row.inodes_used_percent,
    )
    return new_fact(filesystem, f"{row.observation.source} df {row.mount}", row.line)


def _rows(observation: Observation) -> Iterator[_Row]:
    """Yield the rows of `df`, `df -h`, `df -T` or `df -i`, of Linux or macOS."""
    header: list[str] = []
    for line in observation.body.decode(errors="replace").splitlines():
        if line.startswith("Filesystem"):
            header = line.replace("Mounted on", "Mounted").split()
            continue
        cells = line.split(maxsplit=max(len(header) - 1, 0)) if header else []
        if (
            not {"Filesystem", "Mounted"} <= set(header)
            or len(cells) < len(header)
            or _PSEUDO.fullmatch(cells[0])
            or not cells[-1].startswith("/")
        ):
            continue
        row = dict(zip(header, cells, strict=True))
        used = _percent(row.get("Use%", row.get("Capacity")))
        unit = next((_BLOCKS[column] for column in header if column in _BLOCKS), "K")
        available = round(_megabytes(row.get("Avail", row.get("Available", "")), unit), 1) if used is not None else 0.0
        inodes = _percent(row.get("IUse%", row.get("%iused")))
        yield _Row(observation, line, row["Mounted"], row["Filesystem"], used, available, inodes)


def _percent(cell: str | None) -> float | None:
    number = (cell or "").rstrip("%")
    return float(number) if number.isdecimal() else None


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
    attributes = MemoryFact(
        node=_host(observation),
        role=_role(observation),
        total_mb=round(total, 1),
        available_mb=round(available, 1),
        available_percent=round(available / total * 100, 1),
        swap_total_mb=round(swap.get("total", 0.0), 1),
        swap_used_mb=round(swap.get("used", 0.0), 1),
    )
    yield new_fact(attributes, f"{observation.source} free {_host(observation)}".strip(), proof)


def _host(observation: Observation) -> str:
    return observation.attribute("host") or observation.attribute("node")


def _role(observation: Observation) -> str:
    role = observation.attribute("role")
    return role if role in ("host", "vm") else ""
