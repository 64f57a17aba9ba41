"""HorizontalPodAutoscalers that cannot scale, or stand at their maximum under load."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.event_record import EventRecord
from facts.cluster.index import Index
from facts.cluster.kinds import SCALABLE
from facts.cluster.objects import Condition, HorizontalPodAutoscaler, condition_of
from facts.cluster.store import Seen
from facts.model.schema.domains.capacity import HpaFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"
"""Where autoscaling/v1 keeps its conditions: an annotation that holds JSON."""

_PROBLEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("missing-request", re.compile(r"missing request for|no request for|does not have a .*request", re.IGNORECASE)),
    ("invalid-selector", re.compile(r"InvalidSelector|AmbiguousSelector|SelectorRequired")),
    ("target-missing", re.compile(r"FailedGetScale|FailedUpdateScale.*not found")),
    (
        "no-metrics",
        re.compile(r"FailedGet\w*Metric|FailedComputeMetricsReplicas|unable to (?:get|fetch) metrics|no metrics"),
    ),
)
_FIRST_METRICS = 120.0
"""Seconds until a new Pod has metrics: two rounds of metrics-server (60 s at most by default) and one of the controller."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `hpa` fact for each autoscaler that has a problem."""
    for scaler in sorted(index.store.every(HorizontalPodAutoscaler), key=lambda seen: (seen.namespace, seen.name)):
        conditions = _conditions(scaler.body)
        problem, failing = _problem(index, scaler, conditions)
        if problem and not scaler.declared and not _is_beginning(index, scaler, problem):
            yield _hpa(scaler, problem, failing)


def _is_beginning(index: Index, scaler: Seen[HorizontalPodAutoscaler], problem: str) -> bool:
    """Return whether an autoscaler or what it scales is so young that metrics need not be there yet."""
    target = scaler.body.spec.scale_target_ref
    scaled = index.store.find_any(target.kind, scaler.namespace, target.name)
    ages = [index.store.age_of(seen) for seen in (scaler, scaled) if seen]
    return problem == "no-metrics" and any(age is not None and age < _FIRST_METRICS for age in ages)


def _problem(
    index: Index, scaler: Seen[HorizontalPodAutoscaler], conditions: tuple[Condition, ...]
) -> tuple[str, Condition]:
    spec, status = scaler.body.spec, scaler.body.status
    able, active = condition_of(conditions, "AbleToScale"), condition_of(conditions, "ScalingActive")
    for failing in (able, active):
        if failing.status == "False" and failing.reason != "ScalingDisabled":
            return _kind_of(failing.reason, failing.message), failing
    target = spec.scale_target_ref
    gone = target.kind in SCALABLE and index.store.complete(target.kind, scaler.namespace)
    if gone and not index.store.find_any(target.kind, scaler.namespace, target.name):
        return "target-missing", Condition()
    if not conditions:
        failure = _failure(index, scaler)
        if failure:
            return _kind_of(failure.reason, failure.message), Condition(reason=failure.reason, message=failure.message)
        if "<unknown>" in _shown(scaler.body)[0]:
            return "no-metrics", Condition()
    limited = condition_of(conditions, "ScalingLimited")
    at_most = 0 < spec.max_replicas <= status.current_replicas
    if at_most and limited.status == "True" and limited.reason == "TooManyReplicas":
        return "at-maximum", limited
    return ("at-maximum", Condition()) if at_most and not conditions and _over(scaler.body) else ("", Condition())


def _kind_of(reason: str, message: str) -> str:
    return next((problem for problem, pattern in _PROBLEMS if pattern.search(f"{reason} {message}")), "other")


def _failure(index: Index, scaler: Seen[HorizontalPodAutoscaler]) -> EventRecord | None:
    records = index.events_about.get(("HorizontalPodAutoscaler", scaler.namespace, scaler.name), [])
    return next((record for record in reversed(records) if record.warning), None)


def _conditions(scaler: HorizontalPodAutoscaler) -> tuple[Condition, ...]:
    if scaler.status.conditions:
        return scaler.status.conditions
    written = (scaler.metadata.annotations or {}).get(_CONDITIONS, "")
    try:
        return msgspec.json.decode(written, type=tuple[Condition, ...]) if written else ()
    except msgspec.DecodeError:
        return ()


def _shown(scaler: HorizontalPodAutoscaler) -> tuple[str, str]:
    """Return the first metric now and as wanted, as `kubectl get hpa` shows them."""
    spec, status = scaler.spec, scaler.status
    if spec.target_cpu is not None:
        return ("<unknown>" if status.current_cpu is None else f"{status.current_cpu}%", f"{spec.target_cpu}%")
    wanted = _values(spec.metrics[0], "target") if spec.metrics else ""
    now = _values(status.current_metrics[0], "current") if status.current_metrics else ""
    return (now or ("<unknown>" if wanted else ""), wanted)


def _values(metric: dict[str, Any], side: str) -> str:
    source = next((value for key, value in metric.items() if key != "type" and isinstance(value, dict)), {})
    values = source.get(side, source)
    if not isinstance(values, dict):
        return ""
    for name in ("averageUtilization", "currentAverageUtilization", "targetAverageUtilization"):
        if values.get(name) is not None:
            return f"{values[name]}%"
    return next((str(values[name]) for name in ("averageValue", "value") if values.get(name) is not None), "")


def _over(scaler: HorizontalPodAutoscaler) -> bool:
    now, wanted = (re.fullmatch(r"(\d+)%", shown) for shown in _shown(scaler))
    return bool(now and wanted and int(now[1]) > int(wanted[1]))


def _hpa(scaler: Seen[HorizontalPodAutoscaler], problem: str, failing: Condition) -> Fact:
    spec, status = scaler.body.spec, scaler.body.status
    now, wanted = _shown(scaler.body)
    attributes = HpaFact(
        namespace=scaler.namespace,
        name=scaler.name,
        target_kind=spec.scale_target_ref.kind,
        target=spec.scale_target_ref.name,
        problem=problem,
        reason=failing.reason,
        message=failing.message,
        current_replicas=status.current_replicas,
        max_replicas=spec.max_replicas,
        current=now,
        target_value=wanted,
    )
    proof = f"condition {failing.type} {failing.reason}: {failing.message}" if failing.reason else f"{now}/{wanted}"
    return new_fact(attributes, scaler.source, proof)
