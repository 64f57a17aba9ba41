"""Addresses that the DHCP server of macOS has given to virtual machines."""

import re
from collections import Counter
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.schema.domains.vms import DhcpLeasesFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_ADDRESS = re.compile(r"^\s*ip_address=(\d+\.\d+\.\d+)\.\d+\s*$", re.MULTILINE)


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `dhcp_leases` fact per network."""
    for observation in index.store.commands("cat /var/db/dhcpd_leases"):
        counts = Counter(_ADDRESS.findall(observation.body.decode(errors="replace")))
        for network, count in sorted(counts.items()):
            fact = DhcpLeasesFact(host=observation.attribute("host"), network=f"{network}.0/24", leases=count)
            yield new_fact(fact, observation.source, f"{count} leases in {network}.0/24")
