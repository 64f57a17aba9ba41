"""Names the other side of a connection: in comes a chain, out goes host:port, an address, or the path of a Unix socket."""

import re

from facts.read.failures.reasons.patterns import Lazy, Patterns

_PORTS = {
    "https": "443",
    "http": "80",
    "postgres": "5432",
    "postgresql": "5432",
    "redis": "6379",
    "amqp": "5672",
    "mongodb": "27017",
    "mysql": "3306",
    "nats": "4222",
}
_HOST = r"(?:\[[0-9a-fA-F:.%\w]+\]|[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?)"
_ROWS: tuple[str, ...] = (
    rf"dial (?:tcp[46]?|udp[46]?):? (?P<p>{_HOST}:\d{{1,5}})",
    r"dial unix:? @?(?P<p>/[^ :\"]+)",
    rf"connect (?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET) (?P<p>{_HOST}:\d{{1,5}}|/[^ :\"]+)",
    rf"->(?P<p>{_HOST}:\d{{1,5}})",
    r"connection to (?:server|database) at \"(?P<host>[^\"]+)\"(?: \([^)]*\))?, port (?P<port>\d{1,5})",
    r"host='(?P<host>[^']+)', port=(?P<port>\d{1,5})",
    rf"(?:connect(?:ing)?|connection|connect\(2\)) (?:to|for|with) (?:\"|'|`)?(?:(?:host|server|address|broker|node|tcp|port) )?(?:\"|'|`)?(?P<p>{_HOST}:\d{{1,5}})",
    rf"connect(?:ing)? to (?:host |address )?(?P<host>{_HOST}) port (?P<port>\d{{1,5}})",
    rf"connect\(2\) for \"?(?P<host>{_HOST})\"? port (?P<port>\d{{1,5}})",
    rf"(?P<scheme>https?|tcp|wss?|grpc|amqps?|rediss?|postgres(?:ql)?|mongodb(?:\+srv)?|mysql|nats|ldaps?|ssh|jdbc:\w+)://(?:[^@/ \"']+@)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?",
    r"unix://(?P<p>/[^ :\"']+)",
    rf"(?:The connection to the server|to server at|to the server|upstream|endpoint|broker|address|addr|peer|remote|server|host|target)[ =:]+[\"'`\[]?(?P<p>{_HOST}:\d{{1,5}})",
    rf"(?:^|[ (])(?:on|to|from|at|for|of|with|\() ?[\"'`/\[]?(?P<p>{_HOST}:\d{{2,5}})\b",
    r"MySQL server (?:on|at) '(?P<host>[^']+)'(?::(?P<port>\d+))? \(",
    rf"(?:[Cc]ould not connect to [Rr]edis|Error \d+ connecting to) (?:at )?(?P<p>{_HOST}:\d{{1,5}})",
    r"(?:^|[ \"'(/])(?P<p>\d{1,3}(?:\.\d{1,3}){3}:\d{1,5})",
    r"(?:^|[ \"'(])(?P<p>[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:\d{2,5})\b",
    r"(?:^|[ \"'(])(?P<p>[a-z][a-z0-9-]{1,62}:\d{3,5})(?:[ \"'),:]|$)",
)
_PATTERNS = Patterns(list(_ROWS))
_FILE = Lazy(r"\.(?:go|c|cc|cpp|h|py|js|ts|rb|rs|java|php|conf|ya?ml|toml|json|ini|cfg|sh):\d+$")
_NO_HOST = Lazy(
    r"(?:uid|gid|pid|line|code|status|port|id|tid|col|row|error|errno|size|version|exit|rc):\d+$", re.IGNORECASE
)
_LISTENING = Lazy(r"\b(?:listen|bind|binding|Listening)\b")


def peer_of(chain: str, start: int) -> str:
    """Return the other side that `chain` names, of several the one nearest to the left of `start`; "" when it names none.

    >>> peer_of('Get "https://api.shop:6443/v1": dial tcp 10.0.0.1:6443: connect: connection refused', 60)
    '10.0.0.1:6443'
    """
    if _LISTENING.search(chain, max(0, start - 120), start + 40):
        return ""
    best: tuple[int, int] | None = None
    peer = ""
    for row, match in _PATTERNS.matches(chain[:4_000]):
        groups = match.groupdict()
        rank = (-row if row < 9 else -9 - row, -abs(start - match.start()))
        if (best is None or rank > best) and not _is_no_host(groups.get("p") or ""):
            best, peer = rank, groups.get("p") or _joined(groups)

    return peer


def _is_no_host(peer: str) -> bool:
    return _FILE.search(peer) is not None or _NO_HOST.match(peer) is not None


def _joined(groups: dict[str, str | None]) -> str:
    host, port, scheme = (groups.get(name) or "" for name in ("host", "port", "scheme"))
    port = port or _PORTS.get(scheme.removeprefix("jdbc:").removesuffix("+srv"), "")
    return f"{host}:{port}" if host and port else host
