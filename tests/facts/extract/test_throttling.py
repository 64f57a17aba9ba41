"""Containers that are held at their CPU limit, with whose they are."""

from tests.facts.given import evidence, facts, log, only, pod

STAT = "usage_usec 1\nnr_periods 4000\nnr_throttled {}\nthrottled_usec 5\n"
POD = "web-7d4b9c8f6d-x2x4n"


def _limited() -> dict[str, object]:
    return pod(spec={"containers": [{"name": "app", "resources": {"limits": {"cpu": "50m"}}}]})


def test_the_pod_in_which_it_was_read_is_told_with_its_limit() -> None:
    """What exec printed is the Pod's."""
    fact = only(evidence(_limited(), more=(log(STAT.format(3900), pod=POD, namespace="demo"),)), "throttled")
    assert (fact["workload"], fact["percent"], fact["limit"]) == ("web", 97.5, "50m")


def test_a_little_of_it_is_no_fact() -> None:
    """Every busy container is held now and then."""
    assert not facts(evidence(_limited(), more=(log(STAT.format(300), pod=POD, namespace="demo"),)), "throttled")


def test_whose_it_is_has_to_be_known() -> None:
    """A file alone does not tell."""
    assert not facts(evidence(_limited(), more=(log(STAT.format(3900)),)), "throttled")
