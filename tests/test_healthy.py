"""Logs of components that are well: the transient complaints of a start must not look like a fault."""

from pathlib import Path

import pytest

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from kb.report.report import CONFIDENT

LOGS = sorted((Path(__file__).parent / "healthy").iterdir())


@pytest.fixture(scope="module")
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_what_is_well_gives_no_confident_hypothesis(program: Program, path: Path) -> None:
    """No rule takes the log of a healthy component for a fault, whether or not its file says whose log it is."""
    for given in ([str(path)], ["-"]):
        evidence = extract(read_evidence(given, stdin=path.read_bytes() if given == ["-"] else None))
        found = infer(program, evidence, ReferenceEngine()).hypotheses
        loud = {ranked.candidate.key: round(ranked.confidence, 2) for ranked in found if ranked.confidence >= CONFIDENT}
        assert loud == {}
