"""A page of text for a terminal or a pipe: margins, labels, right-hand notes, and commands that can be copied whole."""

import io
from collections.abc import Iterable
from itertools import pairwise

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from facts.model.shell import tokens
from kb.terminal.view import View
from kb.terminal.visible import visible

MARGIN = 3
LABEL = 10
"""Columns for a label; what it labels starts at MARGIN + LABEL."""
_SENTENCE = 24
"""A note to a command that is longer reads as a sentence, from left to right, when it needs a line of its own."""


class Page:
    """Lines under construction. Every text that is given is made `visible`; no markup is read in it."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._console = Console(
            file=io.StringIO(),
            width=view.width,
            force_terminal=view.colour,
            color_system="standard" if view.colour else None,
            no_color=not view.colour,
            highlight=False,
            legacy_windows=False,
        )
        self._lines: list[Text] = []

    def __str__(self) -> str:
        """Return the page as text that ends in a newline."""
        with self._console.capture() as captured:
            for line in self._lines:
                line.rstrip()
                self._console.print(line, soft_wrap=True)
        return captured.get()

    def blank(self) -> None:
        """Add an empty line, unless there is one or the page is empty."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Text())

    def line(self, *parts: tuple[str, str]) -> None:
        """Add one line of (text, style) parts as it is, however long."""
        self._lines.append(_assembled(parts))

    def paragraph(self, *parts: tuple[str, str], indent: int = 0, hanging: int = 0, limit: int = 0) -> None:
        """Add (text, style) parts, wrapped at blanks; lines after the first stand `hanging` columns further right.

        With `limit`, at most that many lines, the last of which says that something was left out.
        """
        wrapped = self._wrapped(_assembled(parts), self._view.width - indent - hanging, limit)
        for number, text in enumerate(wrapped):
            self._lines.append(Text(" " * (indent + (hanging if number else 0))).append_text(text))

    def heading(self, left: Iterable[tuple[str, str]], right: Iterable[tuple[str, str]]) -> bool:
        """Add one line with a left and a right part; return False, and add nothing, when there is no room for both."""
        first, last = _assembled(left), _assembled(right)
        room = self._view.width - first.cell_len - last.cell_len
        if room < 2:
            return False
        self._lines.append(first.append(" " * room).append_text(last))
        return True

    def cells(self, cells: Iterable[tuple[tuple[str, str], ...]], indent: int = 1, gap: int = 3) -> None:
        """Add cells of (text, style) parts side by side, on as many lines as they need; none is broken."""
        line = Text(" " * indent)
        for cell in cells:
            text = _assembled(cell)
            if line.plain.strip() and line.cell_len + text.cell_len > self._view.width:
                self._lines.append(line)
                line = Text(" " * indent)
            line.append_text(text).append(" " * gap)
        self._lines.append(line)

    def entry(
        self,
        label: str,
        text: str,
        note: str = "",
        *,
        style: str = "",
        note_style: str = "dim",
        indent: int = 0,
        limit: int = 0,
    ) -> None:
        """Add wrapped text under a label, with a note at the right of its last line, or on a line of its own."""
        wrapped = self._wrapped(_assembled([(text, style)]), self._view.width - MARGIN - LABEL - indent, limit)
        for number, line in enumerate(wrapped):
            self._lines.append(self._labelled("" if number else label).append(" " * indent).append_text(line))
        self._note(note, note_style)

    def command(self, label: str, run: str, note: str = "", *, note_style: str = "dim") -> None:
        """Add a command under a label, broken only where a shell allows it, so that it can be copied whole."""
        for number, line in enumerate(broken(run, self._view.width - MARGIN - LABEL)):
            self._lines.append(self._labelled("" if number else label).append(line, style="bold"))
        self._note(note, note_style, is_sentence=len(note) > _SENTENCE)

    def _note(self, note: str, style: str, *, is_sentence: bool = False) -> None:
        if not note:
            return
        text = _assembled([(note, style)])
        room = self._view.width - self._lines[-1].cell_len - text.cell_len
        if room >= 2:
            self._lines[-1].append(" " * room).append_text(text)
            return
        start = MARGIN + LABEL
        for line in self._wrapped(text, self._view.width - start, 0 if is_sentence else 2):
            indent = start if is_sentence else max(start, self._view.width - line.cell_len)
            self._lines.append(Text(" " * indent).append_text(line))

    def _labelled(self, label: str) -> Text:
        return Text(" " * MARGIN).append(visible(label), style="dim").append(" " * (LABEL - cell_len(label)))

    def _wrapped(self, text: Text, width: int, limit: int) -> list[Text]:
        lines = list(text.wrap(self._console, max(width, 16), justify="left"))
        for line in lines:
            line.rstrip()
        if limit and len(lines) > limit:
            lines = lines[:limit]
            lines[-1].truncate(max(width, 16) - 2)
            lines[-1].append(" …")
        return lines


def broken(command: str, width: int) -> list[str]:
    """Return the lines of a shell command, broken with a backslash at blanks outside quotes where it exceeds `width`.

    A command of several lines stays as its author wrote it, a word that is longer than the line stays whole, and a
    comment is not broken, for it would end there.
    """
    written = command.strip().splitlines()
    if len(written) != 1:
        return [visible(line) for line in written]
    lines: list[str] = []
    line = ""
    for word in _words(visible(written[0])):
        if line.strip() and cell_len(line + word.rstrip()) > width - 2:
            lines.append(f"{line.rstrip(' ')} \\")
            line = "  "
        line += word
    return [*lines, line.rstrip(" ")]


def _words(command: str) -> list[str]:
    """Cut a command before words; each keeps the blanks that follow it. From a comment on, nothing is cut."""
    try:
        found = tokens(command)
    except ValueError:
        return [command]
    comment = next((token.start for token in found if token.kind == "comment"), len(command))
    starts = [token.start for token in found if token.start <= comment and command[: token.start].endswith(" ")]
    cuts = [0, *(start for start in starts if command[:start].strip()), len(command)]
    return [command[start:end] for start, end in pairwise(cuts)]


def _assembled(parts: Iterable[tuple[str, str]]) -> Text:
    text = Text()
    for part, style in parts:
        text.append(visible(part), style=style)
    return text
