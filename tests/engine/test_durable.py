"""The fence around durable-rules: a child that dies or hangs costs time, never the answer."""

import os
import signal
from collections.abc import Iterator

import pytest

from engine.diagnosis import infer
from engine.match.chaining.durable import DurableEngine, is_available
from facts.model.values import Evidence
from tests.engine.build import link, machine, program_of, signature

PROGRAM = program_of(
    "id: D-1\ntitle: t\nlayer: deep\nwhen:\n  - machine: {name: ?a, state: down}\nderive: {dead: {name: ?a}}\n",
    signature("A-DEAD", "  - dead: {name: ?m}\n  - link: {to: ?m, state: failed}"),
)
EVIDENCE = Evidence(
    (machine("m1", "down"), machine("m2", "up"), link("a", "m1", "failed"), link("a", "m2", "failed")), (), ()
)


@pytest.fixture
def engine() -> Iterator[DurableEngine]:
    """Start durable-rules with a short time limit."""
    if not is_available():
        pytest.skip("durable-rules cannot be imported on this Python")
    started = DurableEngine(time_limit=0.5)
    yield started
    started.close()


def _conclusions(engine: DurableEngine) -> list[str]:
    return [hypothesis.candidate.key for hypothesis in infer(PROGRAM, EVIDENCE, engine).hypotheses]


def test_a_child_that_was_killed_is_replaced(engine: DurableEngine) -> None:
    """The reference engine gives the answer, and the reason is kept."""
    os.kill(engine._child.pid, signal.SIGKILL)
    assert _conclusions(engine) == ["A-DEAD/m1"]
    assert engine.failure.startswith("durable-rules stopped")


def test_a_child_that_ends_before_it_answers_is_replaced(
    engine: DurableEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of its stream is a failure like any other."""
    os.kill(engine._child.pid, signal.SIGSTOP)
    os.kill(engine._child.pid, signal.SIGTERM)  # delivered when it goes on, with the request already in its pipe
    request = engine.ask

    def ask(question: dict[str, object]) -> dict[str, object]:
        os.kill(engine._child.pid, signal.SIGCONT)
        return request(question)

    monkeypatch.setattr(engine, "ask", ask)
    assert _conclusions(engine) == ["A-DEAD/m1"]
    assert engine.failure.startswith("durable-rules stopped")


def test_a_child_that_hangs_is_replaced(engine: DurableEngine) -> None:
    """It is given its time limit, and no more."""
    os.kill(engine._child.pid, signal.SIGSTOP)
    assert _conclusions(engine) == ["A-DEAD/m1"]
    assert engine.failure == "durable-rules stopped: no answer in 0.5 s"


def test_a_failure_lasts_for_the_run(engine: DurableEngine) -> None:
    """What failed once is not tried again, and closing twice does no harm."""
    engine.give_up("it was asked to")
    assert _conclusions(engine) == ["A-DEAD/m1"]
    engine.close()
    assert engine.failure == "it was asked to"
