"""How a report is to be shown."""

import os
import shutil
import sys

import msgspec


class View(msgspec.Struct, frozen=True):
    """`width` in columns, whether with `colour`, how many root causes in full, and the `language` of fixed words."""

    width: int = 80
    colour: bool = False
    top: int = 5
    language: str = "en"


def view_of_terminal(colour: str = "auto", top: int = 5, language: str = "en") -> View:
    """Return the view for standard output: the width of the terminal within reason, 80 columns in a pipe.

    `colour` is auto, always or never; auto is on a terminal that can show it, unless NO_COLOR is set (no-color.org).
    """
    width = max(48, min(shutil.get_terminal_size((80, 24)).columns, 100))
    can = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    return View(width, colour == "always" or (colour == "auto" and can), top, language)
