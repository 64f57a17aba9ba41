"""Where snapshots come from: evidence that is given, standard input, or live clusters."""

import os
import select
import stat
import sys
import time
from collections.abc import Sequence
from functools import partial

import click
import msgspec

from facts.collect.collector import Request
from facts.model.errors import EvidenceError, UsageError
from facts.model.values import Coverage, CoverageState, Snapshot
from kb.live.looking import looking
from kb.live.targets import Live, requests_of

_PATIENCE = 2.0
"""Seconds after which a waiting user sees that standard input is being read."""
_AT_ONCE = 16
"""Clusters that are looked at side by side."""
_GRACE = 10.0
"""Seconds beyond its limit until a cluster is given up; each ends its own look in time."""


def observe(paths: Sequence[str], live: Live) -> tuple[Snapshot, ...]:
    """Return the snapshot of `paths`; without paths that of standard input when something is piped in, else of clusters.

    There is one for each cluster that is asked for, else exactly one. Secrets are redacted. A look at clusters shows how
    far it is, and Ctrl-C ends it with what there is. Raises UsageError for paths together with live options, and
    EvidenceError for evidence that cannot be read.
    """
    if paths and live.is_chosen():
        raise UsageError("evidence was given, and a live cluster was asked for; give one of them")
    if not paths and not live.is_chosen() and _is_piped():
        paths = ["-"]
    if paths:
        return (read_snapshot(paths, live.git),)
    requests = requests_of(live)
    with looking():
        return look(requests, live.git)


def read_snapshot(paths: Sequence[str], git: Sequence[str] = ()) -> Snapshot:
    """Return the snapshot of `paths`, "-" among them for standard input, with commits of the repositories `git`.

    Secrets are redacted. Raises EvidenceError.
    """
    from facts.read.evidence import read_evidence  # noqa: PLC0415 - the readers are not needed for a live cluster

    content = _standard_input() if "-" in paths else None
    if content is not None and not content.strip() and len(paths) == 1:
        raise EvidenceError("standard input is empty; pipe evidence in, name files, or choose a cluster with --context")
    return _with_commits(read_evidence(paths, content), git)


def look(requests: Sequence[Request], git: Sequence[str] = ()) -> tuple[Snapshot, ...]:
    """Return a snapshot of each of `requests`, looked at side by side, with commits of the repositories `git`.

    A cluster that hangs costs only itself.
    """
    if len(requests) == 1:
        return (_with_commits(_look(requests[0]), git),)
    from facts.collect.collect import STOP_GRACE  # noqa: PLC0415 - slow to import, and only a live cluster needs it
    from facts.collect.concurrency.parallel import run_all  # noqa: PLC0415

    rounds = -(-len(requests) // _AT_ONCE)
    seconds = rounds * (max(request.timeout for request in requests) + _GRACE)
    found = run_all([partial(_look, request) for request in requests], _AT_ONCE, seconds, 3 * STOP_GRACE)
    seen = (one or _untold(request) for one, request in zip(found, requests, strict=True))
    return tuple(_with_commits(snapshot, git) for snapshot in seen)


def _look(request: Request) -> Snapshot:
    from facts.collect.collect import collect  # noqa: PLC0415 - slow to import, and only a live cluster needs it
    from facts.collect.concurrency.progress import part_of  # noqa: PLC0415

    with part_of(request.cluster):
        return collect(request)


def _with_commits(snapshot: Snapshot, directories: Sequence[str]) -> Snapshot:
    """Return `snapshot` with the commits around its moment, of repositories in `directories`."""
    if not directories:
        return snapshot
    from facts.cluster.store import Store  # noqa: PLC0415 - only where commits are asked for
    from facts.collect.git.history import read_commits  # noqa: PLC0415
    from facts.snapshot.redaction.redact import redact_snapshot  # noqa: PLC0415

    moment = Store(snapshot).now or time.time()
    found = [read_commits(directory, moment) for directory in directories]
    read = redact_snapshot(
        Snapshot(
            tuple(observation for each in found for observation in each.observations),
            tuple(coverage for each in found for coverage in each.coverage),
        )
    )
    return msgspec.structs.replace(
        snapshot,
        observations=(*snapshot.observations, *read.observations),
        coverage=(*snapshot.coverage, *read.coverage),
    )


def _untold(request: Request) -> Snapshot:
    why = "did not come back in time"
    return Snapshot(
        coverage=(Coverage("kubernetes/api", "*", CoverageState.FAILED, why, request.timeout, "timeout"),),
        cluster=request.cluster,
        origin=f"context {request.context}" if request.context else "",
    )


def _is_piped() -> bool:
    """Return True if standard input is a pipe or a file with content, not a terminal or /dev/null."""
    try:
        status = os.fstat(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_size > 0)


def _standard_input() -> bytes:
    try:
        if sys.stderr.isatty() and not select.select([sys.stdin], [], [], _PATIENCE)[0]:
            click.echo("kbdiag: reading standard input (end it with Ctrl-D)", err=True)
    except (OSError, ValueError):
        pass  # what cannot be waited for can still be read
    return sys.stdin.buffer.read()


def was_interrupted(snapshot: Snapshot) -> bool:
    """Return True if the user stopped collecting this snapshot early."""
    return any(one.collector == "collect" for one in snapshot.coverage)
