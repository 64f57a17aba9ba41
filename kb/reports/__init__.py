"""The formats of a report, one file each, found because it lies in this folder."""

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kb.report import Report
from kb.view import View


class Format(Protocol):
    """A module of this folder: one way to show a report. Its name is what `--output` takes."""

    def render(self, report: Report, view: View) -> str:
        """Return `report` as text that ends in a newline."""
        ...


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, without importing one."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def open_format(name: str) -> Format:
    """Return the format called `name`, one of `format_names()`."""
    return cast(Format, import_module(f"{__name__}.{name}"))
