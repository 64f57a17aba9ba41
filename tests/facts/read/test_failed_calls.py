"""The calls that a log says failed: host, port and class, whatever language the program is written in."""

import pytest

from facts.model.schema.domains.calls import CALL_ERRORS
from facts.read.failed_calls import ERRORS, read_failed_calls

LINES = (
    ("dial tcp 10.96.3.4:5432: connect: connection refused", ("10.96.3.4", 5432, "refused")),
    (
        'psycopg2.OperationalError: connection to server at "orders-db" (10.96.3.4), port 5432 failed: Connection refused',
        ("orders-db", 5432, "refused"),
    ),
    ("Error: getaddrinfo ENOTFOUND payment", ("payment", 0, "name-not-found")),
    ("Error: getaddrinfo EAI_AGAIN payment", ("payment", 0, "name-failed")),
    ("Error: connect ECONNREFUSED 10.96.44.2:6379", ("10.96.44.2", 6379, "refused")),
    (
        "HTTPConnectionPool(host='cart', port=8080): Max retries exceeded with url: / (Caused by [Errno 111] Connection refused)",
        ("cart", 8080, "refused"),
    ),
    (
        '{"message":"rpc error: desc = \\"transport: Error while dialing: dial tcp 10.96.8.8:9999: i/o timeout\\""}',
        ("10.96.8.8", 9999, "timeout"),
    ),
    ('nginx: [emerg] host not found in upstream "backend" in /etc/nginx/x.conf:3', ("backend", 0, "name-not-found")),
    (
        'connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.1, upstream: "http://10.96.1.2:8080/"',
        ("10.96.1.2", 8080, "refused"),
    ),
    (
        "Connection to node -1 (kafka/10.96.3.9:9093) could not be established: connection refused",
        ("kafka", 9093, "refused"),
    ),
    ("DNS resolution failed for pay:50051: Domain name not found", ("pay", 50051, "name-not-found")),
    ("Error 111 connecting to redis-cart:6379. Connection refused.", ("redis-cart", 6379, "refused")),
    ("could not connect host=orders port=5432 user=x: connection refused", ("orders", 5432, "refused")),
    ('msg="call failed" url=http://cart/x err="503 Service Unavailable"', ("cart", 80, "unavailable")),
    ("POST http://payment.shop.svc:8080/charge: 503 fault filter abort", ("payment.shop.svc", 8080, "aborted")),
    ("nc -vz 10.20.44.12 5432 -> open.   nc -vz 192.0.2.40 5432 -> timed out", ("192.0.2.40", 5432, "timeout")),
    ("(UNKNOWN) [192.0.2.40] 5432 (postgresql) : Connection timed out", ("192.0.2.40", 5432, "timeout")),
    ("curl: (7) Failed to connect to payment port 8080: Connection refused", ("payment", 8080, "refused")),
    (
        "dial tcp: lookup payment.shop.svc on 10.96.0.10:53: no such host",
        ("payment.shop.svc", 0, "name-not-found"),
    ),
)


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line[:40] for line, _ in LINES])
def test_a_line_tells_host_port_and_class(line: str, expected: tuple[str, int, str]) -> None:
    """The host is the one that was asked for, not the name server, the client or a source file."""
    (call,) = read_failed_calls(line.encode())
    assert (call.host, call.port, call.error) == expected


@pytest.mark.parametrize(
    "line",
    [
        "main.go:123: 12:03:04 request timed out",
        "connected to orders-db:5432",
        "listening on 0.0.0.0:8080",
        "dial tcp 127.0.0.1:8080: connect: connection refused",
        "2026-03-01 12:00:00 worker timed out",
    ],
)
def test_what_names_no_other_side_is_no_call(line: str) -> None:
    """Clocks, files, the program's own address and calls that work give none."""
    assert read_failed_calls(line.encode()) == ()


def test_a_call_said_again_is_counted() -> None:
    """The first line stands for all; its number counts from 0."""
    lines = b"ok\n2026-03-01T11:00:00Z dial tcp 10.0.0.9:80: connection refused\nok\n2026-03-01T11:05:00Z dial tcp 10.0.0.9:80: connection refused"
    (call,) = read_failed_calls(lines)
    assert (call.line, call.count) == (1, 2)
    assert (call.first, call.last) == ("2026-03-01T11:00:00Z", "2026-03-01T11:05:00Z")


def test_the_schema_names_the_same_classes() -> None:
    """Rules may ask for each class that is read, and for no other."""
    assert ERRORS == CALL_ERRORS
