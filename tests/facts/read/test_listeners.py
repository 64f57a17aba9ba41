"""Where programs say that they listen, whatever they are written in, and what sounds alike and is not that."""

import pytest

from facts.read.listeners import read_listeners, read_sockets

SAID = (
    ("o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): 8081 (http) with context path ''", [(8081, "*")]),
    ("TomcatWebServer : Tomcat started on port 8081 (http) with context path '/'", [(8081, "*")]),
    ("Tomcat started on port(s): 8080 (http), 8443 (https)", [(8080, "*"), (8443, "*")]),
    ("Started ServerConnector@675f{HTTP/1.1, (http/1.1)}{0.0.0.0:8080}", [(8080, "*")]),
    ("      Now listening on: http://[::]:5000", [(5000, "*")]),
    ("      Now listening on: http://+:80", [(80, "*")]),
    ("INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", [(8000, "*")]),
    ("[2026-01-05 09:00:00 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)", [(8000, "*")]),
    ("Starting development server at http://127.0.0.1:8000/", [(8000, "127.0.0.1")]),
    ("Server listening on port 3000", [(3000, "*")]),
    ("Example app listening at http://localhost:3000", [(3000, "localhost")]),
    ("2026/01/05 09:00:00 listening on :8080", [(8080, "*")]),
    ("[GIN-debug] Listening and serving HTTP on :8080", [(8080, "*")]),
    ("⇨ http server started on [::]:1323", [(1323, "*")]),
    ('{"level":"info","msg":"starting server","addr":":8080"}', [(8080, "*")]),
    ('{"severity":"INFO","message":"listening","port":8080}', [(8080, "*")]),
    ('time=2026-01-05T09:00:00Z level=INFO msg="server listening" addr=:8080', [(8080, "*")]),
    ("* Listening on tcp://0.0.0.0:3000", [(3000, "*")]),
    ("[Mon Jan  5 09:00:00 2026] PHP 8.2.1 Development Server (http://0.0.0.0:8000) started", [(8000, "*")]),
    ("09:00:00.123 [info] Running MyApp.Endpoint with cowboy 2.9.0 at :::4000 (http)", [(4000, "*")]),
    ("[info] p.c.s.AkkaHttpServer - Listening for HTTP on /[0:0:0:0:0:0:0:0]:9000", [(9000, "*")]),
    ("Server started, listening on 50051", [(50051, "*")]),
    ("INFO Awaiting socket connections on 0.0.0.0:9092. (kafka.network.DataPlaneAcceptor)", [(9092, "*")]),
    ('LOG:  listening on IPv4 address "127.0.0.1", port 5432', [(5432, "127.0.0.1")]),
    ("1:M 05 Jan 2026 09:00:00.000 * Running mode=standalone, port=6380.", [(6380, "*")]),
    ('{"c":"NETWORK","id":23016,"ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}', [(27017, "*")]),
)  # fmt: skip

NOT_SAID = (
    "connected to redis at redis:6379",
    "Starting consumer for kafka bootstrap servers kafka:9092",
    "INFO starting http client target=http://10.0.0.1:8080",
    "Forwarding from 127.0.0.1:8080 -> 80",
    "failed to listen on :8080: address already in use",
    "2026/01/05 09:00:05 server started",
    "GET /ready 200 from 10.244.1.1:52344",
    "proxying requests to http://localhost:9000 is running",
    "waiting for 10.96.0.10:5432 to come up",
    "server ready, pool to 10.1.2.3:5432 established",
)

SS = """\
State   Recv-Q  Send-Q   Local Address:Port   Peer Address:Port  Process
LISTEN  0       511                  *:3005              *:*      users:(("node",pid=1,fd=21))
LISTEN  0       128          127.0.0.1:9229        0.0.0.0:*
ESTAB   0       0          10.244.1.7:3005     10.244.2.9:51234
"""

NETSTAT = """\
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 127.0.0.11:37219        0.0.0.0:*               LISTEN      -
tcp        0      0 10.244.1.7:41002        10.244.2.9:5432         ESTABLISHED 1/java
tcp6       0      0 :::8080                 :::*                    LISTEN      1/java
"""


@pytest.mark.parametrize(("line", "expected"), SAID, ids=[line[:40] for line, _ in SAID])
def test_a_line_tells_port_and_address(line: str, expected: list[tuple[int, str]]) -> None:
    """The address is * where all are meant, or none is named."""
    assert [(each.port, each.address) for each in read_listeners(line.encode())] == expected


@pytest.mark.parametrize("line", NOT_SAID)
def test_a_line_about_others_tells_nothing(line: str) -> None:
    """What a program calls, and what it fails to do, is no place where it listens."""
    assert not read_listeners(line.encode())


def test_a_port_for_metrics_is_beside_the_business() -> None:
    """That it is up says nothing of the port that callers want."""
    (listener,) = read_listeners(b"starting metrics server on :9090")
    assert listener.aside


def test_a_loopback_address_beside_all_addresses_is_a_hint_only() -> None:
    """Flask names the loopback address as well for whoever tries it at home."""
    body = b" * Running on all addresses (0.0.0.0)\n * Running on http://127.0.0.1:5000\n * Running on http://10.244.1.7:5000"
    assert not any(each.loopback for each in read_listeners(body))


def test_the_line_of_a_long_log_is_counted() -> None:
    """It is quoted with its number."""
    (listener,) = read_listeners(b"loading\nstill loading\nlistening on :8080\n")
    assert listener.line == len(["loading", "still loading"])


def test_sockets_of_ss_that_listen_are_read() -> None:
    """Connections are none."""
    assert [(each.port, each.loopback) for each in read_sockets(SS.encode())] == [(3005, False), (9229, True)]


def test_sockets_of_netstat_that_listen_are_read() -> None:
    """In both families."""
    assert [(each.port, each.loopback) for each in read_sockets(NETSTAT.encode())] == [(37219, True), (8080, False)]


def test_a_part_of_a_table_proves_nothing() -> None:
    """Without its head it may be what grep left."""
    assert not read_sockets(SS.split("\n", 1)[1].encode())
