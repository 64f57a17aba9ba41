"""How often a container was held at its CPU limit, by whoever counts it."""

import pytest

from facts.read.throttling import read_throttling

METRICS = """\
container_cpu_cfs_periods_total{container="app",namespace="shop",pod="web-0"} 1000
container_cpu_cfs_throttled_periods_total{container="app",namespace="shop",pod="web-0"} 640
container_cpu_cfs_periods_total{container="side",namespace="shop",pod="web-0"} 1000
container_cpu_cfs_throttled_periods_total{container="side",namespace="shop",pod="web-0"} 0
"""


@pytest.mark.parametrize("unit", ["throttled_usec", "throttled_time"])
def test_both_versions_of_control_groups_are_read(unit: str) -> None:
    """The second one counts microseconds, the first nanoseconds; the periods are the same."""
    (found,) = read_throttling(f"nr_periods 400\nnr_throttled 300\n{unit} 91000\n".encode())
    assert found.percent == 75.0


def test_metrics_tell_each_container() -> None:
    """By their labels."""
    found = {(each.pod, each.container): each.percent for each in read_throttling(METRICS.encode())}
    assert found == {("web-0", "app"): 64.0, ("web-0", "side"): 0.0}


def test_an_alert_tells_the_share() -> None:
    """The monitoring mixin words it so."""
    (found,) = read_throttling(b"61.5% throttling of CPU in namespace shop for container app in pod web-0.")
    assert (found.percent, found.namespace, found.pod, found.container) == (61.5, "shop", "web-0", "app")


def test_a_few_periods_say_nothing() -> None:
    """A start is always in a hurry."""
    assert not read_throttling(b"nr_periods 9\nnr_throttled 9\nthrottled_usec 91000\n")
