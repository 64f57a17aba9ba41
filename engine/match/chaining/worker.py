"""The child process in which durable-rules runs; it speaks JSON lines on its standard streams and imports nothing heavy.

    {"open": [[clause, [[kind, [variable, ...]], ...], [[kind, [variable, ...]], ...]], ...]}   ->  {}
    {"add": [[kind, {variable: value}], ...]}                                                   ->  {"matches": [[clause, [uid, ...]], ...]}

The second list of a clause holds the kinds that must be absent. Kinds, variables and values are short words without
meaning, given by the parent; a uid is the place of a token in the order in which tokens were sent.
Only the subset of durable-rules that was found right is used: string facts, equality on `kind` first in every pattern,
equality joins, negation after a phase fact that is asserted when everything else is there, actions that only record.
"""

import json
import os
import sys
import warnings
from typing import Any

PHASE = "phase"

CLAUSES = 40
"""Clauses in one ruleset: far below 64 true branches for a fact and 255 equal patterns, where durable-rules breaks."""

KINDS = 200
"""Kinds in one ruleset: at 512 values of one property durable-rules hangs."""

Clause = tuple[str, list[tuple[str, list[str]]], list[tuple[str, list[str]]]]


def shards(clauses: list[Clause]) -> list[list[Clause]]:
    """Cut clauses into rulesets that stay under CLAUSES and KINDS."""
    cut: list[list[Clause]] = []
    kinds: set[str] = set()
    for clause in clauses:
        own = {kind for kind, _ in (*clause[1], *clause[2])}
        if not cut or len(cut[-1]) >= CLAUSES or len(kinds | own) > KINDS:
            cut.append([])
            kinds = set()
        cut[-1].append(clause)
        kinds |= own
    return cut


def definition(clause: Clause) -> dict[str, Any]:
    """Return a clause as durable-rules takes it, without its action."""
    _, positive, negative = clause
    patterns: list[dict[str, Any]] = [{"t": {"kind": PHASE}}] if negative else []
    bound: dict[str, str] = {}
    for place, (kind, variables) in enumerate(positive):
        patterns.append({f"a{place}": _pattern(kind, variables, bound)})
        for variable in variables:
            bound.setdefault(variable, f"a{place}")
    patterns.extend(
        {f"n{place}$not": _pattern(kind, variables, bound)} for place, (kind, variables) in enumerate(negative)
    )
    return {"all": patterns}


def _pattern(kind: str, variables: list[str], bound: dict[str, str]) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [{"kind": kind}]
    tests.extend({variable: {bound[variable]: variable}} for variable in variables if variable in bound)
    return tests[0] if len(tests) == 1 else {"$and": tests}


class Rulesets:
    """The rulesets of one stratum, and what their rules recorded."""

    def __init__(self, clauses: list[Clause]) -> None:
        from durable import engine

        class QuietHost(engine.Host):  # type: ignore[misc]
            """A host without the two timer threads that durable-rules starts and never stops."""

            def _run(self) -> None:
                pass

        self._engine = engine
        self._recorded: list[tuple[str, list[str]] | BaseException] = []
        self._names: list[str] = []
        self._route: dict[str, list[str]] = {}
        definitions: dict[str, dict[str, Any]] = {}
        for number, shard in enumerate(shards(clauses)):
            name = f"s{number}"
            self._names.append(name)
            definitions[name] = {
                clause[0]: {**definition(clause), "run": self._recorder(clause[0], len(clause[1]))} for clause in shard
            }
            for kind in sorted({kind for clause in shard for kind, _ in (*clause[1], *clause[2])}):
                self._route.setdefault(kind, []).append(name)
            if any(clause[2] for clause in shard):
                self._route.setdefault(PHASE, []).append(name)
        self._host = QuietHost(definitions)
        self._sent = 0
        self._phased = False

    def _recorder(self, clause: str, count: int) -> Any:
        def act(closure: Any) -> None:
            # durable-rules swallows what an action raises; record it, and let `add` raise it
            try:
                self._recorded.append((clause, [closure._m[f"a{place}"]["uid"] for place in range(count)]))
            except BaseException as error:
                self._recorded.append(error)

        return act

    def add(self, tokens: list[tuple[str, dict[str, str]]]) -> list[tuple[str, list[str]]]:
        """Assert tokens, and the phase after the first of them; return the matches that are new."""
        for kind, values in tokens:
            uid = f"u{self._sent}"
            self._sent += 1
            for name in self._route.get(kind, ()):
                self._assert(name, {"id": uid, "uid": uid, "kind": kind, **values})
        if not self._phased:
            self._phased = True
            for name in self._route.get(PHASE, ()):
                self._assert(name, {"id": PHASE, "uid": PHASE, "kind": PHASE})
        for name in self._names:
            failure = self._host.get_state(name).get("exception")
            if failure:
                raise RuntimeError(failure)
        recorded, self._recorded = self._recorded, []
        for entry in recorded:
            if isinstance(entry, BaseException):
                raise entry
        return [entry for entry in recorded if not isinstance(entry, BaseException)]

    def _assert(self, name: str, fact: dict[str, str]) -> None:
        try:
            self._host.assert_fact(name, fact)
        except self._engine.MessageNotHandledException:
            return  # no rule of this ruleset joins it

    def close(self) -> None:
        """Free the rulesets, which durable-rules keeps for ever otherwise."""
        import durable_rules_engine

        for name in self._names:
            durable_rules_engine.delete_ruleset(self._host.get_ruleset(name)._handle)


def main() -> None:
    """Serve one parent until it closes the stream."""
    warnings.simplefilter("ignore")
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    rulesets: Rulesets | None = None
    for line in sys.stdin:
        request = json.loads(line)
        reply: dict[str, Any] = {}
        if "open" in request:
            if rulesets is not None:
                rulesets.close()
            rulesets = Rulesets(request["open"])
        elif rulesets is not None:
            reply["matches"] = rulesets.add(request["add"])
        replies.write(json.dumps(reply) + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
