"""Anonymous snapshots: no name and no address is left, and the diagnosis is the same up to renaming."""

import ipaddress
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from facts.extract.evidence import extract
from facts.model.values import Observation, ObservationKind, Snapshot
from facts.snapshot.anonymizing.anonymize import anonymize
from facts.snapshot.anonymizing.pseudonyms import address_pseudonym, machine_pseudonym
from kb.catalogue.catalogue import load_catalogue
from tests.made_cluster import healthy, stopped_vm

NAMES = ("prod-worker1", "prod-master", "billing", "orders", "httpbin", "192.168.65.3", "prod")


def cluster() -> Snapshot:
    """Return a cluster whose VM prod-worker1 is stopped, with a log that speaks of it."""
    objects, table = stopped_vm()
    log = (
        'E1124 09:00:00.1 1 kubelet.go:1 "Failed" pod="demo/billing-6f7c8d9b5-00001" node="prod-worker1"\n'
        "dial tcp 192.168.65.3:10250: connect: no route to host\n"
        "lookup billing.demo.svc.cluster.local on 10.96.0.10:53: no such host\n"
    )
    body = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}).encode()
    return Snapshot(
        observations=(
            Observation(ObservationKind.OBJECTS, "objects.json", body, {"fidelity": "full", "scope": "cluster"}),
            Observation(ObservationKind.COMMAND, "tart list", table.encode(), {"command": "tart list", "role": "host"}),
            Observation(ObservationKind.LOG, "kubelet.log", log.encode(), {"node": "prod-worker1"}),
        ),
        observed_at="2026-11-24T09:00:00Z",
        cluster="prod",
        origin="context prod",
    )


def conclusions(snapshot: Snapshot) -> list[tuple[str, float, int]]:
    """Return rules, confidences and numbers of activations, without names."""
    inference = infer(load_catalogue().program(), extract(snapshot), ReferenceEngine())
    return sorted(
        (one.candidate.rule.id, round(one.confidence, 4), len(one.candidate.activations))
        for one in inference.hypotheses
    )


def test_no_name_and_no_address_is_left() -> None:
    """Neither in objects nor in commands, logs, sources and attributes."""
    text = str(anonymize(cluster()))
    assert [name for name in NAMES if re.search(rf"(?<![\w-]){re.escape(name)}", text)] == []
    assert "demo" not in text


def test_the_diagnosis_is_the_same_up_to_renaming() -> None:
    """The stopped VM, its node, 40 Pods and five Services are concluded from stand-ins as from names."""
    known = conclusions(cluster())
    assert "VM-STOPPED" in {identity for identity, _, _ in known}
    assert conclusions(anonymize(cluster())) == known


def test_nothing_is_found_in_an_anonymous_healthy_cluster() -> None:
    """Stand-ins break no join: what was well stays well."""
    body = json.dumps({"kind": "List", "items": healthy(20)}).encode()
    snapshot = Snapshot((Observation(ObservationKind.OBJECTS, "x", body, {"fidelity": "full", "scope": "cluster"}),))
    assert conclusions(anonymize(snapshot)) == conclusions(snapshot)


def test_what_belongs_to_kubernetes_keeps_its_name() -> None:
    """Rules know components by their names."""
    items = [
        {"kind": "Pod", "metadata": {"name": name, "namespace": "kube-system"}}
        for name in ("coredns-5d78c9869d-x2x9k", "cilium-7xk2p", "kube-proxy-abcde")
    ]
    body = json.dumps({"kind": "List", "items": items}).encode()
    snapshot = Snapshot((Observation(ObservationKind.OBJECTS, "x", body),))
    assert anonymize(snapshot).observations[0].body == body


def test_keys_and_words_that_look_like_names_stay() -> None:
    """A namespace called `status` does not rename the fields of objects, nor the words of a sentence."""
    item = {"kind": "Pod", "metadata": {"name": "shop-1", "namespace": "orders"}, "status": {"orders": "x"}}
    snapshot = Snapshot(
        (
            Observation(ObservationKind.OBJECTS, "x", json.dumps({"kind": "List", "items": [item]}).encode()),
            Observation(ObservationKind.LOG, "y", b"all orders are late\n"),
        )
    )
    found = anonymize(snapshot)
    kept = json.loads(found.observations[0].body)["items"][0]
    assert "orders" in kept["status"]
    assert kept["metadata"]["namespace"].startswith("ns-")
    assert found.observations[1].body == b"all orders are late\n"


def test_only_what_is_random_stays_of_a_name() -> None:
    """A Service that begins like another keeps no word; hashes and numbers stay, so that Pods look like Pods."""
    items = [
        {"kind": "Service", "metadata": {"name": "acme", "namespace": "demo"}},
        {"kind": "Service", "metadata": {"name": "acme-checkout", "namespace": "demo"}},
        {"kind": "Pod", "metadata": {"name": "acme-6f7c8d9b5-x2x9k", "namespace": "demo"}},
    ]
    body = json.dumps({"kind": "List", "items": items}).encode()
    kept = anonymize(Snapshot((Observation(ObservationKind.OBJECTS, "x", body),))).observations[0].body
    one, two, three = (item["metadata"]["name"] for item in json.loads(kept)["items"])
    assert three == f"{one}-6f7c8d9b5-x2x9k"
    assert b"acme" not in kept
    assert b"checkout" not in kept
    assert one != two


def test_a_machine_keeps_its_role() -> None:
    """What a name says of control plane or worker is no secret."""
    assert machine_pseudonym("prod-worker1").endswith("-worker1")
    assert machine_pseudonym("prod-worker1").split("-")[:2] == machine_pseudonym("prod-master").split("-")[:2]


ADDRESSES = st.ip_addresses(v=4).map(str)
PRIVATE = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]


def _private_network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    return next((network for network in PRIVATE if ipaddress.ip_address(address) in network), None)


@given(ADDRESSES, ADDRESSES)
def test_addresses_that_share_a_network_still_do(one: str, two: str) -> None:
    """Law: as many leading octets are the same as before, so that no two become one.

    A private network keeps its own octets, so the law holds within it, and among all other addresses.
    """

    def shared(first: str, second: str) -> int:
        pairs = zip(first.split("."), second.split("."), strict=True)
        return next((place for place, (a, b) in enumerate(pairs) if a != b), 4)

    new_one, new_two = address_pseudonym(one), address_pseudonym(two)
    if (one == new_one) == (two == new_two) and _private_network(one) == _private_network(two):
        assert shared(new_one, new_two) == shared(one, two)


@given(ADDRESSES)
def test_private_addresses_stay_private(address: str) -> None:
    """Law: whether an address is one of the three private networks can be told from its stand-in."""
    assert _private_network(address_pseudonym(address)) == _private_network(address)
