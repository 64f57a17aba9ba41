"""A condition stands once: not twice in a rule, and not as the whole of another rule's conditions."""

from collections.abc import Iterator

import msgspec

from engine.language.condition import Condition, Pattern, patterns
from kb.catalogue.lint import Mistake, Specimen


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
    whole = _shape(rule.when)
    for other in specimen.rules.values():
        if other.id < rule.id and type(other) is type(rule) and _shape(other.when) == whole:
            yield Mistake(
                specimen.value("when"),
                f"{other.id} ({other.path}) has the same conditions",
                "tell them apart, or merge them",
            )


def _unplaced(pattern: Pattern) -> Pattern:
    return msgspec.structs.replace(pattern, line=0)


def _shape(conditions: tuple[Condition, ...]) -> tuple[int, frozenset[Pattern]]:
    found = patterns(conditions)
    return len(found), frozenset(_unplaced(pattern) for pattern in found)
