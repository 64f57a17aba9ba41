"""Lines that name their level near their head, in whatever order and brackets.

Calico, consoles of zap and Istio, log4j, logback, Python, Kafka, RabbitMQ, MariaDB, HAProxy, Envoy, fluentd, Vault,
zerolog, tracing, gunicorn, Celery, Rails, Laravel, Serilog, Open vSwitch, Ceph, GlusterFS, ClickHouse and most others.
"""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.chains import unescaped
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.fields import ERROR_KEYS, first_of, pairs_of
from facts.read.failures.shapes.levels import LEVEL, level_of
from facts.read.failures.shapes.statement import Statement

_GROUP = (
    r"(?:\[[^\]\n]{0,80}\]|\([^)\n]{0,40}\)|<[^>\n]{0,40}>|\{[^}\n]{0,80}\}|\d{1,8}|0x[0-9a-f]{1,16}|[\w.@:/$#-]{1,80} +-|[\w.-]{1,40}:|"
    r"[\w.$/-]{0,60}[\w$/-](?= +\[?[A-Z]{4,})|[DIWEFA],|[\w.-]{1,40}=[^\s\"]{1,80}|[\w-]{1,30}\.(?=[A-Z]{4,}:)|[\w-]{1,40}(?:\([\w.-]{1,40}\))?(?=\|))"
)
_HEAD = Lazy(
    rf"(?P<before>(?:{_GROUP}[ :|\t-]{{0,4}}){{0,4}})"
    rf"(?:\[ ?(?:[\w.-]{{1,20}}:)?(?P<bracketed>(?i:{LEVEL}|PANI|Note|System|E|W|F|I)\w{{0,2}}) *\]|<(?P<angled>(?i:{LEVEL}))>|(?P<plain>{LEVEL})(?=[\s:|\[(,/\]-]|$)|(?P<small>(?i:{LEVEL}))(?P<mark>:[ \t]|\t)|"
    r"(?P<letter>[EFWI])(?= +(?:[A-Z]{2,12} +)?\[))"
)
_CEPH = Lazy(r"[0-9a-f]{10,16} +(?P<level>-?\d+) (?P<text>.*)", re.DOTALL)
_AFTER = Lazy(
    r"(?:/[\w-]{1,40})?\]?[ \t]*(?:[:|-]+[ \t]+)?(?:[A-Z]{2,12}(?= +\[))?[ \t]*(?:(?:\[(?!\"|error=)[^\]\n]{0,120}\]|\(\d+\)|<[\w.]{1,40}>|\d{1,7} ---|#\d{1,4}(?= )|---|:|\||- |\d{4}-\d\d-\d\d[T ][\d:.,]{8,15}(?= )|[\w./-]{1,120}\.cc:\d{1,6}\])[ \t:|-]{0,3}){0,6}"
)
_LOGGER = Lazy(
    r"(?P<logger>[\w.$-]{1,80}(?:/[\w./<>-]{1,80})?(?:[.:]\d{1,6})?(?: (?:\d{1,6}|<nil>))?)(?:\n[ \t]*|\t| {2,}(?=\S)|[ \t]*: |[ \t]+-{1,2} |[ \t]*\| )(?=\S)"
)
_JSON = Lazy(r"[ \t]+(\{\"[^\n]*\})[ \t]*$", re.MULTILINE)
_JSON_ERROR = Lazy(r'"(?:err|error|reason|cause)": ?"((?:[^"\\]|\\.)*)"')
_TAIL_LOGGER = Lazy(
    r" \((?P<logger>(?:kafka|org|io|com|state|logger)\.[\w.$]{1,120}|[a-z]{2,10}(?:\.[\w$]{1,60}){1,8})\)$",
    re.MULTILINE,
)
_UNQUOTED_ERROR = Lazy(r"(?:^|[ \t])(?:error|err|reason)=(?!\")(?P<error>\S.*)$", re.DOTALL)


def read_leveled(record: Record) -> Statement | None:
    """Return the statement of a line that names its level after at most a few groups, else None.

    >>> from facts.read.failures.lines.records import record_of
    >>> read_leveled(record_of(b"[ERROR] plugin/errors: 2 db. A: read udp 10.0.0.3:37->8.8.8.8:53: i/o timeout")).level.value
    'error'
    """
    text = record.body
    ceph = _CEPH.match(text) if record.head.stamped else None
    if ceph is not None:
        return Statement(ceph["text"], level=Level.ERROR if ceph["level"] == "-1" else Level.INFO, source="ceph")
    match = _HEAD.match(text)
    if match is None or (match["letter"] and not record.head.stamped):
        return None
    word = match["bracketed"] or match["angled"] or match["plain"] or match["small"] or match["letter"]
    if match["small"] and not (record.head.stamped or match["mark"] == "\t" or match["before"]):
        return None  # "error: …" is what tools print; `plain` reads it
    alone = match["plain"] and not text[match.end() :].partition("\n")[0].strip()
    level = level_of(word)
    if (
        level is None
        or (alone and not record.head.stamped)
        or (match["bracketed"] and len(word) == 1 and not record.head.stamped)
    ):
        return None
    after = _AFTER.match(text, match.end())
    skipped = text[match.end() : after.end()] if after else ""
    message = text[after.end() if after else match.end() :].strip()
    source = "\n".join(part for part in (match["before"].strip(" \t-:|[]"), skipped.strip(" \t-:|[]")) if part)
    logger = _LOGGER.match(message)
    if logger is not None:
        source, message = f"{source}\n{logger['logger']}".strip(), message[logger.end() :]
    message, error = _split(message, text)
    tail = _TAIL_LOGGER.search(message)
    if tail is not None:
        source, message = f"{source}\n{tail['logger']}", message[: tail.start()] + message[tail.end() :]
    return Statement(message.strip(), error, level, source=source, last=level is Level.FATAL)


def _split(message: str, text: str) -> tuple[str, str]:
    """Return the message and the error of what follows the head: JSON at the end, pairs, or a plain text."""
    json = _JSON.search(message)
    if json is not None:
        reason = _JSON_ERROR.search(json[1])
        return message[: json.start()].replace("\t", " "), unescaped(reason[1]) if reason else ""
    unquoted = _UNQUOTED_ERROR.search(message)
    if unquoted is not None:
        return message[: unquoted.start()] or text, unquoted["error"]
    pairs = pairs_of(message) if '="' in message else {}
    error = first_of(pairs, ERROR_KEYS)
    if error:
        return message.partition("=")[0].rpartition(" ")[0] or message, error
    return message.replace("\t", " "), ""
