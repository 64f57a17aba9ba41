"""Generated cascades: one root cause, the right one, and honesty where the evidence does not tell it.

`make cascades N=300` diagnoses any number of them and prints each wrong answer.
"""

from collections.abc import Iterator

import pytest

from kb.catalogue.catalogue import load_catalogue
from tests.cascades.cascade import FAULTS, Cascade, diagnose
from tests.cascades.truth import Verdict

SEEDS = range(2 * len(FAULTS))
RIGHT = 0.9
"""The share of incidents with one root, the right one, among those that the evidence decides."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Cascade, Verdict]]:
    """Diagnose two incidents of each kind of fault."""
    program = load_catalogue().program()
    return {seed: diagnose(program, seed, tmp_path_factory.mktemp(f"seed-{seed}")) for seed in SEEDS}


def _faults(answers: dict[int, tuple[Cascade, Verdict]], *, decided: bool) -> Iterator[str]:
    for seed, (cascade, verdict) in answers.items():
        if verdict.decided is decided and verdict.fault:
            yield f"{seed} {cascade.fault}: {verdict.fault}"


def test_one_root_and_the_right_one(answers: dict[int, tuple[Cascade, Verdict]]) -> None:
    """Where the evidence tells the cause, it is the only root, and it comes first."""
    decided = sum(verdict.decided for _, verdict in answers.values())
    wrong = list(_faults(answers, decided=True))
    assert len(wrong) <= (1 - RIGHT) * decided, wrong


def test_no_confident_wrong_cause(answers: dict[int, tuple[Cascade, Verdict]]) -> None:
    """Where the deciding evidence was not collected, no wrong cause is taken for true."""
    assert list(_faults(answers, decided=False)) == []
