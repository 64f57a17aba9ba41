"""Hypotheses in order: what is left to explain, then severity, then the deeper layer."""

from collections.abc import Sequence

import msgspec

from engine.judge.belief import Candidate
from engine.judge.causes import EXPLAINED, Link, residuals
from engine.language.rule import SEVERITIES
from engine.match.program import Program


class Ranked(msgspec.Struct, frozen=True):
    """A hypothesis with its place.

    `confidence` is what no other hypothesis explains; `causes` and `effects` are places in the list of hypotheses.
    """

    candidate: Candidate
    confidence: float
    causes: tuple[int, ...]
    effects: tuple[int, ...]


def rank(found: Sequence[Candidate], edges: Sequence[Link], program: Program) -> tuple[Ranked, ...]:
    """Order hypotheses by what needs a cause of its own, then severity, then the deeper layer, then name."""
    left = residuals(found, edges)
    layers = program.vocabulary.layers

    def place(index: int) -> tuple[float, int, int, str]:
        rule = found[index].rule
        return (-round(left[index], 6), SEVERITIES.index(rule.severity), layers.index(rule.layer), found[index].key)

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
