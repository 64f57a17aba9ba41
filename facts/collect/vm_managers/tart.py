"""Tart, which runs VMs on Macs with Apple silicon: `tart list`, `tart get`, `tart ip`, and the processes that run VMs."""

import time
from collections.abc import Callable
from functools import partial

import msgspec

from facts.cluster.store import Store
from facts.cluster.virtual_machine import VirtualMachine, virtual_machines
from facts.collect.collector import Collected
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.program import Ended, run_program
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from facts.snapshot.redaction.redact import redact

TOOL = "tart"
WORKERS = 4
SECONDS = 8.0
"""How long one command may take; `tart` starts slowly while many VMs boot."""
_UNKNOWN_OPTION = b"nknown option"


def look(user: str | None, deadline: float) -> Collected:
    """Return the VMs of Tart, with size and address of each, and coverage "vm/tart"."""
    started = time.monotonic()
    listed, words = _ask(["tart", "list"], deadline)
    if listed is None or listed.status != 0:
        why, reason = "tart list did not answer in time", "timeout"
        if listed is not None and listed.status is not None:
            why, reason = f"tart list: {' '.join(listed.text.decode(errors='replace').split())}", "other"
        seconds = round(time.monotonic() - started, 3)
        return Collected(coverage=(Coverage("vm/tart", "*", CoverageState.FAILED, why, seconds, reason),))
    listing = _observation(words, listed)
    machines = virtual_machines(Store(Snapshot((listing,))))
    tasks: list[Callable[[], list[Observation] | None]] = [_processes]
    tasks += [partial(_details, machine, user, deadline) for machine in machines]
    answers = run_all(tasks, WORKERS, max(0.0, deadline - time.monotonic()))
    untold = [machine.name for machine, answer in zip(machines, answers[1:], strict=True) if answer is None]
    state, why_not = CoverageState.COMPLETE, None
    if untold:
        state, why_not = CoverageState.PARTIAL, f"tart did not tell in time of {', '.join(untold)}"
    seconds = round(time.monotonic() - started, 3)
    return Collected(
        (listing, *(one for answer in answers for one in answer or ())),
        (Coverage("vm/tart", "*", state, why_not, seconds, "timeout" if untold else ""),),
    )


def _ask(words: list[str], deadline: float) -> tuple[Ended | None, list[str]]:
    """Return the answer as JSON, of a version that does not know the option as text; and the words that were used."""
    for options in (["--format", "json"], []):
        asked = [*words, *options]
        ended = run_program(asked, min(SECONDS, max(0.1, deadline - time.monotonic())))
        if ended is None or _UNKNOWN_OPTION not in ended.errors:
            break
    return ended, asked


def _details(machine: VirtualMachine, user: str | None, deadline: float) -> list[Observation] | None:
    """Return size and address of a VM; None when tart did not tell. One without address tells so, or prints nothing."""
    sized, words = _ask(["tart", "get", machine.name], deadline)
    if sized is None or sized.status is None:
        return None
    found = [_observation(words, sized, machine.name)] if sized.status == 0 else []
    if machine.state != "running":
        return found
    words = ["tart", "ip", machine.name]
    placed = run_program(words, min(SECONDS, max(0.1, deadline - time.monotonic())))
    if placed is None or placed.status is None:
        return None
    one = _observation(words, placed, machine.name)
    address = placed.output.decode(errors="replace").strip()
    return [
        *found,
        msgspec.structs.replace(one, attributes={**one.attributes, "ssh": f"{user}@{address}"})
        if user and address
        else one,
    ]


def _processes() -> list[Observation]:
    """Return the processes that run VMs. `scope` says that these are all there are."""
    words = ["ps", "-axww", "-o", "pid=,args="]
    ended = run_program(words, SECONDS)
    if ended is None or ended.status != 0:
        return []
    lines = [line for line in ended.output.splitlines(keepends=True) if b"tart run " in line]
    one = _observation(words, msgspec.structs.replace(ended, output=b"".join(lines), errors=b""))
    return [msgspec.structs.replace(one, attributes={**one.attributes, "scope": "all"})]


def _observation(words: list[str], ended: Ended, target: str = "") -> Observation:
    command = " ".join(words)
    attributes = {"command": command, "role": "host", "target": target, "exit": str(ended.status)}
    return Observation(
        ObservationKind.COMMAND,
        command,
        redact(ended.text),
        {name: value for name, value in attributes.items() if value},
    )
