"""What a Pod requests of its node: resources, and ports of the host."""

from fractions import Fraction

from facts.cluster.objects import Container, PodSpec
from facts.cluster.quantity import parse_quantity

Amounts = dict[str, Fraction]
"""Amounts by resource, in cores, bytes or pieces."""


def requests_of(spec: PodSpec) -> Amounts:
    """Return the requests of a Pod, as kubernetes/staging/src/k8s.io/component-helpers/resource/helpers.go adds them up.

    Init containers run one after the other, and beside the sidecars that were started before them.
    """
    total = _sum(*(_requests(each) for each in spec.containers))
    sidecars: Amounts = {}
    peak: Amounts = {}
    for container in spec.init_containers:
        own = _requests(container)
        if container.restart_policy == "Always":
            sidecars = _sum(sidecars, own)
            own = sidecars
        else:
            own = _sum(own, sidecars)
        peak = _most(peak, own)
    total = _most(_sum(total, sidecars), peak)
    for name, amount in _amounts(spec.resources.requests or spec.resources.limits).items():
        total[name] = amount  # requests of the Pod as a whole stand for those of its containers
    return _sum(total, _amounts(spec.overhead))


def host_ports(spec: PodSpec) -> frozenset[tuple[str, int]]:
    """Return protocol and number of each port that a Pod takes on its node."""
    ports = (port for container in (*spec.containers, *spec.init_containers) for port in container.ports)
    return frozenset(
        (port.protocol or "TCP", port.host_port or port.container_port)
        for port in ports
        if port.host_port or (spec.host_network and port.container_port)
    )


def _requests(container: Container) -> Amounts:
    return _amounts({**(container.resources.limits or {}), **(container.resources.requests or {})})


def _amounts(written: dict[str, str | int | float] | None) -> Amounts:
    parsed = ((name, parse_quantity(value)) for name, value in (written or {}).items())
    return {name: value for name, value in parsed if value is not None}


def _sum(*amounts: Amounts) -> Amounts:
    total: Amounts = {}
    for each in amounts:
        for name, value in each.items():
            total[name] = total.get(name, Fraction(0)) + value
    return total


def _most(one: Amounts, two: Amounts) -> Amounts:
    return {name: max(one.get(name, Fraction(0)), two.get(name, Fraction(0))) for name in one.keys() | two.keys()}
