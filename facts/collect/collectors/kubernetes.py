"""Looks at a cluster through its API server: lists of objects, its health, and the logs of what fails.

Nothing is changed: GET is sent, and a POST that only asks what this user may see.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from facts.cluster.kinds import KINDS, Kind, Query
from facts.cluster.objects import Pod
from facts.collect.api.callers import callers, fetch_callers
from facts.collect.api.client import Connection, connect
from facts.collect.api.discovery import Served, served
from facts.collect.api.error import ApiError
from facts.collect.api.health import (
    CERTIFICATE,
    CHECKS,
    HEALTH,
    command_observation,
    look_at_certificates,
    look_at_health,
)
from facts.collect.api.helm import COLLECTOR as HELM
from facts.collect.api.helm import list_releases
from facts.collect.api.lists import Listing, list_kind
from facts.collect.api.logs import failing_containers, fetch_logs
from facts.collect.api.permissions import Permissions, permissions
from facts.collect.api.place import place_of
from facts.collect.api.settings import fetch_settings, settings
from facts.collect.collector import Collected, Request
from facts.collect.concurrency.parallel import run_all
from facts.model.values import Coverage, CoverageState, Observation

WORKERS = 8
PROBE_SHARE, LIST_SHARE = 0.3, 0.7
"""By when the server must have answered at all, and by when the lists end: parts of the whole time."""
GRACE = 0.5
"""Seconds beyond its deadline after which a request that does not come back is left behind."""

BESIDE_SECONDS = 4.0
"""How long what may explain the trouble, but is not in trouble itself, is asked for."""

REVIEW_SECONDS, CERTIFICATE_SECONDS = 3.0, 5.0
"""How long the server may take to tell what the user may see, and to show its certificate."""

LISTS: tuple[tuple[Kind, Query], ...] = tuple((kind, query) for kind in KINDS for query in kind.queries)
"""All that is listed, Pods first."""

Look = tuple[Kind, Query, str | None]
"""What is listed, and in which namespace, or with None in the whole cluster."""

Result = TypeVar("Result")
_NOTHING = Listing()
_TOLD_BY_CERTIFICATES = frozenset({"certificate", "unauthorized"})
"""Why a server was not reached, where a certificate may have expired."""


class _Pods(msgspec.Struct):
    items: tuple[Pod, ...] = ()


def collect(request: Request) -> Collected:
    """Return what the API server shows before the time of the request is over.

    A server that cannot be reached at all is one failed coverage, "kubernetes/api"; what depends on it is skipped.
    """
    started = time.monotonic()
    host, context = "", request.context or ""
    try:
        connection = _in_time(partial(connect, request.kubeconfig, request.context), request.timeout, "credentials")
        host, context = connection.host, connection.context
    except ApiError as error:
        return _unreached(error, request, host, started)
    try:
        answer, version = _probe(connection, started + PROBE_SHARE * request.timeout)
    except ApiError as error:
        certificates = _certificates(connection) if error.reason in _TOLD_BY_CERTIFICATES else _NOTHING
        return _unreached(error, request, host, started, context, certificates)
    seconds = time.monotonic() - started
    deadline = started + LIST_SHARE * request.timeout
    until = min(deadline, time.monotonic() + REVIEW_SECONDS)
    allowed = _permissions(connection, request.namespaces, until)
    groups = served(connection, until)
    looks = _looks(request.namespaces)
    *listings, certificates = _list_all(connection, looks, allowed, groups, deadline)
    seen = any(listing.observations for listing in listings)
    end = started + request.timeout
    of_pods = [listing for listing, (kind, *_) in zip(listings, looks, strict=False) if kind is LISTS[0][0]]
    pods, why = _decoded(of_pods)
    logs = _logs(connection, allowed, of_pods, pods, why, end)
    beside = _beside(connection, allowed, pods, request.namespaces, end)
    coverage = [
        _api_coverage(None if seen else answer, host, seconds),
        *(one for listing in (*listings, certificates, logs) for one in listing.coverage),
    ]
    every = (*listings, version, certificates, logs, beside)
    observations = [one for listing in every for one in listing.observations]
    return Collected(tuple(observations), _merged(coverage), context, host)


def _unreached(
    error: ApiError, request: Request, host: str, started: float, context: str = "", certificates: Listing = _NOTHING
) -> Collected:
    api = _api_coverage(error, host, time.monotonic() - started)
    coverage = (api, *_skipped(error, request.namespaces), *certificates.coverage)
    return Collected(certificates.observations, coverage, context or request.context or "", host)


def _certificates(connection: Connection) -> Listing:
    (found,) = run_all(
        [partial(look_at_certificates, connection, time.monotonic() + CERTIFICATE_SECONDS)], 1, CERTIFICATE_SECONDS
    )
    return found or _late(CERTIFICATE, "*", "the certificate of the server")


def _in_time(task: Callable[[], Result], seconds: float, what: str) -> Result:
    (result,) = run_all([task], 1, seconds)
    if result is None:
        raise ApiError("timeout", f"no {what} within {seconds:.1f} s")
    return result


def _probe(connection: Connection, deadline: float) -> tuple[ApiError | None, Listing]:
    """Raise ApiError when there is no use in asking for more.

    Returns one that further answers may refute, and the version of the server.
    """
    try:
        seconds = max(0.0, deadline - time.monotonic()) + GRACE
        body = _in_time(partial(connection.get, "/version", {}, deadline), seconds, "answer")
    except ApiError as error:
        if error.status in (0, 401):
            raise
        return (None if error.reason == "forbidden" else error), Listing()
    return None, Listing((command_observation("/version", body, "kubectl get --raw /version"),))


def _looks(namespaces: Sequence[str]) -> list[Look]:
    """Return what is listed, Pods first: each of `LISTS` in each of `namespaces`, in all for none; each place once."""
    looks: dict[tuple[str, str], Look] = {}
    for kind, query in LISTS:
        for namespace in namespaces or (None,):
            place = place_of(kind, query, namespace)
            looks.setdefault((kind.collector + kind.name, place.path + query.selector), (kind, query, namespace))
    return list(looks.values())


def _permissions(connection: Connection, namespaces: Sequence[str], deadline: float) -> dict[str | None, Permissions]:
    """Return what the user may do in each of `namespaces`, and for None in that of the context, before `deadline`."""
    asked = list(namespaces) or [connection.namespace]
    tasks = [partial(permissions, connection, name, deadline) for name in asked]
    answers = run_all(tasks, WORKERS, max(0.0, deadline - time.monotonic()) + GRACE)
    found: dict[str | None, Permissions] = {
        name: answer or Permissions() for name, answer in zip(asked, answers, strict=True)
    }
    return found | ({} if namespaces else {None: found[connection.namespace]})


def _list_all(
    connection: Connection,
    looks: Sequence[Look],
    allowed: Mapping[str | None, Permissions],
    groups: Served,
    deadline: float,
) -> list[Listing]:
    """Return a listing for each of `looks`, then for each health check, Helm's releases, and the certificates."""
    namespaces = dict.fromkeys(namespace for *_, namespace in looks)
    tasks = [
        partial(list_kind, connection, kind, query, namespace, allowed[namespace], groups, deadline)
        for kind, query, namespace in looks
    ]
    checks = [partial(look_at_health, connection, path, deadline) for path in CHECKS]
    checks += [partial(list_releases, connection, name, allowed[name], deadline) for name in namespaces]
    checks.append(partial(look_at_certificates, connection, deadline))
    seconds = max(0.0, deadline - time.monotonic()) + GRACE
    late = [
        _late(kind.collector, place_of(kind, query, namespace).target, kind.plural) for kind, query, namespace in looks
    ]
    late += [_late(HEALTH, "*", path) for path in CHECKS]
    late += [_late(HELM, name or "*", "Helm releases") for name in namespaces]
    late.append(_late(CERTIFICATE, "*", "the certificate of the server"))
    return [one or missing for one, missing in zip(run_all([*tasks, *checks], WORKERS, seconds), late, strict=True)]


def _late(collector: str, target: str, what: str) -> Listing:
    why = f"{what}: the answer did not come in time"
    return Listing(coverage=(Coverage(collector, target, CoverageState.FAILED, why, reason="timeout"),))


def _decoded(listings: Sequence[Listing]) -> tuple[list[Pod], str]:
    """Return the Pods, and why there are none whose log is wanted."""
    try:
        decoded = [
            msgspec.json.decode(page.body, type=_Pods).items for listing in listings for page in listing.observations
        ]
    except msgspec.DecodeError as error:
        return [], f"the Pods cannot be understood ({error})"
    pods = [pod for items in decoded for pod in items]
    return pods, "no container fails" if decoded else "the Pods could not be listed"


def _logs(
    connection: Connection,
    allowed: Mapping[str | None, Permissions],
    listings: Sequence[Listing],
    pods: list[Pod],
    why: str,
    deadline: float,
) -> Listing:
    """Return the logs of the Pods that fail among `pods`, which are those of `listings`."""
    targets = list(dict.fromkeys(listing.coverage[-1].target for listing in listings))
    may = {target: allowed.get(target) or allowed[next(iter(allowed))] for target in targets}
    refused = [target for target in targets if not may[target].allow("get", "", "pods/log")]
    coverage = [
        Coverage(
            "logs",
            target,
            CoverageState.SKIPPED,
            f'User "{may[target].user}" cannot get resource "pods/log" in API group ""',
            reason="forbidden",
        )
        for target in refused
    ]
    found: list[Observation] = []
    for target in targets:
        inside = [pod for pod in pods if len(targets) == 1 or pod.metadata.namespace == target]
        containers = failing_containers(inside)
        if target in refused:
            continue
        if not containers:
            coverage.append(Coverage("logs", target, CoverageState.SKIPPED, why))
            continue
        observations, covered = fetch_logs(connection, containers, target, WORKERS, deadline)
        found += observations
        coverage += covered
    return Listing(tuple(found), tuple(coverage))


def _beside(
    connection: Connection,
    allowed: Mapping[str | None, Permissions],
    pods: list[Pod],
    namespaces: Sequence[str],
    deadline: float,
) -> Listing:
    """Return what Pods that are well said lately, and the settings that Pods in trouble read."""
    until = min(deadline, time.monotonic() + BESIDE_SECONDS)
    found: list[Observation] = []
    for namespace, may in allowed.items() if namespaces else [(None, allowed[None])]:
        inside = [pod for pod in pods if namespace in (None, pod.metadata.namespace)]
        found += fetch_settings(connection, settings(inside), may, WORKERS, until)
        if may.allow("get", "", "pods/log"):
            found += fetch_callers(connection, callers(inside, namespaces), WORKERS, until)
    return Listing(tuple(found))


def _api_coverage(error: ApiError | None, host: str, seconds: float) -> Coverage:
    if error is None:
        return Coverage("kubernetes/api", "*", CoverageState.COMPLETE, seconds=round(seconds, 3))
    why = f"{host}: {error.why}" if host else error.why
    return Coverage("kubernetes/api", "*", CoverageState.FAILED, why, round(seconds, 3), error.reason)


def _skipped(error: ApiError, namespaces: Sequence[str]) -> Iterable[Coverage]:
    why = {
        "no-config": "there is no kubeconfig",
        "bad-config": "the kubeconfig cannot be used",
        "missing-tool": "the credentials could not be had",
        "unauthorized": "the API server does not accept the credentials",
    }.get(error.reason, "the API server could not be reached")
    targets = {
        (kind.collector, place_of(kind, query, namespace).target) for kind, query, namespace in _looks(namespaces)
    }
    targets |= {(name, namespace) for name in ("logs", HELM) for namespace in namespaces or ("*",)} | {(HEALTH, "*")}
    return [Coverage(collector, target, CoverageState.SKIPPED, why) for collector, target in sorted(targets)]


def _merged(coverage: Sequence[Coverage]) -> tuple[Coverage, ...]:
    """Return one coverage for each collector and target; of several lists the first that failed says why."""
    groups: dict[tuple[str, str], list[Coverage]] = defaultdict(list)
    for one in coverage:
        groups[one.collector, one.target].append(one)
    return tuple(_merge(group) for group in groups.values())


def _merge(group: list[Coverage]) -> Coverage:
    states = {one.state for one in group}
    failure = next((one for one in group if one.state is not CoverageState.COMPLETE), group[0])
    state = states.pop() if len(states) == 1 else CoverageState.PARTIAL
    return msgspec.structs.replace(failure, state=state, seconds=max(one.seconds for one in group))
