"""The results of a fleet as a table, a row each, written as they come."""

from kb.fleet.result import Replayed
from kb.terminal.page import Page
from kb.terminal.palette import SEVERITY_STYLES
from kb.terminal.phrases import certainty
from kb.terminal.view import View

_WIDTHS = (20, 16, 5, 28)
"""Columns of all cells but the last; a longer cell moves the rest of its row."""
HEADS = ("OBSERVED", "CLUSTER", "SURE", "CAUSE", "SNAPSHOT")


def head(view: View) -> str:
    """Return the line above the rows."""
    return _row(view, [(one, "bold") for one in HEADS])


def row(result: Replayed, view: View) -> str:
    """Return the row of `result`: its first root cause and how many there are besides, or why it could not be read."""
    first = next(iter(result.causes), None)
    if result.error is not None:
        sure, cause = ("-", "dim"), ("not read", "red")
    elif first is None:
        sure, cause = ("-", "dim"), ("nothing found", "dim")
    else:
        more = f" +{len(result.causes) - 1}" if len(result.causes) > 1 else ""
        sure, cause = (certainty(first.confidence), ""), (first.id + more, SEVERITY_STYLES[first.severity])
    cells = [(result.observed_at or "-", ""), (result.cluster or "-", ""), sure, cause, (result.path, "")]
    return _row(view, cells, [] if result.error is None else [(f": {result.error}", "red")])


def _row(view: View, cells: list[tuple[str, str]], after: list[tuple[str, str]] | None = None) -> str:
    page = Page(view)
    parts = [(f"{text:<{width}}  ", style) for (text, style), width in zip(cells, _WIDTHS, strict=False)]
    page.line(*parts, cells[-1], *(after or ()))
    return str(page)
