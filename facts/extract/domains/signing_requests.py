"""CertificateSigningRequests that wait, were denied, or failed."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import CertificateSigningRequest, condition_of
from facts.model.schema.domains.control_plane import CsrFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

WAITING = 60.0
"""Seconds after which somebody should have decided a request: where that is automatic it takes one."""

_NODE = "system:node:"


def extract(index: Index) -> Iterator[Fact]:
    """Yield `csr` facts."""
    for request in index.store.every(CertificateSigningRequest):
        conditions, user = request.body.status.conditions, request.body.spec.username
        failed, denied = condition_of(conditions, "Failed"), condition_of(conditions, "Denied")
        age = index.store.age_of(request)
        undecided = not conditions and age is not None and age >= WAITING
        state = "denied" if denied.type else "failed" if failed.type else "pending" if undecided else ""
        if not state:
            continue
        message = denied.message or failed.message
        attributes = CsrFact(
            name=request.name,
            signer=request.body.spec.signer_name,
            user=user,
            node=user.removeprefix(_NODE) if user.startswith(_NODE) else "",
            state=state,
            message=message,
        )
        yield new_fact(attributes, request.source, f"{request.body.spec.signer_name} for {user}: {state} {message}")
