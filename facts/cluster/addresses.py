r"""The addresses that a workload is configured with: in comes the specification of its Pods, out go hosts and ports.

    env PAYMENT_ADDR  payment:50051                        payment 50051
    env DB_URL        postgres://app:x@orders-db/orders    orders-db, no port
    env REDIS_HOST    redis   beside env REDIS_PORT 6379   redis 6379

A value counts when it is written like an address, or when its variable is called a host; of a whole file in a ConfigMap
only URLs count.
"""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.declared_addresses import VALUE_CHARACTERS, declared_values
from facts.cluster.index import Index
from facts.cluster.objects import PodSpec

_HOST = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
_URL = re.compile(
    rf"\b[a-z][a-z0-9+.]*://(?:[^\s@/\"',]*@)?(?P<host>{_HOST})(?![\w.-])(?::(?P<port>\d{{1,5}})(?!\d))?", re.IGNORECASE
)
_PEER = re.compile(rf"(?P<host>{_HOST}):(?P<port>\d{{2,5}})")
_NAME = re.compile(_HOST)
_NAMED_HOST = re.compile(
    r"^(?P<stem>.+?)_?(?:HOST|HOSTNAME|HOST_NAME|SERVER|ADDR|ADDRESS|SERVICE_HOST)$", re.IGNORECASE
)
_TELEMETRY = re.compile(
    r"OTEL|OTLP|TRAC(?:E|ING)|JAEGER|ZIPKIN|METRIC|STATSD|TELEMETRY|SENTRY|DD_|DATADOG|PROMETHEUS|PYROSCOPE|COLLECTOR|LOKI|APM",
    re.IGNORECASE,
)
_HERE = frozenset(("localhost", "localhost.localdomain", "true", "false", "none", "null"))


class Address(msgspec.Struct, frozen=True, order=True):
    """`host` and `port` (0: none is written), the place that holds them, and what is written there."""

    host: str
    port: int
    place: str
    value: str

    @property
    def telemetry(self) -> bool:
        """Whether traces, metrics or errors are sent there, which programs do without."""
        return bool(_TELEMETRY.search(f"{self.place} {self.host}"))


def addresses(index: Index, spec: PodSpec, namespace: str) -> tuple[Address, ...]:
    """Return the addresses of Pods with this specification, in the order in which they stand; each once."""
    values = list(declared_values(index, spec, namespace))
    ports = {place.upper(): value for place, value in values if place.startswith("env ") and value.isdecimal()}
    found: dict[tuple[str, int], Address] = {}
    for place, value in values:
        for address in _of(place, value, ports):
            if address.host.lower() not in _HERE and address.port < 65_536:
                found.setdefault((address.host, address.port), address)
    return tuple(found.values())


def _of(place: str, value: str, ports: dict[str, str]) -> Iterator[Address]:
    shown = value.strip() if len(value) <= VALUE_CHARACTERS else ""
    urls = list(_URL.finditer(value))
    for match in urls:
        yield Address(match["host"], int(match["port"] or 0), place, shown or match[0])
    if urls or not shown or "\n" in shown:
        return
    text = shown.partition("=")[2] if place.startswith("argument ") else shown
    peers = [_PEER.fullmatch(part.strip()) for part in text.split(",")]
    if all(peers):
        for peer in filter(None, peers):
            yield Address(peer["host"], int(peer["port"]), place, shown)
        return
    called = _NAMED_HOST.match(place.removeprefix("env ")) if place.startswith("env ") else None
    if called and _NAME.fullmatch(text):
        port = ports.get(f"ENV {called['stem'].upper()}_PORT", "0")
        yield Address(text, int(port) if len(port) < 6 else 0, place, shown)
