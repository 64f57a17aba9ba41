"""Whether conditions hold for given bindings: true with its facts, false, or unknown with what was not looked at."""

from collections.abc import Container, Iterable, Mapping
from enum import StrEnum

import msgspec

from engine.language.condition import Branch, Condition, Pattern, branches
from engine.match.memory import Memory
from engine.match.program import Program

OTHERS = 50
"""Further bindings that a failed outcome keeps."""


class Truth(StrEnum):
    """Three values: what could not be looked at is neither true nor false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Outcome(msgspec.Struct, frozen=True):
    """A truth value and why.

    `facts` prove a true outcome; `failed` is the first condition that a false or unknown outcome broke at (`denied`
    when that is a negated one), `needs` the collectors that an unknown one waits for, `bindings` what was bound up
    to there.
    """

    truth: Truth
    facts: tuple[int, ...] = ()
    failed: Pattern | None = None
    denied: bool = False
    needs: tuple[str, ...] = ()
    bindings: Mapping[str, str] = {}
    others: tuple[Mapping[str, str], ...] = ()
    """What else was bound up to there, at most `OTHERS`: the condition failed for all of them."""


def judge(conditions: tuple[Condition, ...], bindings: Mapping[str, str], memory: Memory, program: Program) -> Outcome:
    """Judge the conjunction of `conditions` under `bindings`; a name that is not known ("") agrees with the only one in play."""
    outcomes = [judge_branch(way, bindings, memory, program) for way in branches(conditions)]
    for truth in (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE):
        for outcome in outcomes:
            if outcome.truth is truth:
                return outcome
    return Outcome(Truth.FALSE)


def judge_branch(way: Branch, bindings: Mapping[str, str], memory: Memory, program: Program) -> Outcome:
    """Judge one way to satisfy a condition: true, else unknown if anything missing was not looked at, else false."""
    partial: list[tuple[dict[str, str], tuple[int, ...]]] = [(dict(bindings), ())]
    for pattern in way.positive:
        matches = memory.matches(pattern)
        alone = _alone(pattern, (more for _, more in matches), (known for known, _ in partial))
        joined = [
            (_merged(known, more), (*facts, number))
            for known, facts in partial
            for number, more in matches
            if _agree(known, more, alone)
        ]
        if not joined:
            others = tuple(known for known, _ in partial[1 : OTHERS + 1])
            return msgspec.structs.replace(_missing(pattern, partial[0], memory, program), others=others)
        partial = joined
    blocked: Outcome | None = None
    for known, facts in partial:
        blocked = _blocked(way, known, facts, memory, program)
        if blocked is None:
            return Outcome(Truth.TRUE, tuple(sorted(set(facts))), bindings=known)
    return blocked or Outcome(Truth.FALSE)


def _alone(
    pattern: Pattern, matches: Iterable[Mapping[str, str]], known: Iterable[Mapping[str, str]]
) -> frozenset[str]:
    """Return the variables for which only one value is in play, so that an untold name can mean no other."""
    values: dict[str, set[str]] = {name: set() for name in pattern.variables()}
    for bindings in (*matches, *known):
        for name, told in values.items():
            told.add(bindings.get(name, ""))
    return frozenset(name for name, told in values.items() if len(told - {""}) <= 1)


def _agree(known: Mapping[str, str], more: Mapping[str, str], alone: Container[str]) -> bool:
    return all(
        known[name] == value or (name in alone and "" in (known[name], value))
        for name, value in more.items()
        if name in known
    )


def _merged(known: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    return {**known, **{name: value for name, value in more.items() if value or name not in known}}


def _missing(pattern: Pattern, at: tuple[dict[str, str], tuple[int, ...]], memory: Memory, program: Program) -> Outcome:
    needs = _open(pattern, at[0], memory, program)
    return Outcome(Truth.UNKNOWN if needs else Truth.FALSE, at[1], pattern, False, needs, at[0])


def _blocked(
    way: Branch, known: dict[str, str], facts: tuple[int, ...], memory: Memory, program: Program
) -> Outcome | None:
    for pattern in way.negative:
        matches = memory.matches(pattern)
        alone = _alone(pattern, (more for _, more in matches), [known])
        against = [number for number, more in matches if _agree(known, more, alone)]
        if against:
            return Outcome(Truth.FALSE, tuple(against), pattern, True, (), known)
        needs = _open(pattern, known, memory, program)
        if needs:
            return Outcome(Truth.UNKNOWN, facts, pattern, True, needs, known)
    return None


def _open(pattern: Pattern, known: Mapping[str, str], memory: Memory, program: Program) -> tuple[str, ...]:
    """Return the collectors that did not run completely where `pattern` would have been seen."""
    declared = program.vocabulary.kinds.get(pattern.kind)
    scope = ""
    if declared is not None and declared.scope:
        scope = next(
            (known.get(variable, "") for attribute, variable in pattern.binds if attribute == declared.scope), ""
        )
    return tuple(collector for collector in program.needs[pattern.kind] if not memory.is_known((collector,), scope))
