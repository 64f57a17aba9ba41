"""Namespaces that are stuck in Terminating."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import Condition, Namespace
from facts.cluster.pod_health import YOUNG
from facts.model.schema.domains.control_plane import NamespaceFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_USUAL_SECONDS = 300.0
_BLOCKING = (
    # the first that holds is the one that is reported
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceFinalizersRemaining",
    "NamespaceContentRemaining",
)


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `namespace` fact for each Namespace whose deletion is blocked, or takes longer than it usually does."""
    for namespace in index.store.every(Namespace):
        body = namespace.body
        if body.status.phase != "Terminating" and not body.metadata.deletion_timestamp:
            continue
        blocking = _blocking(body)
        age = index.store.age(body.metadata.deletion_timestamp)
        if age is not None and age < (_USUAL_SECONDS if blocking is None else YOUNG):
            continue
        found = blocking or Condition()
        attributes = NamespaceFact(name=namespace.name, reason=found.reason, message=found.message)
        proof = f"status.phase: Terminating {found.type} {found.reason}: {found.message}".rstrip(" :")
        yield new_fact(attributes, namespace.source, proof)


def _blocking(namespace: Namespace) -> Condition | None:
    held = {condition.type: condition for condition in namespace.status.conditions if condition.status == "True"}
    return next((held[name] for name in _BLOCKING if name in held), None)
