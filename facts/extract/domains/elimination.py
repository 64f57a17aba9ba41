"""Which reason alone keeps a Pod from a node: computed from nodes and Pods, else read from the scheduler's message."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeGuard

from facts.cluster.index import Index
from facts.cluster.objects import Pod
from facts.cluster.scheduling.blockers import UNSCHEDULABLE
from facts.cluster.scheduling.cluster import Cluster
from facts.cluster.scheduling.elimination import STANDING, Verdict, eliminate
from facts.cluster.store import Seen
from facts.extract.domains.scheduling import Unplaced, current_reasons, unplaced_pods
from facts.model.schema.domains.pods import UnschedulableFact, UnschedulableReasonFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_CHECKS = 100_000
"""How many pairs of a Pod and a node are worked out: one Pod stands for its workload."""
_BYTES = frozenset(("memory", "ephemeral-storage"))
_TABLE = 0


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `unschedulable_reason` fact for each reason that keeps a Pod from nodes."""
    cluster = Cluster(index.store)
    worked_out: dict[tuple[str, str, str], tuple[Verdict, ...]] = {}
    left = _CHECKS if cluster.known else 0
    for pod in unplaced_pods(index):
        workload = (pod.place["namespace"], pod.place["workload_kind"], pod.place["workload"])
        if workload not in worked_out and _is_known(pod.seen) and left >= len(cluster.nodes):
            left -= len(cluster.nodes)
            worked_out[workload] = eliminate(cluster, pod.seen)
        verdicts = worked_out.get(workload, ()) if _is_known(pod.seen) else ()
        yield from _computed(pod, verdicts) if verdicts else _told(index, pod)


def _is_known(pod: Seen[Pod] | None) -> TypeGuard[Seen[Pod]]:
    return pod is not None and pod.fidelity > _TABLE


def _computed(pod: Unplaced, verdicts: tuple[Verdict, ...]) -> Iterator[Fact]:
    for verdict in verdicts:
        blocker = verdict.blocker
        fact = UnschedulableReasonFact(
            **pod.place,
            reason=blocker.reason,
            detail=blocker.detail,
            value=_amount(blocker.detail, blocker.value) if blocker.reason == "resource" else blocker.value,
            nodes_blocked=verdict.nodes,
            nodes_total=verdict.total,
            decisive=verdict.decisive,
            computed=True,
        )
        proof = f"{blocker.reason} {fact.detail} {fact.value}".strip()
        yield new_fact(fact, pod.source, f"{proof} rules out {verdict.nodes} of {verdict.total} nodes")


def _told(index: Index, pod: Unplaced) -> Iterator[Fact]:
    """Yield the reasons of the message; one is decisive when it is the only one, but for taints that are meant to stay."""
    reasons = current_reasons(index, pod)
    meant = [reason for reason in reasons if not reason.taint.startswith(STANDING)] or reasons
    for reason in reasons:
        cordoned = reason.taint == UNSCHEDULABLE
        fact = UnschedulableReasonFact(
            **pod.place,
            reason="cordoned" if cordoned else reason.why,
            detail="" if cordoned else _about(reason),
            value=reason.taint_value,
            nodes_blocked=reason.nodes,
            nodes_total=reason.of,
            decisive=meant == [reason],
        )
        yield new_fact(fact, pod.source, pod.message)


def _about(reason: UnschedulableFact) -> str:
    return reason.resource or reason.taint


def _amount(resource: str, value: str) -> str:
    """Return an amount as people write it.

    >>> _amount("memory", "4294967296"), _amount("cpu", "3/2"), _amount("nvidia.com/gpu", "1")
    ('4Gi', '1.5', '1')
    """
    number = Fraction(value)
    if resource in _BYTES or resource.startswith("hugepages-"):
        for power, unit in ((3, "Gi"), (2, "Mi"), (1, "Ki")):
            if number >= 1024**power:
                return f"{float(number / 1024**power):.4g}{unit}"
    return f"{float(number):.6g}"
