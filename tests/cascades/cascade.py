"""One generated incident: in comes a seed, out go the folder of its evidence and the truth about it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from tests.cascades.cluster import Cluster
from tests.cascades.evidence import write
from tests.cascades.faults import containers, machines, network, platform
from tests.cascades.truth import Truth, Verdict, judge
from tests.cascades.world import healthy

FAULTS: tuple[Callable[[Cluster], Truth], ...] = (
    *machines.FAULTS,
    *containers.FAULTS,
    *network.FAULTS,
    *platform.FAULTS,
)


class Cascade(NamedTuple):
    """A fault, what was collected of it, and the truth."""

    fault: str
    collected: frozenset[str]
    truth: Truth


def make(seed: int, folder: Path) -> Cascade:
    """Write the incident of `seed` into `folder`; the kinds of fault take turns."""
    cluster = healthy(seed)
    fault = FAULTS[seed % len(FAULTS)]
    truth = fault(cluster)
    return Cascade(fault.__name__, write(cluster, folder), truth)


def diagnose(program: Program, seed: int, folder: Path) -> tuple[Cascade, Verdict]:
    """Make the incident of `seed` and judge the answer to it."""
    cascade = make(seed, folder)
    inference = infer(program, extract(read_evidence([str(folder)])), ReferenceEngine())
    return cascade, judge(cascade.truth, cascade.collected, inference)
