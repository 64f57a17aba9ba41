"""Makes a record of the lines that belong together: in comes raw text, out go the peeled lines, and them as one text."""

import msgspec

from facts.read.failures.lines.extent import opens
from facts.read.failures.lines.layers import Line, peel
from facts.read.failures.reasons.patterns import Lazy

_FRAME = Lazy(
    r"\s*(?:at .+[\w>)\]:]$|at .+\(|File \"|\.\.\. \d+ |from .+:\d+:in |#\d+ |\d+: 0x|goroutine |created by |stack backtrace:|note: run with |"
    r"[\w./*()-]+\(.*\)$|\S+\.(?:go|rs|js|ts|rb|php|exs?|erl):\d+\b.{0,60}$|--- End of|\^+$|~*\^)"
)


TERMINAL_WIDTHS = frozenset((80, 100, 120, 132, 140, 150, 160, 180, 200, 220, 240))
"""How wide terminals usually are."""


class Record(msgspec.Struct, frozen=True):
    """Lines that say one thing. `head` is the first line with what its layers told, `lines` are the texts of all lines."""

    head: Line
    lines: tuple[str, ...]

    @property
    def first(self) -> str:
        """The text of the first line."""
        return self.lines[0]

    @property
    def body(self) -> str:
        """The text of all lines but the frames of traces, one line each."""
        return "\n".join(line for line in self.lines if not _FRAME.match(line)) or self.first


def record_of(raw: bytes) -> Record:
    r"""Return the record of the lines of `raw`; a line that the runtime cut is joined with the line after it.

    >>> record_of(b"E0612 a.go:1] \"x\" err=<\n\tno\n >").lines
    ('E0612 a.go:1] "x" err=<', '\tno', ' >')
    """
    lines: list[Line] = []
    for piece in raw.split(b"\n"):
        line = peel(piece)
        if lines and lines[-1].partial:
            joined = msgspec.structs.replace(lines[-1], text=lines[-1].text + line.text, partial=line.partial)
            lines[-1] = joined
        else:
            lines.append(line)
    texts = tuple(line.text for line in lines)
    return Record(lines[0], texts)


def is_folded(record: Record) -> bool:
    """Whether a line of the record looks like the rest of the line above it and not like a line of its own."""
    rest = record.lines[1:]
    return bool(rest) and all(line and not line[0].isspace() and not opens(line.encode()) for line in rest)


def unfolded(record: Record, raw: bytes) -> Record:
    """Return the record of the lines `raw` as one line, as before a terminal or an editor folded it.

    A terminal folds at a fixed width, in the middle of words; an editor folds between words.
    """
    widths = {len(line.rstrip(b"\r")) for line in raw.split(b"\n")[:-1]}
    fixed = len(widths) == 1 and (len(record.lines) > 2 or widths <= TERMINAL_WIDTHS)
    return Record(record.head, (("" if fixed else " ").join(record.lines),))
