"""`kubectl get` of kinds that the table of kinds does not hold, with columns that show conditions.

NAME                SYNCED   READY   EXTERNAL-NAME   AGE
bucket.s3.aws/logs  True     False   logs            3d
"""

import re
from typing import Any

from facts.cluster.kinds import kind_of
from facts.read.text.reading import Lines, Reading
from facts.read.text.table import Cells, read_table
from facts.snapshot.setting import Setting

_CONDITIONS = {
    column.upper(): column
    for column in ("Ready", "Synced", "Healthy", "Available", "Programmed", "Accepted", "Installed", "Established", "Valid", "Degraded")
}  # fmt: skip
OPENING = rf"[ \t]*(?:NAMESPACE[ \t]+)?NAME[ \t][^\n]*\b(?:{'|'.join(_CONDITIONS)})\b"
_STATUSES = ("True", "False", "Unknown")


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read a table of which the command above, or the names in it, tell the kind; None when neither does."""
    kind = _asked(setting) or _named(lines.line(1) or "")
    return read_table(lines, setting, kind, _object) if kind else None


def _asked(setting: Setting) -> str:
    words = setting.words
    return _kind_of(words[2].split("/", 1)[0]) if words[:2] == ("kubectl", "get") and len(words) > 2 else ""


def _named(row: str) -> str:
    """Return the kind of a row such as `bucket.s3.example.org/logs   True   True`."""
    found = re.match(r"\s*(?:[a-z0-9-]+\s+)?([a-z][a-z0-9]*)(?:\.[a-z0-9.-]+)?/\S", row)
    return _kind_of(found[1]) if found else ""


def _kind_of(word: str) -> str:
    """Return the kind that `word` names; of one that nobody knows the singular, with a capital: buckets gives Bucket."""
    plain = word.split(".", 1)[0]
    known = kind_of(plain)
    if known != plain or not re.fullmatch(r"[a-z][a-z0-9]+", plain):
        return known if "," not in word else ""
    singular = plain.removesuffix("ies") + "y" if plain.endswith("ies") else plain.removesuffix("s")
    return singular.capitalize()


def _object(cells: Cells) -> dict[str, Any] | None:
    shown = [(type_, cells[column]) for column, type_ in _CONDITIONS.items() if cells.get(column)]
    if not shown or not all(status in _STATUSES for _, status in shown):
        return None
    told = {field: cells.get(column, "") for field, column in (("reason", "REASON"), ("message", "MESSAGE"))}
    status = cells.get("STATUS", "")
    told["message" if " " in status else "reason"] = told["message" if " " in status else "reason"] or status
    conditions = [
        {"type": type_, "status": status, **{key: text for key, text in told.items() if text}}
        for type_, status in shown
    ]
    return {"status": {"conditions": conditions}}
