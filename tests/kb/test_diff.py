"""`kbdiag diff`: what a fix changed, and what nobody can tell any more."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from facts.snapshot.snapshot_file import save_snapshot
from tests.kb.clusters import CRASH
from tests.kb.rulebook import kbdiag, write_rules
from tests.made_cluster import node, pod

NOW = "2026-11-24T09:00:00Z"
COMPLETE, FAILED = CoverageState.COMPLETE, CoverageState.FAILED


def crashing(name: str) -> dict[str, object]:
    """Return a Pod of `shop` that crashes."""
    one = pod(name, "demo", "w1", "shop", "shop-6f7c8d9b5", ready=False)
    one["status"]["containerStatuses"] = [
        {"name": "app", "ready": False, "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    ]
    return one


def snapshot(folder: Path, name: str, *objects: object, seen: CoverageState = COMPLETE, at: str = NOW) -> Path:
    """Save a snapshot of objects, whose Pods and nodes were looked at as `seen` says."""
    why = None if seen is COMPLETE else "pods is forbidden"
    body = json.dumps({"kind": "List", "items": objects}).encode()
    coverage = tuple(Coverage(f"kubernetes/{kind}", "*", seen, why) for kind in ("pods", "nodes", "workloads"))
    observation = Observation(ObservationKind.OBJECTS, "objects.json", body, {"fidelity": "full"})
    path = folder / name
    save_snapshot(Snapshot((observation,), coverage, at, "prod", "context prod"), path)
    return path


def diff(folder: Path, *arguments: str | Path) -> Result:
    """Run `kbdiag diff` with one rule."""
    rules = write_rules(folder / "rules", CRASH)
    return kbdiag("diff", "--no-bundled-rules", "--rules", rules, "--engine", "reference", *arguments)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a snapshot in which two Pods crash and a node is lost."""
    return snapshot(
        tmp_path, "before.tar.zst", node("w1", "10.0.0.1"), node("w2", "10.0.0.2", ready="False"),
        crashing("shop-6f7c8d9b5-aaaaa"), crashing("shop-6f7c8d9b5-bbbbb"),
    )  # fmt: skip


def test_what_a_fix_cleared_is_told(tmp_path: Path, broken: Path) -> None:
    """The cause is gone, its Pods and the node are well: one line each, the Pods of a workload in one."""
    mended = snapshot(
        tmp_path, "after.tar.zst", node("w1", "10.0.0.1"), node("w2", "10.0.0.2"), at="2026-11-24T09:30:00Z"
    )
    result = diff(tmp_path, broken, mended)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Causes: 1 cleared."
    assert lines[1].startswith("before  prod · 2026-11-24 09:00 UTC ·")
    assert any(line.startswith(" - DEMO-CRASH/demo/shop") for line in lines)
    assert "   - demo/shop  pod CrashLoopBackOff ×2" in lines
    assert "   - w2  node ready=False" in lines
    assert "+" not in result.output.replace("+ ", "+")


def test_what_came_instead_is_told(tmp_path: Path, broken: Path) -> None:
    """A fix that breaks something else shows that, with a plus."""
    worse = snapshot(
        tmp_path, "after.tar.zst", node("w1", "10.0.0.1", ready="False"), node("w2", "10.0.0.2"),
        crashing("shop-6f7c8d9b5-aaaaa"), crashing("shop-6f7c8d9b5-bbbbb"),
    )  # fmt: skip
    found = json.loads(diff(tmp_path, broken, worse, "-o", "json").output)
    changes = {(one["change"], one["subject"]["name"], one["text"]) for one in found["facts"] if one["group"] == "Node"}
    assert ("appeared", "w1", "node ready=False") in changes
    assert ("cleared", "w2", "node ready=False") in changes
    assert found["hypotheses"] == []


def test_a_new_name_of_a_pod_is_no_change(tmp_path: Path, broken: Path) -> None:
    """A restarted Pod that crashes as before is the same trouble of the same workload."""
    same = snapshot(
        tmp_path, "after.tar.zst", node("w1", "10.0.0.1"), node("w2", "10.0.0.2", ready="False"),
        crashing("shop-6f7c8d9b5-ccccc"), crashing("shop-6f7c8d9b5-ddddd"), at="2026-11-24T10:00:00Z",
    )  # fmt: skip
    result = diff(tmp_path, broken, same, "--exit-code")
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "No difference.")


def test_what_was_not_looked_at_is_not_called_cleared(tmp_path: Path, broken: Path) -> None:
    """When the Pods could not be listed any more, nobody knows whether they still crash."""
    blind = snapshot(tmp_path, "after.tar.zst", seen=FAILED)
    result = diff(tmp_path, broken, blind)
    lines = result.output.splitlines()
    assert lines[0] == "Causes: 1 unseen."
    assert any(line.startswith(" ? DEMO-CRASH/demo/shop") for line in lines)
    assert "kubernetes/pods: pods is forbidden" in " ".join(result.output.split())
    assert " kubernetes/pods  complete → failed; pods is forbidden" in lines
    found = json.loads(diff(tmp_path, broken, blind, "-o", "json").output)
    assert {one["change"] for one in found["facts"]} == {"unseen"}


def test_turned_around_it_is_the_opposite(tmp_path: Path, broken: Path) -> None:
    """Law: what appears one way clears the other way."""
    mended = snapshot(tmp_path, "after.tar.zst", node("w1", "10.0.0.1"), node("w2", "10.0.0.2"))
    forth, back = (
        json.loads(diff(tmp_path, *pair, "-o", "json").output) for pair in ((broken, mended), (mended, broken))
    )
    for part, names in (("hypotheses", ("key",)), ("facts", ("group", "text"))):
        cleared = [[one[name] for name in names] for one in forth[part] if one["change"] == "cleared"]
        appeared = [[one[name] for name in names] for one in back[part] if one["change"] == "appeared"]
        assert cleared == appeared != []


def test_the_exit_code_can_tell(tmp_path: Path, broken: Path) -> None:
    """With --exit-code a difference is 1, without it 0, and none is 0 either way."""
    mended = snapshot(tmp_path, "after.tar.zst", node("w1", "10.0.0.1"))
    assert diff(tmp_path, broken, mended).exit_code == 0
    assert diff(tmp_path, broken, mended, "--exit-code").exit_code == 1
    assert diff(tmp_path, broken, broken, "--exit-code").exit_code == 0


def test_any_evidence_can_be_compared(tmp_path: Path) -> None:
    """Files as kubectl prints them will do; a side that cannot be read is one line, with status 1."""
    for name, ready in (("a.json", "False"), ("b.json", "True")):
        (tmp_path / name).write_text(json.dumps({"kind": "List", "items": [node("w1", "10.0.0.1", ready=ready)]}))
    result = diff(tmp_path, tmp_path / "a.json", tmp_path / "b.json")
    assert "- w1  node ready=False" in result.output
    gone = diff(tmp_path, tmp_path / "a.json", tmp_path / "c.json")
    assert gone.exit_code == 1
    assert gone.output.startswith(f"kbdiag: {tmp_path}/c.json: no such file or folder;")


def test_it_speaks_korean(tmp_path: Path, broken: Path) -> None:
    """The fixed words are translated."""
    assert diff(tmp_path, broken, broken, "--lang", "ko").output.splitlines()[0] == "차이가 없다."
