"""Programs that listen elsewhere than they are asked for: in come texts and failed calls, out go `listens` facts.

Only where connections are refused is it worth knowing where a program listens, so nothing else is read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from facts.cluster.declared_addresses import declared_port
from facts.cluster.destinations import Destinations
from facts.cluster.index import Index
from facts.cluster.objects import Pod, PodSpec, Service, Workload
from facts.cluster.pod_spec import specification
from facts.extract.calls import Call
from facts.model.schema.domains.calls import ListensFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject, Text
from facts.read.listeners import Listener, read_listeners, read_sockets

_REFUSED = frozenset(("refused", "unavailable", "reset"))
"""What a call looks like where nobody listens: a proxy on the way words it as unavailable or as a reset."""

_PROBE = re.compile(
    r"(?P<probe>Liveness|Readiness|Startup) probe (?:failed|errored)[^\n]{0,300}?"
    r"(?:dial tcp \S+?:(?P<port>\d+): (?:connect: )?connection refused|Failed to connect to \S+ port (?P<other>\d+))"
)
_OTHERS = frozenset(("event", "status"))


class Asked(msgspec.Struct, frozen=True):
    """A port of a workload at which somebody was refused.

    `by` is what leads there: service, pod or probe, and `name` its name. `beside` are the other workloads to which it leads.
    """

    workload: Subject
    port: int
    by: str
    name: str
    beside: frozenset[Subject] = frozenset()


def listeners_of(index: Index, texts: Iterable[Text], calls: Iterable[Call]) -> Iterator[Fact]:
    """Yield a `listens` fact for each port at which a workload is refused and, by its own account, does not listen for others."""
    asked: dict[Subject, list[Asked]] = defaultdict(list)
    for each in dict.fromkeys((*_by_calls(index, calls), *_by_probes(index))):
        asked[each.workload].append(each)
    if not asked:
        return
    said: dict[Subject, list[Text]] = defaultdict(list)
    for text in texts:
        workload = Subject(*(str(text.attributes.get(name, "")) for name in ("workload_kind", "workload", "namespace")))
        if workload in asked and not text.ended and not text.components & _OTHERS:
            said[workload].append(text)
    found = [each for workload, told in said.items() for each in _of_workload(told, asked[workload])]
    wrong: dict[tuple[str, str, int], set[Subject]] = defaultdict(set)
    for one in found:
        wrong[one.asked.by, one.asked.name, one.asked.port].add(one.asked.workload)
    for one in found:
        right = one.asked.beside - wrong[one.asked.by, one.asked.name, one.asked.port]
        yield _fact(index, one, ", ".join(sorted(other.name for other in right)))


class Elsewhere(msgspec.Struct, frozen=True):
    """Where a workload listens instead of where it is asked."""

    asked: Asked
    listeners: tuple[tuple[Text, Listener], ...]
    problem: str
    sure: bool


def _of_workload(texts: list[Text], asked: list[Asked]) -> Iterator[Elsewhere]:
    sockets = [(text, each) for text in texts for each in read_sockets(text.body)]
    found = sockets or [(text, each) for text in texts for each in read_listeners(text.body)]
    main = [(text, each) for text, each in found if not each.aside]
    for one in asked:
        there = [(text, each) for text, each in found if each.port == one.port]
        if there and all(each.loopback for _, each in there):
            yield Elsewhere(one, tuple(there), "loopback", bool(sockets))
        elif not there and main:
            yield Elsewhere(one, tuple(main), "other-port", bool(sockets))


def _fact(index: Index, elsewhere: Elsewhere, right: str) -> Fact:
    asked, workload = elsewhere.asked, elsewhere.asked.workload
    text, listener = elsewhere.listeners[0]
    ports = list(dict.fromkeys(each.port for _, each in elsewhere.listeners))
    spec = _specification(index, workload)
    declared = declared_port(index, spec, workload.namespace, ports[0]) if spec and len(ports) == 1 else None
    fact = ListensFact(
        namespace=workload.namespace,
        workload_kind=workload.kind,
        workload=workload.name,
        pod=str(text.attributes.get("pod", "")),
        ports=", ".join(map(str, ports)),
        address=listener.address,
        problem=elsewhere.problem,
        asked=asked.port,
        by=asked.by,
        name=asked.name,
        sure=elsewhere.sure,
        right=right,
        declared_in=declared.place if declared else "",
    )
    return new_fact(fact, f"{text.source}:{text.line + listener.line}", listener.text)


def _specification(index: Index, workload: Subject) -> PodSpec | None:
    seen = index.store.find(Workload, workload.kind, workload.namespace, workload.name)
    return specification(seen, index.pods.by_owner.get((workload.namespace, (workload.kind, workload.name)), ()))


def _by_calls(index: Index, calls: Iterable[Call]) -> Iterator[Asked]:
    destinations = index.once(Destinations)
    for call in calls:
        target = call.destination.target
        if call.failed.error not in _REFUSED or target is None:
            continue
        if target.kind == "Service":
            service = index.store.find(Service, "Service", target.namespace, target.name)
            ports = destinations.target_ports(service, call.failed.port) if service else set()
            behind = destinations.workloads_behind(service) if service and ports else ()
            for workload in behind:
                for port in sorted(ports):
                    yield Asked(workload, port, "service", target.name, frozenset(behind) - {workload})
        elif call.failed.port:
            for workload in call.destination.workloads:
                yield Asked(workload, call.failed.port, "pod", target.name)


def _by_probes(index: Index) -> Iterator[Asked]:
    for record in index.events:
        refused = _PROBE.search(record.message) if record.kind == "Pod" and record.warning else None
        if refused and index.store.find(Pod, "Pod", record.namespace, record.name):
            workload = Subject(*index.pods.owner(record.namespace, record.name), record.namespace)
            yield Asked(workload, int(refused["port"] or refused["other"]), "probe", refused["probe"].lower())
