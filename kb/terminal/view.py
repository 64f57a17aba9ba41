"""How a report is to be shown."""

import os
import shutil
import sys

import msgspec


class View(msgspec.Struct, frozen=True):
    """How wide, how coloured and how long a report is.

    `width` is in columns, `top` the number of root causes in full; `brief` gives a line to each cause, `tree` shows what
    suffers from a cause as a tree; fixed words are in `language`.
    """

    width: int = 80
    colour: bool = False
    top: int = 3
    language: str = "en"
    brief: bool = False
    tree: bool = False


def view_of_terminal(
    colour: str = "auto", top: int = 3, language: str = "en", *, brief: bool = False, tree: bool = False
) -> View:
    """Return the view for standard output: the width of the terminal within reason, 80 columns in a pipe.

    `colour` is auto, always or never; auto is on a terminal that can show it, unless NO_COLOR is set (no-color.org).
    """
    width = max(48, min(shutil.get_terminal_size((80, 24)).columns, 100))
    can = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")
    return View(width, colour == "always" or (colour == "auto" and can), top, language, brief, tree)
