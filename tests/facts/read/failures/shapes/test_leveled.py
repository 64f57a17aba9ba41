"""Whatever a program writes before its message, the level and the message are told apart."""

import pytest

from facts.read.failures import read_failures

MESSAGE = "Could not apply ledger batch 7"

HEADS = {
    "SonarQube": "2026.01.02 03:04:05 ERROR web[][o.s.s.p.PlatformImpl] {}",
    "Airflow": "[2026-01-02T03:04:05.000+0000] {{scheduler_job_runner.py:100}} ERROR - {}",
    "Celery": "[2026-01-02 03:04:05,000: ERROR/MainProcess] {}",
    "structlog": "2026-01-02 03:04:05 [error    ] {}",
    "Rails": "E, [2026-01-02T03:04:05.000000 #1] ERROR -- : {}",
    "Laravel": "[2026-01-02 03:04:05] production.ERROR: {}",
    "Symfony": "[2026-01-02T03:04:05.000000+00:00] app.CRITICAL: {}",
    "Serilog": "[03:04:05 ERR] {}",
    "NLog": "2026-01-02 03:04:05.0000|ERROR|Shop.Db|{}",
    "Elixir": "03:04:05.000 request_id=F1 [error] {}",
    "Sidekiq": "2026-01-02T03:04:05.000Z pid=1 tid=a ERROR: {}",
    "Nest": "[Nest] 1  - 01/02/2026, 3:04:05 AM   ERROR [TypeOrmModule] {}",
    "zerolog on a console": "3:04AM ERR {}",
    "zap on a console, time as a number": "1.7e+09\tERROR\tsetup\t{}",
    "Abseil": "E0000 00:00:1700000000.000000      1 server.cc:1] {}",
    "CockroachDB": "E260102 03:04:05.000000 1 server/node.go:1  [n1] 12  {}",
    "MongoDB 4": "2026-01-02T03:04:05.000+0000 E NETWORK  [conn1] {}",
    "Spark": "26/01/02 03:04:05 ERROR SparkContext: {}",
    "Open vSwitch": "2026-01-02T03:04:05.000Z|00010|bridge|ERR|{}",
    "Ceph": "2026-01-02T03:04:05.000+0000 7f0000000000 -1 {}",
    "GlusterFS": "[2026-01-02 03:04:05.000000] E [MSGID: 114058] [client.c:1:f] 0-v: {}",
    "ClickHouse": "2026.01.02 03:04:05.000000 [ 1 ] {{}} <Error> Application: {}",
    "TiDB": '[2026/01/02 03:04:05.000 +00:00] [ERROR] [x.go:1] ["{}"]',
    "java.util.logging": "Jan 02, 2026 3:04:05 AM org.example.Server start\nSEVERE: {}",
    "Go's own, without a level": "2026/01/02 03:04:05 {}",
    "stern": "cart-5b6c7d8f9-x2x5q cart ERROR {}",
    "stars": "*** ERROR: {}",
    "Perl": "{} at /srv/app/ledger.pl line 3.",
    "Elixir's exception": "** (RuntimeError) {}",
    "a qualified exception without a trace": "psycopg2.OperationalError: {}",
    "a bare exception without a trace": "RuntimeError: {}",
    "a cause without what it caused": "Caused by: java.net.ConnectException: {}",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_message_of_no_known_class_is_an_error(head: str) -> None:
    """The level is enough: the message is of no class that the grammar knows."""
    failures = read_failures(head.format(MESSAGE).encode())
    assert [(failure.level.value, failure.operation) for failure in failures] == [("error", "apply ledger batch")]


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_the_peer_of_a_refused_connection_is_told(head: str) -> None:
    """The head does not hide what the message says."""
    failures = read_failures(head.format("Failed to connect to orders-db:5432: connection refused").encode())
    assert [(failure.error.value, failure.peer) for failure in failures] == [("refused", "orders-db:5432")]


@pytest.mark.parametrize(
    "line",
    [
        "2026-01-02T03:04:05.000+0000 7f0000000000  0 Could not find a cached map, asking for it",
        "2026-01-02T03:04:05.000+0000 I NETWORK  [conn1] end connection, could not be kept",
        "E NETWORK  [conn1] a table of letters",
        "2026/01/02 03:04:05 Cannot be reached means that the host is off",
    ],
)
def test_other_levels_and_prose_are_no_errors(line: str) -> None:
    """A head that looks like an error's is none when its level is another one, or nothing shows that it is a log."""
    assert [failure for failure in read_failures(line.encode()) if failure.level.value != "warning"] == []
