"""The standard logger of Go without a level, and etcd's old capnslog: `2026-11-27 06:55:31 C | etcdmain: listen tcp …`."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement

_CAPNSLOG = Lazy(r"(?P<level>[CEWNID]) \| (?P<package>[\w./-]{1,60}): (?P<text>.*)", re.DOTALL)
_LEVELS = {"C": Level.FATAL, "E": Level.ERROR, "W": Level.WARNING}
_HTTP = Lazy(
    r"http: (?:TLS handshake error from (?P<peer>[^ ]{1,80}): (?P<text>.*)|panic serving (?P<client>[^ ]{1,80}): (?P<panic>.*)|Server closed)"
)


def read_golang(record: Record) -> Statement | None:
    """Return the statement of a line of capnslog or of net/http's server, else None."""
    body = record.body
    match = _CAPNSLOG.match(body)
    if match is not None:
        level = _LEVELS.get(match["level"], Level.INFO)
        return Statement(match["text"], level=level, source=f"capnslog {match['package']}", last=level is Level.FATAL)
    server = _HTTP.match(body)
    if server is None or not (server["text"] or server["panic"]):
        return None
    if server["panic"]:
        return Statement(
            f"panic serving request: {server['panic'].splitlines()[0]}", level=Level.ERROR, peer=server["client"]
        )
    host = server["peer"].rpartition(":")[0]
    return Statement(server["text"], level=Level.ERROR, operation="TLS handshake", peer=host)
