"""The names of machines by their addresses: of nodes as the API knows them, and of VMs as their manager does."""

from facts.cluster.objects import Node
from facts.cluster.store import Store
from facts.cluster.virtual_machine import virtual_machines


def machine_names(store: Store) -> dict[str, str]:
    """Return address => name; a node wins over a VM."""
    names = {machine.ip: machine.name for machine in virtual_machines(store) if machine.ip}
    for node in store.every(Node):
        for address in node.body.status.addresses:
            if address.type in ("InternalIP", "ExternalIP"):
                names[address.address] = node.name
    return names
