"""A condition stands once: not twice in a rule, and not as the whole of another rule's conditions."""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from engine.language.condition import Pattern, patterns
from engine.language.rule import AnyRule
from kb.catalogue.lint import Mistake, Rules, Specimen

Shape = tuple[type[AnyRule], int, frozenset[Pattern]]
"""What makes the conditions of two rules the same: the kind of rule, and its conditions in any order."""


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield repeated conditions of a rule, and another rule with the same conditions."""
    rule = specimen.rule
    seen: set[Pattern] = set()
    for condition in rule.when:
        if isinstance(condition, Pattern):
            if _unplaced(condition) in seen:
                yield Mistake(
                    specimen.value("when"),
                    f"{condition.kind} (line {condition.line}) stands here twice",
                    "remove one of them",
                )
            seen.add(_unplaced(condition))
    for other in _by_shape(specimen.rules)[_shape(rule)]:
        if other.id < rule.id:
            yield Mistake(
                specimen.value("when"),
                f"{other.id} ({other.path}) has the same conditions",
                "tell them apart, or merge them",
            )


@lru_cache(maxsize=1)
def _by_shape(rules: Rules) -> dict[Shape, list[AnyRule]]:
    shapes: dict[Shape, list[AnyRule]] = {}
    for rule in rules.values():
        shapes.setdefault(_shape(rule), []).append(rule)
    return shapes


def _unplaced(pattern: Pattern) -> Pattern:
    return msgspec.structs.replace(pattern, line=0)


def _shape(rule: AnyRule) -> Shape:
    conditions = patterns(rule.when)
    return type(rule), len(conditions), frozenset(_unplaced(pattern) for pattern in conditions)
