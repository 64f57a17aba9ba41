"""Pings every machine of the cluster from the machine of the operator, side by side."""

import shutil
import sys
import time
from functools import partial

from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.machine import Machine
from facts.collect.machines.node_script import Section, was_not_sent
from facts.collect.machines.program import Ended, run_program
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

VISITS_MACHINES = True

WORKERS = 64
"""Pings at a time: a ping waits much and works little, so a hundred machines take two seconds."""
MACHINES = 128
"""Machines that are pinged; of a larger cluster the first in the order of the inventory."""
PATIENCE = "4000" if sys.platform == "darwin" else "4"
"""How long ping waits for a reply: 4 s, in the unit of its system. Linux needs 3 s to find out that no machine has the address."""
SECONDS = 8.0
"""How long one ping may take."""


def collect(request: Request) -> Collected:
    """Return a ping of each machine of the request, and coverage "ping" of the target "host"."""
    started = time.monotonic()
    machines = [machine for machine in request.machines if machine.address][:MACHINES]
    if not machines or shutil.which("ping") is None:
        why, reason = (
            ("ping is not installed", "missing-tool") if machines else ("no machine of the cluster is known", "")
        )
        return Collected(coverage=(Coverage("ping", "host", CoverageState.SKIPPED, why, reason=reason),))
    endings = run_all([partial(_ping, machine) for machine in machines], WORKERS, request.timeout)
    seconds = round(time.monotonic() - started, 3)
    observations, failures = [], []
    for machine, ended in zip(machines, endings, strict=True):
        command = " ".join(_words(machine))
        if ended is None or ended.status is None:
            failures.append(f"{machine.name}: no result in time")
        elif was_not_sent(Section(command, machine.name, ended.text, ended.status)):
            failures.append(f"{machine.name}: {' '.join(ended.text.decode(errors='replace').split())}")
        else:
            attributes = known(command=command, role="host", target=machine.name, exit=str(ended.status))
            observations.append(
                Observation(ObservationKind.COMMAND, f"{command} ({machine.name})", ended.text, attributes)
            )
    state = CoverageState.COMPLETE
    if failures:
        state = CoverageState.PARTIAL if observations else CoverageState.FAILED
    return Collected(tuple(observations), (Coverage("ping", "host", state, "; ".join(failures[:3]) or None, seconds),))


def _words(machine: Machine) -> list[str]:
    return ["ping", "-c", "4", "-W", PATIENCE, "-i", "0.3", machine.address]


def _ping(machine: Machine) -> Ended | None:
    return run_program(_words(machine), SECONDS)
