"""Where the specification of a workload names an address or a port."""

import msgspec

from facts.cluster.declared_addresses import Declared, declared_address, declared_port
from facts.cluster.index import Index
from facts.cluster.objects import PodSpec
from facts.model.values import Snapshot

INDEX = Index(Snapshot())


def _spec(**environment: str) -> PodSpec:
    variables = [{"name": name, "value": value} for name, value in environment.items()]
    return msgspec.convert({"containers": [{"name": "app", "env": variables}]}, PodSpec)


def test_the_place_that_holds_the_port_too_comes_first() -> None:
    """Without one that does, the first that holds the host is it."""
    spec = _spec(A="payment:1", B="payment:50051")
    assert declared_address(INDEX, spec, "shop", "payment", 50051) == Declared("env B", "payment:50051")
    assert declared_address(INDEX, spec, "shop", "payment", 7) == Declared("env A", "payment:1")
    assert declared_address(INDEX, spec, "shop", "payment", 0) == Declared("env A", "payment:1")


def test_a_part_of_a_longer_name_is_not_the_host() -> None:
    """Nor is a longer number the port."""
    assert declared_address(INDEX, _spec(A="payment-db:80"), "shop", "payment", 80) is None
    spec = _spec(A="payment:8080", B="payment:80")
    assert declared_address(INDEX, spec, "shop", "payment", 80) == Declared("env B", "payment:80")


def test_of_a_long_value_the_line_with_the_host_is_told() -> None:
    """The rest says nothing about it."""
    spec = _spec(A="one\n  url: http://payment\nthree")
    assert declared_address(INDEX, spec, "shop", "payment", 0) == Declared("env A", "url: http://payment")


def test_a_port_is_told_when_one_place_alone_holds_it() -> None:
    """Of two nobody knows which one it is."""
    assert declared_port(INDEX, _spec(PORT="8080", NAME="a8080"), "shop", 8080) == Declared("env PORT", "8080")
    assert declared_port(INDEX, _spec(PORT="8080", OTHER="8080"), "shop", 8080) is None
