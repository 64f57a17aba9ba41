"""Asks the VM managers that are installed here for their VMs, and looks at the machine that runs them."""

import shutil
import socket
import time
from collections.abc import Callable
from functools import partial

import msgspec

from facts.cluster.virtual_machine import VirtualMachine, VmManager, vm_managers
from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.program import Ended, run_program
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

SECONDS = 8.0
"""How long one command may take; `tart` starts slowly while many VMs boot."""
WORKERS = 4
_UNKNOWN_OPTION = b"nknown option"
_PROCESSES = ("ps", "-axww", "-o", "pid=,args=")
_HERE = (
    # macOS and Linux each know the half of them; the folder of tart is where VMs fill the disk
    ("sysctl", "hw.ncpu", "hw.memsize"),
    ("nproc",),
    ("free", "-m"),
    ("df", "-Pk"),
)


def collect(request: Request) -> Collected:
    """Return what the VM managers list, and this machine's processors, memory and disks; coverage "vm/..." for each.

    Where no VM manager is installed that is one skipped coverage, "vm".
    """
    deadline = time.monotonic() + request.timeout
    managers = vm_managers()
    present = {
        name: manager
        for name, manager in managers.items()
        if request.vm_manager in ("", name) and shutil.which(manager.PROGRAM)
    }
    if not present:
        programs = ", ".join(sorted(manager.PROGRAM for manager in managers.values()))
        why = f"no VM manager is installed here ({programs})"
        return Collected(coverage=(Coverage("vm", "*", CoverageState.SKIPPED, why, reason="missing-tool"),))
    looks = [partial(_look, name, manager, request.ssh.user, deadline) for name, manager in present.items()]
    answers = run_all(looks, len(looks), request.timeout)
    late = "the VM manager did not answer in time"
    collected = [
        answer or Collected(coverage=(Coverage(f"vm/{name}", "*", CoverageState.FAILED, late, reason="timeout"),))
        for name, answer in zip(present, answers, strict=True)
    ]
    here = run_all([partial(_here, words) for words in _HERE], len(_HERE), SECONDS + 1)
    return Collected(
        (*(one for each in collected for one in each.observations), *(one for one in here if one)),
        tuple(one for each in collected for one in each.coverage),
    )


def _look(name: str, manager: VmManager, user: str | None, deadline: float) -> Collected:
    """Return the list and the details of the VMs of a manager, and coverage "vm/<its name>"."""
    started = time.monotonic()
    command = manager.LISTS[0]
    listed, words = _ask(command.split(), manager.OPTIONS, deadline)
    if listed is None or listed.status != 0:
        why, reason = f"{command} did not answer in time", "timeout"
        if listed is not None and listed.status is not None:
            why, reason = f"{command}: {' '.join(listed.text.decode(errors='replace').split())}", "other"
        return _ended(name, started, CoverageState.FAILED, why, reason)
    listing = _observation(words, listed)
    machines = tuple(manager.machines(listing))
    tasks: list[Callable[[], list[Observation] | None]] = [partial(_processes, getattr(manager, "PROCESS", ""))]
    tasks += [partial(_details, manager, machine, user, deadline) for machine in machines]
    answers = run_all(tasks, WORKERS, max(0.0, deadline - time.monotonic()))
    silent = [machine.name for machine, answer in zip(machines, answers[1:], strict=True) if answer is None]
    observations = (listing, *(one for answer in answers for one in answer or ()))
    if silent:
        why = f"{manager.PROGRAM} did not answer in time about {', '.join(silent)}"
        return _ended(name, started, CoverageState.PARTIAL, why, "timeout", observations)
    return _ended(name, started, CoverageState.COMPLETE, observations=observations)


def _ended(
    name: str,
    started: float,
    state: CoverageState,
    why: str | None = None,
    reason: str = "",
    observations: tuple[Observation, ...] = (),
) -> Collected:
    seconds = round(time.monotonic() - started, 3)
    return Collected(observations, (Coverage(f"vm/{name}", "*", state, why, seconds, reason),))


def _ask(words: list[str], options: tuple[str, ...], deadline: float) -> tuple[Ended | None, list[str]]:
    """Return the answer with `options`, of a version that does not know them without; and the words that were used."""
    ended = run_program([*words, *options], _time_left(deadline))
    if ended is not None and options and _UNKNOWN_OPTION in ended.errors:
        return run_program(words, _time_left(deadline)), words
    return ended, [*words, *options]


def _time_left(deadline: float) -> float:
    return min(SECONDS, max(0.1, deadline - time.monotonic()))


def _details(
    manager: VmManager, machine: VirtualMachine, user: str | None, deadline: float
) -> list[Observation] | None:
    """Return the details of one VM, or None if an answer did not come in time."""
    answers = []
    for question in manager.questions(machine) if hasattr(manager, "questions") else ():
        command, _, options = question.partition(" --")
        ended, words = _ask(command.split(), tuple(f"--{options}".split()) if options else (), deadline)
        if ended is None or ended.status is None:
            return None
        answers.append(_observation(words, ended, machine.name, user or ""))
    return answers


def _processes(beginning: str) -> list[Observation]:
    """Return the processes whose command line holds `beginning`. `scope` says that these are all there are."""
    ended = run_program(_PROCESSES, SECONDS) if beginning else None
    if ended is None or ended.status != 0:
        return []
    lines = [line for line in ended.output.splitlines(keepends=True) if beginning.encode() in line]
    found = _observation(list(_PROCESSES), msgspec.structs.replace(ended, output=b"".join(lines), errors=b""))
    return [msgspec.structs.replace(found, attributes={**found.attributes, "scope": "all"})]


def _here(words: tuple[str, ...]) -> Observation | None:
    ended = run_program(words, SECONDS)
    if ended is None or not ended.output.strip():
        return None
    command = " ".join(words)
    attributes = known(command=command, role="host", host=socket.gethostname())
    return Observation(ObservationKind.COMMAND, command, ended.output, attributes)


def _observation(words: list[str], ended: Ended, target: str = "", user: str = "") -> Observation:
    command = " ".join(words)
    attributes = known(command=command, role="host", target=target, user=user, exit=str(ended.status))
    return Observation(ObservationKind.COMMAND, command, ended.text, attributes)
