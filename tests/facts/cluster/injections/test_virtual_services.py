"""Faults that an Istio VirtualService injects."""

from typing import Any

import pytest

from facts.cluster.index import Index
from facts.cluster.injections.injection import Injection
from facts.cluster.injections.virtual_services import injections
from facts.model.values import Snapshot

Spec = dict[str, Any]


def _injections(
    fault: Spec, match: list[Spec] | None = None, host: str = "ratings", kind: str = "VirtualService"
) -> list[Injection]:
    route: Spec = {"fault": fault, "route": [{"destination": {"host": host}}], **({"match": match} if match else {})}
    whole = {"metadata": {"creationTimestamp": "2026-03-01T11:50:00Z"}, "spec": {"hosts": ["ratings"], "http": [route]}}
    return list(injections(Index(Snapshot(())), {(kind, "shop", "ratings"): whole}))


ABORT = {"abort": {"httpStatus": 503, "percentage": {"value": 100.0}}}


def test_a_fault_hits_the_service_that_the_route_leads_to() -> None:
    """With what it does, and since when."""
    (found,) = _injections(ABORT)
    assert (found.tool, found.action, found.detail) == ("istio", "abort", "httpStatus 503 for 100 % of the calls")
    assert (found.target.kind, found.target.namespace, found.target.name) == ("Service", "shop", "ratings")
    assert (found.since, found.partly) == ("2026-03-01T11:50:00Z", False)


def test_a_host_may_be_written_in_full() -> None:
    """It is the same Service; Istio takes any other name with a dot for a host outside."""
    (found,) = _injections(ABORT, host="ratings.shop.svc.cluster.local")
    (outside,) = _injections(ABORT, host="ratings.shop")
    assert (found.target.kind, found.target.namespace, found.target.name) == ("Service", "shop", "ratings")
    assert outside.target.kind == "ServiceEntry"


@pytest.mark.parametrize(
    ("percent", "partly"),
    [({"percentage": {"value": 0.5}}, True), ({"percent": 10}, True), ({"percent": 100}, False), ({}, False)],
)
def test_a_part_of_the_calls_is_a_part(percent: Spec, partly: bool) -> None:  # noqa: FBT001
    """Old versions say `percent`; where nothing is said it is all."""
    (found,) = _injections({"delay": {"fixedDelay": "5s", **percent}})
    assert (found.action, found.partly) == ("delay", partly)


@pytest.mark.parametrize(
    ("match", "partly"),
    [
        ([{"headers": {"end-user": {"exact": "jane"}}}], True),
        ([{"uri": {"prefix": "/v2"}}], True),
        ([{"uri": {"prefix": "/"}}], False),
        ([{"port": 9080}], False),
        ([{"method": {"exact": "POST"}}, {"uri": {"prefix": "/"}}], False),
    ],
)
def test_a_route_for_some_calls_hits_a_part(match: list[Spec], partly: bool) -> None:  # noqa: FBT001
    """By header, path or method; one way to match everything is enough to hit all."""
    (found,) = _injections(ABORT, match)
    assert found.partly is partly


def test_abort_and_delay_are_two() -> None:
    """Of one route."""
    assert [each.action for each in _injections({**ABORT, "delay": {"fixedDelay": "5s"}})] == ["abort", "delay"]


def test_what_hits_nobody_is_none() -> None:
    """No percent, no fault, hosts of a whole domain, another kind."""
    assert _injections({"abort": {"httpStatus": 503, "percentage": {"value": 0}}}) == []
    assert _injections({}) == []
    assert _injections(ABORT, host="*.example.com") == []
    assert _injections(ABORT, kind="DestinationRule") == []
