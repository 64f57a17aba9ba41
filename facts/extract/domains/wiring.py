"""Addresses that workloads are configured with and that lead nowhere."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.wiring import Wire, Wiring
from facts.model.schema.domains.wiring import DEAD_ENDS, WiringFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `wiring` fact for each address by which a call cannot succeed."""
    for wire in index.once(Wiring).every():
        if wire.problem in DEAD_ENDS:
            yield _fact(wire)


def _fact(wire: Wire) -> Fact:
    workload, address, destination = wire.workload, wire.address, wire.destination
    target, callee = destination.target or Subject(""), next(iter(destination.workloads), Subject(""))
    policy = wire.denial.policy if wire.denial else None
    fact = WiringFact(
        namespace=workload.namespace,
        workload_kind=workload.kind,
        workload=workload.name,
        place=address.place,
        value=address.value,
        host=address.host,
        port=address.port,
        problem=wire.problem,
        target_kind=target.kind,
        target_namespace=target.namespace,
        target=target.name,
        callee_kind=callee.kind,
        callee=callee.name,
        served=", ".join(destination.served),
        near=destination.near,
        policy=policy.name if policy else "",
        policy_namespace=policy.namespace if policy else "",
        direction=wire.denial.direction if wire.denial else "",
        telemetry=address.telemetry,
    )
    return new_fact(fact, f"{wire.source} {address.place}", f"{address.place}: {address.value}: {_why(wire)}")


def _why(wire: Wire) -> str:
    target, served = wire.destination.target, ", ".join(wire.destination.served)
    words = {
        "no-such-service": f"there is no {target}",
        "wrong-namespace": f"there is no {target}, but {wire.destination.near}",
        "no-such-port": f"{target} serves {served or 'other ports'}",
        "target-port": f"no container listens on the target port of {target}",
        "scaled-to-zero": f"what is behind {target} is scaled to zero",
        "selector-matches-nothing": f"the selector of {target} matches no Pod",
        "denied": f"{wire.denial.policy.kind} {wire.denial.policy.name} lets nobody through" if wire.denial else "",
    }
    return words[wire.problem]
