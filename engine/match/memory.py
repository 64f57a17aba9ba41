"""Working memory: the facts of one run, and the tokens that the conditions of clauses make of them."""

from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from engine.language.condition import Pattern, Sought
from engine.match.alpha import bindings_of
from engine.match.program import Atom, Clause, Known, Need
from facts.model.values import Coverage, CoverageState, Fact, text_of

MANY = 200
"""Facts of one kind from which on it pays to look up those with a value."""

Token = tuple[str, tuple[str, ...]]
"""The name of an atom and the value of each of its variables: all that chaining ever sees of a fact."""


class Origin(msgspec.Struct, frozen=True):
    """How a derived fact came about: the rule, and the facts that it rests on."""

    rule: str
    facts: tuple[int, ...]


class Memory:
    """The facts, numbered in the order of `Fact.key`; derived facts follow in the order of their derivation."""

    def __init__(
        self,
        facts: Iterable[Fact],
        hits: Mapping[Sought, list[Fact]],
        coverage: Iterable[Coverage],
        keys: Mapping[str, str],
    ) -> None:
        """`hits` are the log facts of each expression; `keys` tell, for kinds of named things, the naming attribute."""
        self.facts: list[Fact] = []
        self.origins: dict[int, Origin] = {}
        self._by_kind: dict[str, list[int]] = {}
        self._hits: dict[Sought, list[int]] = {}
        self._derived: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        self._complete: dict[str, set[str]] = {}
        self.coverage = tuple(coverage)
        self._keys = dict(keys)
        self._matches: dict[int, tuple[Pattern, int, list[tuple[int, dict[str, str]]]]] = {}
        """By the identity of a pattern: itself, how many of its candidates were tried, what came of it. Facts only grow."""
        self._indexed: dict[tuple[str, str], tuple[int, dict[str, list[int]]]] = {}
        """By kind and attribute: how many facts of the kind were looked at, and their numbers by the attribute's value."""
        for fact in sorted(facts, key=Fact.key):
            self._number(fact)
        for sought in sorted(hits):
            self._hits[sought] = [self._number(fact) for fact in sorted(hits[sought], key=Fact.key)]
        for entry in self.coverage:
            if entry.state is CoverageState.COMPLETE:
                self._complete.setdefault(entry.collector, set()).add(entry.target)

    def _number(self, fact: Fact) -> int:
        self.facts.append(fact)
        if fact.kind != "log":
            self._by_kind.setdefault(fact.kind, []).append(len(self.facts) - 1)
        return len(self.facts) - 1

    def derive(self, fact: Fact, origin: Origin) -> bool:
        """Add a derived fact; return False when it is there already."""
        identity = fact.key()[:2]
        if identity in self._derived:
            return False
        self._derived.add(identity)
        self.origins[self._number(fact)] = origin
        return True

    def candidates(self, pattern: Pattern) -> list[int]:
        """Return the numbers of the facts that `pattern` is to be tried on."""
        if pattern.kind != "log":
            every = self._by_kind.get(pattern.kind, [])
            return every if len(every) < MANY else self._with_value(pattern, every)
        return self._hits.get(pattern.sought(), [])

    def _with_value(self, pattern: Pattern, every: list[int]) -> list[int]:
        """Return those of `every` fact of a kind that have the value for which `pattern` asks, if it asks for one."""
        for test in pattern.tests:
            wanted = test.value if isinstance(test.value, tuple) else (test.value,)
            if test.operator in {"eq", "in"} and not any(isinstance(value, bool) for value in wanted):
                by_value = self._values(pattern.kind, test.attribute, every)
                return sorted({number for value in wanted for number in by_value.get(text_of(value), ())})
        return every

    def _values(self, kind: str, attribute: str, every: list[int]) -> dict[str, list[int]]:
        """Return the numbers of `every` fact of `kind` by the value of `attribute`."""
        count, by_value = self._indexed.get((kind, attribute), (0, {}))
        for number in every[count:]:
            value = self.facts[number].attributes.get(attribute)
            if value is not None:
                by_value.setdefault(text_of(value), []).append(number)
        self._indexed[kind, attribute] = len(every), by_value
        return by_value

    def numbers_of(self, kind: str) -> Sequence[int]:
        """Return the numbers of all facts of `kind` but log, in their order."""
        return self._by_kind.get(kind, ())

    def of_kind(self, kind: str) -> list[Fact]:
        """Return all facts of `kind`, in their order."""
        return [self.facts[number] for number in self._by_kind.get(kind, [])]

    def lookup(self, name: str, attribute: str) -> str:
        """Return `attribute` of the thing called `name`, from the first fact that is keyed by that name; "" if none."""
        for kind, key in self._keys.items():
            for number in self._by_kind.get(kind, ()):
                attributes = self.facts[number].attributes
                if attributes.get(key) == name and attributes.get(attribute) not in (None, "", -1):
                    return text_of(attributes[attribute])
        return ""

    def matches(self, pattern: Pattern) -> list[tuple[int, dict[str, str]]]:
        """Return the facts that pass `pattern` alone, each with the variables that it binds."""
        candidates = self.candidates(pattern)
        _, tried, found = self._matches.get(id(pattern), (pattern, 0, []))
        if tried < len(candidates):
            new = ((number, bindings_of(pattern, self.facts[number])) for number in candidates[tried:])
            found = found + [(number, bindings) for number, bindings in new if bindings is not None]
            self._matches[id(pattern)] = pattern, len(candidates), found
        return found

    def present(self) -> frozenset[Need]:
        """Return what there is something for: the kinds of facts, and the expressions that were found in text."""
        return frozenset((*self._by_kind, *(sought for sought, numbers in self._hits.items() if numbers)))

    def may_match(self, clause: Clause, derivable: Container[str]) -> bool:
        """Tell cheaply whether a clause can match at all: each condition has facts to be tried, or may get some."""
        return all(self.candidates(atom.pattern) or atom.pattern.kind in derivable for atom in clause.positive)

    def tokens(self, clauses: Iterable[Clause]) -> dict[Token, tuple[int, ...]]:
        """Return the tokens of all atoms of `clauses`, each with the numbers of its facts.

        Coverage gives tokens too: `Known.name` for each scope that was looked at completely.
        """
        tokens: dict[Token, list[int]] = {}
        for clause in clauses:
            values: dict[str, set[str]] = {}
            for atom in clause.positive:
                for token, number in self._of_atom(atom):
                    tokens.setdefault(token, []).append(number)
                    for variable, value in zip(atom.variables, token[1], strict=True):
                        values.setdefault(variable, set()).add(value)
            for atom in clause.negative:
                for token, number in self._of_atom(atom):
                    tokens.setdefault(token, []).append(number)
                if atom.known is not None:
                    tokens.update({token: [] for token in self._of_coverage(atom.known, values)})
        return {token: tuple(numbers) for token, numbers in tokens.items()}

    def _of_atom(self, atom: Atom) -> Iterable[tuple[Token, int]]:
        for number, bindings in self.matches(atom.pattern):
            yield (atom.name, tuple(bindings[variable] for variable in atom.variables)), number

    def _of_coverage(self, known: Known, values: Mapping[str, set[str]]) -> Iterable[Token]:
        if known.variable:
            for value in sorted(values.get(known.variable, ())):
                if self.is_known(known.collectors, value):
                    yield known.name, (value,)
        elif self.is_known(known.collectors, known.value):
            yield known.name, ()

    def is_known(self, collectors: Iterable[str], scope: str = "") -> bool:
        """Return True if all `collectors` ran completely for `scope`, or for everything when the scope is empty.

        A collector of a whole ("vm") is complete when one of its parts ("vm/tart") is.
        """
        return all(self._covers(collector, scope) for collector in collectors)

    def _covers(self, collector: str, scope: str) -> bool:
        return any(
            ("*" in targets or (scope and scope in targets)) and (name == collector or name.startswith(collector + "/"))
            for name, targets in self._complete.items()
        )
