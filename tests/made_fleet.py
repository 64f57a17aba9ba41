"""Fleets of snapshots of one megabyte: clusters of 300 nodes and Pods with logs, some of which have a stopped VM."""

import json
from pathlib import Path

from facts.model.values import Observation, ObservationKind, Snapshot
from facts.snapshot.snapshot_file import save_snapshot
from tests.made_cluster import healthy, stopped_vm
from tests.made_logs import made_logs

SIZE = 1_000_000
"""Bytes of the observations of a snapshot; packed they are some 50 KB."""
CLUSTERS = 7


def made_snapshot(number: int) -> Snapshot:
    """Return snapshot `number`: every other one is of a cluster in trouble, its logs are quiet or mixed."""
    broken = number % 2 == 0
    objects, table = stopped_vm() if broken else ([], "")
    body = json.dumps({"kind": "List", "items": [*objects, *healthy(300)]}).encode()
    logs = made_logs("mixed" if broken else "quiet", SIZE - len(body))
    observations = [
        Observation(ObservationKind.OBJECTS, "objects.json", body, {"fidelity": "full"}),
        *(Observation(ObservationKind.LOG, f"logs/{name}", log) for name, log in logs.items()),
    ]
    if table:
        attributes = {"command": "tart list", "role": "host"}
        observations.append(Observation(ObservationKind.COMMAND, "host/tart", table.encode(), attributes))  # type: ignore[arg-type]
    day, hour = number // 24 % 28 + 1, number % 24
    return Snapshot(tuple(observations), (), f"2026-11-{day:02d}T{hour:02d}:00:00Z", f"cluster-{number % CLUSTERS}")


def write_fleet(folder: Path, number: int) -> int:
    """Save `number` snapshots in `folder`; return the bytes of their observations."""
    folder.mkdir(exist_ok=True)
    size = 0
    for place in range(number):
        snapshot = made_snapshot(place)
        size += sum(len(one.body) for one in snapshot.observations)
        save_snapshot(snapshot, folder / f"{place:06d}.tar.zst")
    return size
