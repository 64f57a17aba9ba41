"""Looks into the machines of the cluster over SSH: one connection each, which brings back all there is to see."""

import secrets
import time
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import msgspec

from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.machine import Machine, peers_of
from facts.collect.machines.node_script import Section, observations_of, script_of, sections_of, was_not_sent
from facts.collect.machines.ssh_client import Visit, missing_tool, visit
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

VISITS_MACHINES = True

WORKERS = 16
MACHINES = 48
"""How many are visited at most: control planes first, then nodes that are not Ready."""
NODE_SECONDS = 20.0
"""How long one machine may take."""
RESERVE = 0.5
"""Seconds of the whole time that are left for reading what came."""
API_PORT = 6443

_CLOCK = "date +%s"
_LATE = Visit("failed", "timeout", "there was no time left to look", "", b"")


class _Look(msgspec.Struct, frozen=True):
    """How looking into one machine ended; `skew` is by how many seconds at least its clock is ahead of ours."""

    visit: Visit = _LATE
    sections: tuple[Section, ...] = ()
    finished: bool = False
    skew: float = 0.0


def collect(request: Request) -> Collected:
    """Return what the machines of the request show, and for each how it ended: coverage "ssh", and "ping" from it."""
    started = time.monotonic()
    if obstacle := _obstacle(request):
        return Collected(coverage=(Coverage("ssh", "*", CoverageState.SKIPPED, *obstacle),))
    machines = request.machines[:MACHINES]
    apis = _apis(request)
    deadline = started + request.timeout - RESERVE
    tasks = [partial(_look, machine, machines, apis, request, deadline) for machine in machines]
    looks = [look or _Look() for look in run_all(tasks, WORKERS, request.timeout)]
    telling = request.ssh.chosen or any(look.visit.state == "ok" for look in looks)
    observations: list[Observation] = []
    coverage: list[Coverage] = []
    for machine, look in zip(machines, looks, strict=True):
        if look.visit.state == "ok":
            observations += _observations(machine, look)
            coverage += _coverage(machine, look)
        elif telling or machine.expected or look.visit.reason == "hostkey-changed":
            observations += _refusal(machine, look.visit)
            coverage.append(_ended(machine, look.visit, CoverageState.FAILED))
        else:
            coverage.append(_ended(machine, look.visit, CoverageState.SKIPPED))
    if len(request.machines) > MACHINES:
        why = f"of {len(request.machines)} machines only {MACHINES} were looked into"
        coverage.append(Coverage("ssh", "*", CoverageState.PARTIAL, why))
    return Collected(tuple(observations), tuple(coverage))


def _obstacle(request: Request) -> tuple[str, float, str] | None:
    """Return why no node can be visited, the seconds it took, and the reason in one word."""
    if not request.ssh.enabled:
        return "SSH is switched off", 0.0, ""
    if not request.machines:
        return "no machine of the cluster is known; name them with --node NAME=ADDRESS", 0.0, ""
    if missing := missing_tool(request.ssh):
        return f"{missing} is not installed", 0.0, "missing-tool"
    return None


def _apis(request: Request) -> list[str]:
    """Return the API servers that every node must reach."""
    server = urlsplit(request.server)
    hosts = {machine.address for machine in request.machines if machine.control_plane and machine.address}
    found = [f"{host}:{API_PORT}" for host in sorted(hosts)]
    if server.hostname and server.hostname not in hosts and server.hostname not in ("localhost", "127.0.0.1", "::1"):
        found.append(f"{server.hostname}:{server.port or 443}")
    return found


def _look(machine: Machine, machines: tuple[Machine, ...], apis: list[str], request: Request, deadline: float) -> _Look:
    if not machine.address:
        return _Look(
            Visit("failed", "no-address", "the VM manager says that it runs, and knows no address of it", "", b"")
        )
    seconds = min(NODE_SECONDS, deadline - time.monotonic())
    if seconds <= 0:
        return _Look()
    mark = secrets.token_hex(8)
    pings = [(peer.name, peer.address) for peer in peers_of(machine, machines)]
    before = time.time()
    visited = visit(machine, request.ssh, script_of(mark, pings, apis), mark.encode(), seconds)
    after = time.time()
    sections, finished = sections_of(visited.printed, mark)
    return _Look(visited, sections, finished, _skew(sections, before, after))


def _skew(sections: tuple[Section, ...], before: float, after: float) -> float:
    """Return by how much at least the other clock is ahead: all it showed was between `before` and `after` here."""
    shown = [int(one.body) for one in sections if one.command == _CLOCK and one.body.strip().isdigit()]
    if not shown:
        return 0.0
    behind, ahead = before - 1 - shown[0], shown[-1] - after
    return round(-behind if behind > 0 else max(ahead, 0.0), 1)


def _observations(machine: Machine, look: _Look) -> Iterator[Observation]:
    yield _connection(machine, look.visit, "0")
    for one in observations_of(look.sections, machine.name):
        if one.attribute("command") == _CLOCK:
            one = msgspec.structs.replace(one, attributes={**one.attributes, "skew": str(look.skew)})  # noqa: PLW2901
        yield one


def _refusal(machine: Machine, visited: Visit) -> Iterator[Observation]:
    """Yield what ssh said; a machine without address was not tried, and there was no word."""
    if visited.said:
        yield _connection(machine, visited, "255")


def _connection(machine: Machine, visited: Visit, status: str) -> Observation:
    command = f"ssh {visited.destination}"
    attributes = known(command=command, role="host", target=machine.name, exit=status)
    return Observation(ObservationKind.COMMAND, f"{command} ({machine.name})", visited.said, attributes)


def _ended(machine: Machine, visited: Visit, state: CoverageState) -> Coverage:
    return Coverage("ssh", machine.name, state, visited.why, visited.seconds, visited.reason)


def _coverage(machine: Machine, look: _Look) -> Iterator[Coverage]:
    """Yield how looking into a machine ended that let us in."""
    denied = next((one for one in look.sections if one.command.startswith("sudo ") and one.status != 0), None)
    state, why, reason = CoverageState.COMPLETE, None, ""
    if not look.finished:
        last = look.sections[-1].command if look.sections else "login"
        state, reason = CoverageState.PARTIAL, "timeout"
        why = f"stopped after {look.visit.seconds:.0f} s, in: {last}"
    elif denied:
        state, reason = CoverageState.PARTIAL, "sudo-denied"
        why = "what only root may read is missing: " + " ".join(denied.body.decode(errors="replace").split())
    yield Coverage("ssh", machine.name, state, why, look.visit.seconds, reason)
    pings = [one for one in look.sections if one.command.startswith("ping ")]
    if pings:
        unsent = sum(was_not_sent(one) for one in pings)
        if unsent == 0:
            yield Coverage("ping", machine.name, CoverageState.COMPLETE)
        else:
            why = f"{unsent} of {len(pings)} pings could not be sent"
            yield Coverage("ping", machine.name, CoverageState.PARTIAL, why)
