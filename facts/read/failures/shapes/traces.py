"""Traces of Python, Java, Node.js, Rust, .NET, Ruby, PHP, Elixir, Perl and Go: the chain of causes, outermost first, without frames."""

import re

from facts.model.failure import Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement

_SPRING = "APPLICATION FAILED TO START"
_PYTHON = "Traceback (most recent call last)"
_EXCEPTION = Lazy(
    r"(?:[\w]+\.)*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning|Timeout|Refused|NotFound|DoesNotExist|Available|\w*)\b(?::|$)"
)
_CAUSE = Lazy(
    r"\s*(?:Caused by: |caused by: |-+> |\[cause\]: |nested exception is |  +\d+: (?!0x|std::|core::|<|__|rust_|tokio|main$|\w+::))"
)
_SUPPRESSED = Lazy(r"\s*Suppressed: ")
_HEADS = Lazy(
    r"(?P<java>Exception in thread \"[^\"]*\" )|(?P<dotnet>Unhandled exception\. |Unhandled Exception: )|(?P<rust>thread '[^']*' (?:\(\d+\) )?panicked at )|"
    r"(?P<php>(?:PHP )?(?:Fatal|Parse|Recoverable fatal) error: {1,2}(?:Uncaught )?)|(?P<go>panic: |fatal error: )|(?P<node>Uncaught |\[?Unhandled(?:\w*Rejection\w*:?| [Rr]ejection| promise rejection\b(?! \w+ly)| 'error' event| [Ee]rror| [Ee]xception) )|"
    r"(?P<ruby>\S+\.rb:\d+:in [`'][^'\n]{1,200}': )|(?P<elixir>\*\* \((?=[A-Z][\w.]{1,80}\) ))|(?P<thrown>(?:[a-z]\w*\.)+(?:\w+\$)?[A-Z]\w*(?:Exception|Error)\b)|"
    r"(?P<plain>[A-Z]\w*(?:Error|Exception)\b(?=[: ]|$))|(?P<category>(?:fail|crit): [\w.]+\[\d+\])"
)
_NODE_FIELD = Lazy(r"^\s*(code|syscall|address|port|path|hostname|errno): '?([^',\n]+)'?,?$", re.MULTILINE)
_RUBY_CLASS = Lazy(r" \((?P<name>[A-Z][\w:]+)\)$")


def causes_of(lines: tuple[str, ...]) -> str:
    r"""Return the causes that the trace in `lines` tells, outermost first, "" without a trace.

    >>> causes_of(("x", "java.io.IOException: a", "\tat b.C(D.java:1)", "Caused by: java.net.ConnectException: Connection refused"))
    'java.io.IOException: a: java.net.ConnectException: Connection refused'
    """
    if any(_PYTHON in line for line in lines):
        return _of_python(lines)
    causes = []
    suppressed = False
    for number, line in enumerate(lines):
        if _SUPPRESSED.match(line):
            suppressed = True
        cause = _CAUSE.match(line)
        if cause is not None:
            suppressed = False
            causes.append(line[cause.end() :].strip())
        elif number and not suppressed and not line[:1].isspace() and _EXCEPTION.match(line):
            causes.append(line.strip())
    return ": ".join(cause for cause in causes if cause)


def read_trace(record: Record) -> Statement | None:
    """Return the statement of a trace that no log line introduces, else None; an uncaught one ends the process."""
    first = record.first
    if _SPRING in first:
        return _of_spring(record.lines)
    if first.startswith(_PYTHON):
        causes = causes_of(record.lines)
        return Statement(causes, level=Level.FATAL, source="python", last=True, certain=True) if causes else None
    match = _HEADS.match(first)
    kind = match.lastgroup if match else None
    if match is None or kind is None:
        return None
    if kind in ("thrown", "plain") and not _has_trace(record):
        return None
    if kind == "rust":
        text = " ".join(line.strip() for line in record.lines[1:2]) or first[match.end() :]
        return Statement(_panicked(first, text), level=Level.FATAL, source="rust", last=True, certain=True)
    if kind == "go":
        return _of_go(record)
    if kind == "category":
        message = " ".join(line.strip() for line in record.lines[1:2])
        level = Level.ERROR
        return Statement(message, causes_of(record.lines[1:]), level, source=first.split(" ", 1)[1], certain=True)
    message = first[match.end() :] if kind not in ("thrown", "plain") else first
    if kind == "elixir":
        message = message.replace(") ", ": ", 1)
    ruby = _RUBY_CLASS.search(message)
    if ruby is not None:
        message = f"{ruby['name']}: {message[: ruby.start()]}"
    fields = dict(_NODE_FIELD.findall("\n".join(record.lines[1:])))
    peer = f"{fields['address']}:{fields['port']}" if "address" in fields and "port" in fields else ""
    level = Level.ERROR if kind in ("thrown", "elixir") else Level.FATAL
    return Statement(
        message.strip(),
        causes_of(record.lines),
        level,
        source=kind,
        code=fields.get("code", ""),
        peer=peer,
        last=level is Level.FATAL,
        certain=True,
    )


def _of_python(lines: tuple[str, ...]) -> str:
    """Return the exceptions of a chain of tracebacks; Python prints the first cause first."""
    causes, inside = [], False
    for line in lines:
        if _PYTHON in line:
            inside = True
        elif inside and line and not line[0].isspace():
            causes.append(line.strip())
            inside = False
    return ": ".join(reversed(causes))


def _of_spring(lines: tuple[str, ...]) -> Statement | None:
    """Return what Spring Boot's failure analysis says: the text below Description, and the reason."""
    texts = [line.strip() for line in lines[1:] if line.strip(" *")]
    if "Description:" not in texts:
        return None
    below = texts[texts.index("Description:") + 1 :]
    description = next((text for text in below if not text.endswith(":")), "")
    reason = next((text.removeprefix("Reason: ") for text in below if text.startswith("Reason: ")), "")
    return Statement(description, reason, Level.FATAL, component="spring-boot", last=True, certain=True)


def _of_go(record: Record) -> Statement | None:
    first = record.first
    text = first.split(": ", 1)[1]
    if "(*logrus.Entry)" in text or "(*zap" in text:
        return None  # the line above says why
    certain = any("goroutine" in line or "[signal" in line for line in record.lines[1:])
    return Statement(first, level=Level.FATAL, source="go", last=True, certain=certain)


def _panicked(first: str, text: str) -> str:
    """Return the text of a Rust panic; before 1.73 it stood in quotes on the first line."""
    _, quote, rest = first.partition("panicked at '")
    return f"panicked: {rest.rpartition(chr(39))[0]}" if quote else f"panicked: {text}"


def _has_trace(record: Record) -> bool:
    return (
        any(re.match(r"\s+at |\s*Caused by|\s*\^|\s+\{|\s*\.\.\. \d+ ", line) for line in record.lines[1:])
        or "\n" in record.first
    )
