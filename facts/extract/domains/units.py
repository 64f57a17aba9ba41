"""systemd units, from `systemctl status` and `systemctl is-active`."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.new_fact import new_fact
from facts.model.values import Fact, Observation, Scalar

_HEAD = re.compile(r"^[●○×↻*•]?\s?([\w@.:\\-]+)\.service(?: - .*)?$", re.MULTILINE)
_LOADED = re.compile(r"^\s*Loaded: (\S+)(?: \([^;)]*; ([\w-]+))?", re.MULTILINE)
_ACTIVE = re.compile(r"^\s*Active: (\w+)(?: \(([^)]+)\))?(?: \(Result: ([\w-]+)\))?(.*)$", re.MULTILINE)
_STATUS = re.compile(r"\(code=\w+, status=(\d+)")
_MISSING = re.compile(r"Unit ([\w@.-]+?)(?:\.service)? could not be found")
_STATES = ("active", "inactive", "failed", "activating", "deactivating", "reloading")


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `unit` fact per unit that was looked at."""
    for observation in index.store.commands("systemctl status"):
        text = observation.body.decode(errors="replace")
        heads = list(_HEAD.finditer(text))
        bounds = [*(head.start() for head in heads), len(text)]
        for head, end in zip(heads, bounds[1:], strict=True):
            yield from _unit(observation, head[1], text[head.end() : end])
        for name in _MISSING.findall(text):
            attributes: dict[str, Scalar] = {
                "active": "inactive",
                "sub": "dead",
                "enabled": "not-found",
                "exit_status": -1,
            }
            yield _fact(observation, name, attributes, f"Unit {name}.service could not be found.")
    for observation in index.store.commands("systemctl is-active"):
        name = observation.attribute("command").split()[-1].removesuffix(".service")
        state = observation.body.decode(errors="replace").strip()
        if state in _STATES:
            yield _fact(observation, name, {"active": state, "exit_status": -1}, state)


def _unit(observation: Observation, name: str, text: str) -> Iterator[Fact]:
    active, loaded = _ACTIVE.search(text), _LOADED.search(text)
    if active is None or active[1] not in _STATES:
        return
    status = _STATUS.search(text)
    enabled = (loaded[2] or loaded[1]) if loaded else ""
    failed = (active[2] or "").startswith("Result: ")  # a failed unit shows its result where others show their state
    attributes: dict[str, Scalar] = {
        "active": active[1],
        "sub": "failed" if failed else active[2] or "",
        "enabled": enabled if enabled != "loaded" else "",
        "result": active[2].removeprefix("Result: ") if failed else active[3] or "",
        "exit_status": int(status[1]) if status else -1,
    }
    yield _fact(observation, name, attributes, active[0].strip())


def _fact(observation: Observation, name: str, attributes: dict[str, Scalar], text: str) -> Fact:
    node = observation.attribute("host") or observation.attribute("node")
    return new_fact("unit", {"node": node, "name": name, **attributes}, f"{observation.source} unit {name}", text)
