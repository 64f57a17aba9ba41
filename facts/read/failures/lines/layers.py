"""Peels the layers of carriers off a line: in comes a raw line, out goes what the program printed, and who and where.

Carriers nest in any order: colours, `kubectl logs --prefix`, Docker Compose, CRI and Docker log files, the journal,
syslog, the kernel's ring buffer, time stamps. Formats: kubernetes/enhancements KEP cri-dockershim-removal (CRI log),
systemd.journal-fields(7), RFC 3164 and 5424, dmesg(1), and the programs' own stamps.
"""

import msgspec

from facts.read.failures.reasons.patterns import Lazy

LINE_BYTES = 16_384
"""A longer line is read as far as this."""

_ISO = r"\d{4}-\d\d-\d\d[T ] ?\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d)(?![\d.:]))?"
_BSD = r"(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?|[^\s\d\[({<]{2,6}\.? +\d{1,2} |\d{1,2}[^\s\d:.,/-]{1,3} +\d{1,2} )\d\d:\d\d:\d\d(?:\.\d+)?"
_ZONE = r"(?: (?:UTC|GMT|CEST|CET|EET|KST|JST|PST|PDT|EST|EDT|CST|CDT|MSK|IST|BST))?"
_STAMPS = (
    rf"\[?{_ISO}{_ZONE}\]?",
    rf"\[?(?:\d{{4}}[/.]\d\d[/.]\d\d|\d\d/\d\d/\d\d) \d\d:\d\d:\d\d(?:[.,]\d+)?{_ZONE}(?: [+-]\d\d:\d\d)?\]?",
    rf"\[?(?:[A-Z][a-z]{{2}} )?[A-Z][a-z]{{2}} +\d{{1,2}} \d\d:\d\d:\d\d(?:\.\d+)? \d{{4}}{_ZONE}\]?",
    r"\[\d\d[/-][A-Z][a-z]{2}[/-]\d{4}[: ]\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4}| [A-Z][\w/]{2,30})?\]",
    rf"\d{{1,2}}[ -][A-Z][a-z]{{2}}[ -]\d{{4}} \d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}",
    r"(?:[A-Z][a-z]{2} \d{1,2}, \d{4}|\d\d/\d\d/\d{4},) \d{1,2}:\d\d:\d\d [AP]M",
    r"\d{1,2}:\d\d[AP]M",
    r"\d\.\d{1,12}e[+]0?9(?=\t)",
    r"\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]?(?= )",
)
_NEST = Lazy(r"\[Nest\] \d+ +- (?=\d)")
_PREFIX = Lazy(
    r"\[(?:pod|job|deployment|statefulset|daemonset|replicaset)/(?P<pod>[^/\]\s]{1,253})(?:/(?P<container>[^\]\s]{1,253}))?\] "
)
_STERN = Lazy(
    r"(?:(?P<pod>[a-z0-9][a-z0-9.-]{1,252}) (?P<container>[a-z0-9][a-z0-9-]{0,62}) [›│] |"
    r"(?P<hashed>[a-z0-9][a-z0-9-]{0,50}-[a-f0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}) (?P<within>[a-z0-9][a-z0-9-]{0,62}) (?=\S))"
)
_COMPOSE = Lazy(
    r"(?!(?i:trace|debug|info|notice|warn|warning|error|critical|fatal) )(?P<container>[A-Za-z0-9][\w.-]{1,61}?[A-Za-z0-9])(?:[-_]\d+)? +\| (?=.)"
)
_CRI = Lazy(rf"{_ISO} (?:stdout|stderr) (?P<tag>[FP])(?::\w+)? ?")
_RFC5424 = Lazy(rf"<\d+>1 {_ISO} (?P<node>[\w.-]+) (?P<program>[\w./-]+) \S+ \S+ (?:-|\[[^\]]*\]) ")
_SYSLOG = Lazy(
    rf"(?:<\d+>)?{_BSD} (?:(?P<node>[\w.-]+) )?(?P<program>[A-Za-z(][\w.@/():-]{{0,80}}?)(?:\[\d+\])?: (?=.)"
)
_JOURNAL = Lazy(rf"{_ISO} (?:(?P<node>[\w.-]+) )?(?P<program>[A-Za-z(][\w.@/():-]{{0,80}}?)(?:\[\d+\]|(?<=kernel)): ")
_RING = Lazy(r"(?:<\d+>)?(?P<kernel>\[ *\d+\.\d{4,6}\]) ")
_DMESG = Lazy(r"(?P<kernel>\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}\]) (?!\[)")
_STAMP = Lazy(rf"(?:{'|'.join(_STAMPS)})(?P<stamp>)(?:[ \t]*\|[ \t]*|[ \t:-]+|(?<=\])(?=\[))(?=\S)")
_CONTROL = Lazy(r"[\x00-\x08\x0b-\x1f]+")
_BY_START = {
    "digit": (_STERN, _COMPOSE, _CRI, _SYSLOG, _JOURNAL, _STAMP),
    "[": (_PREFIX, _RING, _DMESG, _STAMP, _NEST),
    "<": (_RFC5424, _SYSLOG, _RING),
    "small": (_STERN, _COMPOSE, _SYSLOG),
    "letter": (_COMPOSE, _SYSLOG, _STAMP),
    "other": (_CONTROL, _SYSLOG),
}
"""The layers that may start with such a character, in the order in which they are tried."""

_COLOUR = Lazy(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|\x1b[=>()][A-Z0-9]?|\ufeff")
_MAXIMUM_LAYERS = 8


class Line(msgspec.Struct, frozen=True):
    """A line without its layers. `partial` says that the runtime cut it, and that the next line goes on."""

    text: str
    node: str = ""
    namespace: str = ""
    pod: str = ""
    container: str = ""
    program: str = ""
    partial: bool = False
    stamped: bool = False


class _DockerLine(msgspec.Struct):
    log: str


def peel(raw: bytes | str) -> Line:
    r"""Return `raw` without its layers.

    >>> peel("Jun 12 08:00:10 w1 kubelet[901]: E0612 08:00:10.1 901 kubelet.go:1] x").program
    'kubelet'
    >>> peel("[pod/web-1/app] 2026-06-12T08:00:10.5Z stderr F \x1b[31mError\x1b[0m: no").text
    'Error: no'
    """
    text = raw[:LINE_BYTES].decode("utf-8", "replace") if isinstance(raw, bytes) else raw[:LINE_BYTES]
    text = text.rstrip("\r\n\x00")
    known: dict[str, str] = {}
    if text.startswith('{"log":"'):
        text = _of_docker(text)
    if "\x1b" in text or "\ufeff" in text:
        text = _COLOUR.sub("", text)
    for _ in range(_MAXIMUM_LAYERS):
        match = next((match for layer in _layers(text) if (match := layer.match(text))), None)
        if match is None:
            break
        known |= {name: value for name, value in match.groupdict().items() if value is not None}
        text = text[match.end() :]
    program = known.get("program", "kernel" if "kernel" in known else "")
    return Line(
        text.rstrip(),
        known.get("node", ""),
        known.get("namespace", ""),
        known.get("pod", known.get("hashed", "")),
        known.get("container", known.get("within", "")),
        program.strip("()").rpartition("/")[2],
        known.get("tag") == "P",
        "stamp" in known,
    )


def _of_docker(text: str) -> str:
    try:
        return msgspec.json.decode(text, type=_DockerLine).log.rstrip("\r\n")
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError):
        return text


def _layers(text: str) -> tuple[Lazy, ...]:
    start = text[:1]
    if start in ("[", "<"):
        return _BY_START[start]
    if not start.isascii() or not start.isprintable():
        return _BY_START["other"]
    if start.isdigit():
        return _BY_START["digit"]
    if start.isalpha():
        return _BY_START["small" if start.islower() else "letter"]
    return ()
