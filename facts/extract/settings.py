"""Settings that do not reach a program: in come failures, out go `missing_key` and `stale_setting` facts.

A key that a ConfigMap lacks leaves an optional variable unset, and the program falls back to what it has built in. A
variable keeps the value with which the container was started, whatever its Secret says since.
"""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from facts.cluster.field_managers import writes_of
from facts.cluster.index import Index
from facts.cluster.moment import seconds_of
from facts.cluster.objects import ConfigMap, NamedSource, Pod, PodSpec, Workload
from facts.cluster.pod_settings import pod_settings
from facts.cluster.store import Seen
from facts.cluster.whole_objects import whole_objects
from facts.extract.calls import Call
from facts.model.schema.domains.configuration import MissingKeyFact, StaleSettingFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject, text_of

_LIKENESS = 0.6
"""A key at least this like the missing one (0 to 1), which the workload does not read, may be its new name."""

_SLACK = 60.0
"""Seconds after the start of a container in which a write may still have been what it was started with."""

_OF_IDENTITY = frozenset(("unauthenticated", "untrusted", "forbidden", "expired", "permission-denied"))
"""What a failure looks like that an old key, password or certificate brings about."""


def settings_of(index: Index, failures: Iterable[Fact], calls: Iterable[Call]) -> Iterator[Fact]:
    """Yield the facts about workloads that fail: only there is it worth knowing what they read."""
    failing: dict[Subject, set[str]] = {}
    for fact in failures:
        if fact.attributes["state"] != "recovered":
            names = ("workload_kind", "workload", "namespace")
            workload = Subject(*(text_of(fact.attributes[name]) for name in names))
            failing.setdefault(workload, set()).add(text_of(fact.attributes["error"]))
    for call in calls:
        failing.setdefault(call.caller, set()).add(call.failed.error)
    for namespace, owner in index.pods.troubled_owners:
        failing.setdefault(Subject(*owner, namespace), set())
    written: dict[tuple[str, str, str], str] = {}
    if any(errors & _OF_IDENTITY for errors in failing.values()):
        written = dict(_written(index))
    for workload in sorted(failing):
        known = _found(index, workload) if workload.name else None
        if known is None:
            continue
        subject, spec, pods, source = known
        yield from _missing_keys(index, subject, spec, source)
        if failing[workload] & _OF_IDENTITY:
            yield from _stale(subject, spec, pods, written)


def _found(index: Index, workload: Subject) -> tuple[Subject, PodSpec, list[Seen[Pod]], str] | None:
    """Return a workload with its specification and Pods, found by name where the text does not tell its namespace."""
    seen = index.store.find(Workload, workload.kind, workload.namespace, workload.name)
    pods = list(index.pods.by_owner.get((workload.namespace, (workload.kind, workload.name)), ()))
    if seen is not None and seen.body.spec.template.spec.containers:
        return seen.subject, seen.body.spec.template.spec, pods, seen.source
    whole = next((pod for pod in pods if pod.body.spec.containers), None)
    return (workload, whole.body.spec, pods, whole.source) if whole else None


def _missing_keys(index: Index, workload: Subject, spec: PodSpec, source: str) -> Iterator[Fact]:
    containers = (*spec.containers, *spec.init_containers)
    variables = [variable for container in containers for variable in container.env if variable.value_from]
    references = [(each.name, each.value_from.config_map_key_ref) for each in variables if each.value_from]
    read = {(reference.name, reference.key) for _, reference in references if reference}
    for variable, reference in references:
        data = _data(index, workload.namespace, reference)
        if reference is None or not reference.optional or data is None or reference.key in data:
            continue
        others = [key for key in sorted(data) if (reference.name, key) not in read]
        near = get_close_matches(reference.key, others, 1, _LIKENESS)
        fact = MissingKeyFact(
            namespace=workload.namespace,
            workload_kind=workload.kind,
            workload=workload.name,
            variable=variable,
            configmap=reference.name,
            key=reference.key,
            near=near[0] if near else "",
        )
        yield new_fact(fact, source, f"env {variable}: key {reference.key} of ConfigMap {reference.name}, optional")


def _data(index: Index, namespace: str, reference: NamedSource | None) -> dict[str, str] | None:
    seen = index.store.find(ConfigMap, "ConfigMap", namespace, reference.name) if reference else None
    return seen.body.data if seen else None


def _written(index: Index) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield the moment at which the data of each Secret and ConfigMap was written last, or it was made."""
    for key, whole in whole_objects(index, ("Secret", "ConfigMap")).items():
        writes = [write.moment for write in writes_of(whole) if write.touches("data") or write.touches("stringData")]
        created = str((whole.get("metadata") or {}).get("creationTimestamp") or "")
        if moment := max([*writes, created]):
            yield key, moment


def _stale(
    workload: Subject, spec: PodSpec, pods: list[Seen[Pod]], written: dict[tuple[str, str, str], str]
) -> Iterator[Fact]:
    started = {moment for pod in pods if (moment := _started(pod))}
    if not started:
        return
    first = min(started)
    told = set()
    for setting in pod_settings(spec):
        moment = written.get((setting.kind, workload.namespace, setting.name), "")
        then, start = seconds_of(moment), seconds_of(first)
        if then is None or start is None or then - start <= _SLACK or (setting.kind, setting.name) in told:
            continue
        told.add((setting.kind, setting.name))
        fact = StaleSettingFact(
            namespace=workload.namespace,
            workload_kind=workload.kind,
            workload=workload.name,
            kind=setting.kind,
            name=setting.name,
            written=moment,
            started=first,
        )
        yield new_fact(fact, f"{setting.kind} {setting.name}", f"written {moment}, read by Pods that run since {first}")


def _started(pod: Seen[Pod]) -> str:
    """Return when the oldest container that runs in a Pod was started, "" when none does."""
    states = [status.state.running for status in pod.body.status.container_statuses]
    return min((state.started_at for state in states if state and state.started_at), default="")
