"""Why a hypothesis stands, down to the raw line or field; and why a rule did not fire: what came closest."""

from collections.abc import Iterable, Iterator

import msgspec

from engine.judge.inference import Inference
from engine.judge.near import Near, nearest
from engine.judge.outcome import Outcome, Truth, judge_branch
from engine.judge.ranking import Ranked
from engine.language.condition import Branch, Pattern, branches
from engine.language.rule import PRIORS, STRENGTHS, AnyRule, Signature
from engine.language.template import fill
from engine.match.memory import Memory
from facts.model.values import Coverage, CoverageState, text_of

_NONE = 1000
"""Misses of a condition to which nothing came near."""
SHOWN = 8
"""Facts shown under one node of the tree."""


class Proof(msgspec.Struct, frozen=True):
    """One node of a proof tree: a sentence, and what it rests on."""

    text: str
    parts: tuple["Proof", ...] = ()


def why(inference: Inference, identity: str, language: str = "en") -> tuple[Proof, ...]:
    """Return a proof for each hypothesis of the rule (or `ID/subject`) `identity`; empty when there is none."""
    return tuple(
        _proof(hypothesis, inference, language)
        for hypothesis in inference.hypotheses
        if identity in (hypothesis.candidate.rule.id, hypothesis.candidate.key)
    )


def why_not(inference: Inference, identity: str) -> Proof | None:
    """Return, for each way in which the rule could have fired, the first condition that failed; None without such a rule."""
    rule = inference.program.rules.get(identity.split("/", 1)[0])
    if rule is None:
        return None
    fired = [h.candidate.key for h in inference.hypotheses if h.candidate.rule.id == rule.id]
    fired += sorted(
        {
            f"derived by {rule.id}"
            for activation in inference.activations
            if activation.rule == rule.id and not isinstance(rule, Signature)
        }
    )
    if fired:
        return Proof(
            f"{rule.id} did fire: {', '.join(fired)}",
            (Proof(f"see --why {rule.id}"),) if isinstance(rule, Signature) else (),
        )
    title = fill(rule.title["en"], {}, inference.memory.lookup)
    return Proof(f"{rule.id} did not fire: {title}", tuple(_obstacles(rule, inference)))


def describe(pattern: Pattern) -> str:
    """Return a condition in the words of the rule file: `ping {from_role: vm, state: failed}`."""
    # The pattern of a `log` condition is its attribute `match`; elsewhere `match` is one test of several.
    tests = [
        f"match: '{test.value}'"
        if test.attribute == "match"
        else f"{test.attribute}: {_operand(test.operator, test.value)}"
        for test in pattern.tests
    ]
    groups = {test.attribute for test in pattern.tests if test.operator == "match"}
    binds = [
        f"{attribute}: ?{variable}" for attribute, variable in pattern.binds if attribute != variable or not groups
    ]
    return f"{pattern.kind} {{{', '.join(tests + binds)}}}"


def _operand(operator: str, value: object) -> str:
    if isinstance(value, tuple):
        text = "[" + ", ".join(text_of(member) for member in value) + "]"
    else:
        text = text_of(value) if isinstance(value, str | int | float | bool) else str(value)
    return text if operator == "eq" else f"{{{operator}: {text}}}"


def _obstacles(rule: AnyRule, inference: Inference) -> Iterator[Proof]:
    """Yield the first condition that failed in each way to satisfy the rule, the way that came closest first."""
    ways = branches(rule.when)
    found: list[tuple[float, int, int, Proof]] = []
    for place, way in enumerate(ways):
        outcome = judge_branch(way, {}, inference.memory, inference.program)
        near = _near(outcome, inference)
        found.append(
            (-_held(way, outcome), near.misses if near else _NONE, place, _obstacle(rule, outcome, near, inference))
        )
    found.sort(key=lambda one: one[:3])
    for number, (held, misses, _, proof) in enumerate(found):
        is_close = not number and len(found) > 1 and (held or misses < _NONE)
        yield msgspec.structs.replace(proof, text=f"closest: {proof.text}") if is_close else proof


def _held(way: Branch, outcome: Outcome) -> float:
    """Return the share of the conditions of `way` that held before one failed."""
    if outcome.failed is None or outcome.denied:
        return 1.0
    return next(place for place, pattern in enumerate(way.positive) if pattern is outcome.failed) / len(way.positive)


def _near(outcome: Outcome, inference: Inference) -> Near | None:
    if outcome.failed is None or outcome.denied:
        return None
    return nearest(outcome.failed, (outcome.bindings, *outcome.others), inference.memory, inference.texts)


def _obstacle(rule: AnyRule, outcome: Outcome, near: Near | None, inference: Inference) -> Proof:
    nearly = () if near is None else (Proof(near.text),)
    if outcome.failed is None:
        return Proof(f"{rule.path}: its conditions hold only for names that differ")
    condition = ("not " if outcome.denied else "") + describe(outcome.failed)
    place = f"{rule.path}:{outcome.failed.line}"
    known = outcome.bindings if near is None or not near.known else near.known
    bound = ", ".join(f"{name}={value}" for name, value in sorted(known.items()) if value)
    more = f" and {len(outcome.others)} more" if outcome.others else ""
    where = f" for {bound}{more}" if bound else ""
    if outcome.truth is Truth.UNKNOWN:
        return Proof(
            f"unknown: {condition}{where} ({place})",
            (*nearly, *(Proof(_gap(collector, inference)) for collector in outcome.needs)),
        )
    if outcome.denied:
        return Proof(
            f"false: {condition}{where} ({place})", tuple(_fact(number, inference) for number in outcome.facts[:SHOWN])
        )
    return Proof(f"false: no fact fits {condition}{where} ({place})", nearly)


def gap(collector: str, memory: Memory, names: Iterable[str] = ()) -> Coverage | None:
    """Return how looking at `collector`, or a part of it, fell short, best for a target among `names`; None when nobody looked."""
    known = set(names)
    short = [
        entry
        for entry in memory.coverage
        if (entry.collector == collector or entry.collector.startswith(collector + "/"))
        and entry.state != CoverageState.COMPLETE
    ]
    return min(short, key=lambda entry: entry.target not in known, default=None)


def _gap(collector: str, inference: Inference) -> str:
    entry = gap(collector, inference.memory)
    if entry is None:
        return _partly(collector, inference) or f"{collector} was not part of the evidence"
    return f"{entry.collector} {entry.target}: {entry.state}, {entry.why or 'no reason given'}"


def _partly(collector: str, inference: Inference) -> str:
    """Return what the evidence holds of `collector`, of which nobody says that it is not all; "" for nothing."""
    memory = inference.memory
    targets = sorted(
        {
            one.target
            for one in memory.coverage
            if one.collector == collector or one.collector.startswith(collector + "/")
        }
    )
    if targets:
        return f"{collector} was looked at for {', '.join(targets[:SHOWN])} only"
    kinds = [kind for kind, needs in inference.program.needs.items() if needs == (collector,)]
    name, number = "fact", sum(len(memory.numbers_of(kind)) for kind in kinds)
    if "log" in kinds:
        name, number = "text", sum(text.numbered for text in inference.texts)
    return (
        f"{collector}: the evidence holds {number} {name}{'s' * (number > 1)} of it, which need not be all"
        if number
        else ""
    )


def _proof(hypothesis: Ranked, inference: Inference, language: str) -> Proof:
    candidate = hypothesis.candidate
    rule = candidate.rule
    memory = inference.memory
    title = fill(rule.title.get(language, rule.title["en"]), candidate.bindings, memory.lookup)
    parts = [
        Proof(f"prior {rule.prior}: {PRIORS[rule.prior]:g}"),
        Proof(
            f"when ({rule.path}), {rule.strength}: x{STRENGTHS[rule.strength]:g}", _facts(candidate.facts, inference)
        ),
    ]
    for weighed in candidate.evidence:
        known = candidate.bindings | {name: value for name, value in weighed.outcome.bindings.items() if value}
        says = fill(weighed.item.says.get(language, weighed.item.says["en"]), known, memory.lookup)
        factor = f"{weighed.item.strength} {'against' if weighed.item.against else 'for'}"
        if weighed.counts:
            factor += f": {'/' if weighed.item.against else 'x'}{STRENGTHS[weighed.item.strength]:g}"
        elif weighed.outcome.truth is Truth.TRUE:
            factor += ": the same observation, counted above"
        else:
            factor += f": {weighed.outcome.truth}"
        gaps = tuple(Proof(_gap(collector, inference)) for collector in weighed.outcome.needs)
        parts.append(
            Proof(
                f"{says} ({factor})",
                _facts(weighed.outcome.facts, inference) if weighed.outcome.truth is Truth.TRUE else gaps,
            )
        )
    ranked = inference.hypotheses
    parts.extend(
        Proof(f"explained by {ranked[cause].candidate.key} (belief {ranked[cause].candidate.belief:.2f})")
        for cause in hypothesis.causes
    )
    return Proof(
        f"{candidate.key}: {title} (belief {candidate.belief:.2f}, confidence {hypothesis.confidence:.2f})",
        tuple(parts),
    )


def _facts(numbers: tuple[int, ...], inference: Inference) -> tuple[Proof, ...]:
    shown = tuple(_fact(number, inference) for number in numbers[:SHOWN])
    return shown if len(numbers) <= SHOWN else (*shown, Proof(f"and {len(numbers) - SHOWN} more"))


def _fact(number: int, inference: Inference) -> Proof:
    fact = inference.memory.facts[number]
    origin = inference.memory.origins.get(number)
    if origin is not None:
        attributes = ", ".join(f"{name}: {text_of(value)}" for name, value in sorted(fact.attributes.items()))
        return Proof(f"{fact.kind} {{{attributes}}}, derived by {origin.rule}", _facts(origin.facts, inference))
    return Proof(f"{fact.source}: {fact.text or fact.kind}".strip())
