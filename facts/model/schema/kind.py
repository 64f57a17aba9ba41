"""What a kind of fact is: a struct whose fields are the attributes, and a `FactKind` that says how rules use it."""

from collections.abc import Mapping
from inspect import get_annotations
from typing import Annotated, ClassVar, get_args, get_origin

import msgspec

from facts.model.values import Scalar


class Meaning(msgspec.Struct, frozen=True):
    """What an attribute means: a text, an example value, the unit of a number, and the allowed values if they are few."""

    doc: str
    example: Scalar
    unit: str = ""
    values: tuple[str, ...] = ()


class Attribute(msgspec.Struct, frozen=True):
    """An attribute of a kind of fact as rules see it."""

    type: type
    doc: str
    values: tuple[str, ...] = ()
    unit: str = ""
    example: Scalar = ""

    @property
    def description(self) -> str:
        """The meaning, with the unit of a number in brackets."""
        return f"{self.doc} ({self.unit})" if self.unit else self.doc


class Below(msgspec.Struct, frozen=True):
    """All numbers below `limit`, as the value of an attribute of something that is well."""

    limit: float


class FactKind(msgspec.Struct, frozen=True):
    """A kind of fact.

    `doc` and `attributes` are those of its struct. `coverage` names the collector that must have run completely before
    the absence of such a fact means anything, `scope` the attribute that says for which target. `key` is the attribute
    by which `{variable.attribute}` in a rule finds the fact. `subject` names the attributes that make up the fact's
    subject (kind, namespace, name; a value with a leading "=" is literal). `layer` is where such a fact belongs, "" when it
    may belong anywhere. `symptom` is a text with {attribute} placeholders: a fact of a kind that has one is listed among
    the symptoms of the report. `open` kinds carry further attributes (named groups).

    The last three serve the comparison of two diagnoses. `identity` names the attributes that tell two facts about one
    subject apart; without it the problem, status, phase, reason or check does. A fact with the attributes of `well` is
    about something that works. A kind that is not `compared` only joins other facts.
    """

    doc: str = ""
    attributes: dict[str, Attribute] = {}
    coverage: str = ""
    scope: str = ""
    key: str = ""
    subject: tuple[str, str, str] = ("=Cluster", "", "")
    symptom: str = ""
    open: bool = False
    name: str = ""
    layer: str = ""
    identity: tuple[str, ...] | None = None
    well: Mapping[str, Scalar | Below] = {}
    compared: bool = True


class TypedFact(msgspec.Struct, frozen=True, kw_only=True):
    """The attributes of one kind of fact. A subclass with a `KIND` is a kind that rules may use."""

    KIND: ClassVar[FactKind]


def kind_of(struct: type[TypedFact]) -> FactKind:
    """Return the kind that `struct` declares, with its docstring and its fields as attributes."""
    hints: dict[str, object] = {}
    for base in reversed(struct.__mro__):
        hints |= get_annotations(base)
    attributes = {
        encoded: _attribute(hints[field])
        for field, encoded in zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    }
    return msgspec.structs.replace(struct.KIND, doc=struct.__doc__ or "", attributes=attributes)


def example_of(struct: type[TypedFact]) -> TypedFact:
    """Return a fact of the kind that `struct` declares, made of the examples of its attributes."""
    return msgspec.convert({name: each.example for name, each in kind_of(struct).attributes.items()}, struct)


def _attribute(hint: object) -> Attribute:
    if get_origin(hint) is not Annotated:
        message = f"{hint} has no Meaning"
        raise TypeError(message)
    declared, meaning = get_args(hint)
    return Attribute(declared, meaning.doc, meaning.values, meaning.unit, meaning.example)
