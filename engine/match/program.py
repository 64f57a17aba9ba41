"""Rules compiled for chaining: each way to satisfy a rule is a clause, each of its conditions an atom."""

from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from engine.language.condition import Branch, Pattern, Sought, branches
from engine.language.rule import AnyRule, Derivation
from engine.language.vocabulary import Vocabulary, derived_kinds
from engine.match.scanner import AutomatonSource, Scanner, no_automaton
from facts.model.errors import RuleError

MAXIMUM_ATOMS = 14
"""Conditions in one clause. durable-rules joins up to 16 facts; the phase and coverage tokens count too."""

MAXIMUM_CLAUSES = 64
"""Ways to satisfy one rule after its `any` conditions are multiplied out."""


Need = str | Sought
"""What a condition is tried on: the facts of a kind, or what an expression finds in text."""


class Atom(msgspec.Struct, frozen=True):
    """One condition of a clause. A token of it holds one value per name in `variables`."""

    name: str
    pattern: Pattern
    variables: tuple[str, ...]
    known: "Known | None" = None
    """For a denied condition: what must have been looked at."""


class Known(msgspec.Struct, frozen=True):
    """The coverage that a denied condition needs: `collectors` must have run completely for the scope.

    The scope is the value of `variable`, or the constant `value`, or everything when both are empty.
    """

    name: str
    collectors: tuple[str, ...]
    variable: str = ""
    value: str = ""


class Clause(msgspec.Struct, frozen=True):
    """One way to satisfy a rule."""

    name: str
    rule: str
    positive: tuple[Atom, ...]
    negative: tuple[Atom, ...]


class Program(msgspec.Struct, frozen=True):
    """All rules, compiled; `strata` holds clauses, a stratum sees the finished ones below it."""

    rules: Mapping[str, AnyRule]
    vocabulary: Vocabulary
    derived: Mapping[str, frozenset[str]]
    strata: tuple[tuple[Clause, ...], ...]
    scanner: Scanner
    needs: Mapping[str, tuple[str, ...]]
    """For each kind of fact, the collectors that its absence needs."""
    entries: tuple[Mapping[Need, tuple[int, ...]], ...]
    """For each stratum, the places of its clauses by one need of each (see `entries_of`)."""

    def possible(self, present: AbstractSet[Need]) -> Iterator[tuple[Clause, ...]]:
        """Yield for each stratum those of its clauses whose first need is among `present` or may be derived, in order.

        Most clauses of a catalogue need a fact that is not there, and are not even looked at.
        """
        for clauses, entry in zip(self.strata, self.entries, strict=True):
            wanted = entry.keys() & present | {_DERIVED}
            places = sorted(place for need in wanted for place in entry.get(need, ()))
            yield tuple(clauses[place] for place in places)


_DERIVED: Need = ""
"""The need of clauses all of whose conditions may be met by derived facts."""


def need_of(pattern: Pattern) -> Need:
    """Return what a pattern is tried on."""
    return pattern.sought() if pattern.kind == "log" else pattern.kind


def entries_of(
    strata: tuple[tuple[Clause, ...], ...], derivable: Container[str]
) -> tuple[dict[Need, tuple[int, ...]], ...]:
    """Return for each stratum the places of its clauses, by one need of each that no derivation can bring.

    Of several it is what is found in text, for that is the rarest.
    """
    entries: list[dict[Need, tuple[int, ...]]] = []
    for clauses in strata:
        places: dict[Need, list[int]] = {}
        for place, clause in enumerate(clauses):
            patterns = [atom.pattern for atom in clause.positive if atom.pattern.kind not in derivable]
            first = min(patterns, key=lambda pattern: pattern.kind != "log", default=None)
            places.setdefault(_DERIVED if first is None else need_of(first), []).append(place)
        entries.append({need: tuple(numbers) for need, numbers in places.items()})
    return tuple(entries)


def compile_rules(
    rules: tuple[AnyRule, ...], vocabulary: Vocabulary, automaton: AutomatonSource = no_automaton
) -> Program:
    """Compile rules that were read without fault; `automaton` gives the scanner its automaton, where there is one.

    Raises RuleError for a fact kind that neither the schema nor a derivation knows, a rule id that stands twice,
    a clause of too many conditions, a rule of negations alone, and a cycle through `not`.
    """
    derived = derived_kinds(rules)
    faults: list[str] = []
    by_id: dict[str, AnyRule] = {}
    for rule in rules:
        if rule.id in by_id:
            faults.append(f"{rule.path}:1:1: {rule.id} is also the id of {by_id[rule.id].path} (choose another id)")
        by_id[rule.id] = rule
        faults.extend(_unknown_kinds(rule, vocabulary, derived))
    if faults:
        raise RuleError("\n".join(faults))
    needs = _needs(rules, vocabulary, derived)
    levels = _levels(rules, derived)
    clauses: dict[int, list[Clause]] = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        for clause in _clauses(rule, vocabulary, needs):
            clauses.setdefault(levels[rule.id], []).append(clause)
    strata = tuple(tuple(clauses[level]) for level in sorted(clauses))
    scanner = _scanner(rules, vocabulary, automaton)
    return Program(by_id, vocabulary, derived, strata, scanner, needs, entries_of(strata, derived))


def _scanner(rules: tuple[AnyRule, ...], vocabulary: Vocabulary, automaton: AutomatonSource) -> Scanner:
    expressions = {
        pattern.sought(): test.literals
        for rule in rules
        for pattern in rule.patterns()
        if pattern.kind == "log"
        for test in pattern.tests
        if test.attribute == "match"
    }
    declared = vocabulary.kinds.get("log")
    return Scanner(expressions, declared.attributes if declared else (), automaton)


def _unknown_kinds(rule: AnyRule, vocabulary: Vocabulary, derived: Mapping[str, frozenset[str]]) -> list[str]:
    faults = []
    for pattern in rule.patterns():
        if pattern.kind in vocabulary.kinds:
            continue
        known = derived.get(pattern.kind)
        if known is None:
            names = ", ".join(sorted({*vocabulary.kinds, *derived}))
            faults.append(f"{rule.path}:{pattern.line}:1: there is no fact kind {pattern.kind} (there are {names})")
            continue
        used = {test.attribute for test in pattern.tests} | {attribute for attribute, _ in pattern.binds}
        faults.extend(
            f"{rule.path}:{pattern.line}:1: {pattern.kind} facts have no attribute {name} (they have {', '.join(sorted(known))})"
            for name in sorted(used - known)
        )
    return faults


def _clauses(rule: AnyRule, vocabulary: Vocabulary, needs: Mapping[str, tuple[str, ...]]) -> list[Clause]:
    ways = branches(rule.when)
    if len(ways) > MAXIMUM_CLAUSES:
        raise RuleError(
            f"{rule.path}:1:1: {rule.id} has {len(ways)} alternatives, at most {MAXIMUM_CLAUSES} (derive a fact for a part of it)"
        )
    return [_clause(rule, index, way, vocabulary, needs) for index, way in enumerate(ways)]


def _clause(
    rule: AnyRule, index: int, way: Branch, vocabulary: Vocabulary, needs: Mapping[str, tuple[str, ...]]
) -> Clause:
    if not way.positive:
        raise RuleError(
            f"{rule.path}:1:1: {rule.id} has an alternative of negations alone (add a fact that must be there)"
        )
    if len(way.positive) + 2 * len(way.negative) > MAXIMUM_ATOMS:
        raise RuleError(
            f"{rule.path}:1:1: {rule.id} has more than {MAXIMUM_ATOMS} conditions in one alternative (derive a fact for a part of them)"
        )
    name = f"{rule.id}/{index}"
    positive = tuple(
        Atom(f"{name}/{place}", pattern, tuple(sorted(pattern.variables())))
        for place, pattern in enumerate(way.positive)
    )
    bound = frozenset(variable for atom in positive for variable in atom.variables)
    negative = tuple(
        Atom(
            f"{name}/not{place}",
            pattern,
            tuple(sorted(pattern.variables() & bound)),
            _known(f"{name}/known{place}", pattern, bound, vocabulary, needs),
        )
        for place, pattern in enumerate(way.negative)
    )
    return Clause(name, rule.id, positive, negative)


def _known(
    name: str, pattern: Pattern, bound: frozenset[str], vocabulary: Vocabulary, needs: Mapping[str, tuple[str, ...]]
) -> Known:
    collectors = needs[pattern.kind]
    declared = vocabulary.kinds.get(pattern.kind)
    if declared is None or not declared.scope:
        return Known(name, collectors)
    for attribute, variable in pattern.binds:
        if attribute == declared.scope and variable in bound:
            return Known(name, collectors, variable=variable)
    for test in pattern.tests:
        if test.attribute == declared.scope and test.operator == "eq" and not isinstance(test.value, tuple):
            return Known(name, collectors, value=str(test.value))
    return Known(name, collectors)


def _needs(
    rules: tuple[AnyRule, ...], vocabulary: Vocabulary, derived: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, ...]]:
    needs: dict[str, frozenset[str]] = {
        kind: frozenset({declared.coverage} if declared.coverage else ()) for kind, declared in vocabulary.kinds.items()
    }
    needs.update({kind: frozenset() for kind in derived})
    for _ in range(len(derived) + 1):
        for rule in rules:
            if isinstance(rule, Derivation):
                needs[rule.concludes.kind] |= frozenset().union(*(needs[pattern.kind] for pattern in rule.patterns()))
    return {kind: tuple(sorted(collectors)) for kind, collectors in needs.items()}


def _levels(rules: tuple[AnyRule, ...], derived: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Return the stratum of each rule: not below what it uses, and above what it denies (Apt, Blair and Walker 1988)."""
    kinds = dict.fromkeys(derived, 0)
    levels: dict[str, int] = dict.fromkeys((rule.id for rule in rules), 0)
    uses = {rule.id: _used(rule) for rule in rules}
    for _ in range(len(derived) + 2):
        changed = False
        for rule in rules:
            positive, negative = uses[rule.id]
            level = max(
                max((kinds.get(kind, 0) for kind in positive), default=0),
                max((kinds[kind] + 1 for kind in negative if kind in kinds), default=0),
            )
            if isinstance(rule, Derivation) and kinds[rule.concludes.kind] < level:
                kinds[rule.concludes.kind] = level
                changed = True
            changed = changed or levels[rule.id] != level
            levels[rule.id] = level
        if not changed:
            # A derivation runs in the stratum of its kind, so that the kind is finished when that stratum is.
            return {
                rule.id: kinds[rule.concludes.kind] if isinstance(rule, Derivation) else levels[rule.id]
                for rule in rules
            }
    circle = ", ".join(
        sorted(
            rule.path for rule in rules if isinstance(rule, Derivation) and kinds[rule.concludes.kind] > len(derived)
        )
    )
    raise RuleError(f"{circle}: these rules deny, in a circle, what they conclude themselves (remove one not)")


def _used(rule: AnyRule) -> tuple[set[str], set[str]]:
    ways = branches(rule.when)
    positive = {pattern.kind for way in ways for pattern in way.positive}
    negative = {pattern.kind for way in ways for pattern in way.negative}
    return positive, negative
