"""Cuts a text into sections: what each section reader claims, the prompts between them, and logs for the rest."""

import codecs
import re
from functools import lru_cache
from typing import Any

import re2

from facts.model.internal_error import internal_error
from facts.model.values import Coverage, Observation, ObservationKind, known
from facts.read.text import prompt
from facts.read.text.reading import Lines, Reading, SectionReader, reader_name
from facts.snapshot.logs import cut_logs
from facts.snapshot.setting import Setting

_AHEAD = 120
"""Bytes behind a line that an opening may reach into, to see how a JSON object goes on."""
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\^_=>])")


def plain_text(body: bytes) -> bytes:
    """Return `body` as UTF-8 with bare line feeds and without byte order mark, colours and cursor movements."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            body = body[len(mark) :].decode(encoding, "replace").encode("utf-8", "replace")
    body = body.removeprefix(codecs.BOM_UTF8)
    if b"\x1b" in body:
        body = _ESCAPE.sub(b"", body)
    return body.replace(b"\r\n", b"\n") if b"\r\n" in body else body


def read_text(text: bytes, source: str, setting: Setting, readers: tuple[SectionReader, ...]) -> Reading:
    """Read all of `text`, which `plain_text` gave. `setting` is what the file's path tells.

    Every line that is not blank ends in an observation, or is a prompt, or belongs to a section that a reader took.
    """
    return _Walk(text, source, setting, readers).walk()


class _Walk:
    """One walk over a text: what was found, and how far it went."""

    def __init__(self, text: bytes, source: str, setting: Setting, readers: tuple[SectionReader, ...]) -> None:
        self._text, self._source, self._base, self._readers = text, source, setting, readers
        self._here = setting
        self._observations: list[Observation] = []
        self._coverage: list[Coverage] = []
        self._cluster = ""
        self._told = (0, 1)
        """Offset and line number up to which all text is in an observation."""
        self._counted = (0, 1)
        """Up to where lines were counted, and the number of the line there."""

    def walk(self) -> Reading:
        readers = self._readers_here()
        opening, openings = _openings(tuple(reader.OPENING for reader in readers))
        position = 0
        while found := opening.search(self._text, position):
            start = found.start()
            lines = Lines(self._text, start, self._source, self._number(start))
            position = lines.offset(1)
            which = sorted(openings.Match(self._text[start : position + _AHEAD]))
            end = 0
            if 0 in which and (end := self._prompt(start, lines)):
                readers = self._readers_here()
                opening, openings = _openings(tuple(reader.OPENING for reader in readers))
            end = end or self._section(start, lines, [readers[index - 1] for index in which if index])
            position = end or position
        self._flush(len(self._text))
        return Reading(tuple(self._observations), tuple(self._coverage), self._number(len(self._text)), self._cluster)

    def _readers_here(self) -> tuple[SectionReader, ...]:
        """Return the readers of what may stand below the last prompt."""
        if self._here.output:
            return self._readers
        return tuple(reader for reader in self._readers if not getattr(reader, "ASKED_FOR", False))

    def _prompt(self, start: int, lines: Lines) -> int:
        """Take a prompt; return the offset of its end, or 0 if the line is not a prompt."""
        told = prompt.read_prompt(lines.line(0) or "", self._here, self._base)
        if told is None:
            return 0
        self._flush(start)
        self._here, report = told
        if report.strip():
            attributes = known(component="kubectl" if self._here.says("kubectl") else "")
            body = report.encode("utf-8", "replace")
            self._observations.append(Observation(ObservationKind.LOG, self._source, body, attributes, lines.number))
        return self._take(lines.offset(1), self._here.cluster)

    def _section(self, start: int, lines: Lines, readers: list[SectionReader]) -> int:
        """Take the section of the first of `readers` that wants it; return where it ends, or 0 when none does."""
        for reader in readers:
            section = self._read(reader, lines)
            if section is not None and section.length > 0:
                self._flush(start)
                self._observations.extend(section.observations)
                self._coverage.extend(section.coverage)
                return self._take(lines.offset(section.length), section.cluster)
        return 0

    def _read(self, reader: SectionReader, lines: Lines) -> Reading | None:
        try:
            return reader.read_section(lines, self._here)
        except Exception as error:  # noqa: BLE001 - the lines of a section that cannot be read are still a log
            self._coverage.append(internal_error(f"reader {reader_name(reader)}", self._source, error))
            return None

    def _take(self, end: int, cluster: str) -> int:
        self._told = (end, self._number(end))
        self._cluster = self._cluster or cluster
        return end

    def _flush(self, end: int) -> None:
        """Make logs of what lies between the last section and `end`."""
        start, line = self._told
        self._observations.extend(cut_logs(self._text, start, end, self._source, line, self._here))
        self._told = (end, self._number(end))

    def _number(self, position: int) -> int:
        counted, line = self._counted
        self._counted = (position, line + self._text.count(b"\n", counted, position))
        return self._counted[1]


@lru_cache(maxsize=4)
def _openings(patterns: tuple[str, ...]) -> tuple[Any, Any]:
    """Return one pattern that finds the next line on which anything may open, and the set that tells what."""
    options = re2.Options()
    options.never_capture = True
    options.max_mem = 1 << 26
    each = [re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in (prompt.OPENING, *patterns)]
    which = re2.Set.MatchSet(options)
    for pattern in each:
        which.Add(f"(?m)(?:{pattern})".encode())
    which.Compile()
    return re2.compile("(?m)^(?:{})".format("|".join(f"(?:{pattern})" for pattern in each)).encode(), options), which
