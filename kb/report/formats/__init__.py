"""The formats of a report, one file each, found because it lies in this folder."""

from typing import Protocol, cast

from facts.model.plugins import Plugins
from kb.report.report import Report
from kb.terminal.view import View

FORMATS = Plugins("kb.report.formats", "kbdiag.formats")


class Format(Protocol):
    """A module of this folder: one way to show a report. Its name is what `--output` takes."""

    def render(self, report: Report, view: View) -> str:
        """Return `report` as text that ends in a newline."""
        ...


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, without importing one."""
    return FORMATS.names()


def open_format(name: str) -> Format:
    """Return the format called `name`, one of `format_names()`."""
    return cast(Format, FORMATS.load(name))
