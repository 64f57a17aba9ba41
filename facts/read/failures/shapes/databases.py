"""PostgreSQL, MySQL and MariaDB, Redis: servers and their clients."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.chains import reason_of
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement

_POSTGRES = Lazy(
    r"(?:\[[\d-]{1,20}\] )?(?:[^\n]{0,80}? )?(?P<level>PANIC|FATAL|ERROR|WARNING|LOG|NOTICE|INFO|DEBUG\d?|DETAIL|HINT|STATEMENT|CONTEXT):  (?=\S)(?P<text>.*)",
    re.DOTALL,
)
_SESSION = Lazy(
    r"password authentication failed|authentication failed|no pg_hba\.conf entry|does not exist|too many (?:clients|connections)|remaining connection slots|"
    r"terminating (?:connection|background|walreceiver)|the database system is|canceling|connection to client lost|is not permitted to log in|no PostgreSQL user name|"
    r"unsupported frontend protocol|could not connect to the primary|could not receive data|could not start WAL streaming|permission denied for database|"
    r"database \"[^\"]*\" is not|expected SASL|connection requires|invalid length of startup packet|must be superuser"
)
_LOG_FAILURE = Lazy(r"could not|failed|invalid|corrupt|was terminated by signal|checkpoints are occurring|out of disk")
_LOG_SUCCESS = Lazy(
    r"could not (?:receive data from client|send data to client)|checkpoints are occurring|exited with exit code 1$|duration: "
)
_MYSQL_CLIENT = Lazy(r"ERROR (?P<code>\d{4}) \((?P<state>\w{5})\)(?: at line \d+)?: (?P<text>.*)", re.DOTALL)
_MYSQL_PLAIN = Lazy(
    r"(?:/usr/sbin/)?(?P<program>mysqld|mariadbd|mysqld_safe|mysqladmin|mysqldump): (?P<text>.*)", re.DOTALL
)
_REDIS = Lazy(r"\d+:[MSCX] (?:\d{1,2} \w{3} \d{4} [\d:.]+ )?(?P<mark>[#*.\-]) (?P<text>.*)", re.DOTALL)
_REDIS_FAILURE = Lazy(
    r"(?i)fail(?:ed|ure)|error|can't|cannot|unable|could not|refused|out of memory|aborting|corrupt|denied|fatal|crash|lost|timeout|bad |wrong |no such|misconf|invalid"
)
_REDIS_ENDS = Lazy(r"(?i)aborting|fatal|can't open|crashed by signal|Failed listening|Bad file format|exiting")
_REDIS_NOISE = Lazy(r"WARNING |Warning: |User requested|bye bye|oO0Oo|Redis version|Configuration loaded")


def read_postgresql(record: Record) -> Statement | None:
    """Return the statement of a line of a PostgreSQL server or of a client that quotes it, else None."""
    match = _POSTGRES.match(record.body)
    before = record.body[: match.start("level")] if match else ""
    if match is None or (before and not record.head.stamped and "[" not in before):
        return None
    word, text = match["level"], match["text"]
    if word == "LOG":
        if _LOG_SUCCESS.search(text) or not _LOG_FAILURE.search(text):
            return Statement(text, level=Level.INFO, component="postgresql")
        return Statement(text, level=Level.ERROR, component="postgresql", certain=True)
    if word in ("FATAL", "PANIC"):
        session = word == "FATAL" and _SESSION.search(text) is not None
        level = Level.ERROR if session else Level.FATAL
        operation = "open session" if session else ""
        return Statement(text, level=level, component="postgresql", operation=operation, last=not session, certain=True)
    level = {"ERROR": Level.ERROR, "WARNING": Level.WARNING}.get(word, Level.INFO)
    return Statement(text, level=level, component="postgresql")


def read_mysql(record: Record) -> Statement | None:
    """Return the statement of a MySQL or MariaDB client, or of a server's line without a level, else None."""
    client = _MYSQL_CLIENT.match(record.body)
    if client is not None:
        return Statement(client["text"], level=Level.ERROR, component="mysql", code=client["code"], certain=True)
    plain = _MYSQL_PLAIN.match(record.body)
    if plain is None or "ready for connections" in plain["text"]:
        return None
    return Statement(plain["text"], component="mysql", certain=reason_of(plain["text"]) is not None)


def read_redis(record: Record) -> Statement | None:
    """Return the statement of a line of a Redis server, else None; its mark # stands for warnings and notices alike."""
    match = _REDIS.match(record.body)
    if match is None:
        return None
    text = match["text"]
    if (
        match["mark"] not in "#*"
        or _REDIS_NOISE.match(text)
        or not _REDIS_FAILURE.search(text)
        or (match["mark"] == "*" and "rror" not in text)
    ):
        return Statement(text, level=Level.INFO, component="redis")
    last = _REDIS_ENDS.search(text) is not None
    return Statement(text, level=Level.FATAL if last else Level.ERROR, component="redis", last=last)
