"""Where a program listens: in comes the log that it prints when it starts, or the table of `ss` or `netstat`.

Servers word it in a hundred ways, all with a verb of serving and an address of their own: nobody, 0.0.0.0, [::], *, +,
localhost, a loopback address, or a bare port. A line that names another host is about what the program calls.
"""

import re
from collections.abc import Iterator

import msgspec
from ahocorasick_rs import BytesAhoCorasick

ANYWHERE = "*"
"""The address of a program that listens on all addresses of its machine, or that tells none."""

_VERBS = (
    "listening", "listener", "listen on", "started", "starting", "running", "serving", "responding", "launched", "awaiting", "waiting for connections",
    "bound", "binding", "available", "accepting", "ready", "server up", "local:", "listens",
)  # fmt: skip
_AUTOMATON = BytesAhoCorasick([word.encode() for word in _VERBS])

_OWN = r"(?:0\.0\.0\.0|\[?::1?\]?|\[?0(?::0){7}\]?|\*|\+|localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3})"
_END = r"(?!\d|\.\d|:\d)"
_PLACES = (
    # a URL or an address of its own
    rf"(?:\b(?:https?|tcp|grpc|wss?)://|(?:^|[\s\"'({{=/-])/?)(?P<host>{_OWN}):(?P<port>\d{{2,5}}){_END}",
    # a port alone, as Go prints it
    rf"(?:^|[\s'(=]|[:=] ?\")(?P<host>):(?P<port>\d{{2,5}}){_END}",
    # "on port 8080", "on port(s): 8080 (http), 8443 (https)", address "0.0.0.0", port 5432
    rf"(?:address \"(?P<host>{_OWN})\", )?(?i:\bports?\b(?:\(s\))?)\s*[:=#]?\s*\"?(?P<port>\d{{2,5}}){_END}",
    r"\"port\"\s*:\s*\"?(?P<port>\d{2,5})\b",
    r"(?i:\blisten(?:ing|s)?(?: on)?):? (?P<port>\d{2,5})\b(?!\.\d|:)",
)
_LOOK = [re.compile(each) for each in _PLACES]
_ALL = re.compile(rb"Running on all addresses|\bbound on host 0\.0\.0\.0\b")
"""What frameworks print beside the loopback address that they name for whoever tries them at home: Flask, Fiber."""

_FURTHER = re.compile(r",? (?P<port>\d{2,5}) \([a-z0-9./]+\)")
"""The second port of `Tomcat started on port(s): 8080 (http), 8443 (https)`."""

_ELSEWHERE = re.compile(
    r"fail|error|cannot|can't|could ?n.t|unable|refused|already|in use|denied|\bnot\b|retry|timed? ?out|exception|warn"
    r"|(?:connect(?:ed|ing|ions?)?|forward(?:s|ed|ing)?|redirect(?:s|ed|ing)?|request|upstreams?|login|sync\w*|replicat\w*) (?:to|from|with|for|:)"
    r"|\bprox(?:y|ying|ied) (?:\w+ )?(?:to|for)\b|upstream|backend|forward|tunnel|\bpeers?\b|database|datasource|jdbc:|amqps?://|rediss?://|bootstrap|\bclient(?! connections)\b|stopp|shut|closed",
    re.IGNORECASE,
)
"""What a line says that is about something else than a server that is up."""

_ASIDE = re.compile(
    r"metric|prometheus|admin|pprof|(?<!gin-)debug|health|probe|management|actuator|webhook|telemetry|transport|cluster|gossip|raft|jmx|rmi|publish_address",
    re.IGNORECASE,
)
"""What a line says of a port beside the one that a program is there for."""

_SOCKET = re.compile(
    r"^[ \t]*(?:(?:tcp[ \t]+)?LISTEN|tcp[46]?)[ \t]+\d+[ \t]+\d+[ \t]+(?P<host>\S+):(?P<port>\d+)[ \t]+\S+:\*(?=\s|$)",
    re.MULTILINE,
)
_EVERYWHERE = ("0.0.0.0", "[::]", "::", "*", "+", "", "0", "0:0:0:0:0:0:0:0", "[0:0:0:0:0:0:0:0]")  # noqa: S104 - what programs print

_BLOCK = 1 << 20
"""Bytes that are searched at a time."""

LINES = 100
"""Different lines of one log that are read; a program says seldom twice where it listens."""

_DIGITS = re.compile(rb"\d+")


class Listener(msgspec.Struct, frozen=True):
    """A port that is listened on.

    `address` is `ANYWHERE` or the one address it is bound to. `aside` is whether the line speaks of metrics, health or
    another business beside the main one. `line` counts from 0.
    """

    port: int
    address: str
    aside: bool
    line: int
    text: str

    @property
    def loopback(self) -> bool:
        """Whether nobody outside of the Pod or machine reaches it."""
        return self.address.startswith("127.") or self.address in ("localhost", "::1", "[::1]")


def read_listeners(body: bytes) -> tuple[Listener, ...]:
    """Return what the log of a program says about where it listens, in the order in which it says so.

    >>> [(each.port, each.address) for each in read_listeners(b"Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)")]
    [(8000, '127.0.0.1')]
    """
    return tuple(_each(body))


def read_sockets(body: bytes) -> tuple[Listener, ...]:
    """Return the sockets that listen by the whole table of `ss -ltn` or `netstat -ltn`; a part of one, without its head, gives none."""
    found: list[Listener] = []
    if b"Recv-Q" not in body:
        return ()
    for match in _SOCKET.finditer(body.decode(errors="replace")):
        line, host = match.string.count("\n", 0, match.start()), match["host"].split("%", 1)[0]
        found.append(Listener(int(match["port"]), _address(host), aside=False, line=line, text=match[0].strip()))
    return tuple(found)


def _each(body: bytes) -> Iterator[Listener]:
    everywhere = _ALL.search(body) is not None
    for number, raw in _serving_lines(body):
        text = raw.decode(errors="replace").replace("\\", "")
        if _ELSEWHERE.search(text):
            continue
        for host, port in _places(text):
            yield Listener(
                port, ANYWHERE if everywhere else host, _ASIDE.search(text) is not None, number, text.strip()
            )


def _serving_lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and text of the first lines of each kind that have a verb of serving and a number."""
    number, counted, reach = 0, 0, -1
    kinds: set[bytes] = set()
    for start in _verbs(body):
        if start <= reach:
            continue
        begin, end = body.rfind(b"\n", 0, start) + 1, body.find(b"\n", start)
        reach = len(body) if end < 0 else end
        number += body.count(b"\n", counted, start)
        counted = start
        raw = body[begin:reach]
        kind = _DIGITS.sub(b"0", raw)
        if len(raw) > 2_000 or kind == raw or kind in kinds:
            continue
        kinds.add(kind)
        yield number, raw
        if len(kinds) >= LINES:
            return


def _verbs(body: bytes) -> Iterator[int]:
    """Yield the offset of each verb of serving; the text is searched block by block, and only as far as it is asked for."""
    start = 0
    while start < len(body):
        stop = body.find(b"\n", start + _BLOCK) + 1 or len(body)
        for _, place, _ in _AUTOMATON.find_matches_as_indexes(body[start:stop].lower(), overlapping=True):
            yield start + place
        start = stop


def _places(text: str) -> list[tuple[str, int]]:
    """Return address and port of what a line names: by the most telling form that is there."""
    for pattern in _LOOK:
        found = {}
        for match in pattern.finditer(text):
            found[int(match["port"])] = _address(match.groupdict().get("host") or "")
            for further in _FURTHER.finditer(text, match.end()) if "(s)" in match[0] else ():
                found[int(further["port"])] = ANYWHERE
        places = [(host, port) for port, host in found.items() if port < 65_536]
        if places:
            return places
    return []


def _address(host: str) -> str:
    return ANYWHERE if host in _EVERYWHERE else host
