"""How strongly the evidence speaks for a hypothesis: Bayes' rule in log odds, one observation counted once.

logit(p) = logit(prior) + ln LR(when) + sum of ln LR(evidence that holds)
"""

from collections.abc import Mapping, Sequence
from math import log

import msgspec

from engine.judge.outcome import Outcome, Truth, judge
from engine.language.rule import EXPERIMENTAL_BELIEF, STRENGTHS, EvidenceItem, Signature, SubjectTemplate, expit
from engine.match.activation import Activation
from engine.match.memory import Memory
from engine.match.program import Program
from facts.model.values import Subject

Bindings = Mapping[str, str]


class Weighed(msgspec.Struct, frozen=True):
    """One evidence item and how it turned out; `counts` is false when its observations were counted already."""

    item: EvidenceItem
    outcome: Outcome
    counts: bool


class Candidate(msgspec.Struct, frozen=True):
    """What one rule concludes about one subject, before the causes are looked at.

    `layer` is the rule's, or what the evidence binds its layer to; the highest when that is no layer.
    """

    rule: Signature
    layer: str
    subject: Subject
    activations: tuple[Activation, ...]
    bindings: dict[str, str]
    facts: tuple[int, ...]
    evidence: tuple[Weighed, ...]
    belief: float

    @property
    def key(self) -> str:
        """`ID/namespace/name`: what other hypotheses call this one."""
        return "/".join(part for part in (self.rule.id, self.subject.namespace, self.subject.name) if part)


def candidates(
    activations: Sequence[Activation], program: Program, memory: Memory, context: Bindings
) -> tuple[Candidate, ...]:
    """Group the activations of signatures by subject and weigh each group; `context` binds the implicit variables."""
    groups: dict[tuple[str, Subject], list[Activation]] = {}
    signatures: dict[str, Signature] = {}
    for activation in activations:
        rule = program.rules[activation.rule]
        if isinstance(rule, Signature):
            bindings = {**context, **dict(activation.bindings)}
            signatures[rule.id] = rule
            groups.setdefault((activation.rule, _subject(rule.subject, bindings)), []).append(activation)
    return tuple(
        _candidate(signatures[identity], subject, tuple(group), program, memory, context)
        for (identity, subject), group in sorted(groups.items(), key=lambda entry: entry[0])
    )


def _subject(template: SubjectTemplate, bindings: Bindings) -> Subject:
    kind, name = resolve(template.kind, bindings), resolve(template.name, bindings)
    if not kind and not name:
        return Subject("Cluster", bindings.get("cluster", ""))  # text that does not say whom it is about
    return Subject(kind or "Object", name, resolve(template.namespace, bindings))


def resolve(value: str, bindings: Bindings) -> str:
    """Return what the subject field `value` stands for: the variable's value for `?variable`, else itself."""
    return bindings.get(value[1:], "") if value.startswith("?") else value


def _candidate(
    rule: Signature,
    subject: Subject,
    group: tuple[Activation, ...],
    program: Program,
    memory: Memory,
    context: Bindings,
) -> Candidate:
    # The activation that knows most names speaks for the group in its texts.
    speaker = max(
        group, key=lambda activation: (sum(1 for _, value in activation.bindings if value), activation.bindings)
    )
    facts = tuple(sorted({number for activation in group for number in activation.facts}))
    seen = {memory.facts[number].source for number in speaker.core}
    outcomes = [(item, _best(item, group, program, memory, context)) for item in rule.evidence]
    total = rule.prior_logit() + log(STRENGTHS[rule.strength])
    weighed: dict[int, Weighed] = {}
    for place, (item, outcome) in sorted(enumerate(outcomes), key=lambda entry: -STRENGTHS[entry[1][0].strength]):
        sources = {memory.facts[number].source for number in outcome.facts}
        counts = outcome.truth is Truth.TRUE and (not sources or not sources <= seen)
        if counts:
            total += log(STRENGTHS[item.strength]) * (-1 if item.against else 1)
            seen |= sources
        weighed[place] = Weighed(item, outcome, counts)
    bindings = {**context, **dict(speaker.bindings)}
    layer = resolve(rule.layer, bindings)
    if layer not in program.vocabulary.layers:
        layer = program.vocabulary.layers[-1]
    belief = min(expit(total), EXPERIMENTAL_BELIEF if rule.status == "experimental" else 1.0)
    return Candidate(
        rule, layer, subject, group, bindings, facts, tuple(weighed[place] for place in sorted(weighed)), belief
    )


def _best(
    item: EvidenceItem, group: tuple[Activation, ...], program: Program, memory: Memory, context: Bindings
) -> Outcome:
    outcome = Outcome(Truth.FALSE)
    for activation in group:
        found = judge(item.conditions, {**context, **dict(activation.bindings)}, memory, program)
        if found.truth is Truth.TRUE:
            return found
        if found.truth is Truth.UNKNOWN:
            outcome = found
    return outcome
