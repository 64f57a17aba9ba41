"""Endpoints that somebody wrote, and that do not answer."""

from tests.facts.given import Object, evidence, facts, log, metadata, only, pod, service

CALLER = "front-7d4b9c8f6d-x2x4n"


def _db(**more: object) -> Object:
    return service("db", {}, clusterIP="10.96.0.7", ports=[{"port": 5432}], **more)


def _addresses(address: str = "192.0.2.40") -> Object:
    subset = {"addresses": [{"ip": address}], "ports": [{"port": 5432}]}
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata("db"), "subsets": [subset]}


def _called(line: str, *objects: Object) -> list[dict[str, object]]:
    return facts(evidence(*objects, more=(log(line, pod=CALLER, namespace="demo"),)), "written_endpoint")


def test_a_service_without_selector_leads_where_somebody_wrote() -> None:
    """A call to it fails."""
    found = evidence(
        _db(), _addresses(), more=(log("dial tcp 10.96.0.7:5432: i/o timeout", pod=CALLER, namespace="demo"),)
    )
    fact = only(found, "written_endpoint")
    assert (fact["service"], fact["address"], fact["port"], fact["direct"], fact["sure"]) == (
        "db",
        "192.0.2.40",
        5432,
        False,
        True,
    )


def test_the_address_itself_may_be_tried() -> None:
    """As people do with nc."""
    (fact,) = _called("nc: connect to 192.0.2.40 port 5432 (tcp) timed out", _db(), _addresses())
    assert fact["direct"]


def test_an_address_of_a_pod_is_no_stray() -> None:
    """The Pod itself is to be looked at."""
    there = pod("db-0", status={"podIP": "192.0.2.40"})
    assert not _called("dial tcp 10.96.0.7:5432: i/o timeout", _db(), _addresses(), there)


def test_a_service_with_a_selector_keeps_its_own() -> None:
    """The control plane writes them."""
    selects = service("db", {"app": "db"}, clusterIP="10.96.0.7", ports=[{"port": 5432}])
    assert not _called("dial tcp 10.96.0.7:5432: i/o timeout", selects, _addresses())


def test_a_refused_login_was_answered() -> None:
    """Somebody is there."""
    assert not _called("dial 10.96.0.7:5432: password authentication failed", _db(), _addresses())
