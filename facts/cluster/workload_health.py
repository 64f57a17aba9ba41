"""How many Pods a workload wants and has, and whether that is trouble."""

import msgspec

from facts.cluster.objects import Condition, Workload, condition_of
from facts.cluster.owners import owner_of
from facts.cluster.pod_health import YOUNG, Pods
from facts.cluster.pod_status import is_ready
from facts.cluster.store import Seen, Store

_FAILING = (
    # condition type, status and kinds; the first that holds is the reason that is reported
    ("ReplicaFailure", "True"),
    ("Failed", "True"),
    ("FailureTarget", "True"),
    ("Progressing", "False"),
    ("Available", "False"),
)


class WorkloadState(msgspec.Struct, frozen=True):
    """Pods wanted, there and ready, and the condition that fails (an empty one when none does)."""

    desired: int
    current: int
    ready: int
    failing: Condition

    @property
    def short(self) -> bool:
        """Whether fewer Pods are ready than are wanted."""
        return self.ready < self.desired


def state_of(workload: Seen[Workload]) -> WorkloadState:
    """Return how a workload stands. For a Job, Pods that succeeded count as ready."""
    spec, status = workload.body.spec, workload.body.status
    failing = next(
        (found for kind, wrong in _FAILING if (found := condition_of(status.conditions, kind)).status == wrong), _NONE
    )
    if workload.kind == "DaemonSet":
        return WorkloadState(
            status.desired_number_scheduled, status.current_number_scheduled, status.number_ready, failing
        )
    if workload.kind == "Job":
        wanted = spec.completions if spec.completions is not None else 1
        active = status.active if isinstance(status.active, int) else 0
        return WorkloadState(wanted, active, status.succeeded, failing)
    if workload.kind == "CronJob":
        return WorkloadState(0, 0, 0, _NONE)
    wanted = spec.replicas if spec.replicas is not None else (1 if workload.full else status.replicas)
    return WorkloadState(wanted, status.replicas, status.ready_replicas, failing)


def is_troubled(store: Store, pods: Pods, workload: Seen[Workload]) -> bool:
    """Return whether a workload has failed or lacks ready Pods, other than for having just begun."""
    state = state_of(workload)
    if workload.declared:
        return False
    if workload.kind == "Job":
        return condition_of(workload.body.status.conditions, "Failed").status == "True" and not _made_up_for(
            store, workload
        )
    if state.failing.type in ("ReplicaFailure", "Progressing"):
        return state.desired > 0
    if not state.short:
        return False
    owner = owner_of(store, workload.kind, workload.namespace, workload.name)
    if (workload.namespace, owner) in pods.troubled_owners:
        return True
    if workload.kind == "Deployment" and _rolling_out(workload):
        return False
    owned = pods.by_owner.get((workload.namespace, owner), [])
    ages = [store.age_of(workload), *(store.age_of(pod) for pod in owned if not is_ready(pod.body))]
    starting = any(age is not None and age < YOUNG for age in ages)
    in_turn = workload.kind == "StatefulSet" and len(owned) > state.ready  # the next Pod comes when this one is ready
    return not (starting and (len(owned) >= state.desired or in_turn or not store.complete("Pod", workload.namespace)))


def _rolling_out(deployment: Seen[Workload]) -> bool:
    """Return whether new Pods replace old ones while enough of them serve, as `maxUnavailable` allows."""
    conditions = deployment.body.status.conditions
    progressing = condition_of(conditions, "Progressing")
    return (
        condition_of(conditions, "Available").status == "True"
        and progressing.status == "True"
        and progressing.reason in ("ReplicaSetUpdated", "NewReplicaSetCreated", "FoundNewReplicaSet")
    )


def _made_up_for(store: Store, job: Seen[Workload]) -> bool:
    """Return whether the same CronJob had a Job after this one that succeeded."""
    owner = next(iter(job.body.metadata.owner_references), None)
    if owner is None:
        return False
    return any(
        other.kind == "Job"
        and other.namespace == job.namespace
        and owner in other.body.metadata.owner_references
        and condition_of(other.body.status.conditions, "Complete").status == "True"
        and (other.body.metadata.creation_timestamp or "") > (job.body.metadata.creation_timestamp or "")
        for other in store.every(Workload)
    )


_NONE = Condition()
