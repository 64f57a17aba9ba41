"""What changed shortly before the trouble: every `change` fact as one line, the nearest to the onset first."""

import msgspec

from engine.match.memory import Memory
from facts.model.schema import subject_of
from facts.model.values import Subject, text_of

CHANGES = 20
"""Changes that a report holds."""


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
        subject = subject_of(fact.kind, fact.attributes)
        changed = Changed(subject, fact.text, names["when"], names["by"], names["undo"])
        found.append(((seconds < 0, seconds, subject, fact.text), changed))
    return tuple(changed for _, changed in sorted(found, key=lambda each: each[0])[:CHANGES])
