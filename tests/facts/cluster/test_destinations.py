"""Where a call goes, by the Services that there are, and why it cannot work."""

import json

import pytest

from facts.cluster.destinations import Destination, Destinations
from facts.cluster.index import Index
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot, Subject
from tests.facts.given import NOW, Object, metadata


def _service(name: str, namespace: str, **spec: object) -> Object:
    ports = [{"name": "http", "port": 80}]
    return {"kind": "Service", "metadata": metadata(name, namespace), "spec": {"clusterIP": "", "ports": ports, **spec}}


def _destinations(*, complete: bool = True) -> Destinations:
    services = [
        _service("payment", "shop", clusterIP="10.96.0.7"),
        _service("ledger", "bank"),
        _service("outside", "shop", type="ExternalName", externalName="api.example.org"),
    ]
    body = json.dumps({"apiVersion": "v1", "kind": "List", "items": services}).encode()
    seen = Observation(ObservationKind.OBJECTS, "all.json", body, {"fidelity": "full"})
    state = CoverageState.COMPLETE if complete else CoverageState.PARTIAL
    return Destinations(Index(Snapshot((seen,), (Coverage("kubernetes/services", "*", state),), NOW, "lab")))


@pytest.mark.parametrize(
    "host", ["payment", "payment.shop", "payment.shop.svc", "Payment.shop.svc.cluster.local.", "10.96.0.7"]
)
def test_a_service_is_found_by_each_of_its_names(host: str) -> None:
    """And by its address."""
    assert _destinations().of(host, 80, "shop").target == Subject("Service", "payment", "shop")


def test_a_port_that_it_does_not_serve_is_told() -> None:
    """With those that it does."""
    found = _destinations().of("payment", 8080, "shop")
    assert found.problem == "no-such-port"
    assert found.served
    assert "80" in found.served[0]


def test_a_misspelt_name_has_the_one_that_may_be_meant() -> None:
    """It is like one that there is."""
    found = _destinations().of("paymnet", 80, "shop")
    assert (found.target, found.problem, found.near) == (
        Subject("Service", "paymnet", "shop"),
        "no-such-service",
        "payment",
    )


def test_a_short_name_of_another_namespace_is_told() -> None:
    """With the name that would work."""
    found = _destinations().of("ledger", 80, "shop")
    assert (found.problem, found.near) == ("wrong-namespace", "ledger.bank")


def test_nothing_is_missing_where_not_all_was_seen() -> None:
    """The Service may be among the rest."""
    assert _destinations(complete=False).of("paymnet", 80, "shop") == Destination()


@pytest.mark.parametrize("host", ["api.example.org", "outside", "kubernetes.default", "10.0.0.1"])
def test_what_is_outside_is_unknown(host: str) -> None:
    """Neither a target nor a problem."""
    assert _destinations().of(host, 443, "shop") == Destination()
