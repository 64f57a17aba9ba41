"""One real cluster for all tests of this folder; where it cannot be had they say why and are skipped.

Everything that is ever broken in it is made right after it was seen healthy. So all faults show themselves at once, and
Pods grow old, while the tests of access and of the cluster itself run; the order of the files is theirs to wait for.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from facts.model.values import Snapshot
from tests.cluster.build import UnavailableError
from tests.cluster.changes import make_changes, make_edits, until_changeable
from tests.cluster.cluster import Cluster, node, running
from tests.cluster.diagnosis import look
from tests.cluster.scenarios import SCENARIOS, SHOP_RUNS, Scenario
from tests.cluster.scenarios import healthy as healthy_objects

DEMAND = "KBDIAG_DEMAND_CLUSTER"
"""The environment variable that makes a missing cluster a failure: set where all tests must run."""
NODES = ("w1", "w2", "w3")
ORDER = (
    "test_healthy",
    "test_access",
    "test_cluster",
    "test_scenarios",
    "test_permissions",
    "test_changes",
    "test_nodes",
)
"""The tests that need Pods of some age come late; those that take nodes away come last."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "cluster: needs a real control plane, which Go builds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder with `cluster`, to be chosen or left out with `-m`, and put them in their order."""
    here = Path(__file__).parent
    ours = [place for place, item in enumerate(items) if here in item.path.parents]
    ordered = sorted((items[place] for place in ours), key=lambda item: (*ORDER, item.path.stem).index(item.path.stem))
    for place, item in zip(ours, ordered, strict=True):
        items[place] = item
        item.add_marker("cluster")


@dataclass(frozen=True)
class Bed:
    """A cluster in which everything was made, and the snapshot from before anything broke."""

    cluster: Cluster
    before: Snapshot


@pytest.fixture(scope="package")
def bed() -> Iterator[Bed]:
    """Give a cluster with three nodes and a healthy namespace `shop`, then with all faults, and all that will be edited."""
    try:
        with running(prints={each.name: each.prints for each in SCENARIOS}) as started:
            started.add_nodes(*(node(name) for name in NODES))
            shop = Scenario("shop", healthy_objects, SHOP_RUNS, "", ("", ""))
            shop.make(started.api)
            shop.until_shown(started.api)
            before = look(started.kubeconfig)
            for scenario in SCENARIOS:
                scenario.make(started.api)
            make_changes(started.api)
            yield Bed(started, before)
    except UnavailableError as error:
        if os.environ.get(DEMAND) == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="package")
def cluster(bed: Bed) -> Cluster:
    """Give the cluster, whatever is broken in it."""
    return bed.cluster


@pytest.fixture(scope="package")
def healthy_snapshot(bed: Bed) -> Snapshot:
    """Give a snapshot of the cluster from before anything broke."""
    return bed.before


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no kubeconfig of whoever runs the tests takes part."""
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="package")
def broken(cluster: Cluster) -> Cluster:
    """Give the cluster with every scenario at once, each in its namespace, all of them visible.

    What runs well until then is edited now: it is old enough, and its new Pods grow old meanwhile.
    """
    for scenario in SCENARIOS:
        scenario.until_shown(cluster.api)
    until_changeable(cluster.api)
    cluster.api.until_grown()
    make_edits(cluster.api)
    return cluster
