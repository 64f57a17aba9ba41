"""Settings that do not reach a program, or lead it astray: in come failures, out go `missing_key`, `stale_setting` and `proxied` facts.

A key that a ConfigMap lacks leaves an optional variable unset, and the program falls back to what it has built in. A
variable keeps the value with which the container was started, whatever its Secret says since.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from facts.cluster.addresses import addresses
from facts.cluster.declared_addresses import declared_values
from facts.cluster.destinations import Destinations
from facts.cluster.field_managers import writes_of
from facts.cluster.index import Index
from facts.cluster.moment import seconds_of
from facts.cluster.objects import ConfigMap, NamedSource, Pod, PodSpec, Workload
from facts.cluster.pod_settings import pod_settings
from facts.cluster.store import Seen
from facts.cluster.whole_objects import whole_objects
from facts.extract.calls import Call
from facts.model.schema.domains.configuration import MissingKeyFact, ProxiedFact, StaleSettingFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject, text_of

_LIKENESS = 0.6
"""A key at least this like the missing one (0 to 1), which the workload does not read, may be its new name."""

_SLACK = 60.0
"""Seconds after the start of a container in which a write may still have been what it was started with."""

_USER = re.compile(r"//[^/@\s]*@")
"""User and password in the address of a proxy."""

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
        yield from _proxied(index, subject, spec, source)
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


def _proxied(index: Index, workload: Subject, spec: PodSpec, source: str) -> Iterator[Fact]:
    """Yield the Services that a workload calls by HTTP, and that its NO_PROXY does not keep from its proxy."""
    values = {
        place: value for place, value in declared_values(index, spec, workload.namespace) if place.startswith("env ")
    }
    named = {place.removeprefix("env ").upper(): value for place, value in values.items()}
    proxy = _USER.sub("//", named.get("HTTP_PROXY") or named.get("HTTPS_PROXY") or "")
    past = [
        entry.strip().lstrip("*.").lower() for entry in re.split(r"[,\s]+", named.get("NO_PROXY", "")) if entry.strip()
    ]
    for address in (
        addresses(index, spec, workload.namespace) if proxy and "*" not in named.get("NO_PROXY", "").split(",") else ()
    ):
        host = address.host.lower().rstrip(".")
        target = index.once(Destinations).of(host, address.port, workload.namespace).target
        inside = ".svc" in f"{host}." or (target is not None and target.kind == "Service")
        if (
            inside
            and address.value.startswith("http")
            and not any(host == one or host.endswith(f".{one}") for one in past)
        ):
            fact = ProxiedFact(
                namespace=workload.namespace,
                workload_kind=workload.kind,
                workload=workload.name,
                host=address.host,
                proxy=proxy,
                no_proxy=named.get("NO_PROXY", ""),
            )
            yield new_fact(
                fact,
                source,
                f"HTTP_PROXY {proxy}, NO_PROXY {fact.no_proxy or 'unset'}, {address.place}: {address.value}",
            )


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
