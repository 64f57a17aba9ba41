"""Facts as the schema wants them: every attribute of the kind is there."""

from facts.model.schema import KINDS
from facts.model.values import Fact, Scalar

_UNSET: dict[str, dict[str, Scalar]] = {
    kind: {name: attribute.type() for name, attribute in declared.attributes.items()}
    for kind, declared in KINDS.items()
}

TEXT_CHARACTERS = 500
"""A longer proof or message is cut, for a report quotes it."""


def new_fact(kind: str, attributes: dict[str, Scalar], source: str, text: str = "") -> Fact:
    """Return a fact of `kind`; attributes that are not given are "", 0, 0.0 or False.

    An int becomes a float where the kind wants one.
    """
    filled = _UNSET[kind] | attributes
    for name, unset in _UNSET[kind].items():
        if isinstance(unset, float):
            filled[name] = float(filled[name])
    return Fact(kind=kind, attributes=filled, source=source, text=shortened(text))


def shortened(text: str) -> str:
    """Return `text` in one line of at most `TEXT_CHARACTERS`."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARACTERS else f"{line[: TEXT_CHARACTERS - 1]}…"
