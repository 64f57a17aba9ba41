"""What changed shortly before the trouble: every `change` fact as one line, the nearest to the onset first."""

import re

import msgspec

from engine.language.template import PLAIN_WORD
from engine.match.memory import Memory
from facts.model.schema import subject_of
from facts.model.values import Subject, text_of

CHANGES = 20
"""Changes that a report holds."""

_WORD = re.compile(rf"{PLAIN_WORD}|-n|--replicas=\d+")
"""What a command may consist of; values of the evidence that are anything else are not made into one."""


class Changed(msgspec.Struct, frozen=True):
    """A change of something in trouble, or of what that needs, within an hour before the trouble began.

    `text` tells the difference, `undo` is the command that takes it back, "" when there is none. `cluster` is "" in the
    report of one cluster.
    """

    subject: Subject
    text: str
    when: str
    by: str
    undo: str
    cluster: str = ""


def changes_of(memory: Memory) -> tuple[Changed, ...]:
    """Return the changes among the facts, those whose time before the onset is known before others."""
    found = []
    for fact in memory.of_kind("change"):
        seconds = int(fact.attributes.get("before_onset_seconds", -1))
        names = {name: text_of(fact.attributes.get(name, "")) for name in ("when", "by", "undo")}
        undo = names["undo"] if all(map(_WORD.fullmatch, names["undo"].split())) else ""
        subject = subject_of(fact.kind, fact.attributes)
        changed = Changed(subject, fact.text, names["when"], names["by"], undo)
        found.append(((seconds < 0, seconds, subject, fact.text), changed))
    return tuple(changed for _, changed in sorted(found, key=lambda each: each[0])[:CHANGES])
