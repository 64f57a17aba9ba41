"""The report: one diagnosis as plain values, in the order and with the names of the contract `kbdiag/report/v1`."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

import msgspec

from engine.judge.belief import Candidate, Weighed, resolve
from engine.judge.checks import NextCheck
from engine.judge.inference import Inference
from engine.judge.outcome import Truth
from engine.judge.proof import gap
from engine.judge.ranking import Ranked
from engine.language.condition import patterns
from engine.language.rule import SEVERITIES, Localised, Step, SubjectTemplate
from engine.language.template import fill, fill_command, missing_names, refused_values
from engine.match.memory import Memory
from facts.model.values import Coverage, CoverageState, Evidence, Fact, Snapshot, Subject, text_of
from kb.catalogue.catalogue import Catalogue
from kb.report.changes import Changed, changes_of
from kb.report.symptoms import Symptom, layers_of, symptoms_of
from kb.terminal.version import version

SCHEMA = "kbdiag/report/v1"
CONFIDENT = 0.5
"""From here on a hypothesis is taken as true where a yes or no is needed."""
NOT_PART = "was not part of the evidence"
FACTS_SHOWN = 10
SUBJECTS_SHOWN = 50
SHOWN = 80
"""Characters of a value that is not put into a command."""
_OF_CLUSTER = ("kubernetes/", "ssh", "logs", "evidence")


class Layer(msgspec.Struct, frozen=True):
    """A layer and how it stands: ok, failing or unknown."""

    layer: str
    state: str


class ReportedFact(msgspec.Struct, frozen=True):
    """A fact, where it was seen, and the raw line or field."""

    kind: str
    source: str
    text: str


class EvidenceEntry(msgspec.Struct, frozen=True):
    """What speaks for the hypothesis, or against it; `facts` are the first of `facts_total`."""

    says: str
    supports: bool = msgspec.field(name="for")
    strength: str
    facts: tuple[ReportedFact, ...]
    facts_total: int


class UnknownEntry(msgspec.Struct, frozen=True):
    """What would weigh, but was not looked at."""

    says: str
    needs: str
    why: str


class CheckStep(msgspec.Struct, frozen=True):
    """A reading command, and the outcome that confirms the hypothesis."""

    run: str
    confirms: str


class FixStep(msgspec.Struct, frozen=True):
    """A command that mends the cause, with its risk."""

    run: str
    risk: str
    note: str


class Hypothesis(msgspec.Struct, frozen=True):
    """A conclusion about one subject. `caused_by` and `explains` name others, by their `key`.

    `cluster` is "" in the report of one cluster.
    """

    rank: int
    id: str
    title: str
    layer: str
    severity: str
    symptom: bool
    confidence: float
    belief: float
    caused_by: tuple[str, ...]
    explains: tuple[str, ...]
    subject: Subject
    subjects: tuple[Subject, ...]
    subjects_total: int
    cause: str
    evidence: tuple[EvidenceEntry, ...]
    unknown: tuple[UnknownEntry, ...]
    verify: tuple[CheckStep, ...]
    fix: tuple[FixStep, ...]
    lesson: str
    cluster: str = ""

    @property
    def key(self) -> str:
        """`ID/namespace/name`, of several clusters with `@CLUSTER`: what other hypotheses call this one."""
        path = "/".join(part for part in (self.id, self.subject.namespace, self.subject.name) if part)
        return f"{path}@{self.cluster}" if self.cluster else path


class Source(msgspec.Struct, frozen=True):
    """Which cluster, and from where: a context, or the paths that were read."""

    cluster: str
    origin: str


class ClusterReport(msgspec.Struct, frozen=True):
    """One of several clusters: whether anything of it was seen, and in which layers something is wrong."""

    cluster: str
    origin: str
    observed_at: str | None
    observed: bool
    failing: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """One diagnosis. The order of hypotheses is their rank; those with `caused_by` are effects, the others root causes.

    `clusters` tells of each cluster when there are several, `changes` what changed shortly before the trouble.
    """

    schema: str
    version: str
    rules_digest: str
    observed_at: str | None
    source: Source
    layers: tuple[Layer, ...]
    symptoms: tuple[Symptom, ...]
    hypotheses: tuple[Hypothesis, ...]
    next_checks: tuple[NextCheck, ...]
    coverage: tuple[Coverage, ...]
    clusters: tuple[ClusterReport, ...] = ()
    changes: tuple[Changed, ...] = ()

    @property
    def is_observed(self) -> bool:
        """Whether anything was seen of the cluster, rather than of the machine that looked."""
        seen = (CoverageState.COMPLETE, CoverageState.PARTIAL)
        return any(one.state in seen and one.collector.startswith(_OF_CLUSTER) for one in self.coverage)


def build_report(
    inference: Inference,
    snapshot: Snapshot,
    evidence: Evidence,
    catalogue: Catalogue,
    language: str = "en",
    *,
    minimum: float = 0.0,
    layers: Sequence[str] = (),
) -> Report:
    """Return the report of `inference`; the same inputs give the same report.

    Left out are root causes of less than `minimum` confidence and effects of less than `minimum` belief, and with
    `layers` the hypotheses of all others.
    """
    hypotheses: list[Hypothesis] = []
    for ranked in inference.hypotheses:
        worth = ranked.candidate.belief if ranked.causes else ranked.confidence
        if worth >= minimum and (not layers or ranked.candidate.layer in layers):
            hypotheses.append(_hypothesis(ranked, len(hypotheses) + 1, inference, evidence, language))
    symptoms = symptoms_of(inference.memory)
    named = {symptom.subject for symptom in symptoms}
    return Report(
        schema=SCHEMA,
        version=version(),
        rules_digest=catalogue.digest,
        observed_at=snapshot.observed_at or None,
        source=Source(snapshot.cluster, snapshot.origin),
        layers=_layers(inference),
        symptoms=(
            *symptoms,
            *(
                Symptom(h.subject, h.title)
                for h in hypotheses
                if h.caused_by and h.belief >= CONFIDENT and h.subject not in named
            ),
        ),
        hypotheses=tuple(hypotheses),
        next_checks=inference.checks,
        coverage=(*evidence.coverage, *inference.cut),
        changes=changes_of(inference.memory),
    )


class _Weighty(Protocol):
    @property
    def severity(self) -> str: ...

    @property
    def confidence(self) -> float: ...


def reaches(hypotheses: Iterable[_Weighty], severity: str | None) -> bool:
    """Return True if one of `hypotheses` is taken as true and is of `severity` or worse; without a severity none is."""
    wanted = SEVERITIES[: SEVERITIES.index(severity) + 1] if severity else ()
    return any(one.severity in wanted and one.confidence >= CONFIDENT for one in hypotheses)


def _layers(inference: Inference) -> tuple[Layer, ...]:
    vocabulary, memory = inference.program.vocabulary, inference.memory
    failing = {h.candidate.layer for h in inference.hypotheses if h.candidate.belief >= CONFIDENT} | layers_of(memory)

    def state(layer: str) -> str:
        collectors = vocabulary.layer_coverage.get(layer, ())
        if layer in failing:
            return "failing"
        return "ok" if collectors and memory.is_known(collectors) else "unknown"

    return tuple(Layer(layer, state(layer)) for layer in vocabulary.layers)


def _hypothesis(ranked: Ranked, rank: int, inference: Inference, evidence: Evidence, language: str) -> Hypothesis:
    candidate, memory = ranked.candidate, inference.memory
    rule, bindings = candidate.rule, candidate.bindings
    subjects = affected(candidate, evidence.cluster)

    def text(texts: Localised, more: Mapping[str, str] = MappingProxyType({})) -> str:
        known = {**bindings, **{name: value for name, value in more.items() if value}}
        return fill(texts.get(language) or texts.get("en", ""), known, memory.lookup)

    title = text(rule.title)
    return Hypothesis(
        rank=rank,
        id=rule.id,
        title=title,
        layer=candidate.layer,
        severity=rule.severity,
        symptom=rule.symptom,
        confidence=round(ranked.confidence, 4),
        belief=round(candidate.belief, 4),
        caused_by=tuple(inference.hypotheses[place].candidate.key for place in ranked.causes),
        explains=tuple(inference.hypotheses[place].candidate.key for place in ranked.effects),
        subject=candidate.subject,
        subjects=subjects[:SUBJECTS_SHOWN],
        subjects_total=len(subjects),
        cause=text(rule.cause),
        evidence=(
            _entry(title, rule.strength, _telling(candidate, inference), inference),
            *(
                _entry(
                    text(weighed.item.says, weighed.outcome.bindings),
                    weighed.item.strength,
                    weighed.outcome.facts,
                    inference,
                    supports=not weighed.item.against,
                )
                for weighed in candidate.evidence
                if weighed.outcome.truth is Truth.TRUE
            ),
        ),
        unknown=tuple(
            entry
            for weighed in candidate.evidence
            for entry in _unknown(weighed, text(weighed.item.says), candidate, inference)
        ),
        verify=tuple(
            CheckStep(fill_command(step.run, bindings, memory.lookup), _advice(step, step.confirms, bindings, memory))
            for step in rule.verify
        ),
        fix=tuple(
            FixStep(
                fill_command(step.run, bindings, memory.lookup), step.risk, _advice(step, step.note, bindings, memory)
            )
            for step in rule.fix
        ),
        lesson=text(rule.lesson),
    )


def _advice(step: Step, text: str, bindings: Mapping[str, str], memory: Memory) -> str:
    """Return the `text` beside a command, and what a name that is missing in the command means for the reader."""
    refused = ", ".join(_shown(value) for value in refused_values(step.run, bindings, memory.lookup))
    missing = " and the ".join(missing_names(step.run, bindings, memory.lookup))
    parts = (
        fill(text, bindings, memory.lookup),
        refused and f"not filled in: {refused}, because a shell or a program could take it for more than a name",
        missing and f"the evidence does not name the {missing}",
    )
    return "; ".join(part for part in parts if part)


def _shown(value: str) -> str:
    whole = repr(value)
    return whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}…"


_PODS = SubjectTemplate("Pod", "?pod", "?namespace")


def affected(candidate: Candidate, cluster: str) -> tuple[Subject, ...]:
    """Return what `affects` of the rule names over all activations, sorted; the subject itself when it names nothing.

    A rule without `affects` that is not about a Pod affects the Pods that it binds to `?namespace` and `?pod`.
    """
    template = candidate.rule.affects or (candidate.rule.subject if candidate.rule.subject.kind == "Pod" else _PODS)
    bound = [{"cluster": cluster, **dict(activation.bindings)} for activation in candidate.activations]
    found = {
        Subject(resolve(template.kind, one), resolve(template.name, one), resolve(template.namespace, one))
        for one in bound
    }
    return tuple(sorted(subject for subject in found if subject.name)) or (candidate.subject,)


def _telling(candidate: Candidate, inference: Inference) -> list[int]:
    """Return the facts of `when` that decided: those of the fewest conditions that matched, what speaks of the subject first.

    Facts of other conditions are context; they follow where nothing else is there.
    """
    kinds = [pattern.kind for pattern in patterns(candidate.rule.when)]
    names = {candidate.subject.name, *candidate.bindings.values()} - {"", candidate.bindings.get("cluster", "")}

    def place(number: int) -> tuple[bool, int, int]:
        fact = inference.memory.facts[number]
        kind = kinds.index(fact.kind) if fact.kind in kinds else len(kinds)
        return (names.isdisjoint(map(text_of, fact.attributes.values())), kind, number)

    order = sorted(candidate.facts, key=place)
    told = [number for number in order if not place(number)[0]]
    return told or order


def _entry(
    says: str, strength: str, numbers: Iterable[int], inference: Inference, *, supports: bool = True
) -> EvidenceEntry:
    facts = _observed(numbers, inference)
    shown = tuple(ReportedFact(fact.kind, fact.source, fact.text or _attributes(fact)) for fact in facts[:FACTS_SHOWN])
    return EvidenceEntry(says, supports, strength, shown, len(facts))


def _observed(numbers: Iterable[int], inference: Inference) -> list[Fact]:
    """Return the facts `numbers`, a derived one replaced by those that it rests on; what says the same stands once."""
    found: dict[tuple[str, str], Fact] = {}
    waiting = list(numbers)
    while waiting:
        number = waiting.pop(0)
        origin = inference.memory.origins.get(number)
        if origin is None:
            fact = inference.memory.facts[number]
            found.setdefault((fact.source, fact.text or _attributes(fact)), fact)
        else:
            waiting = [*origin.facts, *waiting]
    return list(found.values())


def _attributes(fact: Fact) -> str:
    return ", ".join(f"{name}={text_of(value)}" for name, value in fact.attributes.items() if value not in ("", -1))


def _unknown(weighed: Weighed, says: str, candidate: Candidate, inference: Inference) -> Iterable[UnknownEntry]:
    if weighed.outcome.truth is not Truth.UNKNOWN:
        return
    for collector in weighed.outcome.needs:
        entry = gap(collector, inference.memory, candidate.bindings.values())
        if entry is None:
            yield UnknownEntry(says, collector, NOT_PART)
        else:
            target = "" if entry.target == "*" else f"/{entry.target}"
            yield UnknownEntry(says, f"{entry.collector}{target}", entry.why or entry.state)
