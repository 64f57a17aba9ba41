"""What the tests of readers share: text in, observations and objects out."""

from typing import Any

import msgspec

from facts.model.values import Observation, ObservationKind, Snapshot
from facts.read.evidence import read_evidence


def read(text: str | bytes) -> Snapshot:
    """Return the snapshot of a text that came on standard input."""
    return read_evidence(["-"], text.encode() if isinstance(text, str) else text)


def objects(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return all objects, in their order."""
    found: list[dict[str, Any]] = []
    for one in snapshot.observations:
        if one.kind is ObservationKind.OBJECTS:
            body = msgspec.json.decode(one.body)
            found.extend(body.get("items", [body]))
    return found


def logs(snapshot: Snapshot) -> list[Observation]:
    """Return the logs, in their order."""
    return [one for one in snapshot.observations if one.kind is ObservationKind.LOG]


def commands(snapshot: Snapshot) -> list[Observation]:
    """Return the outputs of commands, in their order."""
    return [one for one in snapshot.observations if one.kind is ObservationKind.COMMAND]


def coverage(snapshot: Snapshot) -> list[tuple[str, str, str]]:
    """Return the coverage as (collector, target, state)."""
    return [(one.collector, one.target, one.state.value) for one in snapshot.coverage]
