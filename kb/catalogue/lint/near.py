"""A test under near is a near miss: it holds a fixed text of the rule's patterns, or a fact that fails one test of a condition at most."""

from collections.abc import Iterator

from engine.language.condition import Pattern, patterns
from engine.language.own_tests import RuleTest
from engine.language.rule import AnyRule
from engine.match.alpha import bindings_of
from facts.model.values import Fact
from kb.catalogue.lint import Mistake, Specimen
from kb.catalogue.trial import evidence_of


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield the tests under near on which the rule would not even be tried."""
    for test, value in zip(specimen.tests, specimen.test_values(), strict=True):
        if test.group == "near" and not is_near(specimen.rule, test):
            yield Mistake(
                value,
                "this is no near miss: it holds no fixed text of a pattern, and no fact that nearly fits a condition",
                "take a message that shares words with the pattern, or put the test under fixed",
            )


def is_near(rule: AnyRule, test: RuleTest) -> bool:
    """Tell whether a condition of `rule` is tried on the evidence of `test`, or nearly holds."""
    conditions = patterns(rule.when)
    logs = (str(attributes.get("text", "")) for kind, attributes in test.given if kind == "log")
    text = " ".join(" ".join((test.text, *logs)).lower().split())
    if any(literal in text for pattern in conditions for literal in _literals(pattern)):
        return True
    kinds = {pattern.kind for pattern in conditions} - {"log"}
    facts = evidence_of(test).facts if kinds else ()
    return any(_nearly_fits(pattern, fact) for pattern in conditions for fact in facts if fact.kind == pattern.kind)


def _literals(pattern: Pattern) -> tuple[str, ...]:
    if pattern.kind != "log":
        return ()
    return tuple(literal for test in pattern.tests if test.attribute == "match" for literal in test.literals)


def _nearly_fits(pattern: Pattern, fact: Fact) -> bool:
    failed = sum(bindings_of(Pattern(pattern.kind, (test,)), fact) is None for test in pattern.tests)
    return failed <= 1
