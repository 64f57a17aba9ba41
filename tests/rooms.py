"""The package graph: which folder imports from which. `python -m tests.rooms` prints it.

A room is a folder of modules. An arrow leads from a room to another room that one of its modules imports from. An
arrow is backward when it leads from a room to one that stands above it in `ORDER`, or when it lies on a circle.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ORDER = (
    "facts.model",
    "facts.cluster",
    "facts.snapshot",
    "facts.collect",
    "facts.read",
    "facts.extract",
    "engine.language",
    "engine.match",
    "engine.judge",
    "engine",
    "kb.terminal",
    "kb.catalogue",
    "kb.live",
    "kb.report",
    "kb.fleet",
    "kb.commands",
    "kb",
)
"""The rooms of the house from the ground up; what lies in a folder of a room stands on the room's own floor."""

PEERS = (("facts.collect", "facts.read"),)
"""Rooms on one floor: none imports from the other."""

Arrow = tuple[str, str]


def arrows() -> dict[Arrow, list[str]]:
    """Return each arrow with the modules that make it, "facts/read/evidence.py imports facts.model.values"."""
    found: dict[Arrow, list[str]] = {}
    for package in ("facts", "engine", "kb"):
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            here = ".".join(relative.parent.parts)
            for module in _imported(path):
                there = _room_of(module)
                if there and there != here:
                    found.setdefault((here, there), []).append(f"{relative} imports {module}")
    return found


def rooms() -> list[str]:
    """Return all folders that hold modules."""
    paths = [path for package in ("facts", "engine", "kb") for path in (ROOT / package).rglob("*.py")]
    return sorted({".".join(path.relative_to(ROOT).parent.parts) for path in paths})


def backward(graph: dict[Arrow, list[str]]) -> list[str]:
    """Return the imports that go upwards, across, or in a circle."""
    reach = _reach(graph)
    wrong = []
    for (here, there), imports in graph.items():
        floors = _floor(here), _floor(there)
        up = floors[1] > floors[0]
        across = {ORDER[floors[0]], ORDER[floors[1]]} in [set(pair) for pair in PEERS]
        if up or across or here in reach.get(there, set()):
            wrong += imports
    return wrong


def _floor(room: str) -> int:
    return max(
        (place for place, name in enumerate(ORDER) if room == name or room.startswith(name + ".")),
        key=lambda place: len(ORDER[place]),
        default=0,
    )


def _reach(graph: dict[Arrow, list[str]]) -> dict[str, set[str]]:
    reach: dict[str, set[str]] = {}
    for here, there in graph:
        reach.setdefault(here, set()).add(there)
    changed = True
    while changed:
        changed = False
        for here, names in reach.items():
            further = names.union(*(reach.get(name, set()) for name in names))
            changed = changed or further != names
            reach[here] = further
    return reach


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if _is_module(name) else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def _room_of(module: str) -> str:
    if module.split(".", 1)[0] not in ("facts", "engine", "kb"):
        return ""
    return module if (ROOT / module.replace(".", "/")).is_dir() else module.rpartition(".")[0]


if __name__ == "__main__":
    _graph = arrows()
    _wrong = backward(_graph)
    print(f"{len(rooms())} rooms, {len(_graph)} arrows, {len(_wrong)} imports backwards")
    print("\n".join(_wrong))
