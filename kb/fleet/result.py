"""What one snapshot of a fleet came to: a small record, and its line of JSON, the contract `kbdiag/replay/v1`."""

import msgspec

from facts.model.errors import EvidenceError
from facts.model.values import Subject
from kb.report.formats.json import plain_json
from kb.report.report import Hypothesis

SCHEMA = "kbdiag/replay/v1"


class ReplayedHypothesis(msgspec.Struct, frozen=True):
    """A conclusion about one subject, without its evidence. `caused_by` names others, as in the report."""

    id: str
    title: str
    layer: str
    severity: str
    symptom: bool
    confidence: float
    belief: float
    subject: Subject
    caused_by: tuple[str, ...]


class Replayed(msgspec.Struct, frozen=True):
    """One snapshot or bundle, and what the rules `rules_digest` make of it.

    `observed_at` is RFC 3339 in UTC: the moment of the snapshot, or the newest moment that a bundle tells; None when
    nothing tells it. `cluster` is "" when it is not known. `error` says in one line why nothing of a cluster could be
    read, else it is None. `seconds` is how long it took; it is not part of the line, which is the same on every machine.
    """

    path: str
    rules_digest: str
    observed_at: str | None
    cluster: str
    error: str | None
    hypotheses: tuple[ReplayedHypothesis, ...]
    seconds: float = 0.0

    @property
    def causes(self) -> tuple[ReplayedHypothesis, ...]:
        """The hypotheses that nothing else explains, in the order of their rank."""
        return tuple(one for one in self.hypotheses if not one.caused_by)


class _Line(msgspec.Struct, frozen=True):
    schema: str
    rules_digest: str
    path: str
    observed_at: str | None
    cluster: str
    error: str | None
    hypotheses: tuple[ReplayedHypothesis, ...]


def short(hypothesis: Hypothesis) -> ReplayedHypothesis:
    """Return `hypothesis` of a report without its evidence, checks and fixes."""
    return ReplayedHypothesis(**{name: getattr(hypothesis, name) for name in ReplayedHypothesis.__struct_fields__})


def line_of(result: Replayed) -> str:
    r"""Return `result` as one line of JSON that ends in "\n". Bytes of a path that are not UTF-8 become "?"."""
    fields = {name: getattr(result, name) for name in _Line.__struct_fields__ if name != "schema"}
    return plain_json(msgspec.to_builtins(_Line(SCHEMA, **fields)), indent=None)


def result_of(line: bytes) -> Replayed:
    """Return the result that `line_of` wrote. Raises EvidenceError for any other line."""
    try:
        read = msgspec.json.decode(line, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EvidenceError(f"not a result of kbdiag replay ({error})") from error
    if read.schema != SCHEMA:
        raise EvidenceError(f"not a result of kbdiag replay: its schema is {read.schema[:40]!r}")
    return Replayed(**{name: getattr(read, name) for name in _Line.__struct_fields__ if name != "schema"})
