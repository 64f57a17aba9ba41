"""The fact kinds that rules may use: those of the schema, and those that derivations conclude."""

from collections.abc import Mapping

import msgspec

from engine.language.rule import AnyRule, Derivation
from facts.model.schema import FactKind, Preset


class Vocabulary(msgspec.Struct, frozen=True):
    """What rules may speak of: `kinds` of facts, `layers` from the deepest to the highest, `components` of text.

    `presets` are the words of `about:`, `groups` those of `in:` beside the components.
    """

    kinds: Mapping[str, FactKind]
    layers: tuple[str, ...]
    components: frozenset[str]
    layer_coverage: Mapping[str, tuple[str, ...]] = {}
    presets: Mapping[str, Preset] = {}
    groups: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    """Groups of sources: by name, the tests of `source` that each stands for."""
    implicit: frozenset[str] = frozenset({"cluster"})
    """Variables that are bound in every rule."""


def derived_kinds(rules: tuple[AnyRule, ...]) -> dict[str, frozenset[str]]:
    """Return the kinds that the derivations among `rules` conclude, with all attributes that any of them gives."""
    found: dict[str, frozenset[str]] = {}
    for rule in rules:
        if isinstance(rule, Derivation):
            found[rule.concludes.kind] = found.get(rule.concludes.kind, frozenset()) | frozenset(
                rule.concludes.attributes
            )
    return found
