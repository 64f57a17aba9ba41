"""A Pod without a node: the first cause that is named is the reason that alone keeps it from one."""

import pytest

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from kb.catalogue.catalogue import load_catalogue
from tests.facts.cluster.test_elimination import COMPLETE, observed
from tests.facts.given import evidence
from tests.unplaced import unplaced

FIRST = {
    "taint": "SCHED-TAINT-CUSTOM",
    "cordoned": "SCHED-CORDONED",
    "cpu": "SCHED-INSUFFICIENT-CPU",
    "init-container": "SCHED-INSUFFICIENT-CPU",
    "memory": "SCHED-INSUFFICIENT-MEMORY",
    "gpu": "SCHED-INSUFFICIENT-DEVICE",
    "node-selector": "SCHED-NODE-SELECTOR",
    "node-affinity": "SCHED-NODE-SELECTOR",
    "anti-affinity": "SCHED-POD-ANTI-AFFINITY",
    "affinity": "SCHED-POD-AFFINITY-UNMET",
    "topology-spread": "SCHED-TOPOLOGY-SPREAD",
    "volume-affinity": "SCHED-VOLUME-AFFINITY",
    "volume-on-cordoned-node": "SCHED-CORDONED",
    "pvc-missing": "SCHED-PVC-MISSING",
    "host-port": "SCHED-HOST-PORT",
    "too-many-pods": "SCHED-TOO-MANY-PODS",
}


@pytest.fixture(scope="module")
def program() -> Program:
    """Give the bundled rules."""
    return load_catalogue().program()


@pytest.mark.parametrize("asked", FIRST)
def test_the_reason_that_decides_comes_first(program: Program, asked: str) -> None:
    """The scheduler's message is not needed, and other nodes that are cordoned or tainted are not blamed."""
    found = infer(program, evidence(*observed(unplaced(asked, 7)), complete=COMPLETE), ReferenceEngine())
    sure = [each.candidate.rule.id for each in found.hypotheses if each.confidence >= 0.5]
    assert sure == [FIRST[asked]]
