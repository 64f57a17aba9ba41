"""Which events are about trouble that is still there. Events about recovered or deleted objects are left out."""

from enum import Enum

from facts.cluster.event_record import EventRecord
from facts.cluster.kinds import WORKLOADS
from facts.cluster.moment import seconds_of
from facts.cluster.node_health import is_joining, is_sound, ready_of
from facts.cluster.objects import (
    HorizontalPodAutoscaler,
    Node,
    PersistentVolume,
    PersistentVolumeClaim,
    Pod,
    Service,
    Workload,
    condition_of,
)
from facts.cluster.owners import Owner, owner_of
from facts.cluster.pod_health import LATELY, YOUNG, Pods
from facts.cluster.store import Store
from facts.cluster.workload_health import is_troubled

_PLAIN = frozenset(("FailedBinding", "IssuerNotFound", "IssuerNotReady", "NotTriggerScaleUp", "Preempted"))
"""Reasons that can mean nothing but trouble, though their type is Normal."""
_TELLING = _PLAIN | frozenset(
    ("BackOff", "NodeNotReady", "Killing", "ExternalProvisioning", "Evicted",
     "NodeHasDiskPressure", "NodeHasInsufficientMemory", "NodeHasInsufficientPID")
)  # fmt: skip
"""Events of type Normal that matter when their object is in trouble."""

_STARTED = frozenset(("Started", "Created", "Pulled"))
_CREATED = frozenset(("SuccessfulCreate", "Completed", "SawCompletedJob"))
_RECOVERIES = {
    "FailedScheduling": frozenset(("Scheduled",)),
    **dict.fromkeys(("NodeNotReady", "Rebooted", "NodeNotSchedulable"), frozenset(("NodeReady", "NodeSchedulable"))),
    "NodeHasDiskPressure": frozenset(("NodeHasNoDiskPressure",)),
    "NodeHasInsufficientMemory": frozenset(("NodeHasSufficientMemory",)),
    "NodeHasInsufficientPID": frozenset(("NodeHasSufficientPID",)),
    **dict.fromkeys(("ProvisioningFailed", "FailedBinding"), frozenset(("ProvisioningSucceeded",))),
    "VolumeResizeFailed": frozenset(("VolumeResizeSuccessful", "FileSystemResizeSuccessful")),
    "FailedAttachVolume": frozenset(("SuccessfulAttachVolume",)) | _STARTED,
    **dict.fromkeys(("FailedMount", "FailedCreatePodSandBox", "NetworkNotReady", "NotTriggerScaleUp"), _STARTED),
    "FailedToRetrieveImagePullSecret": frozenset(("Pulled",)),
    **dict.fromkeys(("FailedCreate", "FailedNeedsStart"), _CREATED),
    **dict.fromkeys(
        (
            "FailedGetResourceMetric",
            "FailedGetContainerResourceMetric",
            "FailedComputeMetricsReplicas",
            "FailedGetScale",
        ),
        frozenset(("SuccessfulRescale",)),
    ),
    "SyncLoadBalancerFailed": frozenset(("EnsuredLoadBalancer", "UpdatedLoadBalancer")),
    "CreatingLoadBalancerFailed": frozenset(("EnsuredLoadBalancer", "CreatedLoadBalancer")),
}
"""Reason of a failure => reasons of events which, when they are newer, show that it has passed."""

_LATE = {
    "FailedToCreateEndpoint": "already exists",
    "FailedToUpdateEndpoint": "the object has been modified",
}
"""Reason of a failure => words that say that the controller's view was late: it looks again, and the object is there."""

_HARMLESS_ON_READY_NODES = frozenset(("InvalidDiskCapacity", "CgroupV1", "PossibleMemoryBackedVolumesOnDisk"))


_AGAIN = 3
"""How often a liveness probe fails before the kubelet restarts its container, as long as nobody says otherwise."""


class Verdict(Enum):
    """How the object of an event stands now."""

    TROUBLED = "in the evidence, and in trouble"
    UNKNOWN = "not in the evidence"
    HISTORY = "well, replaced or gone"


def kept_events(store: Store, pods: Pods, records: tuple[EventRecord, ...]) -> tuple[EventRecord, ...]:
    """Return the events that matter now: of objects in trouble, or of objects that the evidence does not hold."""
    newest = max((record.last for record in records if record.last is not None), default=None)
    kept = []
    for record in current_events(store, records):
        if not record.warning and record.reason not in _TELLING:
            continue
        verdict = _verdict(store, pods, record, newest)
        # Of an object that nobody else tells of, a Normal event counts when somebody cut it out by hand (the rows of
        # a describe, without the object's name), or when its reason can mean nothing else.
        speaks = record.warning or record.kind == "Node" or not record.name or record.reason in _PLAIN
        if verdict is Verdict.TROUBLED or (verdict is Verdict.UNKNOWN and speaks):
            kept.append(record)
    return tuple(kept)


def current_events(store: Store, records: tuple[EventRecord, ...]) -> tuple[EventRecord, ...]:
    """Return the events that no later success of the same object has made history."""
    successes: dict[tuple[str, str, str, str], EventRecord] = {}
    for record in records:
        if not record.warning:
            successes[record.namespace, record.kind, record.name, record.reason] = record  # records are in order
    return tuple(record for record in records if not _has_passed(store, record, successes))


def is_of_start(record: EventRecord) -> bool:
    """Return whether it tells of a readiness or startup probe, which fails until a container has started."""
    return record.reason == "Unhealthy" and record.message.startswith(("Readiness", "Startup"))


def is_of_liveness(store: Store, record: EventRecord) -> bool:
    """Return whether it tells of a liveness probe that failed again and again until lately."""
    if record.reason != "Unhealthy" or not record.message.startswith("Liveness") or record.count < _AGAIN:
        return False
    now = store.now
    ago = record.ago if now is None or record.last is None else now - record.last
    return ago is not None and ago <= LATELY


def _has_passed(store: Store, record: EventRecord, successes: dict[tuple[str, str, str, str], EventRecord]) -> bool:
    if record.reason == "FailedScheduling":
        pod = store.find(Pod, "Pod", record.namespace, record.name)
        if pod is not None and pod.body.spec.node_name:
            return True
    if record.reason == "Unhealthy" and _is_leaving(store, record, successes):
        return True
    if record.reason in _LATE and _LATE[record.reason] in record.message:
        return True
    ways = _RECOVERIES.get(record.reason, frozenset())
    if "pull" in record.message.lower() and record.reason in ("Failed", "BackOff"):
        ways = frozenset(("Pulled",))
    about = (record.namespace, record.kind, record.name)
    later = (success for way in ways if (success := successes.get((*about, way))))
    return any(record.is_followed_by(success) for success in later)


def _is_leaving(store: Store, record: EventRecord, successes: dict[tuple[str, str, str, str], EventRecord]) -> bool:
    """Return whether a probe failed of a container that had been told to stop before, as in a rolling update."""
    stopped = successes.get((record.namespace, record.kind, record.name, "Killing"))
    if stopped is None or not stopped.message.startswith("Stopping container"):
        return False
    pod = store.find(Pod, "Pod", record.namespace, record.name)
    return (pod is None or bool(pod.body.metadata.deletion_timestamp)) and stopped.is_followed_by(record)


def _verdict(store: Store, pods: Pods, record: EventRecord, newest: float | None) -> Verdict:
    if not record.name:
        return Verdict.UNKNOWN
    if record.kind == "Pod":
        return _of_pod(store, pods, record, newest)
    if record.kind == "Node":
        return _of_node(store, pods, record, newest)
    if record.kind in WORKLOADS:
        return _of_workload(store, pods, record, newest)
    seen = _judged(store, record)
    if seen is not None:
        return seen
    if store.find_any(record.kind, record.namespace, record.name) is None and store.complete(
        record.kind, record.namespace
    ):
        return Verdict.HISTORY
    return _of_namespace(store, pods, record.namespace)


def _of_pod(store: Store, pods: Pods, record: EventRecord, newest: float | None) -> Verdict:
    seen = store.find(Pod, "Pod", record.namespace, record.name)
    if seen is not None:
        troubled = (seen.namespace, seen.name) in pods.troubled_names
        return Verdict.TROUBLED if troubled else Verdict.HISTORY
    owner = pods.owner(record.namespace, record.name)
    namespace = _namespace_of(pods, record, owner)
    suffers = (namespace, owner) in pods.troubled_owners or _suffers(store, pods, namespace, owner)
    if store.complete("Pod", namespace):
        recent = newest is not None and record.last is not None and newest - record.last <= LATELY
        told = recent or record.reason == "Preempted"  # it is said once, and the Pod that comes instead waits for room
        return Verdict.UNKNOWN if told and suffers else Verdict.HISTORY
    if suffers:
        return Verdict.UNKNOWN
    if pods.by_owner.get((namespace, owner)):
        return Verdict.HISTORY
    return _of_namespace(store, pods, namespace)


def _namespace_of(pods: Pods, record: EventRecord, owner: Owner) -> str:
    """Return the namespace of an event: a table of one namespace leaves it out, and only one may have this workload."""
    spaces = pods.namespaces.get(owner, frozenset()) if not record.namespace else frozenset()
    return next(iter(spaces)) if len(spaces) == 1 else record.namespace


def _is_going_on(record: EventRecord, newest: float | None) -> bool:
    """Return whether a Warning was said again and again until lately."""
    recent = newest is not None and record.last is not None and newest - record.last <= LATELY
    return record.warning and record.count >= _AGAIN and recent


def _of_node(store: Store, pods: Pods, record: EventRecord, newest: float | None) -> Verdict:
    node = store.find(Node, "Node", "", record.name)
    if node is None:
        if store.complete("Node", ""):
            return Verdict.HISTORY
        if _is_going_on(record, newest):
            return Verdict.UNKNOWN
        there = [pod for seen in pods.by_namespace.values() for pod in seen if pod.body.spec.node_name == record.name]
        well = bool(there) and not any((pod.namespace, pod.name) in pods.troubled_names for pod in there)
        return Verdict.HISTORY if well else _of_namespace(store, pods, "")
    if is_joining(store, node):
        return Verdict.HISTORY
    if not is_sound(node.body):
        return Verdict.TROUBLED
    since = seconds_of(condition_of(node.body.status.conditions, "Ready").last_transition_time)
    if since is None or record.last is None or record.last <= since or record.reason in _HARMLESS_ON_READY_NODES:
        return Verdict.HISTORY
    return Verdict.TROUBLED if ready_of(node.body) else Verdict.UNKNOWN


def _of_workload(store: Store, pods: Pods, record: EventRecord, newest: float | None) -> Verdict:
    owner = owner_of(store, record.kind, record.namespace, record.name)
    namespace = _namespace_of(pods, record, owner)
    if _suffers(store, pods, namespace, (record.kind, record.name)) or _suffers(store, pods, namespace, owner):
        return Verdict.TROUBLED
    if (namespace, owner) in pods.troubled_owners:
        return Verdict.TROUBLED
    if record.warning and (runs := _of_runs(store, record)):
        return runs
    known = store.find_any(record.kind, namespace, record.name) or store.find_any(owner[0], namespace, owner[1])
    if known is not None or store.complete(record.kind, namespace) or pods.by_owner.get((namespace, owner)):
        return Verdict.HISTORY
    if record.reason == "FailedCreate" and _is_going_on(record, newest):
        return Verdict.UNKNOWN  # it has no Pods that could be well
    return _of_namespace(store, pods, namespace)


def _of_runs(store: Store, record: EventRecord) -> Verdict | None:
    """Return the verdict on a Warning about a Job or CronJob that is there: it holds until a run starts or succeeds."""
    seen = store.find(Workload, record.kind, record.namespace, record.name)
    if seen is None or seen.kind not in ("Job", "CronJob") or seen.declared:
        return None
    status = seen.body.status
    if seen.kind == "Job":
        over = (
            condition_of(status.conditions, "Complete").status == "True" or status.ready_replicas or _is_done(seen.body)
        )
        return Verdict.HISTORY if over else Verdict.TROUBLED
    later = (seconds_of(moment) for moment in (status.last_schedule_time, status.last_successful_time))
    over = any(moment is not None and record.last is not None and moment > record.last for moment in later)
    return Verdict.HISTORY if over else Verdict.TROUBLED


def _is_done(job: Workload) -> bool:
    return 0 < (job.spec.completions if job.spec.completions is not None else 1) <= job.status.succeeded


def _suffers(store: Store, pods: Pods, namespace: str, owner: tuple[str, str]) -> bool:
    workload = store.find(Workload, owner[0], namespace, owner[1])
    return workload is not None and is_troubled(store, pods, workload)


def _judged(store: Store, record: EventRecord) -> Verdict | None:
    """Return the verdict on an object by its own state, or None if it has no state. A young one may only wait."""
    seen = store.find_any(record.kind, record.namespace, record.name)
    body = seen.body if seen else None
    waits = isinstance(body, HorizontalPodAutoscaler) or record.reason == "ExternalProvisioning"
    if seen is not None and waits and (age := store.age_of(seen)) is not None and age < YOUNG:
        return Verdict.HISTORY
    if isinstance(body, PersistentVolumeClaim | PersistentVolume):
        return Verdict.HISTORY if body.status.phase in ("Bound", "Available") else Verdict.TROUBLED
    if isinstance(body, HorizontalPodAutoscaler) and body.status.conditions:
        failing = any(found.status == "False" for found in body.status.conditions if found.type != "ScalingLimited")
        return Verdict.TROUBLED if failing else Verdict.HISTORY
    if isinstance(body, Service) and body.spec.type == "LoadBalancer" and seen and seen.full:
        return Verdict.HISTORY if body.status.load_balancer.ingress else Verdict.TROUBLED
    return None


def _of_namespace(store: Store, pods: Pods, namespace: str) -> Verdict:
    """Return HISTORY when Pods of the namespace were seen (all Pods, for what has none) and all of them are well."""
    everywhere = not namespace and any(pods.by_namespace.values()) and store.complete("Pod", "")
    there = pods.by_namespace.get(namespace) or everywhere
    well = there and not any(pod.seen.namespace == namespace or not namespace for pod in pods.troubled)
    return Verdict.HISTORY if well else Verdict.UNKNOWN
