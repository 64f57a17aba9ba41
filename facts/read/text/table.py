"""Tables as kubectl prints them: a header in capitals, columns padded with blanks, cells that may hold single blanks."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from facts.cluster.kinds import api_of, is_cluster_kind
from facts.cluster.moment import seconds_of_age
from facts.model.internal_error import internal_error
from facts.model.values import Coverage
from facts.read.text.listing import list_coverage, list_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

Cells = dict[str, str]
"""A row: the text below each column's name; "" where nothing stands, and for <none>, <unset> and <unknown>."""

_NAMESPACE = re.compile(r"(?:[a-z0-9][a-z0-9-]*)?$")
EMPTY = frozenset(("<none>", "<unset>", "<nil>"))
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]*(?:/[A-Za-z0-9][A-Za-z0-9.:_-]*)?$")
GREPPED = "rows without their header, a selection"
FILTERED = "the output of the command is filtered"

_COLUMN = re.compile(r"\S+(?: \S+)*")


def header(*columns: str) -> str:
    """Return the RE2 pattern of a header line that starts with `columns`, with or without a namespace before them."""
    body = r"[ \t]+".join(column.replace(" ", "[ ]").replace("(", r"\(").replace(")", r"\)") for column in columns)
    return rf"[ \t]*(?:NAMESPACE[ \t]+)?{body}(?:[ \t]|$)"


MOST_CONTAINERS = 1_000
"""A number of containers above this is no number of containers; a count read from text must not fill the memory."""


def read_table(
    lines: Lines, setting: Setting, kind: str, make: Callable[[Cells], dict[str, Any] | None]
) -> Reading | None:
    """Read the rows below the header at line 0 as objects of `kind`; None when there are none.

    `make` gives the object of a row, as `object_of` takes it, or None when the row is not one of this table.
    """
    columns = columns_of(lines.line(0) or "")
    objects: dict[tuple[str, str], dict[str, Any]] = {}
    failed: list[Coverage] = []
    end = 1
    for index, line in lines.after(1):
        cells = cells_of(line, columns) if line.strip() else None
        if cells is None:
            break
        cells["NAME"], _, cells["NOTE"] = cells.get("NAME", "").partition(" ")  # "standard (default)"
        try:
            is_row = NAME.match(cells["NAME"]) and _NAMESPACE.match(cells.get("NAMESPACE", ""))
            made = make(cells) if is_row else None
        except Exception as error:  # noqa: BLE001 - one row must not cost the others
            failed.append(internal_error(f"reader of {kind} tables", lines.source, error))
            continue
        if made is None:
            break
        item = object_of(cells, kind, setting, made)
        objects[item["metadata"].get("namespace", ""), item["metadata"]["name"]] = item  # with -w, the last row counts
        end = index + 1
    if not objects:
        return None
    reading = table_reading(list(objects.values()), lines, setting, end)
    return msgspec.structs.replace(reading, coverage=(*reading.coverage, *failed)) if failed else reading


def columns_of(header_line: str) -> list[tuple[str, int]]:
    """Return name and start of each column of a header line."""
    return [(found[0], found.start()) for found in _COLUMN.finditer(header_line.expandtabs())]


def table_reading(items: list[dict[str, Any]], lines: Lines, setting: Setting, length: int, why: str = "") -> Reading:
    """Return the reading of `items`, objects of a table that took `length` lines."""
    why = why or (FILTERED if setting.filtered else "")
    seen = [(item["kind"], item["metadata"].get("namespace", "")) for item in items]
    return Reading(
        (list_observation(items, lines.source, lines.number, "table"),), list_coverage(seen, setting, why), length
    )


def object_of(cells: Cells, kind: str, setting: Setting, made: dict[str, Any]) -> dict[str, Any]:
    """Return the object of a row: `made` with its kind, name, namespace and labels."""
    metadata = _metadata(cells, kind, setting) | made.get("metadata", {})
    return {"apiVersion": api_of(kind), "kind": kind, "metadata": metadata} | made | {"metadata": metadata}


def _metadata(cells: Cells, kind: str, setting: Setting) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": cells["NAME"].rsplit("/", 1)[-1]}
    namespace = cells.get("NAMESPACE") or ("" if setting.namespace == "*" else setting.namespace)
    if namespace and not is_cluster_kind(kind):
        metadata["namespace"] = namespace
    if labels := pairs(cells.get("LABELS", "")):
        metadata["labels"] = labels
    if seconds_of_age(cells.get("AGE", "")) is not None:
        metadata["shownAge"] = cells["AGE"]
    return metadata


def cells_of(line: str, columns: list[tuple[str, int]]) -> Cells | None:
    """Cut a row at the columns of its header, or at wide gaps when it is not aligned; None when it fits neither."""
    plain = line.expandtabs().rstrip()
    starts = [start for _, start in columns]
    if (
        all(start == 0 or start > len(plain) or plain[start - 1] == " " for start in starts)
        and plain[starts[0] : starts[0] + 1].strip()
    ):
        ends = [*starts[1:], len(plain)]
        texts = [plain[start:end].strip() for start, end in zip(starts, ends, strict=True)]
        if plain[: starts[0]].strip():
            return None
    else:
        texts = re.split(r" {2,}", plain.strip())
        if len(texts) != len(columns):
            texts = re.findall(r"\S+(?: \([^)]*\))?", plain)
        if len(texts) < len(columns) - 2 or len(texts) > len(columns):
            return None
        texts += [""] * (len(columns) - len(texts))
    return {name: "" if text in EMPTY else text for (name, _), text in zip(columns, texts, strict=True)}


def pairs(text: str) -> dict[str, str]:
    """Return labels or a selector written as key=value,key=value."""
    if text in EMPTY:
        return {}
    found = re.split(r",(?=[^,=]+(?:=|,|$))", text)
    return {key: value for key, _, value in (one.partition("=") for one in found) if key}


def number(text: str) -> int | None:
    """Return the number at the start of a cell ("5 (3m ago)" gives 5), or None."""
    found = re.match(r"\d{1,18}(?!\d)", text, re.ASCII)
    return int(found[0]) if found else None


def fraction(text: str) -> tuple[int, int] | None:
    """Return both numbers of a cell such as 0/1; None for anything else, and for more than a Pod can have."""
    found = re.fullmatch(r"(\d{1,18})/(\d{1,18})", text, re.ASCII)
    numbers = (int(found[1]), int(found[2])) if found else None
    return numbers if numbers and max(numbers) <= MOST_CONTAINERS else None
