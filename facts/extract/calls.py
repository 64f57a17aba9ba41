"""Failed calls as facts: in come the texts and their failures, out go `call` facts, each followed to what was called.

A `dependency` that the caller calls the target goes with each call that the evidence can follow, so that what is wrong
with the target explains what its callers say.
"""

from collections.abc import Iterable, Iterator

import msgspec

from facts.cluster.declared_addresses import Declared, declared_address, declared_port
from facts.cluster.dependencies import Dependency
from facts.cluster.destinations import Destination, Destinations
from facts.cluster.index import Index
from facts.cluster.mesh.obstacle import MeshObstacles, Obstacle
from facts.cluster.objects import Pod, PodSpec, Workload
from facts.cluster.policy_verdict import Denial, closed_outwards, denial, lacks_dns
from facts.cluster.store import Seen
from facts.model.schema.domains.calls import CallFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject, Text, text_of
from facts.read.failed_calls import FailedCall, read_failed_calls

_OTHERS = frozenset(
    ("event", "status", "kubelet", "apiserver", "scheduler", "controller-manager", "etcd", "containerd", "kernel")
)
"""Texts that tell of other things than the calls of an application."""

_STRENGTH = 0.9
"""The probability that a caller suffers when what it calls does not work."""

_HAD_TIME = frozenset(("timeout", "host-unreachable", "unavailable", "refused", "name-failed", "reset"))
"""What a call looks like that a policy keeps from its target: dropped by most, rejected by some plugins."""

_DROPPED = frozenset(("timeout", "host-unreachable"))
"""What a call looks like whose packets are dropped on the way."""

_OF_TLS = frozenset(("reset", "unavailable", "refused", "timeout", "protocol-mismatch", "untrusted"))
"""What a call looks like whose two sides do not agree on TLS."""


_CLOSED = frozenset(("reset", "unavailable", "protocol-mismatch"))
"""What a call looks like that a proxy ends at once."""


class Call(msgspec.Struct, frozen=True):
    """A failed call with its caller and its destination; `moments` are the first and the last as printed."""

    caller: Subject
    pod: str
    failed: FailedCall
    destination: Destination
    declared: Declared
    obstacle: Obstacle | None
    source: str


def calls_of(index: Index, texts: Iterable[Text], failures: Iterable[Fact]) -> Iterator[Call]:
    """Yield each different failed call of a workload once, except those that the log shows to have passed."""
    over = {fact.source for fact in failures if fact.attributes["state"] == "recovered"}
    destinations, mesh = index.once(Destinations), MeshObstacles(index)
    found: dict[tuple[Subject, str, int, str], Call] = {}
    for text in texts:
        if text.components & _OTHERS or not text.numbered:
            continue
        namespace, name = _attribute(text, "namespace"), _attribute(text, "workload")
        caller = Subject(_attribute(text, "workload_kind"), name, namespace)
        pod = index.store.find(Pod, "Pod", namespace, _attribute(text, "pod")) if name else None
        for failed in read_failed_calls(text.body):
            key = (caller, failed.host, failed.port, failed.error)
            source = f"{text.source}:{text.line + failed.line}"
            if source in over or key in found:
                continue
            destination = destinations.of(failed.host, failed.port, namespace)
            pod = pod or next(iter(index.pods.by_owner.get((namespace, (caller.kind, caller.name)), ())), None)
            spec = pod.body.spec if pod and pod.full else _template(index, caller)
            declared = _declared(index, spec, namespace, failed, destination)
            obstacle = _obstacle(index, mesh, pod, failed, destination)
            if obstacle is None and pod is not None and destination.target is None and failed.error in _CLOSED:
                destination, obstacle = _of_strict_namespace(mesh, pod, failed.host, destination)
            found[key] = Call(caller, _attribute(text, "pod"), failed, destination, declared, obstacle, source)
    yield from found.values()


def facts_of(calls: Iterable[Call]) -> Iterator[Fact]:
    """Yield a `call` fact per call, and a `dependency` fact for each caller and target."""
    needs: dict[tuple[Subject, Subject], Call] = {}
    for call in calls:
        yield new_fact(_fact(call), call.source, call.failed.text)
        target = call.destination.target
        if call.caller.name and target is not None:
            needs.setdefault((call.caller, target), call)
            for workload in call.destination.workloads:
                needs.setdefault((target, workload), call)
        if call.caller.name and call.obstacle is not None:
            needs.setdefault((call.caller, call.obstacle.policy), call)
    for (dependent, needed), call in needs.items():
        if dependent == needed:
            continue
        how = "calls" if dependent == call.caller else "routes-to"
        yield Dependency(dependent, needed, how, _STRENGTH, call.source, call.failed.text).fact()


def _fact(call: Call) -> CallFact:
    failed, destination = call.failed, call.destination
    target, callee = destination.target or Subject(""), next(iter(destination.workloads), Subject(""))
    obstacle = call.obstacle or Obstacle("", Subject(""))
    return CallFact(
        namespace=call.caller.namespace,
        workload_kind=call.caller.kind,
        workload=call.caller.name,
        pod=call.pod,
        host=failed.host,
        port=failed.port,
        error=failed.error,
        target_kind=target.kind,
        target_namespace=target.namespace,
        target=target.name,
        callee_kind=callee.kind,
        callee=callee.name,
        problem=destination.problem or obstacle.problem,
        served=", ".join(destination.served),
        near=destination.near,
        policy_kind=obstacle.policy.kind,
        policy=obstacle.policy.name,
        policy_namespace=obstacle.policy.namespace,
        direction=obstacle.direction,
        declared_in=call.declared.place,
        declared=call.declared.value,
        count=failed.count,
    )


def _declared(
    index: Index, spec: PodSpec | None, namespace: str, failed: FailedCall, destination: Destination
) -> Declared:
    """Return where the caller's specification holds the address: the host as asked for, or the name of its target."""
    if spec is None:
        return Declared("", "")
    names = [failed.host]
    if destination.target is not None and destination.target.name != failed.host:
        names.append(destination.target.name)
    for name in names:
        if place := declared_address(index, spec, namespace, name, failed.port):
            return place
    port = declared_port(index, spec, namespace, failed.port) if failed.port else None
    return port or Declared("", "")


def _obstacle(
    index: Index, mesh: MeshObstacles, pod: Seen[Pod] | None, failed: FailedCall, destination: Destination
) -> Obstacle | None:
    """Return what lies between caller and callee: a NetworkPolicy, or what a mesh asks of the two."""
    if pod is None:
        return _denied_to_all(index, failed, destination)
    if failed.error == "name-failed":
        return _denied(lacks_dns(index, pod))
    if destination.target is None and not destination.problem and failed.error in _DROPPED:
        return _denied(closed_outwards(index, pod, failed.host, failed.port))
    if destination.problem or not destination.pods:
        return None
    if failed.error == "forbidden":
        return mesh.of_request(pod, destination.pods[0])
    if failed.error in _HAD_TIME:
        denied = _denied_everywhere(index, [pod], destination, failed.port)
        if denied is not None:
            return denied
    if failed.error in _OF_TLS and destination.target is not None:
        return mesh.of_connection(pod, destination.pods[0], destination.target, failed.port)
    return None


def _of_strict_namespace(
    mesh: MeshObstacles, pod: Seen[Pod], host: str, destination: Destination
) -> tuple[Destination, Obstacle | None]:
    """Return the Service that a host of another namespace names, although nobody showed it, and what keeps callers from there."""
    name, _, rest = host.rstrip(".").partition(".")
    namespace, _, domain = rest.partition(".")
    if not namespace or (domain and domain.split(".")[0] != "svc"):
        return destination, None
    obstacle = mesh.of_namespace(pod, namespace)
    return (destination, None) if obstacle is None else (Destination(Subject("Service", name, namespace)), obstacle)


def _denied_to_all(index: Index, failed: FailedCall, destination: Destination) -> Obstacle | None:
    """Return the policy that keeps every other Pod of the callee's namespace from it, for a caller that is not known."""
    if failed.error not in _DROPPED or destination.problem or not destination.pods:
        return None
    callees = {(callee.namespace, callee.name) for callee in destination.pods}
    callers = [
        pod
        for pod in index.pods.by_namespace.get(destination.pods[0].namespace, ())
        if (pod.namespace, pod.name) not in callees
    ]
    return _denied_everywhere(index, callers, destination, failed.port)


def _denied_everywhere(
    index: Index, callers: Iterable[Seen[Pod]], destination: Destination, port: int
) -> Obstacle | None:
    """Return the first of the policies when each of `callers` is kept from each Pod of the destination."""
    first = None
    for caller in callers:
        for callee in destination.pods:
            denied = denial(index, caller, callee, port)
            if denied is None:
                return None
            first = first or denied
    return _denied(first)


def _denied(denied: Denial | None) -> Obstacle | None:
    if denied is None:
        return None
    return Obstacle("denied", denied.policy.subject, denied.direction)


def _template(index: Index, caller: Subject) -> PodSpec | None:
    workload = index.store.find(Workload, caller.kind, caller.namespace, caller.name) if caller.name else None
    return workload.body.spec.template.spec if workload else None


def _attribute(text: Text, name: str) -> str:
    return text_of(text.attributes.get(name, ""))
