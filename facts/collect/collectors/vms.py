"""Asks the VM managers that are installed here for their VMs, and looks at the machine that runs them."""

import shutil
import socket
import time
from functools import partial

from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.program import run_program
from facts.collect.vm_managers import VM_MANAGERS
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind
from facts.snapshot.redaction.redact import redact

SECONDS = 5.0
"""How long a command about this machine may take."""
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
    modules = VM_MANAGERS.load_all().values()
    wanted = [module for module in modules if request.vm_manager in ("", module.TOOL)]
    present = [module for module in wanted if shutil.which(module.TOOL)]
    if not present:
        tools = ", ".join(sorted(module.TOOL for module in modules))
        why = f"no VM manager is installed here ({tools})"
        return Collected(coverage=(Coverage("vm", "*", CoverageState.SKIPPED, why, reason="missing-tool"),))
    asked = run_all(
        [partial(module.look, request.ssh.user, deadline) for module in present], len(present), request.timeout
    )
    late = "the VM manager did not answer in time"
    found = [
        one or Collected(coverage=(Coverage(f"vm/{module.TOOL}", "*", CoverageState.FAILED, late, reason="timeout"),))
        for module, one in zip(present, asked, strict=True)
    ]
    here = run_all([partial(_here, words) for words in _HERE], len(_HERE), SECONDS + 1)
    return Collected(
        (*(one for each in found for one in each.observations), *(one for one in here if one)),
        tuple(one for each in found for one in each.coverage),
    )


def _here(words: tuple[str, ...]) -> Observation | None:
    ended = run_program(words, SECONDS)
    if ended is None or not ended.output.strip():
        return None
    command = " ".join(words)
    attributes = {"command": command, "role": "host", "host": socket.gethostname()}
    return Observation(ObservationKind.COMMAND, command, redact(ended.output), attributes)
