"""Nodes whose machine has got another address than the one that they are registered with."""

import ipaddress
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.node_address import internal_ip
from facts.cluster.objects import Node
from facts.cluster.virtual_machine import virtual_machines
from facts.model.schema.domains.nodes import AddressChangeFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_SAME_NETWORK = 16
"""Leading bits that two IPv4 addresses of one network share at least; with fewer they are of two interfaces."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `address_change` fact per node of which the VM manager knows another address."""
    for machine in virtual_machines(index.store) if index.store.every(Node) else ():
        node = index.store.find(Node, "Node", "", machine.name)
        if node is None or not machine.ip:
            continue
        old = internal_ip(node.body)
        known = {address.address for address in node.body.status.addresses}
        if machine.ip in known or not _is_near(old, machine.ip):
            continue
        attributes = AddressChangeFact(node=node.name, old=old, new=machine.ip)
        yield new_fact(attributes, node.source, f"InternalIP {old}; the VM has {machine.ip}")


def _is_near(one: str, two: str) -> bool:
    try:
        first, second = ipaddress.IPv4Address(one), ipaddress.IPv4Address(two)
    except ValueError:
        return False
    return int(first) >> (32 - _SAME_NETWORK) == int(second) >> (32 - _SAME_NETWORK)
