"""The reference engine: hash joins in plain Python. The oracle of the tests, and the engine where durable-rules is missing."""

from collections.abc import Iterable, Mapping

from engine.match.chaining.chain import Match, Session
from engine.match.memory import Token
from engine.match.program import Atom, Clause


class ReferenceEngine:
    """Joins tokens by dictionaries, one clause after the other."""

    name = "reference"

    def open(self, clauses: tuple[Clause, ...]) -> Session:
        """Start a stratum."""
        return _ReferenceSession(clauses)

    def close(self) -> None:
        """There is nothing to release."""


class _ReferenceSession:
    def __init__(self, clauses: tuple[Clause, ...]) -> None:
        self._clauses = clauses
        self._tokens: dict[str, dict[tuple[str, ...], None]] = {}
        self._matches: set[Match] = set()

    def add(self, tokens: Iterable[Token]) -> list[Match]:
        for name, values in tokens:
            self._tokens.setdefault(name, {})[values] = None
        found = {match for clause in self._clauses for match in self._match(clause)} - self._matches
        self._matches |= found
        return list(found)

    def _match(self, clause: Clause) -> Iterable[Match]:
        partial: list[tuple[dict[str, str], tuple[Token, ...]]] = [({}, ())]
        for atom in clause.positive:
            partial = list(self._join(atom, partial))
        for bindings, chosen in partial:
            if all(self._denied(atom, bindings) for atom in clause.negative):
                yield clause.name, chosen

    def _join(
        self, atom: Atom, partial: list[tuple[dict[str, str], tuple[Token, ...]]]
    ) -> Iterable[tuple[dict[str, str], tuple[Token, ...]]]:
        if not partial:
            return
        shared = [place for place, variable in enumerate(atom.variables) if variable in partial[0][0]]
        index: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for values in self._tokens.get(atom.name, {}):
            index.setdefault(tuple(values[place] for place in shared), []).append(values)
        for bindings, chosen in partial:
            for values in index.get(tuple(bindings[atom.variables[place]] for place in shared), ()):
                yield {**bindings, **dict(zip(atom.variables, values, strict=True))}, (*chosen, (atom.name, values))

    def _denied(self, atom: Atom, bindings: Mapping[str, str]) -> bool:
        if tuple(bindings[variable] for variable in atom.variables) in self._tokens.get(atom.name, {}):
            return False
        if atom.known is None:
            return True
        scope = (bindings[atom.known.variable],) if atom.known.variable else ()
        return scope in self._tokens.get(atom.known.name, {})
