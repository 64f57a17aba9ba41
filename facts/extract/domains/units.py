"""systemd units, from `systemctl status`, `systemctl is-active` and `systemctl list-units`."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.schema.domains.machines import UnitFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

_HEAD = re.compile(r"^[●○×↻*•]?\s?([\w@.:\\-]+)\.service(?: - .*)?$", re.MULTILINE)
_LOADED = re.compile(r"^\s*Loaded: (\S+)(?: \([^;)]*; ([\w-]+))?", re.MULTILINE)
_ACTIVE = re.compile(r"^\s*Active: (\w+)(?: \(([^)]+)\))?(?: \(Result: ([\w-]+)\))?(.*)$", re.MULTILINE)
_STATUS = re.compile(r"\(code=\w+, status=(\d+)")
_MISSING = re.compile(r"Unit ([\w@.-]+?)(?:\.service)? could not be found")
_ROW = re.compile(r"^\W{0,4}\s*(?P<name>\S+)\.service\s+(?P<load>\S+)\s+(?P<active>\S+)\s+(?P<sub>\S+)", re.MULTILINE)
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
            missing = UnitFact(
                node=_node(observation), name=name, active="inactive", sub="dead", enabled="not-found", exit_status=-1
            )
            yield _fact(observation, missing, f"Unit {name}.service could not be found.")
    for observation in index.store.commands("systemctl list-units"):
        for row in _ROW.finditer(observation.body.decode(errors="replace")):
            if row["active"] in _STATES and row["load"] == "loaded":
                listed = UnitFact(
                    node=_node(observation), name=row["name"], active=row["active"], sub=row["sub"], exit_status=-1
                )
                yield _fact(observation, listed, " ".join(row[0].split()))
    for observation in index.store.commands("systemctl is-active"):
        name = observation.attribute("command").split()[-1].removesuffix(".service")
        state = observation.body.decode(errors="replace").strip()
        if state in _STATES:
            unit = UnitFact(node=_node(observation), name=name, active=state, exit_status=-1)
            yield _fact(observation, unit, state)


def _unit(observation: Observation, name: str, text: str) -> Iterator[Fact]:
    active, loaded = _ACTIVE.search(text), _LOADED.search(text)
    if active is None or active[1] not in _STATES:
        return
    status = _STATUS.search(text)
    enabled = (loaded[2] or loaded[1]) if loaded else ""
    failed = (active[2] or "").startswith("Result: ")  # a failed unit shows its result where others show their state
    unit = UnitFact(
        node=_node(observation),
        name=name,
        active=active[1],
        sub="failed" if failed else active[2] or "",
        enabled=enabled if enabled != "loaded" else "",
        result=active[2].removeprefix("Result: ") if failed else active[3] or "",
        exit_status=int(status[1]) if status else -1,
    )
    yield _fact(observation, unit, active[0].strip())


def _fact(observation: Observation, unit: UnitFact, text: str) -> Fact:
    return new_fact(unit, f"{observation.source} unit {unit.name}", text)


def _node(observation: Observation) -> str:
    return observation.attribute("host") or observation.attribute("node")
