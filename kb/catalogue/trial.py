"""The tests that rules carry, run the way `infer` runs: the same scanner, the same chaining, the same ranking."""

from collections.abc import Mapping

import msgspec

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.judge.proof import why_not
from engine.language.own_tests import RuleTest
from engine.language.rule import AnyRule, Derivation
from engine.match.chaining.chain import Engine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.model.schema import KINDS
from facts.model.values import Coverage, CoverageState, Evidence, Fact, Scalar, Text, text_of
from facts.read.evidence import read_evidence

CONFIDENT = 0.5
"""A hypothesis below this belief counts as silence."""


class Verdict(msgspec.Struct, frozen=True):
    """How one test of one rule ended; `why` is empty when it passed."""

    rule: str
    test: str
    place: str
    why: str

    @property
    def passed(self) -> bool:
        """Return True if the rule did what the test expects."""
        return not self.why


def run_test(rule: AnyRule, test: RuleTest, program: Program, engine: Engine) -> Verdict:
    """Run one test of `rule` against all rules of `program`.

    Facts given by the test are the whole world: every collector ran completely, save those that the test calls
    unknown. Evidence in text is read, extracted and judged as `kbdiag infer` does.
    """
    problem = _misfit(test)
    if problem:
        return Verdict(rule.id, test.title, f"{rule.path}:{test.line}", problem)
    inference = infer(program, evidence_of(test), engine)
    why = (
        _derivation_verdict(rule, test, inference)
        if isinstance(rule, Derivation)
        else _signature_verdict(rule, test, inference)
    )
    return Verdict(rule.id, test.title, f"{rule.path}:{test.line}", why)


def evidence_of(test: RuleTest) -> Evidence:
    """Return the evidence that a test stands for."""
    facts: list[Fact] = []
    texts: list[Text] = []
    coverage: list[Coverage] = []
    for place, (kind, attributes) in enumerate(test.given, 1):
        source = f"given {place}"
        if kind == "log":
            texts.append(_text(attributes, source))
        else:
            facts.append(
                Fact(
                    kind,
                    _complete(kind, attributes),
                    source,
                    ", ".join(f"{k}={text_of(v)}" for k, v in attributes.items()),
                )
            )
    if test.text:
        read = extract(read_evidence(["-"], stdin=test.text.encode()))
        facts.extend(read.facts)
        texts.extend(read.texts)
        coverage.extend(read.coverage)
    if test.given:
        collectors = {kind.coverage for kind in KINDS.values() if kind.coverage} - set(test.unknown)
        coverage.extend(Coverage(collector, "*", CoverageState.COMPLETE) for collector in sorted(collectors))
    coverage.extend(Coverage(collector, "*", CoverageState.FAILED, "the test says so") for collector in test.unknown)
    return Evidence(tuple(facts), tuple(texts), tuple(coverage))


def _text(attributes: Mapping[str, Scalar], source: str) -> Text:
    named = {name: value for name, value in attributes.items() if name not in {"text", "source"}}
    components = frozenset(str(attributes.get("source", "")).split())
    return Text(str(attributes.get("text", "")).encode(), source, components, named)


def _complete(kind: str, attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    declared = KINDS.get(kind)
    defaults: dict[str, Scalar] = (
        {} if declared is None else {name: attribute.type() for name, attribute in declared.attributes.items()}
    )
    return {**defaults, **attributes}


def _misfit(test: RuleTest) -> str:
    for kind, attributes in test.given:
        declared = KINDS.get(kind)
        if declared is None:
            return f"given: there is no fact kind {kind}"
        unknown = sorted(set(attributes) - set(declared.attributes))
        if unknown:
            return f"given: {kind} facts have no attribute {unknown[0]}"
    return ""


def _derivation_verdict(rule: AnyRule, test: RuleTest, inference: Inference) -> str:
    derived = [
        {name: text_of(value) for name, value in inference.memory.facts[number].attributes.items()}
        for number, origin in inference.memory.origins.items()
        if origin.rule == rule.id
    ]
    if not test.fires:
        return f"nothing was expected, it derived {derived[0]}" if derived else ""
    if any(all(fact.get(name) == value for name, value in test.expected.items()) for fact in derived):
        return ""
    return f"expected {test.expected or 'a fact'}, it derived {derived[:3] or 'nothing'}"


def _obstacle(rule: AnyRule, inference: Inference) -> str:
    """Return which condition kept the rule from firing, and what nearly met it."""
    proof = why_not(inference, rule.id)
    closest = proof.parts[0] if proof is not None and proof.parts else None
    return "" if closest is None else "; " + " | ".join((closest.text, *(part.text for part in closest.parts[:1])))


def _signature_verdict(rule: AnyRule, test: RuleTest, inference: Inference) -> str:
    own = [h for h in inference.hypotheses if h.candidate.rule.id == rule.id and h.candidate.belief >= CONFIDENT]
    if not test.fires:
        return (
            f"silence was expected, it concluded {own[0].candidate.key} ({own[0].candidate.belief:.2f})" if own else ""
        )
    fits = [
        h
        for h in own
        if all(str(getattr(h.candidate.subject, name, "")) == value for name, value in test.expected.items())
    ]
    if not fits:
        weak = [h for h in inference.hypotheses if h.candidate.rule.id == rule.id]
        got = ", ".join(f"{h.candidate.subject} ({h.candidate.belief:.2f})" for h in weak[:3]) or "nothing"
        return f"expected {test.expected or 'a hypothesis'}, got {got}" + ("" if weak else _obstacle(rule, inference))
    if test.first and inference.hypotheses[0].candidate.rule.id != rule.id:
        top = inference.hypotheses[0]
        return f"expected to be first, but {top.candidate.key} ({top.confidence:.2f}) is"
    return ""
