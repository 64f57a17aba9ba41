"""Workloads that have fewer ready Pods than they want, or that failed."""

from collections.abc import Iterator

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import Workload
from facts.cluster.owners import owner_of
from facts.cluster.pod_health import app_of
from facts.cluster.store import Seen
from facts.cluster.workload_health import state_of
from facts.model.schema.domains.workloads import WorkloadFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_ENDS = frozenset(
    ("BackoffLimitExceeded", "DeadlineExceeded", "PodFailurePolicy", "FailedIndexes", "MaxFailedIndexesExceeded")
)
"""Reasons of the event with which the controller ends a Job."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `workload` fact for each troubled workload.

    A ReplicaSet or Job speaks for the workload that owns it when that is not in the evidence itself; a failed Job of a
    CronJob is told for both.
    """
    for workload in index.troubled_workloads:
        kind, name = owner_of(index.store, workload.kind, workload.namespace, workload.name)
        owned = (kind, name) != (workload.kind, workload.name)
        if not owned or workload.kind == "Job":
            yield _workload(index, workload, workload.kind, workload.name)
        if owned and (kind == "CronJob" or index.store.find_any(kind, workload.namespace, name) is None):
            yield _workload(index, workload, kind, name)


def _workload(index: Index, workload: Seen[Workload], kind: str, name: str) -> Fact:
    state = state_of(workload)
    failing = state.failing
    if failing.type == "Failed" and not failing.reason:  # a table shows that a Job failed, and its event why
        records = index.events_about.get((workload.kind, workload.namespace, workload.name), [])
        ended = next((record for record in reversed(records) if record.reason in _ENDS), None)
        failing = msgspec.structs.replace(failing, reason=ended.reason, message=ended.message) if ended else failing
    proof = f"{state.ready} of {state.desired} Pods ready {failing.reason} {failing.message}"
    return new_fact(
        WorkloadFact(
            kind=kind,
            namespace=workload.namespace,
            name=name,
            desired=state.desired,
            current=state.current,
            ready=state.ready,
            reason=failing.reason,
            message=failing.message,
            app=app_of(name),
        ),
        workload.source,
        proof,
    )
