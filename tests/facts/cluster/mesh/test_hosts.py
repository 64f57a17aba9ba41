"""A host in an object of Istio means a Service of this or another namespace, or something outside."""

import pytest

from facts.cluster.mesh.hosts import service_of_host
from facts.model.values import Subject


@pytest.mark.parametrize("host", ["api.example.org", "svc.example"])
def test_a_host_without_the_place_of_a_service_is_outside(host: str) -> None:
    """Only the third label tells a Service by its full name."""
    assert service_of_host(host, "shop") == Subject("ServiceEntry", host)


def test_a_full_name_is_in_its_own_namespace() -> None:
    """Whatever the domain of the cluster is, and without one too."""
    pay = Subject("Service", "pay", "bank")
    assert service_of_host("pay.bank.svc.cluster.local", "shop") == pay
    assert service_of_host("pay.bank.svc.corp.example", "shop") == pay
    assert service_of_host("pay.bank.svc", "shop") == pay


def test_a_short_name_is_in_the_namespace_of_the_object() -> None:
    """As Istio completes it."""
    assert service_of_host("pay", "shop") == Subject("Service", "pay", "shop")


def test_case_and_a_last_dot_do_not_matter() -> None:
    """Names of the DNS are compared without them."""
    assert service_of_host("Pay.Bank.svc.cluster.local.", "shop") == Subject("Service", "pay", "bank")
