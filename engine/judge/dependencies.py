"""Who needs whom: the `dependency` facts of the working memory as a graph over subjects."""

from collections.abc import Iterable, Mapping

from facts.model.values import Fact, Subject

KIND = "dependency"
"""The kind of fact that says that one subject needs another."""

STEPS = 8
"""Dependencies on one way; a longer chain carries no effect worth naming."""

WORTH = 0.05
"""A way whose strengths multiply to less than this is not followed."""


class Dependencies:
    """The graph. An edge leads from a subject to what it needs, with the probability that it suffers with it."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Take the `dependency` facts of one working memory."""
        self._needs: dict[Subject, dict[Subject, float]] = {}
        for fact in facts:
            ends = _end(fact, "from"), _end(fact, "to")
            needed = self._needs.setdefault(ends[0], {})
            needed[ends[1]] = max(needed.get(ends[1], 0.0), float(fact.attributes.get("strength", 1.0)))

    def reach(self, subject: Subject) -> Mapping[Subject, float]:
        """Return all that `subject` needs, directly or not, each with the strength of the strongest way to it.

        The strength of a way is the product of the strengths along it. The subject itself is not among them.
        """
        best: dict[Subject, float] = {}
        front = {subject: 1.0}
        for _ in range(STEPS):
            following: dict[Subject, float] = {}
            for here, strength in front.items():
                for there, own in self._needs.get(here, {}).items():
                    total = strength * own
                    if (
                        there != subject
                        and total >= WORTH
                        and total > max(best.get(there, 0.0), following.get(there, 0.0))
                    ):
                        following[there] = total
            best.update(following)
            front = following
        return best


def _end(fact: Fact, side: str) -> Subject:
    kind, namespace, name = (str(fact.attributes.get(f"{side}_{part}", "")) for part in ("kind", "namespace", "name"))
    return Subject(kind, name, namespace)
