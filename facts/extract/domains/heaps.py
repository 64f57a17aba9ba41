"""Heaps that a program may fill beyond, or nearly to, the memory limit of a container that was killed for it."""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.declared_addresses import declared_values
from facts.cluster.index import Index
from facts.cluster.objects import Container, ContainerStatus, Pod
from facts.cluster.pod_health import PodPlace
from facts.cluster.pod_spec import containers_of
from facts.cluster.quantity import parse_quantity
from facts.cluster.store import Seen
from facts.model.schema.domains.capacity import HeapFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject

_OPTIONS = (
    # pattern of the option, bytes of one of it (0: percent of the limit), percent of the limit that leaves too little
    (re.compile(r"(?<!\S)(?P<option>-Xmx(?P<size>\d+)(?P<unit>[kKmMgGtT]?))(?!\S)"), 1, 80.0),
    (re.compile(r"(?P<option>-XX:MaxHeapSize=(?P<size>\d+)(?P<unit>[kKmMgGtT]?))\b"), 1, 80.0),
    (re.compile(r"(?P<option>-XX:MaxRAMPercentage=(?P<size>\d+)(?P<unit>))(?:\.\d+)?"), 0, 85.0),
    (re.compile(r"(?P<option>--max[-_]old[-_]space[-_]size[= ](?P<size>\d+)(?P<unit>))"), 1 << 20, 90.0),
)
_UNITS = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `heap` fact for each container that was killed at its limit and may fill most of it with its heap alone."""
    for pod in index.pods.troubled:
        killed = {each.name for each in pod.seen.body.status.container_statuses if "OOMKilled" in _reasons(each)}
        workload = Subject(pod.workload_kind, pod.workload, pod.seen.namespace)
        for container in containers_of(index.store, pod.seen, workload):
            if container.name in killed or "" in killed:  # a table does not tell which of them
                yield from _of_container(index, pod.seen, container, pod.place)


def _of_container(index: Index, pod: Seen[Pod], container: Container, place: PodPlace) -> Iterator[Fact]:
    limit = parse_quantity((container.resources.limits or {}).get("memory"))
    if not limit:
        return
    own = msgspec.structs.replace(pod.body.spec, containers=(container,), init_containers=(), volumes=())
    for where, value in declared_values(index, own, pod.namespace):
        for pattern, scale, much in _OPTIONS:
            found = list(pattern.finditer(value))
            if not found:
                continue
            match = found[-1]  # of several the last one counts
            size = int(match["size"]) << _UNITS[match["unit"].lower()]
            percent = float(size * scale / limit * 100) if scale else float(size)
            if percent >= much:
                fact = HeapFact(
                    namespace=place["namespace"], pod=place["pod"], workload_kind=place["workload_kind"], workload=place["workload"],
                    container=container.name, option=match["option"], declared_in=where,
                    limit=str((container.resources.limits or {})["memory"]), percent=round(percent),
                )  # fmt: skip
                yield new_fact(fact, pod.source, f"{where}: {value}")


def _reasons(status: ContainerStatus) -> set[str]:
    return {state.terminated.reason for state in (status.state, status.last_state) if state.terminated}
