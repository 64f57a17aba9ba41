"""The automaton of the bundled rules finds in all evidence of the tests what the search for literals finds."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from engine.match import scanner
from engine.match.scanner import Scanner
from facts.extract.evidence import extract
from facts.model.values import Text
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from kb.catalogue.compiled import AUTOMATON, read_automaton
from kb.catalogue.rule_set import read_rule_set
from kb.catalogue.trial import evidence_of
from tests.healthy.alarms import corpus
from tests.made_logs import KINDS, made_logs

CASES = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def scanners() -> tuple[Scanner, Scanner]:
    """Make the scanner with the automaton, and the one without."""
    if not AUTOMATON.exists():
        pytest.skip("there is no compiled automaton (run `make`)")
    expressions = load_catalogue().program().scanner.expressions
    with_automaton = Scanner(expressions, (), read_automaton)
    if with_automaton._automaton is None:
        pytest.skip("hyperscan is not installed")
    return with_automaton, Scanner(expressions)


def _texts() -> Iterator[tuple[str, Sequence[Text]]]:
    every = (test for tests in read_rule_set(()).tests.values() for test in tests)
    of_rules = [evidence_of(test).texts for test in every]
    yield (
        "tests of rules",
        [
            Text(text.body, f"{number}/{text.source}", text.components, text.attributes, text.line, text.numbered)
            for number, texts in enumerate(of_rules)
            for text in texts
        ],
    )
    yield "corpus", extract(read_evidence([CASES])).texts
    yield "healthy", extract(read_evidence(corpus())).texts
    for kind in KINDS:
        body = [Text(content, name) for name, content in made_logs(kind, 600_000).items()]
        yield f"made logs, {kind}", body


def test_the_automaton_of_the_catalogue_finds_what_the_literals_find(
    scanners: tuple[Scanner, Scanner], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same facts, in the same order, over the tests of rules, the corpus, what is well, and made logs."""
    monkeypatch.setattr(scanner, "SMALL", -1)
    monkeypatch.setattr(scanner, "LARGE", 0)
    for name, texts in _texts():
        ours, reference = (each.scan(texts) for each in scanners)
        assert ours == reference, name
