"""What is true about a made incident, and how an answer is judged."""

import re
from dataclasses import dataclass

from engine.judge.inference import Inference
from engine.judge.ranking import Ranked
from kb.report.report import CONFIDENT


@dataclass(frozen=True)
class Truth:
    """The root: `subjects` (kind, namespace, name) that may stand for it, `rules` (RE) that say what it is.

    `decided_by` holds the collections of lists of which each tells the cause; where none was collected, the cause
    cannot be known.
    """

    subjects: tuple[tuple[str, str, str], ...]
    rules: str
    decided_by: tuple[frozenset[str], ...]
    besides: str = ""
    """Rules that say what is true and not the root; they are no wrong answer where the root cannot be known."""

    def is_decided(self, collected: frozenset[str]) -> bool:
        """Return whether the evidence tells the cause."""
        return any(needed <= collected for needed in self.decided_by)


@dataclass(frozen=True)
class Verdict:
    """How an answer stands: right, or what is wrong with it."""

    decided: bool
    fault: str
    loose: tuple[str, ...] = ()
    """Symptoms of even odds or better that nothing explains."""


def judge(truth: Truth, collected: frozenset[str], inference: Inference) -> Verdict:
    """Return "" as the fault of a right answer: one root and the right one, or no wrong one where nothing decides."""
    decided = truth.is_decided(collected)
    loud = [one for one in inference.hypotheses if one.confidence >= CONFIDENT and not one.causes]
    roots = [one for one in loud if not one.candidate.rule.symptom]
    loose = tuple(one.candidate.key for one in loud if one.candidate.rule.symptom)
    keys = [one.candidate.key for one in roots]
    wrong = [one.candidate.key for one in roots if not _is_right(truth, one)]
    if not decided:
        wrong = [one.candidate.key for one in roots if not _is_right(truth, one) and not _is_true(truth, one)]
        return Verdict(decided, f"wrong cause: {', '.join(wrong)}" if wrong else "", loose)
    if not inference.hypotheses:
        return Verdict(decided, "nothing found", loose)
    first = inference.hypotheses[0]
    if wrong and len(wrong) == len(roots):
        return Verdict(decided, f"wrong cause: {', '.join(wrong)}", loose)
    if not roots:
        return Verdict(decided, f"no root; first is {first.candidate.key} {first.confidence:.2f}", loose)
    if len(roots) > 1:
        return Verdict(decided, f"{len(roots)} roots: {', '.join(keys)}", loose)
    if first is not roots[0]:
        return Verdict(decided, f"not first: {keys[0]} after {first.candidate.key}", loose)
    return Verdict(decided, "", loose)


def _is_true(truth: Truth, hypothesis: Ranked) -> bool:
    """Return whether a hypothesis that is not the root says what was seen, and no more."""
    rule = hypothesis.candidate.rule
    return rule.fallback or re.fullmatch(truth.besides, rule.id) is not None


def _is_right(truth: Truth, hypothesis: Ranked) -> bool:
    candidate = hypothesis.candidate
    if not re.fullmatch(truth.rules, candidate.rule.id):
        return False
    subject = candidate.subject
    return (subject.kind, subject.namespace, subject.name) in truth.subjects
