"""The addresses that a workload is configured with, by its environment, arguments and ConfigMaps."""

import msgspec
import pytest

from facts.cluster.addresses import Address, addresses
from facts.cluster.index import Index
from facts.cluster.objects import PodSpec
from facts.model.values import Snapshot


def _found(*args: str, **environment: str) -> list[tuple[str, int]]:
    variables = [{"name": name, "value": value} for name, value in environment.items()]
    spec = msgspec.convert({"containers": [{"name": "app", "args": args, "env": variables}]}, PodSpec)
    return [(one.host, one.port) for one in addresses(Index(Snapshot()), spec, "shop")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("payment:50051", [("payment", 50051)]),
        ("postgres://app:x@orders-db/orders", [("orders-db", 0)]),
        ("http://a:80/x, http://b:81/y", [("a", 80), ("b", 81)]),
        ("k-0.kafka:9092,k-1.kafka:9092", [("k-0.kafka", 9092), ("k-1.kafka", 9092)]),
    ],
)
def test_what_is_written_like_an_address_is_one(value: str, found: list[tuple[str, int]]) -> None:
    """Whatever the variable is called."""
    assert _found(TARGET=value) == found


@pytest.mark.parametrize("value", ["payment", "1.5:2", "a:1,b", "localhost:80", "payment:99999"])
def test_other_values_are_no_addresses(value: str) -> None:
    """A word, a pair of numbers, a list of mixed things, the Pod itself, a port that cannot be."""
    assert _found(TARGET=value) == []


def test_a_variable_that_is_called_a_host_holds_one() -> None:
    """Its port is in the variable of the same stem."""
    assert _found(REDIS_HOST="redis", REDIS_PORT="6379") == [("redis", 6379)]
    assert _found(REDIS_HOST="redis", OTHER_PORT="6379") == [("redis", 0)]


def test_the_value_of_a_flag_counts() -> None:
    """With the flag before it."""
    assert _found("--backend=payment:50051") == [("payment", 50051)]


def test_an_address_is_told_once() -> None:
    """However often it is written."""
    assert _found("--backend=payment:50051", BACKEND="payment:50051") == [("payment", 50051)]


def test_telemetry_is_told_by_the_name_of_its_place_or_host() -> None:
    """Programs do without it."""
    assert Address("x", 4317, "env OTEL_EXPORTER_ENDPOINT", "x:4317").telemetry
    assert Address("jaeger", 4317, "env TARGET", "jaeger:4317").telemetry
    assert not Address("payment", 50051, "env TARGET", "payment:50051").telemetry
