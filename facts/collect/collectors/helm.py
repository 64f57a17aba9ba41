"""Asks the user's own helm for history and values of the releases that are in trouble, when that is wanted."""

import os
import time
from functools import partial
from pathlib import Path

import msgspec

from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.collect.machines.program import Ended, run_program
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

COLLECTOR = "helm/values"
WORKERS, RELEASES = 4, 10
SECONDS = 10.0
"""How long one command may take."""


class _Release(msgspec.Struct, frozen=True):
    name: str = ""
    namespace: str = ""
    status: str = ""


def collect(request: Request) -> Collected:
    """Return what `helm list`, `helm history` and `helm get values` print; nothing unless the request asks for it.

    The values hold what their author put there; known secrets among them are redacted.
    """
    if not request.helm_values:
        return Collected()
    if not request.namespaces:
        return _look(request, None)
    each = [_look(request, namespace) for namespace in request.namespaces]
    return Collected(
        tuple(one for collected in each for one in collected.observations),
        tuple(one for collected in each for one in collected.coverage),
    )


def _look(request: Request, namespace: str | None) -> Collected:
    started, target = time.monotonic(), namespace or "*"
    where = ["--namespace", namespace] if namespace else ["--all-namespaces"]
    words = ["helm", "list", *where, "--all", "--output", "json"]
    listed = _run(words, request, min(SECONDS, request.timeout))
    if listed is None:
        return _ended(target, CoverageState.SKIPPED, "helm is not installed", "missing-tool", started)
    if listed.status != 0:
        why = " ".join(listed.errors.decode(errors="replace").split())[:300] or "helm list did not answer in time"
        reason = "timeout" if listed.status is None else "other"
        return _ended(target, CoverageState.FAILED, why, reason, started)
    try:
        releases = msgspec.json.decode(listed.output, type=tuple[_Release, ...])
    except msgspec.DecodeError:
        return _ended(target, CoverageState.FAILED, "helm list printed no JSON", "other", started)
    troubled = [one for one in releases if one.status != "deployed"][:RELEASES]
    commands = [["history", one.name, "--max", "5"] for one in troubled]
    commands += [["get", "values", one.name] for one in troubled]
    spaces = [one.namespace for one in troubled] * 2
    tasks = [
        partial(_ask, ["helm", *command, "--namespace", space], request)
        for command, space in zip(commands, spaces, strict=True)
    ]
    found = [one for one in run_all(tasks, WORKERS, max(0.0, request.timeout - (time.monotonic() - started))) if one]
    state = CoverageState.COMPLETE if len(found) == len(tasks) else CoverageState.PARTIAL
    why_not = (
        None if state is CoverageState.COMPLETE else f"{len(tasks) - len(found)} of {len(tasks)} commands gave nothing"
    )
    return Collected(
        (_observation(words, listed), *found), (Coverage(COLLECTOR, target, state, why_not, _since(started)),)
    )


def _run(words: list[str], request: Request, seconds: float = SECONDS) -> Ended | None:
    """Run helm on the cluster of the request; its kubeconfig may be several files, which only the environment can say."""
    paths = (request.kubeconfig or "").split(os.pathsep)
    environment = {"KUBECONFIG": os.pathsep.join(str(Path(path).expanduser()) for path in paths)}
    context = ["--kube-context", request.context] if request.context else []
    return run_program([*words, *context], seconds, environment=environment if request.kubeconfig else None)


def _ask(words: list[str], request: Request) -> Observation | None:
    ended = _run(words, request)
    return _observation(words, ended) if ended and ended.status == 0 else None


def _observation(words: list[str], ended: Ended) -> Observation:
    command = " ".join(words)
    attributes = known(command=command, role="host", exit=str(ended.status))
    return Observation(ObservationKind.COMMAND, command, ended.output, attributes)


def _ended(target: str, state: CoverageState, why: str, reason: str, started: float) -> Collected:
    return Collected(coverage=(Coverage(COLLECTOR, target, state, why, _since(started), reason),))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
