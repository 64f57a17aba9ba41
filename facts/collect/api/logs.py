"""Fetches the logs of the containers that fail, and only of those: what they printed is the best clue to why."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from urllib.parse import quote

import msgspec

from facts.cluster.objects import ContainerStatus, Pod
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError, kubelet_reason
from facts.collect.concurrency.parallel import run_all
from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known
from facts.snapshot.setting import component_of_log

CONTAINER_LIMIT = 50
PODS_PER_OWNER = 2
TAIL_LINES = 200
LIMIT_BYTES = 256 << 10
SILENT_SECONDS = 3.0
"""How long the API server, which has just answered, must wait for a kubelet before that counts as no answer."""

_FAILING = frozenset({"CrashLoopBackOff", "Error", "RunContainerError", "StartError", "ContainerCannotRun"})


class FailingContainer(msgspec.Struct, frozen=True, order=True):
    """A container whose logs are worth a request.

    `place` counts the Pods of an owner from 0. It orders the containers: the first Pod of each owner goes first.
    """

    place: int
    namespace: str
    pod: str
    container: str
    node: str
    restarted: bool


class _Fetched(msgspec.Struct, frozen=True):
    """The logs of some containers of a node, what ended the work early, and why if it was the kubelet of the node."""

    logs: dict[FailingContainer, tuple[Observation, ...]]
    failure: ApiError | None = None
    kubelet: str = ""


def failing_containers(pods: Iterable[Pod]) -> list[FailingContainer]:
    """Return the containers of `pods` that fail, at most `PODS_PER_OWNER` Pods for each owner and `CONTAINER_LIMIT`."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for pod in sorted(pods, key=lambda pod: (pod.metadata.namespace, pod.metadata.name)):
        statuses = (*pod.status.init_container_statuses, *pod.status.container_statuses)
        failing = [status for status in statuses if _fails(status, pod.status.phase)]
        if not failing:
            continue
        meta = pod.metadata
        owner = next(((one.kind, one.name) for one in meta.owner_references), ("Pod", meta.name))
        place = seen[meta.namespace, *owner]
        seen[meta.namespace, *owner] += 1
        if place < PODS_PER_OWNER:
            found += [
                FailingContainer(
                    place, meta.namespace, meta.name, status.name, pod.spec.node_name, status.restart_count > 0
                )
                for status in failing
            ]
    return sorted(found)[:CONTAINER_LIMIT]


def _fails(status: ContainerStatus, phase: str) -> bool:
    state = status.state
    if state.waiting:
        return state.waiting.reason in _FAILING or status.restart_count > 0
    if state.terminated:
        return state.terminated.exit_code != 0
    return state.running is not None and not status.ready and phase != "Succeeded"


def fetch_logs(
    connection: Connection, containers: list[FailingContainer], target: str, workers: int, deadline: float
) -> tuple[tuple[Observation, ...], tuple[Coverage, ...]]:
    """Return the logs of `containers`, now and before the last restart, and the coverage "logs" of `target`.

    Each node gets its share of the `workers`, so that a dead one does not cost the logs of the others. Its kubelet then
    becomes a coverage "kubernetes/kubelet" with the node as target.
    """
    started = time.monotonic()
    nodes: dict[str, list[FailingContainer]] = defaultdict(list)
    for container in containers:
        nodes[container.node].append(container)
    share = max(1, workers // max(1, len(nodes)))
    lanes = [
        (node, lane)
        for first in range(share)
        for node, wanted in sorted(nodes.items())
        if (lane := wanted[first::share])
    ]
    tasks = [partial(_fetch_lane, connection, lane, deadline) for _, lane in lanes]
    late = _Fetched({}, ApiError(Reason.TIMEOUT, "the logs did not come in time"))
    results = [one or late for one in run_all(tasks, workers, max(0.0, deadline - started) + 0.5)]
    logs = {container: found for result in results for container, found in result.logs.items()}
    failures = [result.failure for result in results if result.failure]
    # Never complete: what healthy containers print is not looked at, so a line that is not there means nothing.
    why = f"only of containers that fail: {len(logs)} of {len(containers)}"
    coverage = [
        Coverage(
            "logs",
            target,
            CoverageState.PARTIAL if logs else CoverageState.FAILED,
            f"{why}; {failures[0].why}" if failures else why,
            round(time.monotonic() - started, 3),
            failures[0].reason if failures else "",
        )
    ]
    silent = {
        node: Coverage("kubernetes/kubelet", node, CoverageState.FAILED, result.failure.why, reason=result.kubelet)
        for (node, _), result in zip(lanes, results, strict=True)
        if node and result.failure and result.kubelet
    }
    observations = tuple(log for container in containers for log in logs.get(container, ()))
    return observations, (*coverage, *(silent[node] for node in sorted(silent)))


def _fetch_lane(connection: Connection, containers: list[FailingContainer], deadline: float) -> _Fetched:
    logs: dict[FailingContainer, tuple[Observation, ...]] = {}
    for container in containers:
        started = time.monotonic()
        try:
            now = _fetch(connection, container, deadline, previous=False)
            before = _fetch(connection, container, deadline, previous=True) if container.restarted else b""
        except ApiError as error:
            # The further containers of this node would end in the same way.
            silent = error.reason in (Reason.TIMEOUT, Reason.SILENT) and time.monotonic() - started >= SILENT_SECONDS
            return _Fetched(logs, error, kubelet_reason(error.why) or ("timeout" if silent else ""))
        # Between two restarts both are the log of the instance that ended last.
        kept = [(before, True), (b"" if now == before else now, False)]
        place = (container.namespace, container.pod, container.container, container.node)
        logs[container] = tuple(log_of(*place, body, previous=last) for body, last in kept if body)
    return _Fetched(logs)


def log_path(namespace: str, pod: str) -> str:
    """Return the path of the log of a Pod."""
    return f"/api/v1/namespaces/{quote(namespace, safe='')}/pods/{quote(pod, safe='')}/log"


def log_of(namespace: str, pod: str, container: str, node: str, body: bytes, *, previous: bool = False) -> Observation:
    """Return what a container printed, before its last restart when `previous`."""
    attributes = known(
        component=component_of_log(pod, container),
        namespace=namespace,
        pod=pod,
        container=container,
        node=node,
        previous="true" if previous else "",
    )
    source = f"Pod {namespace}/{pod} container {container}"
    return Observation(ObservationKind.LOG, f"{source} before its restart" if previous else source, body, attributes)


def _fetch(connection: Connection, container: FailingContainer, deadline: float, *, previous: bool) -> bytes:
    path = log_path(container.namespace, container.pod)
    query: dict[str, str | int] = {"container": container.container, "tailLines": TAIL_LINES, "limitBytes": LIMIT_BYTES}
    if previous:
        query["previous"] = "true"
    try:
        body = connection.get(path, query, deadline, retries=0)
        # The kubelet answers so, with status 200, in the moment in which the previous instance is being removed.
        return b"" if body.startswith(b"unable to retrieve container logs for ") else body
    except ApiError as error:
        if error.status in (400, 404):
            return b""  # the container has not started yet, has no previous instance, or is gone by now
        raise
