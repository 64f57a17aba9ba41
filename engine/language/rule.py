"""A rule: facts => new fact (a derivation), or facts => hypothesis (a signature)."""

from math import exp, log

import msgspec

from engine.language.condition import Condition, Pattern, patterns
from facts.model.values import Scalar

STRENGTHS: dict[str, float] = {"conclusive": 3000.0, "strong": 100.0, "moderate": 10.0, "weak": 3.0}
"""Likelihood ratios: how much likelier the evidence is when the cause is there than when it is not."""

PRIORS: dict[str, float] = {"common": 0.05, "uncommon": 0.01, "rare": 0.002}
"""How often the cause is there in a cluster in trouble."""

SEVERITIES: tuple[str, ...] = ("critical", "high", "medium", "low")
STATUSES: tuple[str, ...] = ("experimental", "stable", "deprecated")
RISKS: tuple[str, ...] = ("read-only", "safe", "disruptive", "destructive")

EFFECTS: dict[str, float] = {"down": 1.0, "unreachable": 1.0, "blocked": 0.95, "denied": 0.9, "degraded": 0.6}
"""What a cause does to its subject, and the probability that what depends on the subject suffers from it."""

EXPERIMENTAL_BELIEF = 0.6
"""The most that a rule may be believed whose message was not yet found in its component's source."""

Localised = dict[str, str]
"""A text by language; "en" is always there."""


class SubjectTemplate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a hypothesis is about, with `{variable}` placeholders."""

    kind: str
    name: str = ""
    namespace: str = ""


class EvidenceItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that weighs for or against a hypothesis when its conditions hold."""

    conditions: tuple[Condition, ...]
    strength: str
    says: Localised
    against: bool = False


class Explains(msgspec.Struct, frozen=True, omit_defaults=True):
    """What follows if the hypothesis is true: the conclusion of another rule.

    `where` maps variables of that rule to variables of this one (or to literals, without the question mark);
    `strength` is the probability that the cause brings the effect about.
    """

    signature: str
    where: dict[str, str]
    strength: float = 0.9


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """A command to run: a check (`confirms`) or a part of the fix (`risk`, `note`)."""

    run: str
    confirms: str = ""
    risk: str = ""
    note: str = ""
    strength: str = "strong"


class Conclusion(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fact that a derivation concludes: its kind, and its attributes; `?variable` stands for what was bound."""

    kind: str
    attributes: dict[str, Scalar]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """One YAML document, validated: what signatures and derivations have in common."""

    id: str
    title: Localised
    layer: str
    path: str
    when: tuple[Condition, ...]
    status: str = "stable"
    references: tuple[str, ...] = ()

    def patterns(self) -> tuple[Pattern, ...]:
        """Return every pattern of the rule, in the order of the file."""
        return patterns(self.when)


class Derivation(Rule, frozen=True, omit_defaults=True, kw_only=True, tag="derivation"):
    """Facts => a new fact."""

    concludes: Conclusion


class Signature(Rule, frozen=True, omit_defaults=True, kw_only=True, tag="signature"):
    """Facts => a hypothesis about `subject`.

    A `symptom` is a state that is wrong and needs a cause: whatever goes wrong with its subject, or with what that
    depends on, explains it. A `fallback` speaks for evidence that no other rule knows: it gives way to a signature that
    rests on the same line, or that speaks of the same subject. One that `yields` is a cause of its own right as long as
    nothing that its subject needs is broken: that explains it. `effect` is what the cause does to its subject.
    """

    subject: SubjectTemplate
    severity: str = "medium"
    symptom: bool = False
    fallback: bool = False
    yields: bool = False
    effect: str = "down"
    affects: SubjectTemplate | None = None
    strength: str = "strong"
    prior: str = "uncommon"
    evidence: tuple[EvidenceItem, ...] = ()
    explains: tuple[Explains, ...] = ()
    cause: Localised = {}
    verify: tuple[Step, ...] = ()
    fix: tuple[Step, ...] = ()
    lesson: Localised = {}
    falsepositives: tuple[str, ...] = ()

    def prior_logit(self) -> float:
        """Return ln(p / (1 - p)) of the prior probability p."""
        return logit(PRIORS[self.prior])

    def patterns(self) -> tuple[Pattern, ...]:
        """Return every pattern of the rule: those of `when`, then those of the evidence."""
        return patterns(self.when) + tuple(p for item in self.evidence for p in patterns(item.conditions))


AnyRule = Signature | Derivation


def logit(probability: float) -> float:
    """Return the log odds of `probability`, which lies strictly between 0 and 1."""
    return log(probability / (1 - probability))


def expit(log_odds: float) -> float:
    """Return the probability whose log odds are given; the inverse of `logit`."""
    return 1 / (1 + exp(-log_odds))
