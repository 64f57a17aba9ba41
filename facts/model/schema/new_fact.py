"""Facts from their typed structs."""

from functools import cache
from typing import get_args, get_type_hints

from msgspec.structs import astuple

from facts.model.schema.kind import TypedFact
from facts.model.values import Fact, Scalar

TEXT_CHARACTERS = 500
"""A longer proof or message is cut, for a report quotes it."""


def new_fact(typed: TypedFact, source: str, text: str = "") -> Fact:
    """Return `typed` as the fact that rules see, with where it was seen and the text that proves it."""
    attributes: dict[str, Scalar] = dict(zip(typed.__struct_encode_fields__, astuple(typed), strict=True))
    for name in _floats(type(typed)):
        attributes[name] = float(attributes[name])  # an int is accepted where a float is declared
    return Fact(kind=typed.KIND.name, attributes=attributes, source=source, text=shortened(text))


def shortened(text: str) -> str:
    """Return `text` in one line of at most `TEXT_CHARACTERS`."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARACTERS else f"{line[: TEXT_CHARACTERS - 1]}…"


@cache
def _floats(struct: type[TypedFact]) -> tuple[str, ...]:
    hints = get_type_hints(struct)
    return tuple(name for name in struct.__struct_fields__ if float in (hints[name], *get_args(hints[name])))
