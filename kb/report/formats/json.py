"""The report as JSON, for programs: the contract `kbdiag/report/v1`."""

import json
import re

import msgspec

from kb.report.report import Report
from kb.terminal.view import View

# JSON lets these stand as they are, terminals do not: C1 controls, zero-width and bidirectional characters.
_UNSEEN = re.compile("[\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def render(report: Report, view: View) -> str:  # noqa: ARG001 - every format takes one
    """Return the report as indented JSON. The view does not matter."""
    return plain_json(msgspec.to_builtins(report))


def plain_json(value: object, indent: int | None = 2) -> str:
    """Return `value`, of plain Python types, as JSON in which every character can be printed; in one line without `indent`."""
    text = json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace").decode()
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
