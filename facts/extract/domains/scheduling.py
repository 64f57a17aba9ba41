"""Why the scheduler found no node for a Pod, as it says and as its own filters tell.

The wordings are those of kubernetes/pkg/scheduler (framework/plugins/*, FitError) from 1.8 to today.
"""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from facts.cluster.index import Index
from facts.cluster.node_health import ready_of
from facts.cluster.objects import Node, Pod, condition_of
from facts.cluster.owners import guessed_owner
from facts.cluster.pod_health import PodPlace
from facts.cluster.scheduling.blockers import UNSCHEDULABLE, tolerates
from facts.cluster.store import Seen
from facts.model.schema.domains.pods import UnschedulableFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_AFTER_SELECTOR = frozenset(
    (
        "resource", "too-many-pods", "host-port", "volume-affinity", "volume-limit", "volume-missing", "topology-spread", "affinity", "anti-affinity",
    )
)  # fmt: skip
"""What the scheduler looks at only on nodes that the selector of the Pod admits (each node is told its first reason)."""
_OF_STATE = frozenset(("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"))
"""Taints that a node has as long as it is not Ready."""
_AVAILABLE = re.compile(r"(?:(\d{1,9})/)?\b(\d{1,9}) nodes are available:?\s*")
_COUNTED = re.compile(r"(\d{1,9}) (.*)", re.DOTALL)
_SPLIT = re.compile(r", (?=\d+ )")
_OLD = re.compile(r"(\w[\w ./-]*?) \((\d{1,9})\)")
_PREEMPTION = re.compile(r"[.,]?\s*(?:no new claims to deallocate,?\s*)?preemption:.*", re.DOTALL)
_TAINT = re.compile(r"taints?(?:\(s\))? \{([^:{}]+?):\s*([^{}]*)\}")
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (why, re.compile(pattern, re.IGNORECASE))
    for why, pattern in (
        ("taint", r"\btaints?\b|PodToleratesNodeTaints"),
        ("too-many-pods", r"too many pods|insufficient pods"),
        ("resource", r"insufficient ([\w./-]+)"),
        ("volume-missing", r"bound to non-existent p(?:ersistent)?v"),
        ("pvc-missing", r'persistentvolumeclaim "[^"]*" (?:not found|is being deleted)'),
        ("pvc-unbound", r"unbound (?:immediate )?persistentvolumeclaims|unbound pvcs?"),
        ("volume-affinity", r"volume node affinity|PersistentVolume's node affinity|available volume zone|NoVolumeZoneConflict|volume node conflict|NoVolumeNodeConflict|didn't find available persistent volumes|CheckVolumeBinding|not enough free storage|did not have enough free storage"),
        ("volume-limit", r"max volume count|MaxVolumeCount|MaxCSIVolumeCount|MaxEBSVolumeCount|MaxGCEPDVolumeCount"),
        ("host-port", r"free ports|PodFitsHostPorts"),
        ("topology-spread", r"topology spread"),
        ("anti-affinity", r"anti-?affinity"),
        ("node-selector", r"node selector|node affinity/selector|MatchNodeSelector|node\(s\) didn't match pod's node affinity$|didn't match the requested node name|didn't match the requested hostname"),
        ("affinity", r"pod affinity|affinity rules|MatchInterPodAffinity|match node affinity"),
        ("cordoned", r"were unschedulable|were not ready|NodeUnschedulable|NodeNotReady|out of disk"),
        ("gated", r"scheduling gates|SchedulingGated"),
        ("no-nodes", r"no nodes available|no nodes are available"),
    )
)  # fmt: skip


class Unplaced(msgspec.Struct, frozen=True):
    """A Pod without a node, and what the scheduler says of it, "" when the evidence does not tell."""

    place: PodPlace
    seen: Seen[Pod] | None
    message: str
    source: str


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `unschedulable` fact for each reason that keeps a Pod from being placed."""
    for pod in unplaced_pods(index):
        for reason in current_reasons(index, pod):
            yield new_fact(replace(reason, **pod.place), pod.source, pod.message)


def unplaced_pods(index: Index) -> Iterator[Unplaced]:
    """Yield the Pods in trouble that wait for a node, and those of which only an event of the scheduler tells."""
    told = set()
    for pod in index.pods.troubled:
        scheduled = condition_of(pod.seen.body.status.conditions, "PodScheduled")
        if pod.seen.body.spec.node_name or scheduled.status == "True" or pod.seen.body.status.phase != "Pending":
            continue
        if scheduled.status == "False" and scheduled.message:
            told.add((pod.seen.namespace, pod.seen.name))
            yield Unplaced(pod.place, pod.seen, scheduled.message, pod.seen.source)
    newest = {
        (record.namespace, record.name): record
        for record in index.events
        if record.reason == "FailedScheduling" and record.kind in ("Pod", "")
    }
    for (namespace, name), record in newest.items():
        if (namespace, name) in told:
            continue
        seen = index.store.find(Pod, "Pod", namespace, name) if name else None
        troubled = index.pods.troubled_names.get((seen.namespace, seen.name)) if seen else None
        if troubled:
            place = troubled.place
        else:
            kind, workload = guessed_owner(index.store, namespace, name, "")
            place = PodPlace(namespace=namespace, pod=name, node="", workload_kind=kind, workload=workload)
        told.add((place["namespace"], name))
        yield Unplaced(place, seen, record.message, record.source)
    for pod in index.pods.troubled:
        scheduled = condition_of(pod.seen.body.status.conditions, "PodScheduled")
        waits = pod.seen.body.status.phase == "Pending" and not pod.seen.body.spec.node_name
        if waits and scheduled.status != "True" and (pod.seen.namespace, pod.seen.name) not in told:
            yield Unplaced(pod.place, pod.seen, "", pod.seen.source)


def current_reasons(index: Index, pod: Unplaced) -> list[UnschedulableFact]:
    """Return the reasons that the scheduler gives, without those that are over or are no obstacle.

    The complete list of nodes shows what is over. The selector of the Pod is no obstacle when it admits nodes that
    something else rules out: what keeps the Pod from those is the reason. A node that is cordoned or in trouble may have
    the labels as well, since the scheduler looks at its state first and then no further.
    """
    found: list[UnschedulableFact] = []
    for reason in reasons_of(pod.message) if pod.message else ():
        unnamed = reason.why == "taint" and not reason.taint
        found += (_reasons_by_taint(index, pod.seen, reason) if unnamed else []) or [reason]
    left = [reason for reason in found if not _has_passed(index, reason)]
    admits = any((reason.why in _AFTER_SELECTOR or _is_of_state(reason)) and reason.nodes for reason in left)
    return [reason for reason in left if not (admits and reason.why == "node-selector")]


def _is_of_state(reason: UnschedulableFact) -> bool:
    return reason.why == "cordoned" or reason.taint.startswith("node.kubernetes.io/")


def is_outdated(index: Index, message: str) -> bool:
    """Return whether the complete list of nodes shows that a reason in a message of the scheduler is over."""
    return any(_has_passed(index, reason) for reason in reasons_of(message))


def _has_passed(index: Index, reason: UnschedulableFact) -> bool:
    nodes = index.store.every(Node)
    if not nodes or not index.store.complete("Node", ""):
        return False
    if reason.taint == UNSCHEDULABLE or (reason.why == "cordoned" and "unschedulable" in reason.detail.lower()):
        return not any(node.body.spec.unschedulable for node in nodes)
    if reason.taint in _OF_STATE:
        ready = all(ready_of(node.body) == "True" for node in nodes)
        return ready and not any(taint.key == reason.taint for node in nodes for taint in node.body.spec.taints)
    return False


def _reasons_by_taint(index: Index, pod: Seen[Pod] | None, reason: UnschedulableFact) -> list[UnschedulableFact]:
    """Return a reason for each taint that the Pod does not tolerate: from 1.35 on the scheduler only counts them."""
    if pod is None or not pod.full:
        return []
    counted = Counter(
        (taint.key, taint.value)
        for node in index.store.every(Node)
        for taint in node.body.spec.taints
        if taint.effect != "PreferNoSchedule" and not tolerates(pod.body, taint)
    )
    return [replace(reason, taint=key, taint_value=value, nodes=count) for (key, value), count in counted.items()]


def reasons_of(message: str) -> list[UnschedulableFact]:
    """Return the reasons that a scheduler message gives, without the Pod.

    >>> [(reason.why, reason.resource, reason.nodes, reason.of)
    ...  for reason in reasons_of("0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.")]
    [('resource', 'cpu', 1, 3), ('resource', 'memory', 2, 3)]
    """
    rest = _PREEMPTION.sub("", " ".join(message.split()))
    available = _AVAILABLE.search(rest)
    total = int(available[2]) if available else 0
    if available:
        rest = rest[available.end() :]
        parts = _SPLIT.split(rest.rstrip(". "))
    elif rest.lower().startswith("no nodes are available that match"):
        return [_reason(name, int(count), 0) for name, count in _OLD.findall(rest.partition(":")[2])]
    else:
        parts = [rest]
    found = []
    for part in parts:
        counted = _COUNTED.fullmatch(part.strip()) if available else None
        if counted:
            found.append(_reason(counted[2], int(counted[1]), total))
        elif part.strip():
            found.append(_reason(part.strip(), total, total))
    return found


def _reason(detail: str, nodes: int, total: int) -> UnschedulableFact:
    detail = detail.strip(" .,:")
    why, match = "other", None
    for name, pattern in _REASONS:
        match = pattern.search(detail)
        if match:
            why = name
            break
    taint = _TAINT.search(detail) if why == "taint" else None
    return UnschedulableFact(
        why=why,
        resource=match[1] if match and why == "resource" else "",
        taint=taint[1].strip() if taint else "",
        taint_value=taint[2].strip() if taint else "",
        nodes=nodes,
        of=total,
        detail=detail,
    )
