"""Looks at a cluster through its API server: lists of objects, its health, and the logs of what fails.

Nothing is changed: GET is sent, and a POST that only asks what this user may see.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import TypeVar

import msgspec

from facts.cluster.kinds import KINDS, Kind, Query
from facts.cluster.objects import Pod
from facts.collect.api.callers import callers, fetch_callers
from facts.collect.api.client import Connection, connect
from facts.collect.api.credentials import explained
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
from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation

WORKERS = 8
PROBE_SHARE = 0.5
"""By when the server must have answered at all: a part of the whole time."""
SLOW_SECONDS = 1.0
"""An API server that takes longer for an answer is slow; milliseconds are usual."""
GRACE = 0.5
"""Seconds beyond its deadline after which a request that does not come back is left behind."""

BESIDE_SECONDS = 4.0
"""How long what may explain the trouble, but is not in trouble itself, is asked for."""

REVIEW_SECONDS, CERTIFICATE_SECONDS = 3.0, 5.0
"""How long the server may take to tell what the user may see, and to show its certificate."""

LISTS: tuple[tuple[Kind, Query], ...] = tuple((kind, query) for kind in KINDS for query in kind.queries)
"""All that is listed, Pods first."""


class Pace(msgspec.Struct, frozen=True):
    """How the time is shared: by when the lists end, as a part of the whole time, and how many are asked for at once."""

    share: float
    workers: int


USUAL, SLOW = Pace(0.7, WORKERS), Pace(0.9, 3 * WORKERS)
"""With a slow server the lists come first, and more of them wait at once: waiting costs the server little."""

Look = tuple[Kind, Query, str | None]
"""What is listed, and in which namespace, or with None in the whole cluster."""

Result = TypeVar("Result")
_NOTHING = Listing()
_TOLD_BY_CERTIFICATES = frozenset(
    {
        Reason.CERTIFICATE, Reason.UNTRUSTED, Reason.SERVER_EXPIRED, Reason.SERVER_NOT_YET_VALID, Reason.NAME_MISMATCH,
        Reason.UNAUTHORIZED, Reason.CLIENT_REFUSED,
    }
)  # fmt: skip
"""Why a server was not reached, where a certificate may have expired."""


_WITHOUT = {
    Reason.NO_CONFIG: "there is no kubeconfig",
    Reason.NO_SUCH_FILE: "there is no such kubeconfig",
    Reason.UNREADABLE: "the kubeconfig cannot be read",
    Reason.BAD_CONFIG: "the kubeconfig cannot be used",
    Reason.NO_CONTEXT: "the kubeconfig has no such context",
    Reason.MISSING_TOOL: "the credentials could not be had",
    Reason.PLUGIN_FAILED: "the credentials could not be had",
    Reason.UNAUTHORIZED: "the API server does not accept the credentials",
    Reason.CLIENT_EXPIRED: "the API server does not accept the credentials",
    Reason.CLIENT_REFUSED: "the API server does not accept the credentials",
    Reason.TOKEN_EXPIRED: "the API server does not accept the credentials",
}
"""Why nothing was listed, where the server could be reached or was not even tried."""


class _Pods(msgspec.Struct):
    items: tuple[Pod, ...] = ()


def collect(request: Request) -> Collected:
    """Return what the API server shows before the time of the request is over.

    A server that cannot be reached at all is one failed coverage, "kubernetes/api"; what depends on it is skipped.
    """
    started = time.monotonic()
    host, context = "", request.context or ""
    try:
        connection = _in_time(
            partial(connect, request.kubeconfig, request.context), request.timeout, Reason.PLUGIN_FAILED, "credentials"
        )
        host, context = connection.host, connection.context
    except ApiError as error:
        return _unreached(error, request, host, started)
    asked = time.monotonic()
    try:
        answer, version = _probe(connection, started + PROBE_SHARE * request.timeout)
    except ApiError as error:
        certificates = _certificates(connection) if error.reason in _TOLD_BY_CERTIFICATES else _NOTHING
        error = explained(error, connection, datetime.now(UTC), certificates.observations)
        return _unreached(error, request, host, started, context, certificates)
    latency = time.monotonic() - asked
    pace = SLOW if latency >= SLOW_SECONDS else USUAL
    deadline = started + pace.share * request.timeout
    until = min(deadline, time.monotonic() + max(REVIEW_SECONDS, 2 * latency))
    allowed, groups = _preliminaries(connection, request.namespaces, until)
    looks = _looks(request.namespaces)
    *listings, certificates = _list_all(connection, looks, allowed, groups, deadline, pace.workers)
    seen = any(listing.observations for listing in listings)
    end = started + request.timeout
    of_pods = [listing for listing, (kind, *_) in zip(listings, looks, strict=False) if kind is LISTS[0][0]]
    pods, why = _decoded(of_pods)
    logs = _logs(connection, allowed, of_pods, pods, why, end)
    beside = _beside(connection, allowed, pods, request.namespaces, end)
    coverage = [
        _api_coverage(None if seen else answer, host, latency),
        *(one for listing in (*listings, certificates, logs) for one in listing.coverage),
    ]
    if seen or answer is None:
        coverage = _paced(
            coverage,
            [
                latency,
                *(one.seconds for each in listings for one in each.coverage if one.state is not CoverageState.FAILED),
            ],
        )
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


def _in_time(task: Callable[[], Result], seconds: float, reason: Reason, what: str) -> Result:
    (result,) = run_all([task], 1, seconds)
    if result is None:
        raise ApiError(reason, f"no {what} within {seconds:.1f} s")
    return result


def _probe(connection: Connection, deadline: float) -> tuple[ApiError | None, Listing]:
    """Raise ApiError when there is no use in asking for more.

    Returns one that further answers may refute, and the version of the server.
    """
    try:
        seconds = max(0.0, deadline - time.monotonic()) + GRACE
        body = _in_time(partial(connection.get, "/version", {}, deadline), seconds, Reason.SILENT, "answer")
    except ApiError as error:
        if error.status in (0, 401) or error.reason is Reason.WRONG_SERVICE:
            raise
        return (None if error.reason is Reason.FORBIDDEN else error), Listing()
    try:
        msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        why = "the answer to /version is not that of an API server: is there a login page or proxy before it?"
        raise ApiError(Reason.WRONG_SERVICE, why) from None
    return None, Listing((command_observation("/version", body, "kubectl get --raw /version"),))


def _looks(namespaces: Sequence[str]) -> list[Look]:
    """Return what is listed, Pods first: each of `LISTS` in each of `namespaces`, in all for none; each place once."""
    looks: dict[tuple[str, str], Look] = {}
    for kind, query in LISTS:
        for namespace in namespaces or (None,):
            place = place_of(kind, query, namespace)
            looks.setdefault((kind.collector + kind.name, place.path + query.selector), (kind, query, namespace))
    return list(looks.values())


def _preliminaries(
    connection: Connection, namespaces: Sequence[str], deadline: float
) -> tuple[Mapping[str | None, Permissions], Served]:
    """Return what the user may do in each of `namespaces`, and what the server serves, as far as known by `deadline`."""
    tasks: list[Callable[[], Mapping[str | None, Permissions] | Served]] = [
        partial(_permissions, connection, namespaces, deadline),
        partial(served, connection, deadline),
    ]
    allowed, groups = run_all(tasks, 2, max(0.0, deadline - time.monotonic()) + 2 * GRACE)
    return (
        allowed if isinstance(allowed, Mapping) else {name: Permissions() for name in namespaces or (None,)},
        groups if isinstance(groups, Served) else Served(),
    )


def _paced(coverage: list[Coverage], seconds: Sequence[float]) -> list[Coverage]:
    """Return the coverage of a server that took `seconds` for its answers; of a slow one it says so, and what that cost."""
    typical = median(one for one in seconds if one > 0)
    if typical < SLOW_SECONDS:
        return coverage
    pace = f"{typical:.1f} s"
    told = [
        msgspec.structs.replace(
            one, why=f"not answered in time: the API server is slow ({pace} an answer)", reason=Reason.SLOW
        )
        if one.reason in (Reason.TIMEOUT, Reason.SILENT) and one.collector != "kubernetes/api"
        else one
        for one in coverage
    ]
    late = sum(one.reason is Reason.SLOW for one in told)
    lost = f"; {late} of {len(told)} looks did not end in time: give more with --timeout" if late else ""
    api = msgspec.structs.replace(
        told[0], state=CoverageState.PARTIAL, why=f"slow: {pace} an answer{lost}", reason=Reason.SLOW, object=pace
    )
    return [api, *told[1:]]


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
    workers: int,
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
    return [one or missing for one, missing in zip(run_all([*tasks, *checks], workers, seconds), late, strict=True)]


def _late(collector: str, target: str, what: str) -> Listing:
    why = f"{what}: the answer did not come in time"
    return Listing(coverage=(Coverage(collector, target, CoverageState.FAILED, why, reason=Reason.TIMEOUT),))


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
            reason=Reason.FORBIDDEN,
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
    return Coverage("kubernetes/api", "*", CoverageState.FAILED, why, round(seconds, 3), error.reason, error.about)


def _skipped(error: ApiError, namespaces: Sequence[str]) -> Iterable[Coverage]:
    why = _WITHOUT.get(error.reason, "the API server could not be reached")
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
