"""Every bundled rule does what the tests in its own file say, with all rules at work."""

from collections.abc import Iterator
from contextlib import closing
from functools import cache

import pytest

from engine.match.chaining import open_engine
from engine.match.chaining.chain import Engine
from engine.match.program import Program
from kb.catalogue.catalogue import BUNDLED, load_catalogue, rule_files
from kb.catalogue.trial import run_test

LAYERS = sorted(folder.name for folder in BUNDLED.iterdir() if any(folder.glob("*.yaml")))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Give the engine that `kbdiag infer` takes."""
    with closing(open_engine(None)) as opened:
        yield opened


@cache
def program() -> Program:
    """Return the bundled rules, compiled."""
    return load_catalogue().program()


@pytest.mark.parametrize("layer", LAYERS)
def test_the_rules_of_a_layer_do_what_their_tests_say(layer: str, engine: Engine) -> None:
    """What `kbdiag rules test` runs: what fires a rule, what nearly does, and the state after the fix."""
    verdicts = [
        run_test(rule, test, program(), engine)
        for _, file in rule_files([BUNDLED / layer])
        for rule in file.rules
        for test in file.tests.get(rule.id, ())
    ]
    assert verdicts
    wrong = [f"{verdict.place}: {verdict.rule}: {verdict.test}: {verdict.why}" for verdict in verdicts if verdict.why]
    assert wrong == [], "\n".join(wrong)
