"""Archives of other tools: a healthy cluster stays silent, three planted faults come first, whatever the layout."""

import json
from pathlib import Path
from typing import Any

import pytest

from facts.cluster.store import Store
from facts.model.values import CoverageState, ObservationKind, Snapshot
from facts.read.evidence import read_evidence
from tests.archives import layouts
from tests.archives.packing import PACKERS, Files, write_folder
from tests.archives.world import FAULTS, broken, healthy
from tests.kb.rulebook import kbdiag

NODE_FAULTS = {"NODE-DISK-FULL", "NODE-SWAP-ON", "NODE-OOM"}


def diagnose(path: Path) -> list[dict[str, Any]]:
    """Return the hypotheses of `kbdiag infer`, the best first."""
    result = kbdiag("infer", path, "-o", "json", "--engine", "reference")
    hypotheses: list[dict[str, Any]] = json.loads(result.stdout)["hypotheses"]
    return hypotheses


def skipped(snapshot: Snapshot) -> dict[str, str]:
    """Return what was not scanned, with the reason."""
    every = (one for one in snapshot.coverage if one.collector == "evidence" and one.state is CoverageState.SKIPPED)
    return {one.target: one.why or "" for one in every}


def given(files: Files, folder: Path) -> Snapshot:
    """Return what is read of a folder with these files."""
    return read_evidence([write_folder(files, folder)])


@pytest.mark.parametrize("layout", layouts.CLUSTERS)
def test_a_healthy_cluster_stays_silent(tmp_path: Path, layout: str) -> None:
    """No hypothesis, however weak, comes of an archive of what is well."""
    write_folder(layouts.CLUSTERS[layout](healthy()), tmp_path / "archive")
    assert [one["title"] for one in diagnose(tmp_path / "archive")] == []


@pytest.mark.parametrize("layout", layouts.CLUSTERS)
def test_three_faults_come_first(tmp_path: Path, layout: str) -> None:
    """Each fault has the workload or claim as its subject: the log and the events belong to the right objects."""
    write_folder(layouts.CLUSTERS[layout](broken()), tmp_path / "archive")
    best = {one["id"]: one["subject"].get("name") for one in diagnose(tmp_path / "archive")[:3]}
    assert best == dict(zip(FAULTS, ("cart", "data-db-0", "mail"), strict=True))


def test_a_healthy_machine_stays_silent(tmp_path: Path) -> None:
    """No hypothesis comes of a sosreport of a machine that is well."""
    write_folder(layouts.sosreport(broken=False), tmp_path)
    assert [one["title"] for one in diagnose(tmp_path)] == []


def test_faults_of_a_machine_come_first(tmp_path: Path) -> None:
    """Outputs of commands, journal and kernel log of a sosreport are those of the node after which it is named."""
    path = tmp_path / "sosreport-node-1-2026-11-24-abcdefg.tar.xz"
    path.write_bytes(PACKERS["tar.xz"](layouts.sosreport(broken=True)))
    best = diagnose(path)[:3]
    assert {one["id"] for one in best} == NODE_FAULTS
    assert {one["subject"]["name"] for one in best} == {"node-1"}


@pytest.mark.parametrize("layout", layouts.CLUSTERS)
def test_every_object_and_log_is_used(tmp_path: Path, layout: str) -> None:
    """Each Pod, node, event and claim is an object of its kind, and each log that the layout holds is a log."""
    world = broken()
    snapshot = given(layouts.CLUSTERS[layout](world), tmp_path)
    store = Store(snapshot)
    for plural, kind in (("pods", "Pod"), ("nodes", "Node")):
        names = {one["metadata"]["name"] for one in world.of(plural)}
        assert {seen.name for seen in store.of_kind(kind)} == names
    assert len(store.events) == len(world.of("events"))
    logs = {one.text().strip() for one in snapshot.observations if one.kind is ObservationKind.LOG}
    assert {text.strip() for text in world.logs.values()} <= logs


@pytest.mark.parametrize(
    ("layout", "part", "why"),
    [
        ("must-gather", "event-filter.html", "HTML"),
        ("must-gather", "must-gather.logs", "collecting tool"),
        ("must-gather", "customresourcedefinitions", "definitions"),
        ("must-gather", "cp-1-audit.log", "audit log"),
        ("must-gather", "rules.json", "alert rules"),
        ("support-bundle", "analysis.json", "collecting tool"),
        ("support-bundle", "custom-resource-definitions.json", "definitions"),
        ("sysdump", ".html", "HTML"),
        ("sysdump", "cilium-sysdump.log", "collecting tool"),
        ("insights", "gathers.json", "collecting tool"),
    ],
)
def test_what_is_no_evidence_is_listed_as_not_scanned(tmp_path: Path, layout: str, part: str, why: str) -> None:
    """Definitions, pages for people, audit records and what the tool says of itself are named with the reason."""
    found = {
        target: reason
        for target, reason in skipped(given(layouts.CLUSTERS[layout](healthy()), tmp_path)).items()
        if part in target
    }
    assert found
    assert all(why in reason for reason in found.values())
