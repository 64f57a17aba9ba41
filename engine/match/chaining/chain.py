"""The inference loop: stratum by stratum, match and derive until nothing new follows."""

from collections.abc import Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from engine.language.rule import Derivation
from engine.match.activation import Activation
from engine.match.memory import Memory, Origin, Token
from engine.match.program import Clause, Program
from facts.model.values import Fact

Match = tuple[str, tuple[Token, ...]]
"""The name of a clause, and one token for each of its positive atoms."""


class Session(Protocol):
    """The clauses of one stratum, at work."""

    def add(self, tokens: Iterable[Token]) -> Iterable[Match]:
        """Take more tokens; give the matches that are new. Tokens of denied atoms come in the first call only."""


class Engine(Protocol):
    """What joins tokens. All engines give the same matches."""

    name: str

    def open(self, clauses: tuple[Clause, ...]) -> Session:
        """Start a stratum."""

    def close(self) -> None:
        """Release what the engine holds. An engine may be closed twice."""


def chain(program: Program, memory: Memory, engine: Engine) -> tuple[Activation, ...]:
    """Run all rules to the fixpoint; derived facts are added to `memory`. Returns the activations in order."""
    activations: list[Activation] = []
    for possible in program.possible(memory.present()):
        # Most clauses of a catalogue miss a fact that no derivation can bring; they are left out.
        clauses = tuple(clause for clause in possible if memory.may_match(clause, program.derived))
        present = {name for name, _ in memory.tokens(clauses)}
        clauses = tuple(clause for clause in clauses if _may_match(clause, present, program.derived))
        if not clauses:
            continue
        session = engine.open(clauses)
        by_name = {clause.name: clause for clause in clauses}
        tokens = memory.tokens(clauses)
        matches: list[Match] = []
        fresh: list[Token] = list(tokens)
        while fresh:
            found = sorted(session.add(fresh))
            matches.extend(found)
            if not _derive(found, by_name, tokens, program, memory):
                break
            known = tokens
            tokens = memory.tokens(clauses)
            fresh = [token for token in tokens if token not in known]
        activations.extend(_activations(matches, by_name, tokens))
    return tuple(sorted(activations))


def _may_match(clause: Clause, present: AbstractSet[str], derivable: Container[str]) -> bool:
    return all(atom.name in present or atom.pattern.kind in derivable for atom in clause.positive)


def _derive(
    matches: list[Match],
    clauses: Mapping[str, Clause],
    tokens: Mapping[Token, tuple[int, ...]],
    program: Program,
    memory: Memory,
) -> bool:
    is_new = False
    for name, chosen in matches:
        clause = clauses[name]
        rule = program.rules[clause.rule]
        if not isinstance(rule, Derivation):
            continue
        bindings = _bindings(clause, chosen)
        attributes = {
            attribute: bindings.get(value[1:], "") if isinstance(value, str) and value.startswith("?") else value
            for attribute, value in rule.concludes.attributes.items()
        }
        fact = Fact(rule.concludes.kind, attributes, source=f"derived by {clause.rule}")
        is_new |= memory.derive(fact, Origin(clause.rule, _facts(chosen, tokens)))
    return is_new


def _activations(
    matches: list[Match], clauses: Mapping[str, Clause], tokens: Mapping[Token, tuple[int, ...]]
) -> list[Activation]:
    facts: dict[tuple[str, tuple[tuple[str, str], ...]], set[int]] = {}
    cores: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, ...]] = {}
    for name, chosen in matches:
        clause = clauses[name]
        identity = (clause.rule, tuple(sorted(_bindings(clause, chosen).items())))
        core = tuple(sorted({tokens[token][0] for token in chosen}))
        facts.setdefault(identity, set()).update(_facts(chosen, tokens))
        cores[identity] = min(core, cores.get(identity, core), key=lambda numbers: (len(numbers), numbers))
    return [Activation(*identity, tuple(sorted(numbers)), cores[identity]) for identity, numbers in facts.items()]


def _bindings(clause: Clause, chosen: tuple[Token, ...]) -> dict[str, str]:
    return {
        variable: value
        for atom, (_, values) in zip(clause.positive, chosen, strict=True)
        for variable, value in zip(atom.variables, values, strict=True)
    }


def _facts(chosen: tuple[Token, ...], tokens: Mapping[Token, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({number for token in chosen for number in tokens[token]}))
