"""One real cluster for all tests of this folder; where it cannot be had they say why and are skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.model.values import Snapshot
from tests.cluster.build import UnavailableError
from tests.cluster.cluster import Cluster, node, running
from tests.cluster.diagnosis import look
from tests.cluster.scenarios import SCENARIOS, SHOP_RUNS, Scenario
from tests.cluster.scenarios import healthy as healthy_objects

DEMAND = "KBDIAG_DEMAND_CLUSTER"
"""The environment variable that makes a missing cluster a failure: set where all tests must run."""
NODES = ("w1", "w2", "w3")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "cluster: needs a real control plane, which Go builds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder with `cluster`, to be chosen or left out with `-m`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("cluster")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Give a cluster with three healthy nodes, started once."""
    try:
        with running(prints={each.name: each.prints for each in SCENARIOS}) as started:
            started.add_nodes(*(node(name) for name in NODES))
            yield started
    except UnavailableError as error:
        if os.environ.get(DEMAND) == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no kubeconfig of whoever runs the tests takes part."""
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def healthy(cluster: Cluster) -> Cluster:
    """Give the cluster with a namespace `shop` in which all is well."""
    scenario = Scenario("shop", healthy_objects, SHOP_RUNS, "", ("", ""))
    scenario.make(cluster.api)
    scenario.until_shown(cluster.api)
    return cluster


@pytest.fixture(scope="session")
def healthy_snapshot(healthy: Cluster) -> Snapshot:
    """Give a snapshot of the cluster from before anything broke."""
    return look(healthy.kubeconfig)


@pytest.fixture(scope="session")
def broken(healthy_snapshot: Snapshot, cluster: Cluster) -> Cluster:
    """Give the cluster with every scenario at once, each in its namespace, all of them visible."""
    for scenario in SCENARIOS:
        scenario.make(cluster.api)
    for scenario in SCENARIOS:
        scenario.until_shown(cluster.api)
    cluster.api.until_grown()
    return cluster
