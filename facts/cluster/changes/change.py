"""A change of an object, and of which objects changes matter: what is in trouble, and what that depends on or calls."""

from collections.abc import Iterable, Mapping

import msgspec

from facts.model.values import Subject

DEPTH = 4
"""Dependencies on the way from what is in trouble to what changed."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """`what` and `field` of `subject` changed from `before` to `after` at `moment` (RFC 3339), written by `manager`.

    `undo` is the command that takes it back, `former_ready` how many Pods of the revision before are ready (-1: there
    is none), `source` and `text` prove it. An experiment goes on until `ended`.
    """

    subject: Subject
    what: str
    moment: str
    source: str
    field: str = ""
    before: str = ""
    after: str = ""
    action: str = "changed"
    manager: str = ""
    revision: str = ""
    undo: str = ""
    former_ready: int = -1


class Dependent(msgspec.Struct, frozen=True, order=True):
    """Something in trouble, and when that began in seconds since the epoch; None when nobody knows."""

    subject: Subject
    onset: float | None = None


class Concern(msgspec.Struct, frozen=True):
    """What is in trouble, by each subject that it needs; itself included."""

    dependents: Mapping[Subject, tuple[Dependent, ...]]

    def of(self, subject: Subject) -> tuple[Dependent, ...]:
        """Return what is in trouble and needs `subject`."""
        return self.dependents.get(subject, ())

    def in_namespace(self, namespace: str) -> tuple[Dependent, ...]:
        """Return what is in trouble in `namespace`, or needs something there; "" stands for all namespaces."""
        found = {
            each: None
            for subject, dependents in self.dependents.items()
            if not namespace or subject.namespace == namespace
            for each in dependents
        }
        return tuple(found)

    def names(self, kind: str) -> set[Subject]:
        """Return the subjects of one kind."""
        return {subject for subject in self.dependents if subject.kind == kind}


def concern(troubled: Iterable[Dependent], needs: Mapping[Subject, set[Subject]]) -> Concern:
    """Return what is concerned when `troubled` are in trouble and each subject needs those that `needs` gives."""
    found: dict[Subject, dict[Dependent, None]] = {}
    for dependent in sorted(troubled, key=lambda each: (each.subject, each.onset or 0.0)):
        front, seen = {dependent.subject}, {dependent.subject}
        for _ in range(DEPTH + 1):
            for subject in front:
                found.setdefault(subject, {})[dependent] = None
            front = {needed for subject in front for needed in needs.get(subject, ())} - seen
            seen |= front
    return Concern({subject: tuple(dependents) for subject, dependents in found.items()})
