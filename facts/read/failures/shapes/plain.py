"""Lines without a level and without a shape: last words of programs, chains of Go, what command line tools complain of.

Such a line is a failure only when its form shows it: it starts with a mark or a verb of failure, or a program's name
stands before a reason and the reason ends it. Prose that mentions an error has neither.
"""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.chains import reason_of, unescaped, without_advice
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement

_MARK = Lazy(
    r"(?:\*{3} )?(?:(?P<program>[\w./@+-]{1,80}): )?(?:(?:npm )?(?:ERR!|ERROR|Error|error|FATAL|Fatal|fatal|CRITICAL|E)(?: ERROR)?(?:\[\w{1,20}\])?(?: \[[^\]]{1,40}\])?(?: \(\w{1,40}\))?:|(?:FATAL|fatal|Fatal) [Ee](?:rror|RROR)[:,]?|✗|✖|❌|❗|⨯|🔥)[ \t]+(?P<text>\S.*)",
    re.DOTALL,
)
_VERB = Lazy(
    r"(?:\(\d+\) )?(?:[Ff]ailed|[Uu]nable|[Cc]annot|[Cc]ould ?n[o']t|[Cc]an ?n?[o']t|[Ee]rror|[Ii]nvalid|[Uu]nknown|[Uu]nexpected|[Uu]ncaught|[Cc]onnection|[Tt]imed? ?out|"
    r"[Nn]o such|[Mm]issing|[Uu]nrecognized|[Uu]nsupported|[Pp]ermission|[Pp]anicked|[Nn]ot |[Mm]isconfig|[Ee]xception|[Dd]id not)[ :]?"
)
_TRIED = Lazy(r"(?:[Ff]ailed|[Uu]nable|[Cc]annot|[Cc]ould ?n[o']t|[Ee]rror(?: while| when)?) [a-z]")
_PREFIXED = Lazy(r"(?P<program>[\w./@+-]{2,80})(?:\[\d+\])?(?::\d{1,6})?(?:: | - )")
_ENDED = Lazy(
    r"[\"')\]}]*(?:$|[.!]?\s*$|:|, client|, error|, err:| \(| in /| for |\n| at | -- | \[| \$PATH| @ | while )",
    re.MULTILINE,
)
"""How a chain goes on behind its reason: it does not."""

_FAILED = Lazy(r"(?:.{0,200}\s)?(?:failed|failure|refused|rejected|denied)\b(?: to \w+)?(?::| \(|$|\.$)")
_OPENER = Lazy(
    r"(?:rpc error: code = |(?:Get|Post|Put|Patch|Delete|Head) \"https?://|dial (?:tcp|udp|unix) |exec: \"|fork/exec |open /|stat /|x509: |tls: |MountVolume\.|AttachVolume\.|Internal error occurred: |Operation cannot be fulfilled)"
)
_DAEMONS = frozenset(("containerd", "coredns", "dockerd", "etcd", "kubelet", "crio", "flanneld", "kube-proxy"))
"""Programs that print such a line only before they end."""

_EXCEPTION = Lazy(
    r"(?:Caused by: )?(?:(?:[a-z]\w*\.)+(?:\w+\$)?[A-Z]?\w*(?:Error|Exception)\b: |[A-Z]\w+[a-z](?:Error|Exception): |"
    r"(?:[a-z]\w*\.){2,8}(?:\w+\$)?[A-Z]\w*(?:Failed|Failure|Refused|NotFound|Timeout|Unavailable|Denied): )(?=\S)"
)
_DIED = Lazy(r"(?P<text>\S.{5,400}) at /\S{1,200}\.(?:pl|pm|cgi) line \d{1,6}\.$")
_SAID_OF = Lazy(
    r"(?i)\b(?:if|when(?:ever)?|means?|should|might|usually|this error|errors? like|error messages?|e\.g\.|i\.e\.|for example|for instance|such as|note that|"
    r"you (?:see|get|can|may|need|will|want|should|must|are)|we (?:see|get|saw|got|use|now)|how to|what|why|troubleshoot\w*|always|never|often|sometimes|typically|"
    r"tests?|feat|chore|refactor|describe|assert\w*|todo|shall)\b"
)
_MARKED_UP = Lazy(
    r".*(?:::test_| PASSED\b|\bXFAIL\b|\bSKIPPED\b)|[0-9a-f]{7,40} [A-Za-z]|[-+]\s|\S+ +\d+ +\d+\.\d+ +\S|\s*(?:\"\"\"|#|\*(?!\*\* (?:ERROR|FATAL):)|-{1,2} |>|\||//|/\*|\$ |\d{1,3}[.)] |`|<[a-z/!]|\+ |- \[|def |func |class |import |const |let |var |if |for |return |assert|@|=|\{|\[ ?[x +-]\])"
)
_CLF = Lazy(r'\S+ \S+ \S+ \[[^\]]{5,40}\] "|.{0,80}"(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) [^"]{0,2000}" \d{3}\b')
_OPTION = Lazy(r"\s*-{1,2}[a-z][\w-]*(?:[ =]|$)")
_COUNTED = Lazy(
    r"(?i)\b(?:0|no) (?:errors?|failures?|failed)|(?:errors?|failures?|failed)[\"']?[ =:]+(?:0\b|null|none|false|\[\])"
)


def read_plain(record: Record) -> Statement | None:
    """Return the statement of a line that has the form of a failure, else None.

    >>> from facts.read.failures.lines.records import record_of
    >>> read_plain(record_of(b"listen tcp :53: bind: address already in use")).certain
    True
    >>> read_plain(record_of(b"If you see connection refused, the server is down.")) is None
    True
    """
    first = unescaped(record.first)[:1_000]
    if (
        first[:1].isspace()
        or ("`" in first and not _PREFIXED.match(first))
        or _MARKED_UP.match(first)
        or _OPTION.match(first)
        or _CLF.match(first)
        or _COUNTED.search(first)
    ):
        return None
    body = unescaped(record.body)
    mark = _MARK.match(body)
    if mark is not None:
        level = Level.FATAL if "atal" in body[: mark.start("text")].lower() else Level.ERROR
        return Statement(mark["text"], level=level, component=_name(mark["program"]), certain=True)
    died = _DIED.match(first)
    if died is not None:
        return Statement(died["text"], level=Level.ERROR, certain=True)
    reason = reason_of(without_advice(first))
    if _EXCEPTION.match(first) and not _SAID_OF.search(first[: reason.start if reason else 200]):
        return Statement(body.removeprefix("Caused by: "), level=Level.ERROR, certain=True)
    if record.head.stamped and _TRIED.match(first) and not _SAID_OF.search(first):
        return Statement(body, certain=True)
    if reason is None or _SAID_OF.search(first[: reason.start]):
        return None
    prefix = _PREFIXED.match(first)
    name, text = (_name(prefix["program"]), first[prefix.end() :]) if prefix else ("", first)
    whole = body[prefix.end() :] if prefix else body
    if name.startswith("debug"):
        return None
    quotes = any(quote in text for quote in (": ", '"', "'"))
    verb = _VERB.match(text) is not None and (quotes or prefix is not None)
    chained = reason.certain and quotes and _ENDED.match(first, reason.end) is not None
    if verb or reason.whole or chained or _FAILED.match(text) or _OPENER.match(first):
        last = name in _DAEMONS
        return Statement(whole, level=Level.FATAL if last else None, component=name, last=last, certain=True)
    if reason.certain and not first[reason.end :].strip(" .\"')]!"):
        return Statement(whole, component=name, certain=prefix is not None or ": " in first)
    return None


def _name(program: str | None) -> str:
    """Return the program that a prefix names, "" for words like "error" and for names of files."""
    name = (program or "").rpartition("/")[2]
    is_file = "." in name[1:-1] and not name.endswith((".sh", ".service"))
    is_exception = name.endswith(("Error", "Exception"))
    return "" if is_file or is_exception or name.lower() in _NO_PROGRAMS else name


_NO_PROGRAMS = frozenset(
    ("error", "fatal", "warning", "note", "e", "failed", "exec", "dial", "tls", "x509", "open", "rpc")
)
