"""Finds how far a record reaches: in comes a line of a text, out go the start and the end of the lines that belong to it.

A line that opens nothing of its own continues the line above it: indented lines, frames of a trace, `Caused by`, DETAIL
of PostgreSQL, JSON until its braces close, logfmt until its quotes close, what a terminal folded, what CRI cut.
"""

import re

MAXIMUM_LINES = 200
"""Lines that a record may have."""

MAXIMUM_BYTES = 65_536
"""Bytes that a record may have."""

_FOLDED_LINES = 20
_ISO = rb"\d{4}-\d\d-\d\dT[\d:.,+Z-]+"
_CARRIER = re.compile(
    rb"(?:\x1b\[[0-9;]*m)*"
    rb"(?:\[(?:pod|job|deployment|statefulset|daemonset|replicaset)/[^\]\n]{1,500}\] )?"
    rb"(?:(?P<service>[\w.-]{3,63}) +\| (?=\S|[ \t]))?"
    rb"(?:" + _ISO + rb" (?:stdout|stderr) (?P<tag>[FP])(?::\w+)? ?|"
    rb"(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?|[^\s\d\[({<]{2,9}\.? +\d{1,2} |\d{1,2}[^\s\d:.,/-]{1,6} +\d{1,2} )\d\d:\d\d:\d\d(?:\.\d+)? (?P<who>[^\n:]{1,160}): |"
    + _ISO + rb" (?P<iso>[^\n:\[]{1,160}\[\d+\]): |"
    rb'\{"log":"|(?:<\d+>)?\[ *\d+\.\d{4,6}\] )?(?:\x1b\[[0-9;]*m)*'
)  # fmt: skip
_CONTINUES = re.compile(
    rb"(?:" + _ISO + rb"[ \t])?(?:[ \t]+at [\w.$<]|[ \t]+\.\.\. \d+ (?:more|common)|Caused by: |[ \t]+Caused by: )|"
    rb"[ \t]+(?!\[ERROR |\[WARNING )\S|\\t|\s*\.\.\. \d+ more|at [\w.$]+\(|Caused by|caused by:|Suppressed:|[}\])]+,?\s*$|>\s*$| ---> |--- End of|"
    rb"goroutine \d+ |\[signal |created by |stack backtrace:|note: run with |[^\n]{0,160}?(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION):  ",
    re.MULTILINE,
)
_OPENS_AFTER_BLANK = re.compile(
    rb"\s*(?:Caused by:|During handling of the above|The above exception was the direct|Description:|Reason:|(?:[a-z]\w*\.){2,8}[\w$]{1,80}(?:Exception|Error)\b)"
)
_THROWN = re.compile(rb"[\w.$]*(?:Exception|Error|Throwable|Interrupt|Exit)\b(?:\(\d+\))?(?::|\s*$)", re.MULTILINE)
_DIGITS = b"0123456789"
_CHECK = re.compile(rb"\s+\[ERROR ")
_TRACE = b"Traceback (most recent call last)"
_CHAINED = (b"During handling of the above", b"The above exception was the direct")
_SPRING = b"APPLICATION FAILED TO START"
_TIMED = (
    rb"\s*(?:\d{4}[-/]\d\d[-/]\d\d|[IWEF]\d{4} \d\d:|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* +\d|\d+:[A-Z] \d|"
    rb"(?:time|level|ts|t|logger|caller|lvl|msg)=|\{\"|\[[\w :.,/+-]{1,40}\]|\[?\d\d:\d\d:\d\d|(?:FATAL|ERROR|WARN|WARNING|INFO|DEBUG)[ :\[]"
)
_LOGGED = re.compile(_TIMED + rb")")
_HEAD = re.compile(
    _TIMED + rb"|[A-Z]{4,8}[ :\[]|[\w./()-]{2,40}: |[\w./-]{1,40}\[\d+\]|"
    rb"Traceback |panic:|Error|error|goroutine |[$#>] |\S+@\S+[:$#]|-{3,}|={3,}|\*{3,})"
)


class Extents:
    """How far the records of one text reach; asked from the first line to the last."""

    def __init__(self, text: bytes) -> None:
        """Take the text."""
        self._text = text
        self._headless = 0  # no line before this byte is the head of an indented line after it

    def of(self, start: int, end: int) -> tuple[int, int]:
        r"""Return the start of the first line and the end of the last line of the record that `text[start:end]` is part of.

        >>> Extents(b"ok\nERROR no\n\tat a.B(C.java:1)\nok\n").of(3, 11)
        (3, 29)
        """
        text = self._text
        carrier = _carrier(text, start)
        if text[carrier.end() : carrier.end() + 1] in (b" ", b"\t") and not _CHECK.match(text, carrier.end()):
            start, end = self._head(start, end)
            carrier = _carrier(text, start)
        if carrier.end() == start and text[start : start + 3] == text[end + 1 : end + 4] and text[start] not in _DIGITS:
            return start, end  # lines without a carrier that start alike are lines of their own
        return start, _last(text, start, end, carrier)

    def _head(self, start: int, end: int) -> tuple[int, int]:
        """Return the nearest line above an indented line that is not indented; the line itself when there is none near."""
        text, first = self._text, start
        for _ in range(MAXIMUM_LINES):
            if first <= self._headless:
                break
            stop = first - 1
            first = text.rfind(b"\n", 0, stop) + 1
            if stop <= first or end - first > MAXIMUM_BYTES:
                break
            begin = _carrier(text, first).end()
            if text[begin : begin + 1] not in (b" ", b"\t"):
                return first, stop
        self._headless = start
        return start, end


def opens(line: bytes) -> bool:
    """Whether `line` starts like a record of its own: with a time, a level, a program's name."""
    return _HEAD.match(line) is not None


def _carrier(text: bytes, start: int) -> re.Match[bytes]:
    match = _CARRIER.match(text, start)
    assert match is not None, "every part of the pattern is optional"
    return match


def _speaker(carrier: re.Match[bytes]) -> tuple[bytes | None, ...]:
    return carrier.group("service", "who", "iso")


def _last(text: bytes, start: int, end: int, head: re.Match[bytes]) -> int:
    speaker, pending = _speaker(head), _Pending(text[start:end], head)
    for count in range(MAXIMUM_LINES - 1):
        if end >= len(text) or end - start > MAXIMUM_BYTES:
            break
        following = end + 1
        stop = text.find(b"\n", following)
        stop = len(text) if stop < 0 else stop
        carrier = _carrier(text, following)
        if _speaker(carrier) != speaker:
            break
        begin = carrier.end()
        if begin >= stop or not text[begin:stop].strip():
            if not pending.spans_blank and not _OPENS_AFTER_BLANK.match(text, stop):
                break
        elif not (_CONTINUES.match(text, begin) or pending.takes(text[begin:stop], count)):
            break
        pending.add(text[begin:stop])
        end = stop
    return end


class _Pending:
    """What the lines of a record so far leave open: braces, quotes, a trace without its exception, a cut or folded line."""

    def __init__(self, first: bytes, carrier: re.Match[bytes]) -> None:
        body = first[carrier.end() - carrier.start() :]
        self._width = len(first.rstrip(b"\r"))
        self._braces = body.startswith(b"{") and not body.rstrip().endswith(b"}")
        self._trace = _TRACE in body or (b"panicked at " in body and body.rstrip().endswith(b":"))
        self._quotes = b'="' in body and (body.count(b'"') - body.count(b'\\"')) % 2 == 1
        self._partial = carrier.group("tag") == b"P"
        self._headed = _LOGGED.match(body) is not None
        self.spans_blank = _SPRING in body
        self._virsh = body.startswith(b"error: Failed to ")

    def takes(self, line: bytes, count: int) -> bool:
        """Whether `line`, the one after `count` others, closes something that is still open."""
        if self._trace and not line.startswith(_TRACE):
            self._trace = False  # the line of the exception itself ends the trace
            return True
        if self._virsh and line.startswith(b"error: "):
            self._virsh = False  # virsh says what failed, then why
            return True
        if self._braces or self._partial or line.startswith(_TRACE) or _THROWN.match(line):
            return True
        if self.spans_blank:
            return not line.startswith(b"Action:")
        if line.startswith(_CHAINED):
            return True
        folded = self._headed and self._width >= 60 and count < _FOLDED_LINES
        return (self._quotes or folded) and not opens(line)

    def add(self, line: bytes) -> None:
        """Take note of what `line` opens and closes."""
        self._trace = self._trace or _TRACE in line
        if line.startswith(_CHAINED):
            self.spans_blank = True
        elif _TRACE in line:
            self.spans_blank = False
        self._quotes = self._quotes and line.count(b'"') % 2 == 0
        self._braces = self._braces and not line.startswith(b"}")
        if _SPRING in line:
            self.spans_blank = True
