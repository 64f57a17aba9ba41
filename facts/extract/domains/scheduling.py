"""Why the scheduler found no node for a Pod.

The wordings are those of kubernetes/pkg/scheduler (framework/plugins/*, FitError) from 1.8 to today.
"""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from facts.cluster.index import Index
from facts.cluster.objects import Node, Pod, Taint, condition_of
from facts.cluster.owners import guessed_owner
from facts.cluster.pod_health import PodPlace
from facts.model.schema.domains.pods import UnschedulableFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_AVAILABLE = re.compile(r"(?:(\d+)/)?(\d+) nodes are available:?\s*")
_COUNTED = re.compile(r"(\d+) (.*)", re.DOTALL)
_SPLIT = re.compile(r", (?=\d+ )")
_OLD = re.compile(r"(\w[\w ./-]*?) \((\d+)\)")
_PREEMPTION = re.compile(r"[.,]?\s*(?:no new claims to deallocate,?\s*)?preemption:.*", re.DOTALL)
_TAINT = re.compile(r"taints?(?:\(s\))? \{([^:{}]+?):\s*([^{}]*)\}")
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (why, re.compile(pattern, re.IGNORECASE))
    for why, pattern in (
        ("taint", r"\btaints?\b|PodToleratesNodeTaints"),
        ("too-many-pods", r"too many pods|insufficient pods"),
        ("resource", r"insufficient ([\w./-]+)"),
        ("pvc-missing", r'persistentvolumeclaim "[^"]*" (?:not found|is being deleted|bound to non-existent)'),
        ("pvc-unbound", r"unbound (?:immediate )?persistentvolumeclaims|unbound pvcs?"),
        ("volume-affinity", r"volume node affinity|available volume zone|NoVolumeZoneConflict|volume node conflict|NoVolumeNodeConflict|didn't find available persistent volumes|CheckVolumeBinding|not enough free storage|did not have enough free storage"),
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


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `unschedulable` fact for each reason that keeps a Pod from being placed."""
    told = set()
    for pod in index.pods.troubled:
        scheduled = condition_of(pod.seen.body.status.conditions, "PodScheduled")
        if pod.seen.body.spec.node_name or scheduled.status == "True":
            continue
        if scheduled.status == "False" and scheduled.message:
            told.add((pod.seen.namespace, pod.seen.name))
            yield from _facts(index, pod.place, scheduled.message, pod.seen.source)
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
        yield from _facts(index, place, record.message, record.source)


def _facts(index: Index, place: PodPlace, message: str, source: str) -> Iterator[Fact]:
    for reason in reasons_of(message):
        reasons = [reason]
        if reason.why == "taint" and not reason.taint:
            reasons = _reasons_by_taint(index, place, reason) or reasons
        for each in reasons:
            yield new_fact(replace(each, **place), source, message)


def _reasons_by_taint(index: Index, place: PodPlace, reason: UnschedulableFact) -> list[UnschedulableFact]:
    """Return a reason for each taint that the Pod does not tolerate: from 1.35 on the scheduler only counts them."""
    pod = index.store.find(Pod, "Pod", place["namespace"], place["pod"])
    if pod is None or not pod.full:
        return []
    counted = Counter(
        (taint.key, taint.value)
        for node in index.store.every(Node)
        for taint in node.body.spec.taints
        if taint.effect != "PreferNoSchedule" and not _tolerates(pod.body, taint)
    )
    return [replace(reason, taint=key, taint_value=value, nodes=count) for (key, value), count in counted.items()]


def _tolerates(pod: Pod, taint: Taint) -> bool:
    """Return what kubernetes/staging/src/k8s.io/api/core/v1/toleration.go says."""
    return any(
        (not each.effect or each.effect == taint.effect)
        and (not each.key or each.key == taint.key)
        and (each.operator == "Exists" or each.value == taint.value)
        for each in pod.spec.tolerations
    )


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
