"""What a diagnosis comes to in one sentence: the root cause and its blast radius."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from facts.cluster.kinds import WORKLOADS
from facts.model.values import Subject
from kb.report.report import CONFIDENT, Hypothesis
from kb.terminal.phrases import phrase

_LOWER = frozenset({"Node", "Host", "Workload"})
"""Kinds that are everyday words rather than names."""
_NOBODY = frozenset({"Cluster", "Collector", "Component", "Group", "Log", "Network", "Object", "User"})
"""Kinds that suffer nothing themselves."""
_ORDER = ("Host", "VM", "Node", "Workload", "Pod", "Service")
"""Kinds in the order in which a reader hears of them; others follow as they come."""
_STEPS = 12
"""Effects of effects that are followed; rules that explain each other in a circle would never end."""


def roots(hypotheses: Iterable[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Return the hypotheses that nothing else explains, in the order of their rank."""
    return tuple(hypothesis for hypothesis in hypotheses if not hypothesis.caused_by)


def effects(root: Hypothesis, hypotheses: Sequence[Hypothesis]) -> tuple[tuple[Hypothesis, ...], ...]:
    """Return what follows from `root`, step by step: what it explains, what that explains, and so on, each once.

    An effect that can be reached over several ways stands at the end of the longest.
    """
    by_key: Mapping[str, Hypothesis] = {hypothesis.key: hypothesis for hypothesis in hypotheses}
    depth: dict[str, int] = {}
    front, step = [root.key], 0
    while front and step < _STEPS:
        step += 1
        front = list(
            dict.fromkeys(key for name in front for key in by_key[name].explains if key in by_key and key != root.key)
        )
        depth.update(dict.fromkeys(front, step))
    levels = [tuple(by_key[key] for key in sorted(depth) if depth[key] == level) for level in range(1, step + 1)]
    return tuple(level for level in levels if level)


def headline(hypotheses: Sequence[Hypothesis], language: str = "en") -> str:
    """Return the sentence for a report whose hypotheses are given; "" without a hypothesis."""
    causes = roots(hypotheses) or tuple(hypotheses[:1])
    if not causes:
        return ""
    first = causes[0]
    title = f"{first.cluster}: {first.title}" if first.cluster else first.title
    title = title.rstrip(".")
    if first.confidence < CONFIDENT:
        return phrase("No cause is certain; the likeliest: {title}.", language, title=title)
    others = len({(cause.id, cause.cluster) for cause in causes if cause.confidence >= CONFIDENT}) - 1
    more = " There is 1 more cause." if others == 1 else " There are {number} more causes."
    told = phrase("{title}.", language, title=title)
    if suffering := consequences(first, hypotheses, language):
        told += " " + suffering
    return told + (phrase(more, language, number=others) if others > 0 else "")


def consequences(root: Hypothesis, hypotheses: Sequence[Hypothesis], language: str = "en") -> str:
    """Return who suffers from `root` in one sentence: "1 node, 3 workloads, 7 Pods and 3 Services suffer."; "" for nobody."""
    numbers = sufferers(root, hypotheses)
    if not numbers:
        return ""
    verb = "suffers" if numbers.total() == 1 else "suffer"
    return phrase(f"{{counted}} {verb}.", language, counted=quantities(numbers, language))


def sufferers(root: Hypothesis, hypotheses: Sequence[Hypothesis]) -> Counter[str]:
    """Return how many of each kind suffer from `root`: 1 Node, 40 Pods, 5 Services; empty when nobody else does."""
    numbers: Counter[str] = Counter()
    seen: set[Subject] = {root.subject}
    for hypothesis in (root, *(effect for level in effects(root, hypotheses) for effect in level)):
        own = {*hypothesis.subjects, hypothesis.subject} - seen
        seen |= own
        numbers.update(subject.kind for subject in own if subject.kind not in _NOBODY)
        # Only the first subjects are listed; the others are of the same kind.
        unlisted = hypothesis.subjects_total - len(hypothesis.subjects)
        if unlisted > 0 and hypothesis.subjects[-1].kind not in _NOBODY:
            numbers[hypothesis.subjects[-1].kind] += unlisted
    return numbers


def quantities(numbers: Mapping[str, int], language: str = "en") -> str:
    """Return numbers of things by kind in words, workloads of all kinds in one: `1 node, 3 workloads and 40 Pods`."""
    folded: Counter[str] = Counter()
    for kind, number in numbers.items():
        folded["Workload" if kind in WORKLOADS else kind] += number
    folded = Counter({kind: folded[kind] for kind in sorted(folded, key=_place)})
    if language == "ko":
        return ", ".join(f"{kind} {number}개" for kind, number in folded.items())
    counted = [_quantity(number, kind) for kind, number in folded.items()]
    return " and ".join(part for part in (", ".join(counted[:-1]), *counted[-1:]) if part)


def _place(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _quantity(number: int, kind: str) -> str:
    word = kind.lower() if kind in _LOWER else kind
    if number == 1:
        return f"1 {word}"
    if word.endswith("y"):
        return f"{number} {word[:-1]}ies"
    return f"{number} {word}{'es' if word.endswith('s') else 's'}"
