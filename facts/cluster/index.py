"""The joined view of a snapshot that every extractor gets: objects, Pods with their health, events that matter."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

from facts.cluster.event_history import current_events, is_of_liveness, is_of_start, kept_events
from facts.cluster.event_record import EventRecord, event_records
from facts.cluster.objects import NetworkPolicy, Workload
from facts.cluster.pod_health import Pods
from facts.cluster.service_health import Backings
from facts.cluster.store import Seen, Store
from facts.cluster.workload_health import is_troubled
from facts.model.values import Snapshot

_Made = TypeVar("_Made")


class Index:
    """A snapshot, decoded and joined once; what only some extractors need is joined when first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Decode all objects of `snapshot`."""
        self.snapshot = snapshot
        self.store = Store(snapshot)
        self._made: dict[object, Any] = {}

    def once(self, make: Callable[["Index"], _Made]) -> _Made:
        """Return what `make` makes of this index: made when first asked for, and the same for all who ask."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(_Made, self._made[make])

    @cached_property
    def pods(self) -> Pods:
        """All Pods, and those in trouble."""
        current = [record for record in current_events(self.store, self._records) if record.kind == "Pod"]
        warned = {(one.namespace, one.name) for one in current if one.warning and not is_of_start(one)}
        killed = {(one.namespace, one.name) for one in current if is_of_liveness(self.store, one)}
        probed = {(one.namespace, one.name) for one in current if is_of_start(one)}
        return Pods(self.store, frozenset(warned), frozenset(killed), frozenset(probed))

    @cached_property
    def events(self) -> tuple[EventRecord, ...]:
        """The events that matter now, oldest first."""
        return kept_events(self.store, self.pods, self._records)

    @cached_property
    def events_about(self) -> dict[tuple[str, str, str], list[EventRecord]]:
        """The events that matter now, by kind, namespace and name of their object."""
        found: dict[tuple[str, str, str], list[EventRecord]] = {}
        for record in self.events:
            found.setdefault((record.kind, record.namespace, record.name), []).append(record)
        return found

    @cached_property
    def troubled_workloads(self) -> tuple[Seen[Workload], ...]:
        """The workloads that failed or lack ready Pods."""
        return tuple(each for each in self.store.every(Workload) if is_troubled(self.store, self.pods, each))

    @cached_property
    def backings(self) -> Backings:
        """What stands behind each Service."""
        return Backings(self.store, self.pods)

    @cached_property
    def network_policies(self) -> dict[str, list[Seen[NetworkPolicy]]]:
        """The policies of Kubernetes' own kind, by namespace."""
        found: dict[str, list[Seen[NetworkPolicy]]] = {}
        for policy in self.store.every(NetworkPolicy):
            if policy.kind == "NetworkPolicy":
                found.setdefault(policy.namespace, []).append(policy)
        return found

    @cached_property
    def _records(self) -> tuple[EventRecord, ...]:
        return event_records(self.store)
