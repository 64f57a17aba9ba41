"""Leases that were not renewed: of components of the control plane, and of kubelets."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import Lease
from facts.model.schema.domains.control_plane import LeaseFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_NAMESPACES = frozenset(("kube-system", "kube-node-lease"))
_ONE_OF_MANY = "apiserver-"
"""API servers name their leases after themselves; those of replaced ones stay for an hour."""
OVERDUE = 2.0
"""How many times its duration a lease may be old: the holder renews several times within one."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield `lease` facts."""
    for lease in index.store.every(Lease):
        spec = lease.body.spec
        age = index.store.age(spec.renew_time)
        given_back = not spec.holder_identity
        if lease.namespace not in _NAMESPACES or lease.name.startswith(_ONE_OF_MANY) or age is None or given_back:
            continue
        if age <= OVERDUE * max(spec.lease_duration_seconds, 1):
            continue
        attributes = LeaseFact(
            namespace=lease.namespace, name=lease.name, holder=spec.holder_identity, age_seconds=round(age, 1)
        )
        proof = f"renewed {spec.renew_time} by {spec.holder_identity}, for {spec.lease_duration_seconds} s"
        yield new_fact(attributes, lease.source, proof)
