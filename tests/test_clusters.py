"""Whole clusters: silence on a healthy one, one root cause when one VM takes much with it."""

from pathlib import Path

import pytest

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from tests import made_cluster


@pytest.fixture(scope="module")
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


def _diagnose(program: Program, *paths: Path) -> Inference:
    return infer(program, extract(read_evidence([str(path) for path in paths])), ReferenceEngine())


def test_a_thousand_healthy_pods_and_nodes_give_no_hypothesis(program: Program, tmp_path: Path) -> None:
    """Silence is the answer to health."""
    path = made_cluster.write(tmp_path / "all.json", made_cluster.healthy(1000))
    assert [h.candidate.key for h in _diagnose(program, path).hypotheses] == []


def test_one_stopped_vm_is_one_root_cause(program: Program, tmp_path: Path) -> None:
    """Node, 40 Pods, five Deployments and five Services fold under the VM."""
    objects, table = made_cluster.stopped_vm()
    path = made_cluster.write(tmp_path / "all.json", objects)
    vms = tmp_path / "tart.txt"
    vms.write_text(table, encoding="utf-8")
    hypotheses = _diagnose(program, path, vms).hypotheses
    assert [h.candidate.key for h in hypotheses if not h.causes] == ["VM-STOPPED/prod-worker1"]
    found = {h.candidate.key for h in hypotheses}
    assert "NODE-NOTREADY/prod-worker1" in found
    assert {key for key in found if key.startswith("SERVICE-NO-ENDPOINTS")} == {
        f"SERVICE-NO-ENDPOINTS/demo/{name}" for name in ("nginx-web", "httpbin", "redis", "orders", "billing")
    }


def test_without_the_vm_list_the_node_is_the_root(program: Program, tmp_path: Path) -> None:
    """What nobody looked at is not named; the deepest thing seen is."""
    path = made_cluster.write(tmp_path / "all.json", made_cluster.stopped_vm()[0])
    roots = [h.candidate.key for h in _diagnose(program, path).hypotheses if not h.causes]
    assert roots == ["NODE-NOTREADY/prod-worker1"]
