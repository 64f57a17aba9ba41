"""How much log a CPU-second reads: quiet, mixed and failing logs, with all bundled rules, and how the scanner compares.

The times are CPU-seconds of this process (user and system), so that others on the machine do not count.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from engine.match.scanner import Scanner
from facts.extract.evidence import extract
from facts.model.values import Text
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from kb.catalogue.compiled import read_automaton
from tests.made_logs import KINDS, made_logs

SIZE = 20_000_000
"""Bytes of a log."""

SCANNED: Mapping[str, float] = {"quiet": 40, "mixed": 20, "failing": 4}
"""Megabytes that the scanner reads in a CPU-second at least: half of what was measured."""

DIAGNOSED: Mapping[str, float] = {"quiet": 10, "mixed": 3.5, "failing": 1.3}
"""Megabytes that are read, extracted, scanned and judged in a CPU-second at least: half of what was measured."""


@cache
def _program() -> Program:
    return load_catalogue().program()


def _texts(kind: str, size: int = SIZE) -> list[Text]:
    return [Text(body, name) for name, body in made_logs(kind, size).items()]


def _rate(task: Callable[[], object]) -> float:
    """Return the megabytes of a log that `task` reads in a CPU-second."""
    start = time.process_time()
    task()
    return SIZE / 1e6 / (time.process_time() - start)


@pytest.mark.parametrize("kind", KINDS)
def test_the_scanner_reads_a_log(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With hyperscan, and with the literals alone; the figures are printed side by side."""
    expressions = _program().scanner.expressions
    with_automaton, without = Scanner(expressions, (), read_automaton), Scanner(expressions)
    texts = _texts(kind)
    for scanner in (with_automaton, without):
        scanner.scan(_texts("mixed", 2_000_000))  # compiles what is compiled at first use
    rate, other = _rate(lambda: with_automaton.scan(texts)), _rate(lambda: without.scan(texts))
    with capsys.disabled():
        print(f"\nscan {kind}: {rate:.1f} MB/CPU-s with hyperscan, {other:.1f} with literals, {rate / other:.1f}x")
    assert rate > SCANNED[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_is_diagnosed(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All stages together, from the files to the hypotheses."""
    for name, body in made_logs(kind, SIZE).items():
        (tmp_path / name).write_bytes(body)
    infer(_program(), extract(read_evidence([tmp_path / "gateway.log"])), ReferenceEngine())
    rate = _rate(lambda: infer(_program(), extract(read_evidence([tmp_path])), ReferenceEngine()))
    with capsys.disabled():
        print(f"\ndiagnose {kind}: {rate:.1f} MB/CPU-s")
    assert rate > DIAGNOSED[kind]
