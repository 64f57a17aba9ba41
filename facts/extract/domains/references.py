"""Objects that are named but missing, known from the messages of components or from complete lists."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from facts.cluster.index import Index
from facts.cluster.kinds import SCALABLE
from facts.cluster.objects import HorizontalPodAutoscaler, PersistentVolumeClaim, Pod, Workload
from facts.cluster.owners import owner_of
from facts.model.schema.domains.workloads import ReferenceFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_KINDS = {
    name.lower(): name
    for name in (
        "ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume", "ServiceAccount", "StorageClass",
        "PriorityClass", "RuntimeClass", "IngressClass", "Service", "Deployment", "StatefulSet", "ReplicaSet", "Issuer",
        "ClusterIssuer",
    )
}  # fmt: skip
"""Kinds of which a component says that one is missing."""
_NOT_FOUND = re.compile(
    rf'\b({"|".join(sorted(_KINDS, key=len, reverse=True))})(?:es|s)?(?:/scale)?(?:\.[a-z0-9.-]+)? "(?:[a-z0-9-]+/)?([^"\s]+)"'
    r"(?: is)? (?:not found|does not exist|was not found)",
    re.IGNORECASE,
)
_KEY_IN = re.compile(r"couldn't find key (\S+) in (ConfigMap|Secret) (?:[a-z0-9-]+/)?([^\s,]+)")
_KEY_OF_VOLUME = re.compile(r'volume "([^"]+)".*references non-existent (config|secret) key: ([^\s,"]+)')
_PULL_SECRETS = re.compile(r"Unable to retrieve some image pull secrets \(([^)]+)\)")
_PRIORITY_CLASS = re.compile(r"no PriorityClass with name (\S+) was found")
_CSI_DRIVER = re.compile(r"driver name (\S+) not found in the list of registered CSI drivers")


class Missing(msgspec.Struct, frozen=True):
    """One thing that is missing, and the key in it where only that is."""

    kind: str
    name: str
    key: str = ""


class _From(msgspec.Struct, frozen=True):
    namespace: str
    kind: str
    name: str


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `reference` fact for each missing thing and object that names it, once."""
    told: set[tuple[_From, Missing]] = set()
    for of, missing, source, text in (*_from_statuses(index), *_from_events(index), *_from_lists(index)):
        if (of, missing) in told:
            continue
        told.add((of, missing))
        kind, workload = owner_of(index.store, of.kind, of.namespace, of.name)
        attributes = ReferenceFact(
            namespace=of.namespace,
            from_kind=of.kind,
            from_=of.name,
            to_kind=missing.kind,
            to=missing.name,
            key=missing.key,
            workload_kind=kind,
            workload=workload,
        )
        yield new_fact(attributes, source, text)


def missing_in(message: str, pod: Pod | None = None) -> Iterator[Missing]:
    """Yield what a message says is missing; `pod` tells what a volume that the message names is filled from.

    >>> [(found.kind, found.name) for found in missing_in('configmap "settings" not found')]
    [('ConfigMap', 'settings')]
    """
    for kind, name in _NOT_FOUND.findall(message):
        yield Missing(_KINDS[kind.lower()], name)
    for key, kind, name in _KEY_IN.findall(message):
        yield Missing(kind, name, key)
    for volume, kind, key in _KEY_OF_VOLUME.findall(message):
        name = _source_of(volume, pod) if pod else ""
        yield Missing("ConfigMap" if kind == "config" else "Secret", name, key)
    for names in _PULL_SECRETS.findall(message):
        for name in names.split(","):
            yield Missing("Secret", name.strip())
    for name in _PRIORITY_CLASS.findall(message):
        yield Missing("PriorityClass", name)
    for name in _CSI_DRIVER.findall(message):
        yield Missing("CSIDriver", name)


def _source_of(volume: str, pod: Pod) -> str:
    for found in pod.spec.volumes:
        if found.name == volume and (filled := found.config_map or found.secret):
            return filled.name or filled.secret_name
    return ""


_Found = Iterable[tuple[_From, Missing, str, str]]


def _from_statuses(index: Index) -> _Found:
    for pod in index.pods.troubled:
        of, status = _From(pod.seen.namespace, "Pod", pod.seen.name), pod.seen.body.status
        messages = [condition.message for condition in status.conditions if condition.status == "False"]
        for container in (*status.init_container_statuses, *status.container_statuses):
            messages += [container.state.waiting.message] if container.state.waiting else []
        for message in messages:
            for missing in missing_in(message, pod.seen.body):
                yield of, missing, pod.seen.source, message
    for workload in index.troubled_workloads:
        for condition in workload.body.status.conditions:
            for missing in missing_in(condition.message) if condition.type == "ReplicaFailure" else ():
                yield (
                    _From(workload.namespace, workload.kind, workload.name),
                    missing,
                    workload.source,
                    condition.message,
                )


def _from_events(index: Index) -> _Found:
    for record in index.events:
        pod = index.store.find(Pod, "Pod", record.namespace, record.name) if record.kind == "Pod" else None
        for missing in missing_in(record.message, pod.body if pod else None):
            if (missing.kind, missing.name) != (record.kind, record.name):
                yield _From(record.namespace, record.kind, record.name), missing, record.source, record.message


def _from_lists(index: Index) -> _Found:
    store = index.store
    for pod in index.pods.troubled:
        for volume in pod.seen.body.spec.volumes:
            claim = volume.persistent_volume_claim
            if claim and _absent(index, "PersistentVolumeClaim", pod.seen.namespace, claim.claim_name):
                of = _From(pod.seen.namespace, "Pod", pod.seen.name)
                text = f"spec.volumes[{volume.name}].persistentVolumeClaim.claimName: {claim.claim_name}"
                yield of, Missing("PersistentVolumeClaim", claim.claim_name), pod.seen.source, text
    for workload in store.every(Workload):
        name = workload.body.spec.service_name
        if workload.kind == "StatefulSet" and name and _absent(index, "Service", workload.namespace, name):
            of = _From(workload.namespace, "StatefulSet", workload.name)
            yield of, Missing("Service", name), workload.source, f"spec.serviceName: {name}"
    for claim_seen in store.every(PersistentVolumeClaim):
        class_name = claim_seen.body.spec.storage_class_name
        if claim_seen.body.status.phase == "Pending" and class_name and _absent(index, "StorageClass", "", class_name):
            of = _From(claim_seen.namespace, "PersistentVolumeClaim", claim_seen.name)
            yield of, Missing("StorageClass", class_name), claim_seen.source, f"spec.storageClassName: {class_name}"
    for scaler in store.every(HorizontalPodAutoscaler):
        target = scaler.body.spec.scale_target_ref
        known = target.kind in SCALABLE
        if known and _absent(index, target.kind, scaler.namespace, target.name):
            of = _From(scaler.namespace, "HorizontalPodAutoscaler", scaler.name)
            text = f"spec.scaleTargetRef: {target.kind}/{target.name}"
            yield of, Missing(target.kind, target.name), scaler.source, text


def _absent(index: Index, kind: str, namespace: str, name: str) -> bool:
    """Return whether all objects of `kind` were seen, and none of that name was among them."""
    return bool(name) and index.store.complete(kind, namespace) and not index.store.find_any(kind, namespace, name)
