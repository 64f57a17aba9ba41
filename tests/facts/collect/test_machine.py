"""Which machines a cluster has, and who pings whom."""

import json

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from facts.cluster.store import Store
from facts.collect.machines.machine import FULL_MATRIX, Machine, find_machines, peers_of
from facts.model.values import Observation, ObservationKind, Snapshot
from tests.facts.given import Object, command, node


def store(nodes: tuple[Object, ...] = (), vms: dict[str, str] | None = None, stopped: tuple[str, ...] = ()) -> Store:
    """Return what the API and the VM manager tell: nodes, VMs that run with their addresses, and VMs that do not."""
    states = [{"Name": name, "State": "running"} for name in vms or {}] + [
        {"Name": n, "State": "stopped"} for n in stopped
    ]
    seen = [
        Observation(ObservationKind.OBJECTS, "/api/v1/nodes", json.dumps({"kind": "NodeList", "items": nodes}).encode())
    ]
    seen.append(command("tart list --format json", json.dumps(states)))
    seen += [command("tart ip", f"{address}\n", target=name) for name, address in (vms or {}).items() if address]
    return Store(Snapshot(tuple(seen)))


def found(seen: Store, *named: str, cluster: str = "lab", server: str = "") -> list[tuple[str, str]]:
    return [(one.name, one.address) for one in find_machines(seen, named, cluster, server)]


VMS = {"prod-master": "10.0.0.2", "prod-worker1": "10.0.0.3", "dev-master": "10.0.0.9"}


def test_nodes_of_the_api_and_vms_of_the_same_pool() -> None:
    """A worker that has not joined is no node, and yet a machine of the cluster; other clusters' VMs are not."""
    seen = store((node("prod-master", address="10.0.0.2"),), VMS)
    assert found(seen) == [("prod-master", "10.0.0.2"), ("prod-worker1", "10.0.0.3")]


def test_without_the_api_the_address_of_its_server_tells_the_pool() -> None:
    """The kubeconfig names the master's address."""
    assert [name for name, _ in found(store(vms=VMS), server="10.0.0.9")] == ["dev-master"]


def test_without_the_api_the_name_of_the_context_tells_the_pool() -> None:
    """As kubeadm writes it, or plainly, when the address is stale."""
    for cluster in ("prod", "kubernetes-admin@prod"):
        assert [name for name, _ in found(store(vms=VMS), cluster=cluster, server="10.0.0.77")] == [
            "prod-master",
            "prod-worker1",
        ]


def test_when_nothing_tells_all_vms_that_run_count() -> None:
    """Rather one too many than none."""
    assert len(found(store(vms=VMS, stopped=("prod-worker2",)), server="10.0.0.77")) == 3


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("192.168.66.2", [("192.168.66.2", "192.168.66.2")]),
        ("127.0.0.1", []),
        ("203.0.114.9", []),
        ("api.example.com", []),
        ("", []),
    ],
)
def test_the_server_itself_is_the_last_resort(server: str, expected: list[tuple[str, str]]) -> None:
    """Behind a public address or a name stands a service, not a machine to log into."""
    assert found(store(), server=server) == expected
    assert found(store((node("a", address="10.0.0.1"),)), server=server) == [("a", "10.0.0.1")]


def test_the_user_names_machines() -> None:
    """By name and address, or one of them; what is neither is left out."""
    assert found(store(), "a=10.0.0.1", "10.0.0.2", "=10.0.0.3", "b=", "-oProxyCommand=x", "c d=1.2.3.4", "e=-x") == [
        ("10.0.0.2", "10.0.0.2"),
        ("a", "10.0.0.1"),
    ]


def test_a_name_is_better_than_an_address() -> None:
    """The same machine from several sources is one."""
    seen = store((node("prod-master", address="10.0.0.2"),))
    (machine,) = find_machines(seen, ("10.0.0.2",), "lab", "")
    assert (machine.name, machine.expected, machine.ready) == ("prod-master", True, True)


def test_the_vm_manager_knows_the_newest_address() -> None:
    """DHCP gave another one, and the kubelet has not told yet."""
    seen = store((node("prod-master", address="10.0.0.2"),), {"prod-master": "10.0.0.7"})
    assert found(seen) == [("prod-master", "10.0.0.7")]


def test_a_vm_without_address_is_kept() -> None:
    """That it has none is worth telling."""
    assert found(store(vms={"prod-master": "10.0.0.2", "prod-worker1": ""}), cluster="prod") == [
        ("prod-master", "10.0.0.2"),
        ("prod-worker1", ""),
    ]


def test_control_planes_come_first_then_the_nodes_in_trouble() -> None:
    """Of a large cluster not all are visited."""
    labelled = node("z", address="10.0.0.1")
    labelled["metadata"]["labels"]["node-role.kubernetes.io/control-plane"] = ""
    seen = store((node("a", address="10.0.0.2"), node("b", "False", address="10.0.0.3"), labelled))
    assert [name for name, _ in found(seen)] == ["z", "b", "a"]


def test_a_name_tells_a_control_plane_when_nothing_else_does() -> None:
    """With the API down there are no labels."""
    assert [one.control_plane for one in find_machines(store(vms=VMS), (), "prod", "")] == [True, False]


@given_by(st.integers(1, 60), st.integers(0, 5))
def test_pings_reach_everybody_and_stay_few(count: int, planes: int) -> None:
    """Each machine is pinged by another, nobody pings itself, and the number grows with the machines only."""
    machines = [Machine(f"n{number}", f"10.0.0.{number}", control_plane=number < planes) for number in range(count)]
    pairs = {(one.name, peer.name) for one in machines for peer in peers_of(one, machines)}
    assert all(a != b for a, b in pairs)
    assert {b for _, b in pairs} == ({one.name for one in machines} if count > 1 else set())
    assert len(pairs) <= (count * (count - 1) if count <= FULL_MATRIX else 4 * count)
