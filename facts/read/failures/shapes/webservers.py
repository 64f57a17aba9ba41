"""nginx and Apache error logs, HAProxy's states of servers, and Envoy's access log with its response flags."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.operations import phrase_of
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.levels import level_of
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.codes import ENVOY_FLAGS

_NGINX = Lazy(
    r"\[(?P<level>emerg|alert|crit|error|warn|notice|info|debug)\] \d+#\d+: (?:\*\d+ )?(?P<text>.*)", re.DOTALL
)
_NGINX_TOOL = Lazy(r"nginx: \[(?P<level>emerg|alert|crit|error|warn)\] (?P<text>.*)", re.DOTALL)
_ABSENT = Lazy(r"(?:is not found|failed) \(2: No such file or directory\), client: ")
_WHILE = Lazy(r" while (?P<operation>[\w /]{1,60})")
_UPSTREAM = Lazy(r'upstream: "(?:\w{2,8}://)?(?P<peer>[^/"]{1,200})')
_FASTCGI = Lazy(r'FastCGI sent in stderr: "(?:PHP message: )?(?P<text>.*)', re.DOTALL)
_APACHE = Lazy(
    r"\[(?:(?P<module>\w{1,30}):)?(?P<level>emerg|alert|crit|error|warn|notice|info|debug)\] (?:\[(?:pid|client) [^\]]{1,80}\] ){0,3}"
    r"(?:\((?P<code>\d{1,3})\)(?P<reason>[^:]{1,80}): )?(?P<text>.*)",
    re.DOTALL,
)
_HAPROXY = Lazy(
    r"(?:\[(?:ALERT|WARNING|NOTICE)\] +\(\d+\) : )?(?:Health check .* )?(?:Server|backend) (?P<server>[\w./:-]{1,120}) is DOWN\b(?P<text>.*)"
)
_INFO = Lazy(r'info: "(?P<info>[^"]{1,200})"')
_ENVOY = Lazy(
    r'\[[^\]]{4,40}\] "(?:[A-Z]{3,7} [^"]{0,2000}|- - -)" (?P<status>\d{1,3}) (?P<flags>[A-Z]{2,4}(?:,[A-Z]{2,4})*) (?P<rest>.*)'
)
_ADDRESS = Lazy(r'"(?P<address>\d{1,3}(?:\.\d{1,3}){3}:\d{2,5}|\[[0-9a-f:]{2,40}\]:\d{2,5})"')
_AUTHORITY = Lazy(r'"(?P<authority>[a-z][a-z0-9.-]{1,200}(?::\d{2,5})?)" "')


def read_webserver(record: Record) -> Statement | None:
    """Return the statement of a line of nginx, Apache, HAProxy or Envoy's access log, else None."""
    body = record.body
    return _of_nginx(body, record) or _of_apache(body, record) or _of_haproxy(body) or _of_envoy(body, record)


def _of_nginx(body: str, record: Record) -> Statement | None:
    match = _NGINX.match(body) if record.head.stamped else None
    match = match or _NGINX_TOOL.match(body)
    if match is None:
        return None
    level, text = level_of(match["level"]), match["text"]
    if level is Level.ERROR and _ABSENT.search(text):
        level = Level.WARNING  # a client asked for a file that is not there
    php = _FASTCGI.search(text)
    while_ = _WHILE.search(text)
    upstream = _UPSTREAM.search(text)
    if php is not None:
        return Statement(php["text"].partition('" while ')[0], level=level, component="php")
    return Statement(
        text.partition(", client: ")[0],
        level=level,
        component="nginx",
        operation=phrase_of(while_["operation"].strip()) if while_ else "",
        peer=upstream["peer"] if upstream else "",
        last=level is Level.FATAL,
    )


def _of_apache(body: str, record: Record) -> Statement | None:
    match = _APACHE.match(body) if record.head.stamped and "[pid " in body[:80] else None
    if match is None:
        return None
    level = level_of(match["level"])
    reason = f": {match['reason']}" if match["reason"] else ""
    return Statement(
        f"{match['text']}{reason}", level=level, component="apache", code=match["code"] or "", last=level is Level.FATAL
    )


def _of_haproxy(body: str) -> Statement | None:
    match = _HAPROXY.match(body)
    if match is None:
        return None
    info = _INFO.search(match["text"])
    reason = info["info"] if info else match["text"].strip(" ,.")
    return Statement(
        f"health check failed: {reason}",
        level=Level.ERROR,
        component="haproxy",
        operation="check health",
        object_kind="server",
        object=match["server"],
        certain=True,
    )


def _of_envoy(body: str, record: Record) -> Statement | None:
    match = _ENVOY.match(body if body.startswith("[") else f"[{'-' * 8}] {body}" if record.head.stamped else "")
    if match is None:
        return None
    flag = next((flag for flag in match["flags"].split(",") if flag in ENVOY_FLAGS), "")
    if not flag:
        return None
    address = _ADDRESS.search(match["rest"])
    authority = _AUTHORITY.search(match["rest"])
    peer = address["address"] if address else authority["authority"] if authority else ""
    return Statement(
        f"upstream request failed: {match['status']} {match['flags']} {match['rest'][:120]}",
        level=Level.ERROR,
        component="envoy",
        operation="connect to upstream",
        reason=ENVOY_FLAGS[flag],
        code=match["status"],
        peer=peer,
        certain=True,
    )
