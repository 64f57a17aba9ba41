r"""Reads the calls that a log says failed: in come its bytes, out go host, port and how each call failed.

    dial tcp 10.96.3.4:5432: connect: connection refused                    refused 10.96.3.4:5432
    connection to server at "orders-db" (10.96.3.4), port 5432 failed: ...  refused orders-db:5432
    Error: getaddrinfo ENOTFOUND payment                                    name-not-found payment

Only lines with a word of failure are looked at, and lines that differ in nothing but numbers once.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec
from ahocorasick_rs import BytesAhoCorasick

_ERRORS: dict[str, tuple[str, ...]] = {
    # the first class that a line has a word of is the line's
    "name-failed": (
        "temporary failure in name resolution", "eai_again", "server misbehaving", "servfail",
        "dns server returned general failure",
    ),
    "name-not-found": (
        "no such host", "enotfound", "name or service not known", "nxdomain", "unknownhostexception", "could not translate host name",
        "name does not resolve", "nodename nor servname", "host not found in upstream", "could not resolve host", "getaddrinfo failed",
        "domain name not found", "unknown host", "could not be resolved", "name resolution failed", "produced zero addresses",
        "unknown mysql server host", "no address associated with hostname", "failed to resolve host",
    ),
    "untrusted": ("certificate signed by unknown authority", "certificate verify failed", "pkix path building failed", "self-signed certificate", "self signed certificate"),
    "protocol-mismatch": ("does not look like a tls handshake", "server gave http response to https client", "wrong version number"),
    "unauthenticated": (
        "password authentication failed", "access denied for user", "wrongpass", "noauth authentication required", "authentication failed",
        "401 unauthorized", "access_refused", "invalid username-password pair", "invalid username or password", "login failed for user",
        "code = unauthenticated", "login was refused",
    ),
    "forbidden": ("rbac: access denied", "403 forbidden", "code = permissiondenied", "permission_denied: "),
    "refused": ("connection refused", "econnrefused", "actively refused", "errno 111", "os error 111", "connect() failed (111"),
    "host-unreachable": ("no route to host", "ehostunreach", "host is unreachable", "errno 113"),
    "reset": ("connection reset by peer", "econnreset", "disconnect/reset before headers", "socket hang up", "connection termination"),
    "aborted": ("fault filter abort",),
    "unavailable": ("no healthy upstream", "503 service unavailable", "service temporarily unavailable", "502 bad gateway", "cluster_not_found", "no endpoints available"),
    "timeout": (
        "i/o timeout", "etimedout", "connection timed out", "connect timed out", "connect timeout", "timeout expired", "deadline exceeded",
        "deadline_exceeded", "connecttimeout", "connection timeout", "request timed out", "read timed out", "timed out",
        "operation timed out", "504 gateway timeout",
    ),
}  # fmt: skip
"""Class of failure => what programs print for it, in small letters."""

ERRORS: tuple[str, ...] = tuple(_ERRORS)
"""How a call can fail."""

_WORDS = [(word, error) for error, words in _ERRORS.items() for word in words]
_AUTOMATON = BytesAhoCorasick([word.encode() for word, _ in _WORDS])
_RANK = {error: place for place, error in enumerate(ERRORS)}

_PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "postgres": 5432, "postgresql": 5432, "redis": 6379, "rediss": 6379, "amqp": 5672,
    "amqps": 5671, "mongodb": 27017, "mysql": 3306, "mariadb": 3306, "nats": 4222, "ldap": 389, "ldaps": 636,
}  # fmt: skip

_HOST = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_NAMES = (
    # a name that was looked up
    rf"lookup (?P<host>{_HOST})(?: on [\d.:]+)?",
    rf"(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_NODATA) (?P<host>{_HOST})(?::(?P<port>\d{{2,5}}))?",
    rf"(?i:translate host name|unknown mysql server host|resolve host(?:name)?:?|host not found in upstream|unknown host:?|UnknownHostException:|dns resolution failed for|name resolution failed for|failed to resolve(?: host(?:name)?| name)?:?|resolve ['\"]) ?['\"]?(?:dns:/+)?(?P<host>{_HOST})(?::(?P<port>\d{{2,5}}))?",
    rf"(?P<host>{_HOST}): (?:Name or service not known|Name does not resolve|No address associated with hostname|Temporary failure in name resolution)",
    rf"(?P<host>{_HOST}) could not be resolved",
)
_PEERS = (
    # the other side of a connection, the most telling form first
    rf"(?P<scheme>[a-z][a-z0-9+.]*)://(?:[^\s@/\"']*@)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?",
    rf"(?i:dial (?:tcp|udp)[46]?:?) (?P<host>{_HOST}):(?P<port>\d{{1,5}})",
    rf"->(?P<host>{_HOST}):(?P<port>\d{{1,5}})",
    rf"host='(?P<host>{_HOST})', port=(?P<port>\d{{1,5}})",
    rf"(?i:host|hostname|server|addr|address|peer|target|upstream|broker)[=:] ?['\"]?(?P<host>{_HOST})['\"]?,? (?i:port)[=:] ?['\"]?(?P<port>\d{{1,5}})",
    rf"(?i:server at|to server|to|for|host) ['\"](?P<host>{_HOST})['\"](?: \([^)]*\))?,? (?:and accepting TCP/IP connections on )?port (?P<port>\d{{1,5}})",
    rf"(?i:\b(?:to|at|with|for)) (?:host |server )?(?P<host>{_HOST})(?: \([\d.]+\))? port (?P<port>\d{{1,5}})",
    r"(?<![\w.:/-])(?P<host>[A-Za-z0-9_][\w.-]*)(?:/(?:<unresolved>|[\d.]+))?:(?P<port>\d{2,5})(?!\d|\.\d)",
    r"(?P<host>\d{1,3}(?:\.\d{1,3}){3}):(?P<port>\d{1,5})",
    rf"\b(?:nc|ncat|netcat|telnet)(?: -\w+)* (?P<host>{_HOST}) (?P<port>\d{{2,5}})\b(?! *(?:->)? *(?:open|succeeded|\())",
    r"\(UNKNOWN\) \[(?P<host>[\d.]+)\] (?P<port>\d{1,5})",
    rf"(?i:server on) ['\"](?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?['\"]",
)
_LOOKED_UP = [re.compile(each) for each in _NAMES]
_CONNECTED = [re.compile(each) for each in _PEERS]
_FILE = re.compile(
    r"\.(?:go|c|cc|cpp|h|py|js|mjs|ts|rb|rs|java|kt|cs|php|conf|ya?ml|toml|json|log|so|lua|ex|scala)$", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}|\d{4}-\d\d-\d\dT?\d{0,2}")
_NOT_HOSTS = frozenset(
    ("localhost", "tcp", "udp", "http", "https", "code", "line", "port", "error", "status", "pid", "level", "errno", "localhost.localdomain", "rpc", "dns", "ipv4", "ipv6", "at")
)  # fmt: skip
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?")
_NUMBERS = re.compile(rb"\d+")

_WORKS = re.compile(
    r"\b(?:connected|reconnected|established|succeeded|successful(?:ly)?|recovered|restored|(?:is|now) (?:up|available|ready|healthy))\b|[ =:\"]200(?:[ ,\"]|$)",
    re.IGNORECASE,
)
"""What a line says of a call that works."""

_DENIED = re.compile(r"\b(?:not|never|no|un\w+|can't|cannot|couldn't)\b", re.IGNORECASE)

_BLOCK = 1 << 20
"""Bytes that are searched for hosts at a time, so that dense matches do not pile up in memory."""

LINES = 400
"""Different lines of one log that are read; more say nothing new."""


class FailedCall(msgspec.Struct, frozen=True):
    """A call that failed: `host` as it was asked for, `port` or 0 when the line tells none.

    `line` counts from 0, `text` is the line, `count` how often it was said with this host, port and error, `until` the
    line that says it last. `first` and `last` are moments as printed, RFC 3339, "" where lines have none.
    """

    host: str
    port: int
    error: str
    line: int
    text: str
    until: int
    count: int = 1
    first: str = ""
    last: str = ""


def read_failed_calls(body: bytes) -> tuple[FailedCall, ...]:
    """Return the calls that fail according to the log `body`, in the order in which they are said first.

    A call of which a later line says that it works now is left out.

    >>> [call] = read_failed_calls(b'level=error err="dial tcp: lookup pay.shop.svc on 10.96.0.10:53: no such host"')
    >>> call.host, call.port, call.error
    ('pay.shop.svc', 0, 'name-not-found')
    """
    found: dict[tuple[str, int, str], FailedCall] = {}
    ends: dict[tuple[str, int, str], int] = {}
    templates: dict[bytes, tuple[str, int, str] | None] = {}
    for number, begin, raw, error in _failing_lines(body):
        template = _NUMBERS.sub(b"0", raw)
        if template in templates and templates[template] is None:
            continue
        if len(templates) >= LINES and template not in templates:
            continue
        text = raw.decode(errors="replace").replace("\\", "")
        peer = _peer(text, error)
        templates[template] = None if peer is None else (*peer, error)
        if peer is None:
            continue
        moment = _moment(text)
        ends[(*peer, error)] = begin + len(raw)
        known = found.get((*peer, error))
        if known is None:
            found[(*peer, error)] = FailedCall(*peer, error, number, text.strip(), number, 1, moment, moment)
        else:
            found[(*peer, error)] = msgspec.structs.replace(
                known, until=number, count=known.count + 1, last=moment or known.last
            )
    over = _last_works(body, {host.encode() for host, _, _ in found}, min(ends.values(), default=len(body)))
    return tuple(call for key, call in found.items() if over.get(call.host.encode(), -1) < ends[key])


def _last_works(body: bytes, names: Iterable[bytes], start: int) -> dict[bytes, int]:
    """Return, by host of `names`, where the last line behind `start` begins that names it and says that it works."""
    hosts, last = sorted(names), dict[bytes, int]()
    automaton = BytesAhoCorasick(hosts)
    while start < len(body):
        stop = body.find(b"\n", start + _BLOCK) + 1 or len(body)
        piece, reach, works = body[start:stop], -1, False
        for which, place, _ in automaton.find_matches_as_indexes(piece, overlapping=True):
            if place >= reach:
                begin, reach = piece.rfind(b"\n", 0, place) + 1, piece.find(b"\n", place)
                reach = len(piece) if reach < 0 else reach
                line = piece[begin:reach].decode(errors="replace")
                works = _WORKS.search(line) is not None and not _DENIED.search(line)
            if works:
                last[hosts[which]] = start + begin
        start = stop
    return last


def _failing_lines(body: bytes) -> Iterator[tuple[int, int, bytes, str]]:
    """Yield number, offset, text and class of each line that has a word of failure."""
    number, counted, reach = 0, 0, -1
    errors: dict[int, str] = {}
    places: dict[int, tuple[int, int]] = {}
    for word, start in _words(body):
        if start > reach:
            number += body.count(b"\n", counted, start)
            counted = start
            begin = body.rfind(b"\n", 0, start) + 1
            end = body.find(b"\n", start)
            reach = len(body) if end < 0 else end
            places[number] = (begin, reach)
        error = _WORDS[word][1]
        if number not in errors or _RANK[error] < _RANK[errors[number]]:
            errors[number] = error
    for line, error in errors.items():
        begin, end = places[line]
        if end - begin <= 4_000:
            yield line, begin, body[begin:end], error


def _words(body: bytes) -> Iterator[tuple[int, int]]:
    """Yield each word of failure, by its number, and its offset; the text is searched block by block."""
    start = 0
    while start < len(body):
        stop = body.find(b"\n", start + _BLOCK) + 1 or len(body)
        for word, place, _ in _AUTOMATON.find_matches_as_indexes(body[start:stop].lower(), overlapping=True):
            yield word, start + place
        start = stop


def _peer(text: str, error: str) -> tuple[str, int] | None:
    if error in ("name-not-found", "name-failed"):
        for pattern in _LOOKED_UP:
            for match in pattern.finditer(text):
                host = match["host"]
                if _is_host(host):
                    return host.rstrip("."), _port(match)
    # of several addresses on a line the last one of the most telling form was asked for
    for pattern in _CONNECTED:
        peers = [
            (match["host"].rstrip("."), _port(match)) for match in pattern.finditer(text) if _is_host(match["host"])
        ]
        if peers:
            named = [peer for peer in peers if not peer[0][0].isdigit()]
            return (named or peers)[-1]
    return None


def _port(match: re.Match[str]) -> int:
    groups = match.groupdict()
    port = int(groups.get("port") or 0) or _PORTS.get(groups.get("scheme") or "", 0)
    return port if port < 65_536 else 0


def _is_host(host: str) -> bool:
    return not (
        host.lower() in _NOT_HOSTS
        or host.startswith("127.")
        or _FILE.search(host)
        or _CLOCK.fullmatch(host)
        or (host.isdecimal())
        or (host[0].isdigit() and "." in host and not host.replace(".", "").isdecimal() and host.count(".") > 3)
    )


def _moment(text: str) -> str:
    match = _STAMP.search(text[:400])
    return f"{match[1]}T{match[2]}{match[3] or 'Z'}" if match else ""
