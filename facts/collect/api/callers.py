"""Fetches what Pods that are well said lately, for a caller whose own state is fine tells what it cannot reach."""

import time
from collections.abc import Collection, Iterable
from functools import partial

from facts.cluster.objects import Pod
from facts.cluster.pod_status import is_ready
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.collect.api.logs import log_of, log_path
from facts.collect.concurrency.parallel import run_all
from facts.model.values import Observation

PODS = 40
"""Pods that are asked, one of each owner."""

CONTAINERS = 3
"""Containers of one Pod that are asked."""

LATELY_SECONDS, TAIL_LINES, LIMIT_BYTES = 600, 100, 64 << 10

_PLATFORM = ("kube-system", "kube-public", "kube-node-lease")

Caller = tuple[str, str, str, str]
"""Namespace, Pod, container and node."""


def callers(pods: Collection[Pod], namespaces: Collection[str]) -> list[Caller]:
    """Return the containers to ask: of Pods that are ready, in namespaces in which some Pod is not.

    Where all are ready, those of all namespaces but the platform's are asked, and those of `namespaces` always.
    """
    unwell = {pod.metadata.namespace for pod in pods if pod.status.phase != "Succeeded" and not is_ready(pod)}
    owners: set[tuple[str, str, str]] = set()
    found: list[Caller] = []
    for pod in _ordered(pods):
        meta = pod.metadata
        if meta.namespace in _PLATFORM or (not namespaces and unwell and meta.namespace not in unwell):
            continue
        owner = next((each.name for each in meta.owner_references), meta.name)
        key = (meta.namespace, owner, "")
        if key in owners or len(owners) >= PODS or pod.status.phase != "Running" or not is_ready(pod):
            continue
        owners.add(key)
        names = [container.name for container in pod.spec.containers][:CONTAINERS]
        found += [(meta.namespace, meta.name, name, pod.spec.node_name) for name in names]
    return found


def _ordered(pods: Iterable[Pod]) -> list[Pod]:
    return sorted(pods, key=lambda pod: (pod.metadata.namespace, pod.metadata.name))


def fetch_callers(
    connection: Connection, wanted: list[Caller], workers: int, deadline: float
) -> tuple[Observation, ...]:
    """Return what the containers said in the last ten minutes, as far as it comes before `deadline`.

    That some of it is missing is no failure: nothing is concluded from what these logs do not say.
    """
    share = max(1, min(workers, len(wanted)))
    lanes = [wanted[first::share] for first in range(share)]
    tasks = [partial(_lane, connection, lane, deadline) for lane in lanes]
    results = run_all(tasks, workers, max(0.0, deadline - time.monotonic()))
    logs = {caller: log for result in results for caller, log in (result or {}).items()}
    return tuple(logs[caller] for caller in wanted if caller in logs)


def _lane(connection: Connection, wanted: list[Caller], deadline: float) -> dict[Caller, Observation]:
    logs: dict[Caller, Observation] = {}
    for caller in wanted:
        namespace, pod, container, _ = caller
        query: dict[str, str | int] = {
            "container": container,
            "sinceSeconds": LATELY_SECONDS,
            "tailLines": TAIL_LINES,
            "limitBytes": LIMIT_BYTES,
        }
        try:
            body = connection.get(log_path(namespace, pod), query, deadline, retries=0)
        except ApiError as error:
            if error.status in (400, 404):
                continue
            return logs  # the further ones would end in the same way
        if body.strip():
            logs[caller] = log_of(*caller, body)
    return logs
