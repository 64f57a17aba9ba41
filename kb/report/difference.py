"""What changed from one diagnosis to the next: causes, facts and what was looked at."""

from collections.abc import Iterable, Mapping

import msgspec

from facts.model.schema import KINDS, Below, subject_of
from facts.model.values import Coverage, CoverageState, Fact, Scalar, Subject, text_of
from kb.report.diagnose import Diagnosis
from kb.report.report import Hypothesis, Report, Source

SCHEMA = "kbdiag/difference/v1"
APPEARED, CLEARED, CHANGED, UNSEEN = "appeared", "cleared", "changed", "unseen"
"""What happened to something: it is new, it is gone, it is different, or nobody can tell any more."""
STEP = 0.05
"""By how much a confidence must move to count as changed."""

_STATES = {CoverageState.COMPLETE: 3, CoverageState.PARTIAL: 2, CoverageState.FAILED: 1, CoverageState.SKIPPED: 0}


class Side(msgspec.Struct, frozen=True):
    """One of the two diagnoses."""

    source: Source
    observed_at: str | None


class HypothesisChange(msgspec.Struct, frozen=True):
    """A root cause or an effect that appeared, cleared, or became more or less certain.

    `before` and `after` are its confidence, None where it was not there. `why` tells what is not seen any more.
    """

    change: str
    key: str
    title: str
    layer: str
    severity: str
    before: float | None
    after: float | None
    effect: bool
    why: str = ""


class FactChange(msgspec.Struct, frozen=True):
    """Something observed that appeared or cleared; `subjects` are those of whom it holds, `group` their kind."""

    change: str
    group: str
    subject: Subject
    text: str
    members: int = 1
    why: str = ""


class CoverageChange(msgspec.Struct, frozen=True):
    """How a look ended before and after; None where nobody looked."""

    collector: str
    target: str
    before: str | None
    after: str | None
    why: str | None


class Difference(msgspec.Struct, frozen=True):
    """All that changed; in each list what appeared comes first."""

    schema: str
    before: Side
    after: Side
    hypotheses: tuple[HypothesisChange, ...]
    facts: tuple[FactChange, ...]
    coverage: tuple[CoverageChange, ...]

    def __bool__(self) -> bool:
        """Return whether anything changed in what is wrong, or in what was looked at."""
        return bool(self.hypotheses or self.facts or self.coverage)


class State(msgspec.Struct, frozen=True):
    """A diagnosis and its report: what two of are compared."""

    diagnosis: Diagnosis
    report: Report


def difference(before: State, after: State) -> Difference:
    """Return what changed from `before` to `after`; what cannot be seen any more is not called cleared."""
    return Difference(
        SCHEMA,
        Side(before.report.source, before.report.observed_at),
        Side(after.report.source, after.report.observed_at),
        tuple(_hypotheses(before, after)),
        tuple(_facts(before, after)),
        tuple(_coverage(before.report.coverage, after.report.coverage)),
    )


# --- hypotheses ------------------------------------------------------------------------------------------------------


def _hypotheses(before: State, after: State) -> list[HypothesisChange]:
    old = {one.key: one for one in before.report.hypotheses}
    new = {one.key: one for one in after.report.hypotheses}
    facts = before.diagnosis.inference.memory.facts
    needs = {
        ranked.candidate.key: {(_need(facts[number]), facts[number].source) for number in ranked.candidate.facts}
        for ranked in before.diagnosis.inference.hypotheses
    }
    changes = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            changes.append(_change(APPEARED, now, None, now))
        elif was is not None and now is None:
            gaps = [gap for need in sorted(needs.get(key, ())) if (gap := _lost(*need, before, after))]
            why = "; ".join(dict.fromkeys(gaps))
            changes.append(_change(UNSEEN if gaps else CLEARED, was, was, None, why))
        elif was is not None and now is not None:
            moved = abs(_worth(was) - _worth(now)) >= STEP or bool(was.caused_by) != bool(now.caused_by)
            changes += [_change(CHANGED, now, was, now)] if moved else []
    order = {APPEARED: 0, CHANGED: 1, UNSEEN: 2, CLEARED: 3}
    return sorted(
        changes,
        key=lambda one: (order[one.change], one.effect, -(one.after or one.before or 0.0), one.key),
    )


def _change(
    change: str, shown: Hypothesis, was: Hypothesis | None, now: Hypothesis | None, why: str = ""
) -> HypothesisChange:
    return HypothesisChange(
        change,
        shown.key,
        shown.title,
        shown.layer,
        shown.severity,
        _worth(was) if was else None,
        _worth(now) if now else None,
        bool(shown.caused_by),
        why,
    )


def _worth(one: Hypothesis) -> float:
    return one.belief if one.caused_by else one.confidence


def _need(fact: Fact) -> str:
    """Return the collector that must look again before a fact that is not there any more is gone, "" when it is none."""
    if fact.kind == "log":  # the messages of events and of statuses come from objects, not from logs
        told = text_of(fact.attributes.get("source", "")).split()
        return "kubernetes/events" if "event" in told else "" if "status" in told else "logs"
    return KINDS[fact.kind].coverage if fact.kind in KINDS else ""


def _lost(collector: str, source: str, before: State, after: State) -> str:
    """Return why nobody can tell whether what `collector` saw at `source` is still there, "" when it was looked for."""
    if not collector or _seen(collector, after) >= _seen(collector, before):
        return ""
    entries = [one for one in after.report.coverage if _is_of(one, collector)]
    if entries:
        return f"{collector}: {entries[0].why or entries[0].state}"
    return "" if _is_read_again(source, after) else f"{collector}: was not looked at"


def _is_read_again(source: str, after: State) -> bool:
    """Return True if a file of that name is among the evidence, as it is when files are compared, or watched."""
    names = {one.source for one in after.diagnosis.snapshot.observations}
    return source in names or source.rpartition(":")[0] in names or source.partition(" ")[0] in names


def _seen(collector: str, state: State) -> int:
    """Return how well `collector` looked; evidence of which nobody says how complete it is counts as partly seen."""
    if state.diagnosis.inference.memory.is_known((collector,)):
        return 3
    found = [_STATES[one.state] for one in state.report.coverage if _is_of(one, collector)]
    kinds = {kind for kind, declared in KINDS.items() if declared.coverage == collector}
    if any(fact.kind in kinds for fact in state.diagnosis.inference.memory.facts):
        found.append(2)
    return max(found, default=0)


def _is_of(entry: Coverage, collector: str) -> bool:
    return entry.collector == collector or entry.collector.startswith(collector + "/")


# --- facts -----------------------------------------------------------------------------------------------------------


class _Line(msgspec.Struct, frozen=True):
    group: str
    subject: Subject
    text: str


def _facts(before: State, after: State) -> list[FactChange]:
    old, new = _lines(before), _lines(after)
    changes: list[FactChange] = []
    for line in sorted({*old, *new}, key=lambda one: (one.group, str(one.subject), one.text)):
        if line not in old:
            changes.append(FactChange(APPEARED, line.group, line.subject, line.text, _members(new[line])))
        elif line not in new:
            first = min(old[line], key=lambda one: one.source)
            why = _lost(KINDS[first.kind].coverage, first.source, before, after)
            change = UNSEEN if why else CLEARED
            changes.append(FactChange(change, line.group, line.subject, line.text, _members(old[line]), why))
    order = {APPEARED: 0, UNSEEN: 1, CLEARED: 2}
    return sorted(changes, key=lambda one: (one.group, order[one.change], str(one.subject), one.text))


class _Told(msgspec.Struct, frozen=True):
    kind: str
    subject: Subject
    source: str


def _members(told: Iterable[_Told]) -> int:
    return len({one.subject for one in told})


def _lines(state: State) -> Mapping[_Line, set[_Told]]:
    """Return what is to be told of the facts, each with those of whom it holds; Pods of a workload are one line."""
    lines: dict[_Line, set[_Told]] = {}
    for fact in state.diagnosis.evidence.facts:
        if fact.kind not in KINDS or not KINDS[fact.kind].compared or _is_well(fact):
            continue
        subject = subject_of(fact.kind, fact.attributes)
        owner = _owner(fact, subject)
        lines.setdefault(_Line(owner.kind, owner, _text(fact)), set()).add(_Told(fact.kind, subject, fact.source))
    return lines


def _is_well(fact: Fact) -> bool:
    """Return whether a fact is about something that works."""
    well = KINDS[fact.kind].well
    return bool(well) and all(_meets(fact.attributes.get(name), wanted) for name, wanted in well.items())


def _meets(value: Scalar | None, wanted: Scalar | Below) -> bool:
    return float(value or 0) < wanted.limit if isinstance(wanted, Below) else value == wanted


def _owner(fact: Fact, subject: Subject) -> Subject:
    name = text_of(fact.attributes.get("workload", ""))
    return Subject(text_of(fact.attributes.get("workload_kind", "")), name, subject.namespace) if name else subject


def _text(fact: Fact) -> str:
    """Return what the fact says of its subject, without numbers that move all the time: `CrashLoopBackOff`, `state=failed`."""
    values = fact.attributes
    identity = KINDS[fact.kind].identity
    if identity is not None:
        told = [f"{name}={text_of(values[name])}" for name in identity if values.get(name) not in (None, "")]
        return " ".join([fact.kind, *told])
    if fact.kind == "workload" and values.get("reason") in ("", "MinimumReplicasUnavailable"):
        return "fewer Pods ready than desired"
    unready = ", not ready" if fact.kind == "pod" else ""
    for name in ("problem", "status", "phase", "reason", "check"):
        if values.get(name):
            return f"{fact.kind} {text_of(values[name])}{unready if values[name] == 'Running' else ''}"
    return fact.kind


# --- coverage --------------------------------------------------------------------------------------------------------


def _coverage(before: Iterable[Coverage], after: Iterable[Coverage]) -> list[CoverageChange]:
    old = {(one.collector, one.target): one for one in before}
    new = {(one.collector, one.target): one for one in after}
    changes = []
    for collector, target in sorted({*old, *new}):
        was, now = old.get((collector, target)), new.get((collector, target))
        states = (was.state.value if was else None, now.state.value if now else None)
        if states[0] != states[1] and collector != "evidence":
            changes.append(CoverageChange(collector, target, *states, now.why if now else None))
    return changes
