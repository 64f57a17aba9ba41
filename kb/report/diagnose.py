"""From snapshots to a report: extract and infer for each, and one ranked report of them all."""

from collections.abc import Sequence

import msgspec

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.match.chaining.chain import Engine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.model.stages import stage
from facts.model.values import Evidence, Snapshot
from kb.catalogue.catalogue import Catalogue
from kb.report.report import Report, build_report


class Diagnosis(msgspec.Struct, frozen=True):
    """All that one snapshot came to."""

    snapshot: Snapshot
    evidence: Evidence
    inference: Inference

    def report(
        self, catalogue: Catalogue, language: str = "en", *, minimum: float = 0.0, layers: Sequence[str] = ()
    ) -> Report:
        """Return the report, as `build_report` does."""
        with stage("report"):
            return build_report(
                self.inference, self.snapshot, self.evidence, catalogue, language, minimum=minimum, layers=layers
            )


def diagnose(snapshot: Snapshot, program: Program, engine: Engine) -> Diagnosis:
    """Return what the rules of `program` make of `snapshot`."""
    with stage("extract"):
        evidence = extract(snapshot)
    return Diagnosis(snapshot, evidence, infer(program, evidence, engine))
