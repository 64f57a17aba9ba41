"""A compiled program knows which of its clauses the facts at hand may satisfy."""

import msgspec
from hypothesis import assume, given, settings

from engine.language.rule import AnyRule
from engine.match.chaining.chain import chain
from engine.match.chaining.reference import ReferenceEngine
from engine.match.memory import Memory
from engine.match.program import Program, compile_rules
from facts.model.errors import RuleError
from facts.model.values import Coverage, Fact
from tests.engine import programs


@settings(max_examples=200)
@given(rules=programs.programs(), facts=programs.facts, coverage=programs.coverage)
def test_a_clause_that_is_left_out_cannot_match(
    rules: tuple[AnyRule, ...], facts: list[Fact], coverage: list[Coverage]
) -> None:
    """The activations and the derived facts are those of a program that looks at all of its clauses."""
    try:
        program = compile_rules(rules, programs.VOCABULARY)
    except RuleError:
        assume(condition=False)
    every = tuple({"": tuple(range(len(stratum)))} for stratum in program.strata)
    assert _run(program, facts, coverage) == _run(msgspec.structs.replace(program, entries=every), facts, coverage)


def _run(program: Program, facts: list[Fact], coverage: list[Coverage]) -> object:
    memory = Memory(facts, {}, coverage, {})
    return chain(program, memory, ReferenceEngine()), [fact.key() for fact in memory.facts]


@given(rules=programs.programs())
def test_without_facts_only_what_may_be_derived_is_possible(rules: tuple[AnyRule, ...]) -> None:
    """Every other clause needs a fact that is not there."""
    try:
        program = compile_rules(rules, programs.VOCABULARY)
    except RuleError:
        assume(condition=False)
    for clauses in program.possible(frozenset()):
        for clause in clauses:
            assert {atom.pattern.kind for atom in clause.positive} <= set(program.derived)
