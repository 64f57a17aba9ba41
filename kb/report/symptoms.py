"""What is seen to be wrong, one line per workload: 40 crashing Pods of one Deployment are one symptom."""

import msgspec

from engine.match.memory import Memory
from facts.model.schema import KINDS, SYMPTOM_LAYERS, subject_of
from facts.model.values import Fact, Subject, text_of


class Symptom(msgspec.Struct, frozen=True, order=True):
    """Something that is wrong, and with whom; no word of why. `cluster` is "" in the report of one cluster."""

    subject: Subject
    text: str
    cluster: str = ""


def symptoms_of(memory: Memory) -> tuple[Symptom, ...]:
    """Return the symptoms among the facts, sorted; Pods of one workload that suffer the same are counted in one."""
    groups: dict[tuple[Subject, str, str], set[Symptom]] = {}
    for fact in memory.facts:
        if fact.kind in KINDS and KINDS[fact.kind].symptom:
            subject = subject_of(fact.kind, fact.attributes)
            # What the text says without the name is what the members of a workload have in common.
            shared = _told(fact, without=KINDS[fact.kind].subject[2])
            groups.setdefault((_owner(fact, subject), fact.kind, shared), set()).add(Symptom(subject, _told(fact)))
    found = []
    for (owner, _, _), members in groups.items():
        first = min(members)
        more = f" and {len(members) - 1} more of {owner}" if len(members) > 1 else ""
        found.append(Symptom(owner, first.text + more))
    return tuple(sorted(found))


def layers_of(memory: Memory) -> frozenset[str]:
    """Return the layers in which a symptom is seen."""
    return frozenset(layer for kind, layer in SYMPTOM_LAYERS.items() if memory.of_kind(kind))


def _told(fact: Fact, without: str = "") -> str:
    declared = KINDS[fact.kind]
    values = {name: text_of(fact.attributes.get(name, "")) for name in declared.attributes} | {without: ""}
    text = declared.symptom.format_map(values)
    return " ".join(text.replace(" /", " ").split()).rstrip(": ")


def _owner(fact: Fact, subject: Subject) -> Subject:
    name = text_of(fact.attributes.get("workload", ""))
    return Subject(text_of(fact.attributes.get("workload_kind", "")), name, subject.namespace) if name else subject
