"""Which Pods are in trouble now; what has passed is history and gives no facts."""

from collections import defaultdict
from functools import cached_property
from typing import TypedDict

import msgspec

from facts.cluster.component import component_of
from facts.cluster.node_health import ready_of
from facts.cluster.objects import ContainerStatus, Node, Pod, Workload, condition_of
from facts.cluster.owners import Owner, guessed_owner, owner_of_pod
from facts.cluster.pod_status import is_ready, status_of
from facts.cluster.store import Seen, Store

YOUNG = 60.0
"""Seconds in which a Pod may still be starting, or be on its way out."""

WARMING = 180.0
"""Seconds in which a Pod whose containers run may not be ready yet, where events were seen and none warns of it."""

LATELY = 600.0
"""Seconds for which a killed container or a failed Pod is not yet history."""

_STARTING = frozenset(("", "ContainerCreating", "PodInitializing"))


class PodPlace(TypedDict):
    """The attributes that all facts about a Pod have."""

    namespace: str
    pod: str
    node: str
    workload_kind: str
    workload: str


class TroubledPod(msgspec.Struct, frozen=True):
    """A Pod in trouble, its workload and its STATUS as kubectl shows it."""

    seen: Seen[Pod]
    workload_kind: str
    workload: str
    status: str
    app: str

    @property
    def place(self) -> PodPlace:
        """The attributes that all facts about a Pod have."""
        return _place(self.seen, (self.workload_kind, self.workload))


class Pods:
    """All Pods of a snapshot, by workload, by node, and the troubled ones."""

    def __init__(
        self,
        store: Store,
        warned: frozenset[tuple[str, str]],
        killed: frozenset[tuple[str, str]],
        probed: frozenset[tuple[str, str]],
    ) -> None:
        """Take the objects, and namespace and name of each Pod that a Warning event is about.

        `killed` are those of them whose liveness probe failed again and again until lately, `probed` are Pods whose
        readiness or startup probe failed, which may only mean that they are young.
        """
        self._store = store
        self._warned, self._killed, self._probed = warned, killed, probed

    @cached_property
    def troubled(self) -> tuple[TroubledPod, ...]:
        """The Pods that are not as they should be now, in order of namespace and name."""
        found = [pod for pod in self._store.every(Pod) if self._is_troubled(pod)]
        return tuple(self._described(pod) for pod in sorted(found, key=lambda pod: (pod.namespace, pod.name)))

    @cached_property
    def troubled_names(self) -> dict[tuple[str, str], TroubledPod]:
        """The troubled Pods by namespace and name."""
        return {(pod.seen.namespace, pod.seen.name): pod for pod in self.troubled}

    @cached_property
    def troubled_owners(self) -> frozenset[tuple[str, Owner]]:
        """Namespace and workload of all troubled Pods."""
        return frozenset((pod.seen.namespace, (pod.workload_kind, pod.workload)) for pod in self.troubled)

    @cached_property
    def by_owner(self) -> dict[tuple[str, Owner], list[Seen[Pod]]]:
        """All Pods by namespace and workload."""
        found: dict[tuple[str, Owner], list[Seen[Pod]]] = defaultdict(list)
        for pod in self._store.every(Pod):
            found[pod.namespace, owner_of_pod(self._store, pod)].append(pod)
        return dict(found)

    @cached_property
    def namespaces(self) -> dict[Owner, frozenset[str]]:
        """The namespaces in which a workload of this kind and name has Pods."""
        found: dict[Owner, set[str]] = defaultdict(set)
        for namespace, owner in self.by_owner:
            found[owner].add(namespace)
        return {owner: frozenset(names) for owner, names in found.items()}

    @cached_property
    def by_namespace(self) -> dict[str, list[Seen[Pod]]]:
        """All Pods by namespace."""
        found: dict[str, list[Seen[Pod]]] = defaultdict(list)
        for pod in self._store.every(Pod):
            found[pod.namespace].append(pod)
        return dict(found)

    def owner(self, namespace: str, name: str) -> Owner:
        """Return the workload of a Pod, guessed from its name when it is not in the evidence."""
        pod = self._store.find(Pod, "Pod", namespace, name)
        return owner_of_pod(self._store, pod) if pod else guessed_owner(self._store, namespace, name, "")

    def place_of(self, pod: Seen[Pod]) -> PodPlace:
        """Return the attributes that all facts about a Pod have."""
        return _place(pod, owner_of_pod(self._store, pod))

    def _described(self, pod: Seen[Pod]) -> TroubledPod:
        kind, workload = owner_of_pod(self._store, pod)
        return TroubledPod(pod, kind, workload, status_of(pod.body), app_of(pod.name, workload))

    def _is_troubled(self, pod: Seen[Pod]) -> bool:
        body, status, store = pod.body, pod.body.status, self._store
        if status.phase == "Succeeded":
            return False
        if body.metadata.deletion_timestamp:
            overdue = store.age(body.metadata.deletion_timestamp)
            return not self._is_being_replaced(pod) if overdue is None else overdue > YOUNG
        if status.phase == "Failed":
            return not self._is_history(pod)
        if not status.phase and not status.container_statuses and not status.conditions:
            return False
        if is_ready(body):
            again = (pod.namespace, pod.name) in self._killed
            return any(
                self._killed_lately(one) or (again and one.restart_count > 1) for one in status.container_statuses
            )
        if status_of(body) == "Completed":
            return False
        return not self._is_starting(pod) or (pod.namespace, pod.name) in self._warned

    def _is_starting(self, pod: Seen[Pod]) -> bool:
        """Return whether a Pod is young and nothing went wrong yet. A lone Pod without events cannot tell its age."""
        snapshot, pods = self._store.snapshot, self._store.every(Pod)
        age = self._store.age_of(pod)
        told = snapshot.observed_at or self._store.events or len(pods) > 1 or pod.body.metadata.shown_age
        runs = all(each.state.running for each in pod.body.status.container_statuses)
        unseen = self._store.events and (pod.namespace, pod.name) not in self._probed
        limit = WARMING if runs and unseen else YOUNG
        if age is None or age >= limit or not told:
            return False
        if condition_of(pod.body.status.conditions, "PodScheduled").reason == "Unschedulable":
            return False
        return all(map(_is_beginning, _statuses(pod.body)))

    def _is_being_replaced(self, deleted: Seen[Pod]) -> bool:
        """Return whether young Pods take the place of a Pod that a table shows as Terminating, on a node that works."""
        owner = owner_of_pod(self._store, deleted)
        node = self._store.find(Node, "Node", "", deleted.body.spec.node_name) if deleted.body.spec.node_name else None
        others = self.by_owner.get((deleted.namespace, owner), [])
        ages = [self._store.age_of(other) for other in others if not other.body.metadata.deletion_timestamp]
        ready = node is None or ready_of(node.body) in ("True", "")
        return ready and any(age is not None and age < YOUNG for age in ages)

    def _killed_lately(self, container: ContainerStatus) -> bool:
        """Return whether a container that runs was killed and may be again.

        It may when it lacked memory, and as long as it has not run twice as long as the last time.
        """
        ended, running, store = container.last_state.terminated, container.state.running, self._store
        if (
            ended is None
            or not container.restart_count
            or (container.restart_count < 2 and ended.reason != "OOMKilled")
        ):
            return False
        age = store.age(ended.finished_at)
        if ended.reason == "OOMKilled" or age is None:
            return ended.reason == "OOMKilled" and (age is None or age <= LATELY)
        began, lasted = store.age(ended.started_at), store.age(running.started_at if running else None)
        outlasted = began is not None and lasted is not None and lasted > max(YOUNG, 2 * (began - age))
        return age <= LATELY and not outlasted

    def _is_history(self, failed: Seen[Pod]) -> bool:
        """Return whether a failed Pod was made up for: its Job succeeded, or its workload has other, ready Pods."""
        owner = next(iter(failed.body.metadata.owner_references), None)
        if owner is None:
            return not failed.full and self._is_retried(failed)
        others = self.by_owner.get((failed.namespace, owner_of_pod(self._store, failed)), [])
        if owner.kind == "Job":
            job = self._store.find(Workload, "Job", failed.namespace, owner.name)
            if job is not None and (job.body.status.succeeded or _holds(job.body, "Complete")):
                return True
            began = failed.body.metadata.creation_timestamp or ""
            return any(
                other.body.status.phase == "Succeeded" and (other.body.metadata.creation_timestamp or "") > began
                for other in others
            )
        ages = [self._store.age(moment) for moment in _ends(failed.body)]
        if any(age is not None and age <= LATELY for age in ages):
            return False
        living = [other for other in others if other.body.status.phase not in ("Failed", "Succeeded")]
        return bool(living) and all(is_ready(other.body) for other in living)

    def _is_retried(self, failed: Seen[Pod]) -> bool:
        """Return whether a table shows that the Job of a failed Pod succeeded, or a Pod of it that is no older."""
        name = failed.name.rpartition("-")[0]
        job = self._store.find(Workload, "Job", failed.namespace, name)
        if job is not None:
            return bool(job.body.status.succeeded) or _holds(job.body, "Complete")
        others = self.by_owner.get((failed.namespace, owner_of_pod(self._store, failed)), [])
        age = self._store.age_of(failed)
        ages = [self._store.age_of(other) for other in others if other.body.status.phase == "Succeeded"]
        return age is not None and any(other is not None and other <= age for other in ages)


def app_of(*names: str) -> str:
    """Return the well-known component that the first telling one of `names` belongs to, or ""."""
    return next((found for found in map(component_of, names) if found), "")


def _place(pod: Seen[Pod], owner: Owner) -> PodPlace:
    return {
        "namespace": pod.namespace,
        "pod": pod.name,
        "node": pod.body.spec.node_name,
        "workload_kind": owner[0],
        "workload": owner[1],
    }


def _statuses(pod: Pod) -> tuple[ContainerStatus, ...]:
    return (*pod.status.container_statuses, *pod.status.init_container_statuses)


def _is_beginning(container: ContainerStatus) -> bool:
    state = container.state
    if container.restart_count or (state.terminated and state.terminated.exit_code != 0):
        return False
    return not state.waiting or state.waiting.reason in _STARTING


def _ends(pod: Pod) -> list[str | None]:
    ended = [each.state.terminated.finished_at for each in _statuses(pod) if each.state.terminated]
    return [*ended, *(condition.last_transition_time for condition in pod.status.conditions)]


def _holds(workload: Workload, condition: str) -> bool:
    return condition_of(workload.status.conditions, condition).status == "True"
