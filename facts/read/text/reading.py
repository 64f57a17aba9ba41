"""Evidence formats, one per file; a file in this folder is enough, `facts.read.evidence` finds it.

A reader is a module with `read_document`, or `OPENING` and `read_section`, or both: see the two protocols.
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from facts.model.values import Coverage, Observation
from facts.snapshot.setting import Setting


class Reading(msgspec.Struct, frozen=True):
    """What a reader found. `length` is how many lines a section took; `cluster` its name when the text tells it."""

    observations: tuple[Observation, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    length: int = 0
    cluster: str = ""


class Lines:
    """The lines of a text from one of them on, decoded only as far as they are asked for.

    `number` is the number of line 0 in `source`, counted from 1; offsets are positions in `text`.
    """

    def __init__(self, text: bytes, start: int, source: str, number: int) -> None:
        self.text, self.source, self.number = text, source, number
        self._starts, self._lines = [start], list[str]()

    def line(self, index: int) -> str | None:
        """Return line `index`, counted from 0, without its line end; None beyond the last."""
        while len(self._lines) <= index:
            start = self._starts[-1]
            if start >= len(self.text):
                return None
            end = self.text.find(b"\n", start)
            end = len(self.text) if end < 0 else end
            self._lines.append(self.text[start:end].decode("utf-8", "replace"))
            self._starts.append(end + 1)
        return self._lines[index]

    def after(self, index: int) -> Iterator[tuple[int, str]]:
        """Give (index, line) from line `index` to the last."""
        while (line := self.line(index)) is not None:
            yield index, line
            index += 1

    def raw(self, start: int, end: int) -> bytes:
        """Return the bytes of the lines `start` to `end` (not included), as they stand in the text."""
        return self.text[self.offset(start) : self.offset(end)]

    def offset(self, index: int) -> int:
        """Return where line `index` starts in the text."""
        if index:
            self.line(index - 1)
        return min(self._starts[min(index, len(self._starts) - 1)], len(self.text))

    def length(self, end: int) -> int:
        """Return how many lines the text from line 0 to offset `end` takes."""
        start = self._starts[0]
        return self.text.count(b"\n", start, end) + (self.text[end - 1 : end] != b"\n")


def reader_name(reader: object) -> str:
    """Return what a reader, a module, is called in messages: the name of its file."""
    return str(getattr(reader, "__name__", type(reader).__name__)).rpartition(".")[2]


class DocumentReader(Protocol):
    """Reads a format that takes a whole file."""

    def recognises(self, head: bytes) -> bool:
        """Return True if `head`, the first 4096 bytes without leading blanks, may be this format."""

    def read_document(self, body: bytes, source: str, setting: Setting) -> Reading | None:
        """Read the whole of `body`; None when it is another format after all."""


class SectionReader(Protocol):
    """Reads a format that takes a few lines of a text, between others."""

    OPENING: str
    """RE2 pattern that a section matches from the start of its first line; it may reach 120 bytes beyond that line.

    A module with `ASKED_FOR = True` is tried only below a command that says how to print, such as `-o jsonpath=...`.
    """

    def read_section(self, lines: Lines, setting: Setting) -> Reading | None:
        """Read the section that starts at line 0 of `lines`; None when it is another format after all."""
