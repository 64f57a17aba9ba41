"""The whole way from a real API server's answers to facts, without a server: recorded by tests/cluster/record.py."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import CoverageState, Snapshot
from tests.facts.given import check
from tests.facts.kubernetes_server import kubeconfig, running
from tests.facts.replay import recorded, recorded_at


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Give the snapshot that comes of the recording."""
    folder: Path = tmp_path_factory.mktemp("recorded")
    with running({}, recorded) as server:
        path = kubeconfig(folder, server.port)
        return collect(Request(kubeconfig=path, timeout=20.0, ssh=SshOptions(enabled=False)), now=recorded_at())


@pytest.fixture(scope="module")
def found(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """Give the attributes of all facts, by kind."""
    facts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in extract(snapshot).facts:
        check(fact)
        facts[fact.kind].append(dict(fact.attributes))
    return facts


def test_everything_was_recorded(snapshot: Snapshot) -> None:
    """No list fails: what the collector asks for today is what it asked for then (else record again)."""
    kubernetes = {one.collector: one.state for one in snapshot.coverage if one.collector.startswith("kubernetes/")}
    gaps = {name for name, state in kubernetes.items() if state is not CoverageState.COMPLETE}
    # ControllerRevisions are listed since the recording was made
    assert gaps == {"kubernetes/configmaps", "kubernetes/controllerrevisions", "kubernetes/metrics"}


def test_each_scenario_gives_its_facts(found: dict[str, list[dict[str, Any]]]) -> None:
    """What the scheduler, the kubelet and the controllers of a real cluster write is understood."""
    (waiting,) = [each for each in found["unschedulable"] if each["namespace"] == "too-much-cpu"]
    assert (waiting["why"], waiting["resource"], waiting["nodes"], waiting["of"]) == ("resource", "cpu", 3, 3)
    (claim,) = found["pvc"]
    assert (claim["namespace"], claim["storage_class"], claim["class_exists"]) == (
        "claim-of-missing-class",
        "fast-ssd",
        "false",
    )
    (pulling,) = [each for each in found["container"] if each["namespace"] == "missing-image"]
    assert (pulling["reason"], pulling["registry"]) == ("ImagePullBackOff", "registry.example")
    (crashing,) = [each for each in found["container"] if each["namespace"] == "crash-loop"]
    assert (crashing["reason"], crashing["last_reason"], crashing["restarts"]) == ("CrashLoopBackOff", "Error", 4)
    (service,) = found["service"]
    assert (service["namespace"], service["problem"], service["near_workload"]) == (
        "selector-of-nobody",
        "selector-mismatch",
        "web",
    )
    (refused,) = [each for each in found["workload"] if each["namespace"] == "failing-webhook"]
    assert refused["reason"] == "FailedCreate"
    assert "failed calling webhook" in refused["message"]
    (webhook,) = found["webhook"]
    assert (webhook["name"], webhook["problem"]) == ("policy.example", "service-missing")


def test_what_is_well_gives_none(found: dict[str, list[dict[str, Any]]]) -> None:
    """The healthy namespace is not spoken of, and the API server is well."""
    assert "shop" not in {each.get("namespace") for facts in found.values() for each in facts}
    assert not {"api_health", "version_skew", "lease", "certificate"} & set(found)


def test_logs_are_those_of_the_kubelet(snapshot: Snapshot) -> None:
    """They came through the API server, of the instance before the restart."""
    (log,) = [one for one in snapshot.observations if one.kind == "log"]
    assert log.attribute("previous") == "true"
    assert b'connection to server at "orders-db"' in log.body
