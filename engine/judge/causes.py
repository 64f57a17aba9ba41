"""Which hypothesis explains which, and what is left of an effect that still needs a cause of its own (noisy-or).

    r(e) = p(e) * product over causes c of (1 - w(c, e))        w = s * p(c)        Pearl 1988, section 4.3.2

On the right stands the belief p, not r: a cause that is itself explained still explains. The strength s comes from

* the dependencies, when they lead from the subject of a symptom to the subject of the cause;
* the same subject: what goes wrong with it explains its symptoms;
* the same line, of which another rule says more, or the same text, when the evidence does not say whose symptom it is;
* an `explains` entry of the rule, for what no dependency can tell.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from engine.judge.belief import Candidate
from engine.judge.dependencies import KIND, Dependencies
from engine.language.rule import EFFECTS, STRENGTHS, Explains, Signature
from engine.match.memory import Memory
from facts.model.values import Subject

EXPLAINED = 0.5
"""A cause that accounts for an effect with at least this probability is named as its cause."""

SAME_SUBJECT = 0.95
"""The probability that a cause brings about a symptom of its own subject."""

SAME_LINE = 0.98
"""The probability that a signature says what a fallback on the same line stands for."""

SAME_TEXT = 0.9
"""The probability that a cause brings about a symptom that the same text tells without a name."""


MESSAGE_LINES = 2
"""Lines by which two rules may find the same message of several lines."""


class Link(msgspec.Struct, frozen=True):
    """`cause` explains `effect` (places in the list of candidates) with probability `weight` = s * p(cause)."""

    cause: int
    effect: int
    weight: float


def links(candidates: Sequence[Candidate], memory: Memory, layers: Sequence[str]) -> tuple[Link, ...]:
    """Return the edges of the cause graph, which has no circles; `layers` are ordered from the deepest to the highest.

    Of several explanations of one pair the strongest counts. Rules may explain each other in a circle, since one
    workload brings down the next; hypotheses may not, so the weakest link of a circle is left out.
    """
    depths = [layers.index(candidate.layer) for candidate in candidates]
    sources = [_sources(candidate, memory) for candidate in candidates]
    strengths: dict[tuple[int, int], float] = {}
    told = tuple(_by_rule(candidates, sources))
    other_way = {(effect, cause) for cause, effect, _ in told}
    for cause, effect, strength in (
        *told,
        *_by_dependency(candidates, depths, Dependencies(memory.of_kind(KIND))),
        *(link for link in _by_place(candidates, depths, sources) if link[:2] not in other_way),
    ):
        strengths[cause, effect] = max(strength, strengths.get((cause, effect), 0.0))
    found = [
        Link(*pair, strength * candidates[pair[0]].belief)
        for pair, strength in strengths.items()
        if not _is_restated(pair, candidates, sources)
    ]
    return _without_circles(found, depths)


def _by_rule(candidates: Sequence[Candidate], sources: Sequence[frozenset[str]]) -> Iterator[tuple[int, int, float]]:
    by_rule: dict[str, list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_rule.setdefault(candidate.rule.id, []).append(place)
    for place, cause in enumerate(candidates):
        for explains in cause.rule.explains:
            for identity, effects in by_rule.items():
                if not fnmatchcase(identity, explains.signature):
                    continue
                for effect in effects:
                    if effect != place and _reaches(
                        cause, [candidates[other] for other in effects], candidates[effect], explains,
                        near=bool(_texts(sources[place]) & _texts(sources[effect])),
                    ):  # fmt: skip
                        yield place, effect, explains.strength


def _by_dependency(
    candidates: Sequence[Candidate], depths: Sequence[int], dependencies: Dependencies
) -> Iterator[tuple[int, int, float]]:
    """Yield what explains a symptom: a cause of its subject, or of what its subject needs.

    A signature that yields is explained by the latter only, and by nothing that is a symptom itself.
    """
    by_subject: dict[Subject, list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_subject.setdefault(candidate.subject, []).append(place)
    for effect, candidate in enumerate(candidates):
        rule = candidate.rule
        if not (rule.symptom or rule.fallback or rule.yields):
            continue
        for cause in by_subject[candidate.subject]:
            if not rule.yields and _is_cause_of_same(candidates, depths, cause, effect):
                yield cause, effect, SAME_SUBJECT
        for subject, strength in dependencies.reach(candidate.subject).items():
            for cause in by_subject.get(subject, ()):
                if _is_cause_of_needing(candidates[cause].rule, rule):
                    yield cause, effect, strength * EFFECTS[candidates[cause].rule.effect]


def _is_cause_of_needing(cause: Signature, effect: Signature) -> bool:
    """Return whether what is wrong with one subject may explain what is wrong with another one that needs it."""
    if effect.symptom:
        return True
    return not cause.fallback and not (effect.yields and cause.symptom)


def _is_cause_of_same(candidates: Sequence[Candidate], depths: Sequence[int], cause: int, effect: int) -> bool:
    """Return whether one hypothesis about a subject explains the other: a cause a symptom, a deeper symptom a higher one."""
    one, other = candidates[cause].rule, candidates[effect].rule
    if cause == effect or not candidates[effect].subject.name:
        return False
    if one.symptom:
        return other.symptom and depths[cause] < depths[effect]
    return other.symptom or not one.fallback


def _by_place(
    candidates: Sequence[Candidate], depths: Sequence[int], sources: Sequence[frozenset[str]]
) -> Iterator[tuple[int, int, float]]:
    """Yield what explains a hypothesis by the place of its evidence.

    A fallback gives way to any other rule that knows its line, and a hypothesis that rests on nothing else to a message that
    says more. Where the evidence does not name the subject of a symptom or of its cause, they belong together if they
    stand in one text, or if the symptoms are all about one subject.
    """
    texts = [_texts(each) for each in sources]
    alone = len({each.subject for each in candidates if each.rule.symptom and not _is_nameless(each)}) <= 1
    nameless = [place for place, candidate in enumerate(candidates) if _is_nameless(candidate)]
    neighbours = _neighbours(sources)
    for effect, candidate in enumerate(candidates):
        rule = candidate.rule
        everywhere = range(len(candidates)) if _is_nameless(candidate) else nameless
        for cause in sorted({*everywhere, *neighbours(sources[effect])}):
            other = candidates[cause]
            if other.rule.id == rule.id:
                continue
            if rule.fallback and not other.rule.fallback and _share_a_line(sources[cause], sources[effect]):
                yield cause, effect, SAME_LINE
            elif other.rule.symptom:
                continue
            elif _is_told_better(other, candidate) and sources[effect] <= sources[cause]:
                yield cause, effect, SAME_LINE
            elif (
                (_is_nameless(candidate) or _is_nameless(other))
                and depths[cause] <= depths[effect]
                and (
                    (rule.symptom and (alone or texts[cause] & texts[effect]))
                    or (rule.fallback and not other.rule.fallback and texts[cause] & texts[effect])
                )
            ):
                yield cause, effect, SAME_TEXT


def _neighbours(sources: Sequence[frozenset[str]]) -> Callable[[frozenset[str]], Iterator[int]]:
    """Return what yields the places of the `sources` that may share a line with some: thousands that do not are not compared."""
    by_source: dict[str, list[int]] = {}
    by_line: dict[tuple[str, int], list[int]] = {}
    for place, each in enumerate(sources):
        for source in each:
            by_source.setdefault(source, []).append(place)
            text, _, line = source.rpartition(":")
            if line.isdecimal():
                by_line.setdefault((text, int(line)), []).append(place)

    def near(some: frozenset[str]) -> Iterator[int]:
        for source in some:
            yield from by_source.get(source, ())
            text, _, line = source.rpartition(":")
            if line.isdecimal():
                for step in range(-MESSAGE_LINES, MESSAGE_LINES + 1):
                    yield from by_line.get((text, int(line) + step), ())

    return near


def _is_nameless(candidate: Candidate) -> bool:
    """Return whether the evidence does not say whom a hypothesis is about: a program of unknown place is no subject."""
    subject = candidate.subject
    return not subject.name or subject.kind == "Cluster" or (candidate.rule.fallback and not subject.namespace)


def _is_restated(pair: tuple[int, int], candidates: Sequence[Candidate], sources: Sequence[frozenset[str]]) -> bool:
    """Return whether the cause is a fallback that says in general what the effect says of the same line."""
    cause, effect = (candidates[place].rule for place in pair)
    return cause.fallback and not effect.fallback and _share_a_line(sources[pair[0]], sources[pair[1]])


def _share_a_line(some: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether two sets of sources meet: in one line, or in lines that one message may take."""
    if some & others:
        return True
    lines = {(text, int(line)) for text, _, line in (source.rpartition(":") for source in some) if line.isdecimal()}
    return any(
        line.isdecimal() and any((text, int(line) + step) in lines for step in range(-MESSAGE_LINES, MESSAGE_LINES + 1))
        for text, _, line in (source.rpartition(":") for source in others)
    )


def _is_told_better(cause: Candidate, effect: Candidate) -> bool:
    """Return whether one hypothesis says more of the same line than the other: by a message that leaves less doubt."""
    if effect.rule.symptom:
        return True
    return STRENGTHS[cause.rule.strength] > STRENGTHS[effect.rule.strength] and cause.belief >= effect.belief


def _sources(candidate: Candidate, memory: Memory) -> frozenset[str]:
    return frozenset(memory.facts[number].source for number in candidate.facts)


def _texts(sources: frozenset[str]) -> frozenset[str]:
    """Return the texts that hold the lines `sources`: "kubelet.log:12" stands in "kubelet.log"."""
    return frozenset(source.split(" ", 1)[0].rpartition(":")[0] or source.split(" ", 1)[0] for source in sources)


def _without_circles(found: Sequence[Link], depths: Sequence[int]) -> tuple[Link, ...]:
    """Keep the strongest links that close no circle; of two of one strength that of the deeper cause."""
    effects: dict[int, set[int]] = {}
    kept: list[Link] = []
    for link in sorted(found, key=lambda link: (-link.weight, depths[link.cause], link.cause, link.effect)):
        if not _leads(link.effect, link.cause, effects):
            effects.setdefault(link.cause, set()).add(link.effect)
            kept.append(link)
    return tuple(sorted(kept, key=lambda link: (link.cause, link.effect)))


def _leads(start: int, end: int, effects: Mapping[int, set[int]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        place = waiting.pop()
        if place == end:
            return True
        waiting.extend(effects.get(place, set()) - seen)
        seen |= effects.get(place, set())
    return False


def residuals(candidates: Sequence[Candidate], edges: Sequence[Link]) -> tuple[float, ...]:
    """Return r for each candidate."""
    left = [candidate.belief for candidate in candidates]
    for edge in edges:
        left[edge.effect] *= 1 - edge.weight
    return tuple(left)


def _reaches(
    cause: Candidate, alike: Sequence[Candidate], effect: Candidate, explains: Explains, *, near: bool
) -> bool:
    """Return whether the variables that `explains` joins agree between `cause` and `effect`.

    A name that the evidence does not tell is taken for the other's name only if both stand in one text (`near`), or if
    all hypotheses `alike` the effect have the same name, so that no other can be meant.
    """
    if not explains.where:
        return True
    names = sorted(explains.where)
    given = {
        tuple(_value(cause, dict(activation.bindings), explains.where[name]) for name in names)
        for activation in cause.activations
    }
    wanted = _bound(effect, names)
    if given & wanted:
        return True
    every = set().union(*(_bound(other, names) for other in alike))
    sure = [near or len({values[place] for values in every | given} - {""}) <= 1 for place in range(len(names))]
    return any(
        all(
            one == other or (known and "" in (one, other))
            for one, other, known in zip(values, others, sure, strict=True)
        )
        for values in given
        for others in wanted
    )


def _bound(candidate: Candidate, names: Sequence[str]) -> set[tuple[str, ...]]:
    return {
        tuple(bindings.get(name, "") for name in names)
        for bindings in (dict(activation.bindings) for activation in candidate.activations)
    }


def _value(cause: Candidate, bindings: dict[str, str], term: str) -> str:
    if not term.startswith("?"):
        return term
    return bindings.get(term[1:], cause.bindings.get(term[1:], ""))
