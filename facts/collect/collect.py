"""Takes a snapshot of a live cluster: every collector in its folder looks, side by side, and each ends in coverage."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

import msgspec

from facts.cluster.moment import written
from facts.cluster.store import Store
from facts.collect.api.error import one_line
from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.concurrency.progress import is_stopped, part_of
from facts.collect.machines.machine import Machine, find_machines
from facts.model.plugins import Plugins
from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from facts.snapshot.redaction.redact import redact_snapshot

COLLECTORS = Plugins("facts.collect.collectors", "kbdiag.collectors")

INTERRUPTED = "interrupted"
"""The reason of coverage that ended because the work was stopped."""
STOP_GRACE = 1.5
"""Seconds that collectors have to hand over what they saw when the work is stopped."""
GRACE = 2.0
"""Seconds beyond the time limit until a collector that does not come back is left behind."""
FIRST_SHARE, ALONE_SHARE = 0.6, 0.9
"""The part of the whole time after which the machines are visited, whatever is known of them by then; and without SSH."""


def collect(request: Request, now: datetime | None = None) -> Snapshot:
    """Return a snapshot of the cluster that `request` names, after its timeout at most; `now` is written down as its moment.

    Nothing raises: what could not be looked at is coverage. Secrets are redacted. Where the work is stopped
    (`facts.collect.concurrency.progress`), the snapshot holds what was seen by then, and its coverage says so.
    """
    observed = (now or datetime.now(UTC)).astimezone(UTC)
    started = time.monotonic()
    modules = COLLECTORS.load_all()
    looking = {name: module.collect for name, module in modules.items() if not hasattr(module, "VISITS_MACHINES")}
    visiting = {name: module.collect for name, module in modules.items() if hasattr(module, "VISITS_MACHINES")}
    share = FIRST_SHARE if request.ssh.enabled else ALONE_SHARE
    first = _run_all(looking, msgspec.structs.replace(request, timeout=share * request.timeout))
    cluster = next((collected.cluster for collected in first if collected.cluster), "")
    server = next((collected.server for collected in first if collected.server), "")
    left = max(0.0, request.timeout - (time.monotonic() - started))
    machines = _machines(first, request, cluster, server)
    second = _run_all(visiting, msgspec.structs.replace(request, timeout=left, machines=machines, server=server))
    all_collected = [*first, *second]
    if is_stopped():
        all_collected.append(_stopped(time.monotonic() - started))
    return redact_snapshot(
        Snapshot(
            observations=tuple(one for collected in all_collected for one in collected.observations),
            coverage=tuple(one for collected in all_collected for one in collected.coverage),
            observed_at=written(observed),
            cluster=request.cluster or cluster,
            origin=f"context {cluster}" if cluster else "",
        )
    )


def _machines(first: Iterable[Collected], request: Request, cluster: str, server: str) -> tuple[Machine, ...]:
    telling = tuple(one for collected in first for one in collected.observations if _tells_of_machines(one))
    host = urlsplit(server).hostname or ""
    return find_machines(Store(Snapshot(telling)), request.nodes, cluster, host, request.vms)


def _tells_of_machines(observation: Observation) -> bool:
    if observation.kind is ObservationKind.OBJECTS:
        return observation.source == "/api/v1/nodes"
    return observation.kind is ObservationKind.COMMAND


def _run_all(collectors: dict[str, Callable[[Request], Collected]], request: Request) -> list[Collected]:
    tasks = [partial(_run, name, collector, request) for name, collector in collectors.items()]
    results = run_all(tasks, len(tasks), request.timeout + GRACE, STOP_GRACE)
    late = "did not come back in time"
    found = [
        collected or _failed(name, late, "timeout", request.timeout)
        for name, collected in zip(collectors, results, strict=True)
    ]
    return [one if result else _cut_short(one) for one, result in zip(found, results, strict=True)]


def _run(name: str, collector: Callable[[Request], Collected], request: Request) -> Collected:
    started = time.monotonic()
    try:
        with part_of(name):
            return _cut_short(collector(request))
    except Exception as error:  # noqa: BLE001 - one collector that fails must not cost what the others saw
        why = one_line(f"a fault of this collector, please report it: {type(error).__name__}: {error}")
        return _failed(name, why, "other", time.monotonic() - started)


def _failed(name: str, why: str, reason: str, seconds: float) -> Collected:
    return Collected(coverage=(Coverage(name, "*", CoverageState.FAILED, why, round(seconds, 3), reason),))


def _cut_short(collected: Collected) -> Collected:
    """Return what a collector gave that ended after the work was stopped: what it had no time for was not looked at."""
    if not is_stopped():
        return collected
    untold = any(
        one.collector == "kubernetes/api" and one.reason in (Reason.TIMEOUT, Reason.SILENT)
        for one in collected.coverage
    )
    return msgspec.structs.replace(
        collected, coverage=tuple(_ended_early(one, untold=untold) for one in collected.coverage)
    )


def _ended_early(one: Coverage, *, untold: bool) -> Coverage:
    if one.reason in (Reason.TIMEOUT, Reason.SILENT):
        state = CoverageState.PARTIAL if one.state is CoverageState.PARTIAL else CoverageState.SKIPPED
        why = INTERRUPTED if state is CoverageState.SKIPPED else f"{INTERRUPTED}: {one.why}"
        return msgspec.structs.replace(one, state=state, why=why, reason=INTERRUPTED)
    if untold and one.state is CoverageState.SKIPPED:  # they say that the API server cannot be reached: nobody knows
        return msgspec.structs.replace(one, why=INTERRUPTED, reason=INTERRUPTED)
    return one


def _stopped(seconds: float) -> Collected:
    why = f"{INTERRUPTED} after {seconds:.0f} s"
    return Collected(coverage=(Coverage("collect", "*", CoverageState.PARTIAL, why, round(seconds, 3), INTERRUPTED),))
