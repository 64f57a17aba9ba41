"""Which hypothesis explains which, and what is left of an effect that still needs a cause of its own (noisy-or).

    r(e) = p(e) * product over causes c of (1 - s(c, e) * p(c))        Pearl 1988, section 4.3.2

On the right stands the belief p, not r: a cause that is itself explained still explains.
"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from engine.judge.belief import Candidate
from engine.language.rule import Explains

EXPLAINED = 0.5
"""A cause that accounts for an effect with at least this probability is named as its cause."""


class Link(msgspec.Struct, frozen=True):
    """`cause` explains `effect` (places in the list of candidates) with probability `weight` = s * p(cause)."""

    cause: int
    effect: int
    weight: float


def links(candidates: Sequence[Candidate], layers: Sequence[str]) -> tuple[Link, ...]:
    """Return the edges of the cause graph, which has no circles; `layers` are ordered from the deepest to the highest.

    Of several explanations of one pair the strongest counts. Rules may explain each other in a circle, since one
    workload brings down the next; hypotheses may not, so the weakest link of a circle is left out.
    """
    by_rule: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_rule.setdefault(candidate.rule.id, []).append(place)
    weights: dict[tuple[int, int], float] = {}
    for place, cause in enumerate(candidates):
        for explains in cause.rule.explains:
            for identity, effects in by_rule.items():
                if not fnmatchcase(identity, explains.signature):
                    continue
                for effect in effects:
                    if effect != place and _reaches(cause, candidates[effect], explains):
                        weight = explains.strength * cause.belief
                        weights[place, effect] = max(weight, weights.get((place, effect), 0.0))
    found = [Link(cause, effect, weight) for (cause, effect), weight in weights.items()]
    return _without_circles(found, [layers.index(candidate.rule.layer) for candidate in candidates])


def _without_circles(found: Sequence[Link], depths: Sequence[int]) -> tuple[Link, ...]:
    """Keep the strongest links that close no circle; of two of one strength that of the deeper cause."""
    effects: dict[int, set[int]] = {}
    kept: list[Link] = []
    for link in sorted(found, key=lambda link: (-link.weight, depths[link.cause], link.cause, link.effect)):
        if not _leads(link.effect, link.cause, effects):
            effects.setdefault(link.cause, set()).add(link.effect)
            kept.append(link)
    return tuple(sorted(kept, key=lambda link: (link.cause, link.effect)))


def _leads(start: int, end: int, effects: Mapping[int, set[int]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        place = waiting.pop()
        if place == end:
            return True
        waiting.extend(effects.get(place, set()) - seen)
        seen |= effects.get(place, set())
    return False


def residuals(candidates: Sequence[Candidate], edges: Sequence[Link]) -> tuple[float, ...]:
    """Return r for each candidate."""
    left = [candidate.belief for candidate in candidates]
    for edge in edges:
        left[edge.effect] *= 1 - edge.weight
    return tuple(left)


def _reaches(cause: Candidate, effect: Candidate, explains: Explains) -> bool:
    if not explains.where:
        return True
    names = sorted(explains.where)
    given = {
        tuple(_value(cause, dict(activation.bindings), explains.where[name]) for name in names)
        for activation in cause.activations
    }
    wanted = {tuple(dict(activation.bindings).get(name, "") for name in names) for activation in effect.activations}
    if given & wanted:
        return True
    # A name that the evidence does not tell may be any name.
    partial = [values for values in given | wanted if "" in values]
    return bool(partial) and any(
        all(not one or not other or one == other for one, other in zip(values, others, strict=True))
        for values in given
        for others in wanted
        if "" in values or "" in others
    )


def _value(cause: Candidate, bindings: dict[str, str], term: str) -> str:
    if not term.startswith("?"):
        return term
    return bindings.get(term[1:], cause.bindings.get(term[1:], ""))
