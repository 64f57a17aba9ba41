"""Holds all rules against the healthy corpus: `python -m tests.healthy.alarms [--list] [FILE...]`.

Prints a table (file, rule, belief, the line that it rests on); with --list the lines of known-false-alarms.txt.
"""

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import Catalogue, load_catalogue
from kb.report.report import Hypothesis, build_report

CORPUS = Path(__file__).parent
KNOWN = CORPUS / "known-false-alarms.txt"
LIMIT, PROSE_LIMIT = 0.2, 0.5
"""From this belief on a hypothesis is an alarm; prose may well be about failures."""
SUFFIXES = {".log", ".txt", ".json", ".yaml"}
_WIDTH = 200


class Alarm(msgspec.Struct, frozen=True, order=True):
    """A hypothesis that a healthy text must not give, with the first line that speaks for it."""

    file: str
    rule: str
    belief: float
    line: str


def corpus() -> list[Path]:
    """Return the files of the corpus in the order of their names."""
    plain = [path for path in CORPUS.iterdir() if path.suffix in SUFFIXES and path != KNOWN]
    return sorted([*plain, *(CORPUS / "prose").glob("*.*")])


def alarms(path: Path) -> list[Alarm]:
    """Return the alarms of a file, given by its name or piped in, for each rule the loudest.

    Belief counts, not confidence: the effect of a cause that is not there is a false alarm as well.
    """
    name, body = path.relative_to(CORPUS).as_posix(), path.read_bytes()
    limit = PROSE_LIMIT if path.parent.name == "prose" else LIMIT
    loudest: dict[str, Alarm] = {}
    for given in (str(path), "-"):
        for hypothesis in _hypotheses(given, body):
            alarm = Alarm(name, hypothesis.id, round(hypothesis.belief, 2), _line(hypothesis))
            if hypothesis.belief >= limit and alarm > loudest.get(alarm.rule, Alarm("", "", 0.0, "")):
                loudest[alarm.rule] = alarm
    return sorted(loudest.values())


def known() -> set[tuple[str, str]]:
    """Return the false alarms (file, rule) that nobody has mended yet."""
    lines = KNOWN.read_text().splitlines() if KNOWN.exists() else []
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {(file, rule) for file, rule in pairs}


def main(arguments: Sequence[str]) -> None:
    """Print the alarms of the files that `arguments` name, or of all."""
    chosen = [CORPUS / argument for argument in arguments if argument != "--list"]
    for alarm in (alarm for path in chosen or corpus() for alarm in alarms(path)):
        if "--list" in arguments:
            print(alarm.file, alarm.rule)
        else:
            print(f"{alarm.file:44} {alarm.rule:32} {alarm.belief:4.2f}  {alarm.line[:_WIDTH]}")


def _hypotheses(given: str, body: bytes) -> tuple[Hypothesis, ...]:
    catalogue, program = _rules()
    snapshot = read_evidence([given], stdin=body)
    evidence = extract(snapshot)
    return build_report(infer(program, evidence, ReferenceEngine()), snapshot, evidence, catalogue).hypotheses


def _line(hypothesis: Hypothesis) -> str:
    facts = hypothesis.evidence[0].facts
    return " ".join(facts[0].text.split()) if facts else ""


@cache
def _rules() -> tuple[Catalogue, Program]:
    catalogue = load_catalogue()
    return catalogue, catalogue.program()


if __name__ == "__main__":
    main(sys.argv[1:])
