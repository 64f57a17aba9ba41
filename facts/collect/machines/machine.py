"""The machines of a cluster: which there are, as far as the API, the VM manager, the kubeconfig or the user tell."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec

from facts.cluster.node_address import control_plane, internal_ip
from facts.cluster.node_health import ready_of
from facts.cluster.objects import Node
from facts.cluster.store import Store
from facts.cluster.virtual_machine import virtual_machines

FULL_MATRIX = 6
"""Up to so many machines each one pings every other; beyond, its neighbour in a ring and some control planes."""
CONTROL_PLANES = 3

_CONTROL_PLANE = re.compile(r"(?:.*-)?(?:master|control-?plane)-?\d*")
_POOL = re.compile(r"(.+)-[^-]+")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.:_-]*")


class Machine(msgspec.Struct, frozen=True):
    """A machine that carries a node, or shall.

    `name` is its address when nobody knows another; `address` is "" for a VM that runs and has none. `expected` says
    that SSH is known to be a way into it: the user or a VM manager names it.
    """

    name: str
    address: str
    control_plane: bool = False
    expected: bool = False
    ready: bool = False


def find_machines(
    store: Store, named: Iterable[str], cluster: str, server: str, pattern: str = ""
) -> tuple[Machine, ...]:
    """Return the machines of a cluster, control planes first, then those in trouble.

    `store` holds its Node objects and what the VM manager printed, `named` are the user's own, NAME=ADDRESS or one of
    the two, `cluster` is the name of its context, `server` the host of the API server; "" when unknown. Of the VMs that
    run, those count whose name has the same beginning as a node's (prod-master, prod-worker1): a worker that could not
    join is no node, and VMs of other clusters run beside it. When no node is known, the server's address or the
    cluster's name chooses; the server itself is the last resort. With a `pattern`, those VMs count whose name fits it.
    """
    nodes = [_of_node(node.body) for node in store.every(Node) if internal_ip(node.body)]
    given = [machine for text in named if (machine := _given(text))]
    vms = [Machine(vm.name, vm.ip, expected=True) for vm in virtual_machines(store) if vm.state == "running"]
    chosen = [vm for vm in vms if fnmatchcase(vm.name, pattern)] if pattern else None
    found: list[Machine] = []
    for machine in (
        *nodes,
        *given,
        *(_of_cluster(vms, [*nodes, *given], cluster, server) if chosen is None else chosen),
    ):
        known = next((one for one in found if _is_same(one, machine)), None)
        if known is None:
            found.append(machine)
        else:
            found[found.index(known)] = _merged(known, machine)
    if not found and _is_private(server):
        found.append(Machine(server, server, expected=True))
    told = any(one.control_plane for one in found)
    usable = (
        msgspec.structs.replace(
            one, control_plane=one.control_plane or one.address == server or _sounds(one.name, told=told)
        )
        for one in found
        if _WORD.fullmatch(one.name) and (_WORD.fullmatch(one.address) or not one.address)
    )
    return tuple(sorted(usable, key=lambda one: (not one.control_plane, one.ready, one.name)))


def peers_of(machine: Machine, machines: Sequence[Machine]) -> tuple[Machine, ...]:
    """Return the machines that `machine` pings: all others of a small cluster, else its neighbour and some control planes."""
    reachable = [one for one in machines if one.address]
    others = [one for one in reachable if one != machine]
    if len(reachable) <= FULL_MATRIX:
        return tuple(others)
    neighbour = reachable[(reachable.index(machine) + 1) % len(reachable)]
    wanted = [other for other in others if other.control_plane][:CONTROL_PLANES]
    return tuple(dict.fromkeys([neighbour, *wanted]))


def _sounds(name: str, *, told: bool) -> bool:
    """Return True if the name is that of a control plane, and no node or server address says which machines are."""
    return not told and bool(_CONTROL_PLANE.fullmatch(name))


def _of_node(node: Node) -> Machine:
    return Machine(
        node.metadata.name, internal_ip(node), control_plane=control_plane(node), ready=ready_of(node) == "True"
    )


def _given(text: str) -> Machine | None:
    name, equals, address = text.strip().partition("=")
    return Machine(name, address if equals else name, expected=True) if name and (address or not equals) else None


def _is_same(one: Machine, two: Machine) -> bool:
    return one.name == two.name or (one.address == two.address != "")


def _merged(known: Machine, more: Machine) -> Machine:
    """Return what both tell: the first name that is one, and the last address, for the VM manager's is the newest."""
    return Machine(
        more.name if known.name == known.address else known.name,
        more.address or known.address,
        control_plane=known.control_plane or more.control_plane,
        expected=known.expected or more.expected,
        ready=known.ready or more.ready,
    )


def _of_cluster(vms: list[Machine], known: list[Machine], cluster: str, server: str) -> list[Machine]:
    addresses = ({machine.address for machine in known} or {server}) - {""}
    pools = {_pool(machine.name) for machine in known}
    pools |= {_pool(vm.name) for vm in vms if vm.address in addresses}
    if not known and not any(vm.address in addresses for vm in vms):
        words = set(re.split(r"[@/:]", cluster))
        pools = {_pool(vm.name) for vm in vms if _pool(vm.name) in words} or {_pool(vm.name) for vm in vms}
    return [vm for vm in vms if vm.address in addresses or _pool(vm.name) in pools]


def _pool(name: str) -> str:
    found = _POOL.fullmatch(name)
    return found[1] if found else name


def _is_private(host: str) -> bool:
    """Return True if `host` is a private address. A public address or a name is that of a managed service."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private and not address.is_loopback
