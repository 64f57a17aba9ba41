r"""Reads what a patch changes of Kubernetes objects: in come the lines of `git log --patch`, out go fields with both values.

    diff --git a/shop/cart.yaml b/shop/cart.yaml        ManifestChange(path="shop/cart.yaml", kind="Deployment",
     kind: Deployment                                       name="cart", field="env PAYMENT_ADDR",
     ...                                                    before="payment:50051", after="payment:5051")
     - name: PAYMENT_ADDR
    -  value: payment:50051
    +  value: payment:5051

A file without `kind`, such as the values of a chart, is told by its path alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

VALUE_CHARACTERS = 120
"""A longer value is cut."""

CHANGES = 30
"""Changed fields of one document that are told."""

_KIND = re.compile(r"kind:\s*['\"]?([A-Za-z]+)")
_IN_METADATA = re.compile(r"\s+(name|namespace):\s*['\"]?([A-Za-z0-9._-]+)")
_KEYED = re.compile(r"(\s*)(?:- )?\s*['\"]?([A-Za-z0-9_./-]+)['\"]?:(?:\s+(.*))?$")
_PAIRS = frozenset(("cpu", "memory", "path", "port", "host", "tag", "name", "key"))
"""Fields that say little without the one above them."""

Line = tuple[str, str]
"""The sign of a line of a patch (" ", "-" or "+") and its text."""


class ManifestChange(msgspec.Struct, frozen=True):
    """A field of an object that a commit changed; a whole object where `action` is created or deleted."""

    path: str
    kind: str = ""
    namespace: str = ""
    name: str = ""
    action: str = "changed"
    field: str = ""
    before: str = ""
    after: str = ""


def manifest_changes(patch: Sequence[str]) -> tuple[ManifestChange, ...]:
    """Return what the patch of one commit changes, file by file, in the order of the patch."""
    return tuple(
        change for path, lines in _files(patch) for document in _documents(lines) for change in _of(path, document)
    )


def _files(patch: Sequence[str]) -> Iterator[tuple[str, list[Line]]]:
    path, lines, inside = "", list[Line](), False
    for text in patch:
        if text.startswith("diff --git "):
            if lines:
                yield path, lines
            path, lines, inside = text.rpartition(" b/")[2].rstrip('"'), [], False
        elif text.startswith("@@ "):
            inside = True
        elif inside and text[:1] in (" ", "-", "+"):
            lines.append((text[0], text[1:]))
    if lines:
        yield path, lines


def _documents(lines: list[Line]) -> Iterator[list[Line]]:
    document: list[Line] = []
    for sign, text in lines:
        if text.rstrip() == "---":
            yield document
            document = []
        else:
            document.append((sign, text))
    yield document


def _of(path: str, document: list[Line]) -> Iterator[ManifestChange]:
    signs = {sign for sign, text in document if text.strip()}
    if not signs & {"-", "+"}:
        return
    kind, namespace, name = _identity(document)
    if len(signs & {"-", "+"}) == len(signs) == 1:
        yield ManifestChange(path, kind, namespace, name, "created" if "+" in signs else "deleted")
        return
    for number, (field, before, after) in enumerate(_fields(document)):
        if number < CHANGES:
            yield ManifestChange(
                path, kind, namespace, name, "changed", field, before[:VALUE_CHARACTERS], after[:VALUE_CHARACTERS]
            )


def _identity(document: list[Line]) -> tuple[str, str, str]:
    kind, found, inside = "", dict[str, str](), False
    for _, text in document:
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if not text[0].isspace():
            inside = text.startswith("metadata:")
            if match := _KIND.match(text):
                kind = kind or match[1]
        elif inside and (match := _IN_METADATA.match(text)) and _indent(text) <= 4:
            found.setdefault(match[1], match[2])
    return kind, found.get("namespace", ""), found.get("name", "")


def _fields(document: list[Line]) -> Iterator[tuple[str, str, str]]:
    """Yield field, value before and value after; lines that changed together are paired by their fields."""
    numbered = list(enumerate(document))
    for changed, run in groupby(numbered, key=lambda each: each[1][0] != " "):
        if not changed:
            continue
        values: dict[str, dict[str, str]] = {}
        for place, (sign, text) in run:
            field, value = _field(document, place, sign, text)
            if field and value:
                kept = values.setdefault(field, {})
                kept[sign] = f"{kept[sign]} {value}" if sign in kept else value
        for field, both in values.items():
            if both.get("-") != both.get("+"):
                yield field, both.get("-", ""), both.get("+", "")


def _field(document: list[Line], place: int, sign: str, text: str) -> tuple[str, str]:
    if not text.strip() or text.lstrip().startswith("#"):
        return "", ""
    match = _KEYED.match(text)
    if match is None:
        return _above(document, place, sign), text.strip().removeprefix("- ").strip("'\"")
    key, value = match[2], (match[3] or "").strip().strip("'\"")
    if key == "value":
        for near, (_, other) in enumerate(reversed(document[max(0, place - 3) : place])):
            named = _KEYED.match(other)
            if near < 3 and named and named[2] == "name" and other.lstrip().startswith("- "):
                return f"env {(named[3] or '').strip()}", value
    above = _above(document, place, sign) if key in _PAIRS else ""
    return f"{above} {key}".strip(), value


def _above(document: list[Line], place: int, sign: str) -> str:
    """Return the field under which a line stands, in the version that it belongs to."""
    depth, item = _indent(document[place][1]), document[place][1].lstrip().startswith("- ")
    other = "+" if sign == "-" else "-"
    for near, text in reversed(document[:place]):
        match = _KEYED.match(text)
        if near == other or match is None:
            continue
        # the items of a list may stand as deep as its name
        if _indent(text) < depth or (item and _indent(text) == depth and not text.lstrip().startswith("- ")):
            return match[2]
    return ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
