"""The two engines give the same activations: the reference engine is the oracle of durable-rules."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.language.rule import AnyRule
from engine.match.chaining.chain import Engine, chain
from engine.match.chaining.durable import DurableEngine, is_available
from engine.match.chaining.reference import ReferenceEngine
from engine.match.memory import Memory
from engine.match.program import compile_rules
from facts.model.errors import RuleError
from facts.model.values import Coverage, Fact
from tests.engine import programs

PROGRAMS = int(os.environ.get("KBDIAG_FUZZ_PROGRAMS", "300"))
"""Random programs that are compared; `make fuzz` sets more."""


class Durable:
    """A durable-rules engine that is renewed now and then, since its C part never gives memory back."""

    def __init__(self) -> None:
        self._engine = DurableEngine()
        self._uses = 0

    def engine(self) -> DurableEngine:
        """Return an engine that works."""
        self._uses += 1
        if self._uses % 400 == 0 or self._engine.failure:
            self._engine.close()
            self._engine = DurableEngine()
        return self._engine

    def close(self) -> None:
        """End the child process."""
        self._engine.close()


@pytest.fixture(scope="module")
def durable() -> Iterator[Durable]:
    """Start the engine under test."""
    if not is_available():
        pytest.skip("durable-rules cannot be imported on this Python")
    pool = Durable()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def comparisons() -> Iterator[list[int]]:
    """How many programs were compared."""
    counted: list[int] = [0]
    yield counted
    assert counted[0] >= PROGRAMS


@settings(max_examples=PROGRAMS, deadline=None, suppress_health_check=list(HealthCheck))
@given(rules=programs.programs(), facts=programs.facts, coverage=programs.coverage)
def test_durable_rules_agrees_with_the_reference(
    durable: Durable, comparisons: list[int], rules: tuple[AnyRule, ...], facts: list[Fact], coverage: list[Coverage]
) -> None:
    """Same rules, same facts, same coverage: same activations with the same facts, and the same derived facts."""
    engine = durable.engine()
    expected = _run(rules, facts, coverage, ReferenceEngine())
    assume(expected is not None)
    comparisons[0] += 1
    assert _run(rules, facts, coverage, engine) == expected
    assert engine.failure == ""


def _run(rules: tuple[AnyRule, ...], facts: list[Fact], coverage: list[Coverage], engine: Engine) -> object:
    try:
        program = compile_rules(rules, programs.VOCABULARY)
    except RuleError:
        return None
    memory = Memory(facts, {}, coverage, {})
    activations = chain(program, memory, engine)
    return activations, [fact.key() for fact in memory.facts]
