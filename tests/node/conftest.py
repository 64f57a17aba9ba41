"""One real node for all tests of this folder; where it cannot be had they say why and are skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.model.values import Snapshot
from tests.cluster.api import Object
from tests.cluster.build import UnavailableError
from tests.cluster.diagnosis import look
from tests.node.faults import FAULTS, HEALTHY, TWICE
from tests.node.node import NodeCluster, running_node

DEMAND = "KBDIAG_DEMAND_NODE"
"""The environment variable that makes a missing node a failure: set where all tests must run."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "node: needs a real kubelet and containerd, so Linux, root and Go")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder with `node`, to be chosen or left out with `-m`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("node")


@pytest.fixture(scope="package", autouse=True)
def _own_environment() -> Iterator[None]:
    """No proxy and no kubeconfig of whoever runs the tests takes part."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="package")
def node() -> Iterator[NodeCluster]:
    """Give a cluster with a real node; until the last test of this folder the tests run in its network."""
    try:
        with running_node() as started:
            yield started
    except UnavailableError as error:
        if os.environ.get(DEMAND) == "1":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="package")
def pods(node: NodeCluster) -> dict[str, Object]:
    """Give a Pod of each namespace, after all that is wrong there can be seen: every fault at once."""
    everything = (*FAULTS, HEALTHY, TWICE)
    for one in everything:
        one.make(node.api)
    shown = {one.name: one.until_shown(node.api) for one in everything}
    node.api.until_grown()
    return shown


@pytest.fixture(scope="package")
def snapshot(node: NodeCluster, pods: dict[str, Object]) -> Snapshot:
    """Give a snapshot of the cluster with every fault, taken as a user takes it."""
    return look(node.kubeconfig)
