"""The next best check: the one whose outcome is expected to tell most, in bits."""

from collections.abc import Sequence
from math import log, log2

import msgspec

from engine.judge.outcome import Truth
from engine.judge.ranking import Ranked
from engine.language.rule import STRENGTHS, expit, logit
from engine.language.template import fill, fill_command
from engine.match.memory import Memory

LEADING = 8
"""Hypotheses that are looked at."""

LIKELY = 0.2
"""A hypothesis that is less likely is not worth a check while a better one is open."""

WORTH = 0.3
"""Bits that a check must be expected to tell."""

HIT_RATE = 0.9
"""How likely a check comes out as announced when the hypothesis is true."""

SHOWN = 5
"""Checks that are worth a tired reader's time."""


class NextCheck(msgspec.Struct, frozen=True):
    """A command to run next, what its outcome would confirm, the expected gain in bits, and the hypotheses it separates."""

    run: str
    confirms: str
    gain_bits: float
    separates: tuple[str, ...]


def next_checks(hypotheses: Sequence[Ranked], memory: Memory) -> tuple[NextCheck, ...]:
    """Return the most telling checks of the leading root hypotheses, the largest expected gain first.

    A check decides between hypotheses about the same trouble: about one subject, or with an effect in common. A
    hypothesis that is hardly likely is not checked while a better one is open.
    """
    leading = [each for each in hypotheses if not each.causes and each.confidence >= LIKELY][:LEADING]
    leading = leading or [each for each in hypotheses if not each.causes][:1]
    checks: dict[str, NextCheck] = {}
    for hypothesis in leading:
        candidate = hypothesis.candidate
        rivals = tuple(
            other.candidate.key for other in leading if other is not hypothesis and _is_rival(hypothesis, other)
        )[:1]
        # An evidence item that nobody looked at makes the check that would show it worth more.
        open_items = any(weighed.outcome.truth is Truth.UNKNOWN for weighed in candidate.evidence)
        for step in candidate.rule.verify:
            gain = expected_gain(hypothesis.confidence, STRENGTHS[step.strength]) * (1.0 if open_items else 0.8)
            run = fill_command(step.run, candidate.bindings, memory.lookup)
            known = checks.get(run)
            if gain >= WORTH and not run.startswith("#") and (known is None or known.gain_bits < gain):
                confirms = fill(step.confirms, candidate.bindings, memory.lookup)
                checks[run] = NextCheck(run, confirms, round(gain, 3), (candidate.key, *rivals))
    return tuple(sorted(checks.values(), key=lambda check: (-check.gain_bits, check.run))[:SHOWN])


def _is_rival(one: Ranked, other: Ranked) -> bool:
    return one.candidate.rule.id != other.candidate.rule.id and (
        one.candidate.subject == other.candidate.subject or bool(set(one.effects) & set(other.effects))
    )


def expected_gain(probability: float, likelihood_ratio: float) -> float:
    """Return the mutual information, in bits, between a hypothesis and a check of the given likelihood ratio.

    The check comes out positive with HIT_RATE when the hypothesis is true and HIT_RATE / ratio when it is not.
    """
    p = min(max(probability, 1e-6), 1 - 1e-6)
    positive = p * HIT_RATE + (1 - p) * HIT_RATE / likelihood_ratio
    after_positive = expit(logit(p) + log(likelihood_ratio))
    after_negative = expit(logit(p) + log((1 - HIT_RATE) / (1 - HIT_RATE / likelihood_ratio)))
    return _entropy(p) - positive * _entropy(after_positive) - (1 - positive) * _entropy(after_negative)


def _entropy(p: float) -> float:
    return 0.0 if p <= 0 or p >= 1 else -p * log2(p) - (1 - p) * log2(1 - p)
