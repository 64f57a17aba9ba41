"""The conditions of custom resources that say that something does not work."""

from collections.abc import Iterator
from typing import Any

from facts.cluster.objects import Condition, CustomObject
from facts.cluster.pod_health import YOUNG
from facts.cluster.store import Seen, Store
from facts.cluster.whole_objects import sections

_WRONG_WHEN_FALSE = frozenset(
    (
        "Ready", "Synced", "Available", "Healthy", "Programmed", "Accepted", "ResolvedRefs", "Established", "NamesAccepted",
        "Reconciled", "Installed", "Valid", "Deployed", "Released", "Initialized", "Applied",
    )
)  # fmt: skip
_WRONG_WHEN_TRUE = frozenset(("Degraded", "Failed", "Failing", "Stalled", "ReplicaFailure", "ReconcileError"))
_BUSY = frozenset(("Issuing", "Reconciling", "Progressing"))
_ERROR = "Error"
"""The end of the types of Argo CD's conditions, which have no status: they are there or not."""
_UNHEALTHY = frozenset(("Degraded", "Missing", "Unknown"))
_FAILED = frozenset(("Failed", "Error"))


def wrong_conditions(store: Store, seen: Seen[CustomObject]) -> Iterator[Condition]:
    """Yield the conditions of an object that tell of a fault, each type once; none of one that is young or going."""
    status = seen.body.status
    if not isinstance(status, dict) or seen.body.metadata.deletion_timestamp:
        return
    age = store.age_of(seen)
    if age is not None and age < YOUNG:
        return
    told = set()
    written = (*_written(status), *_of_application(status))
    busy = any(each.type in _BUSY and each.status == "True" for each in written)
    for condition in written:
        since = store.age(condition.last_transition_time)
        if busy and since is None:  # at work, and nobody knows for how long
            continue
        if condition.type not in told and _is_wrong(condition) and (since is None or since >= YOUNG):
            told.add(condition.type)
            yield condition


def _is_wrong(condition: Condition) -> bool:
    if not condition.status:
        return condition.type.endswith(_ERROR)
    wrong = {"False": _WRONG_WHEN_FALSE, "True": _WRONG_WHEN_TRUE}.get(condition.status, frozenset())
    return condition.type in wrong


def _written(status: dict[str, Any]) -> Iterator[Condition]:
    """Yield the conditions of an object, and of the parents and listeners of gateways and routes."""
    parts = [
        status,
        *sections(status.get("parents")),
        *sections(status.get("listeners")),
        *sections(status.get("ancestors")),
    ]
    for part in parts:
        for written in sections(part.get("conditions")):
            texts = {name: str(written.get(name) or "") for name in ("type", "status", "reason", "message")}
            yield Condition(**texts, last_transition_time=str(written.get("lastTransitionTime") or "") or None)


def _of_application(status: dict[str, Any]) -> Iterator[Condition]:
    """Yield what Argo CD writes beside its conditions: the outcome of the last sync, and the health."""
    operation, health = status.get("operationState"), status.get("health")
    if isinstance(operation, dict) and operation.get("phase") in _FAILED:
        yield Condition("Synced", "False", str(operation["phase"]), str(operation.get("message") or ""))
    if isinstance(health, dict) and health.get("status") in _UNHEALTHY:
        yield Condition("Healthy", "False", str(health["status"]), str(health.get("message") or ""))
