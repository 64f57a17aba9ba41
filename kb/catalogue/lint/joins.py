"""Conditions that share no variable multiply: every fact of one is paired with every fact of the other."""

from collections.abc import Iterator

from engine.language.condition import Pattern, branches
from kb.catalogue.lint import Mistake, Specimen


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield the ways to satisfy a rule in which groups of conditions are not joined."""
    for way in branches(specimen.rule.when):
        binding = [pattern for pattern in way.positive if pattern.variables()]
        apart = _groups(binding)
        if len(apart) > 1:
            first, second = apart[0][0], apart[1][0]
            yield Mistake(
                specimen.value("when"),
                f"{first.kind} (line {first.line}) and {second.kind} (line {second.line}) share no variable, so all their facts are paired",
                "let them share one, or bind nothing in one of them",
            )
            return


def _groups(patterns: list[Pattern]) -> list[list[Pattern]]:
    groups: list[list[Pattern]] = []
    for pattern in patterns:
        joined = [group for group in groups if any(pattern.variables() & other.variables() for other in group)]
        groups = [group for group in groups if group not in joined] + [
            [*(one for group in joined for one in group), pattern]
        ]
    return groups
