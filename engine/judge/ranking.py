"""Hypotheses in order: what is left to explain, then severity, then the deeper layer."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from engine.judge.belief import Candidate
from engine.judge.causes import EXPLAINED, Link, residuals
from engine.language.rule import SEVERITIES
from engine.match.program import Program

SURE = 0.9
"""From here on confidence no longer tells two hypotheses apart."""


class Ranked(msgspec.Struct, frozen=True):
    """A hypothesis with its place.

    `confidence` is what no other hypothesis explains; `causes` and `effects` are places in the list of hypotheses.
    """

    candidate: Candidate
    confidence: float
    causes: tuple[int, ...]
    effects: tuple[int, ...]


def rank(found: Sequence[Candidate], edges: Sequence[Link], program: Program) -> tuple[Ranked, ...]:
    """Order hypotheses: causes that are sure, causes that are likely, symptoms without a cause, and what is unlikely.

    Among sure causes severity and reach decide, elsewhere confidence does, then severity. Between hypotheses of the same
    standing the deeper layer decides, then the name.
    """
    left = residuals(found, edges)
    layers = program.vocabulary.layers
    reach = Counter(edge.cause for edge in edges if edge.weight >= EXPLAINED)

    def place(index: int) -> tuple[int, float, int, int, float, int, str]:
        rule = found[index].rule
        standing = _standing(left[index], symptom=rule.symptom)
        sure = standing == 0
        return (
            standing,
            0.0 if sure else -round(left[index], 6),
            SEVERITIES.index(rule.severity),
            -reach[index] if sure else 0,
            -round(left[index], 6),
            layers.index(found[index].layer),
            found[index].key,
        )

    order = sorted(range(len(found)), key=place)
    rank_of = {index: rank for rank, index in enumerate(order)}
    strong = sorted((edge for edge in edges if edge.weight >= EXPLAINED), key=lambda edge: -edge.weight)
    return tuple(
        Ranked(
            candidate=found[index],
            confidence=left[index],
            causes=tuple(rank_of[edge.cause] for edge in strong if edge.effect == index),
            effects=tuple(sorted(rank_of[edge.effect] for edge in strong if edge.cause == index)),
        )
        for index in order
    )


def _standing(confidence: float, *, symptom: bool) -> int:
    """Return 0 for a sure cause, 1 for a likely one, 2 for a symptom without a cause, 3 for what is unlikely."""
    if confidence < EXPLAINED:
        return 3
    return 2 if symptom else int(confidence < SURE)
