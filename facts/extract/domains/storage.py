"""Claims and volumes that are not bound, or that Pods in trouble use."""

from collections.abc import Iterator, Sequence

from facts.cluster.event_record import EventRecord, event_records
from facts.cluster.index import Index
from facts.cluster.objects import PersistentVolume, PersistentVolumeClaim, Pod, StorageClass
from facts.cluster.pod_health import YOUNG
from facts.cluster.store import Seen, Store
from facts.extract.domains.references import missing_in
from facts.model.schema.domains.storage import PodPvcFact, PodVolumeFact, PvcFact, PvFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_DEFAULT = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")
_NOT_SOURCES = frozenset(("nodeAffinity", "capacity", "claimRef"))


def extract(index: Index) -> Iterator[Fact]:
    """Yield `pvc`, `pod_pvc`, `pv` and `pod_volume` facts."""
    unbound = {
        (claim.namespace, claim.name): claim
        for claim in index.store.every(PersistentVolumeClaim)
        if claim.body.status.phase not in ("Bound", "")
    }
    used = _claims_of_pods(index)
    waiting = _waiting(index) if unbound else set()
    for key, claim in unbound.items():
        yield from _claim(index, claim, is_used=key in used, says_so=key in waiting)
    yield from _missing(index)
    bound = _bound_volumes(index)
    mounted: set[str] = set()
    for pod in index.pods.troubled:
        for name in claim_names(pod.seen.body):
            key = (pod.seen.namespace, name)
            if key in unbound or _is_missing(index, *key):
                proof = f"persistentVolumeClaim.claimName: {name}"
                yield new_fact(PodPvcFact(**pod.place, pvc=name), pod.seen.source, proof)
            if key in bound:
                mounted.add(bound[key].name)
    yield from _nfs(index, bound)
    for volume in index.store.every(PersistentVolume):
        if volume.body.status.phase in ("Failed", "Released") or volume.name in mounted:
            yield _volume(volume)


def claim_names(pod: Pod) -> list[str]:
    """Return the names of the claims that a Pod uses, those of its ephemeral volumes included."""
    claims = [each.persistent_volume_claim.claim_name for each in pod.spec.volumes if each.persistent_volume_claim]
    return claims + [f"{pod.metadata.name}-{each.name}" for each in pod.spec.volumes if each.ephemeral is not None]


def _claims_of_pods(index: Index) -> set[tuple[str, str]]:
    pods = index.store.every(Pod)
    return {(pod.namespace, name) for pod in pods if pod.body.spec.volumes for name in claim_names(pod.body)}


def _waiting(index: Index) -> set[tuple[str, str]]:
    """Return the claims of which the controller says that no Pod uses them yet."""
    return {
        (record.namespace, record.name)
        for record in event_records(index.store)
        if record.kind == "PersistentVolumeClaim" and record.reason == "WaitForFirstConsumer"
    }


def _claim(index: Index, claim: Seen[PersistentVolumeClaim], *, is_used: bool, says_so: bool) -> Iterator[Fact]:
    store, spec, phase = index.store, claim.body.spec, claim.body.status.phase
    failures = [
        record
        for record in index.events_about.get(("PersistentVolumeClaim", claim.namespace, claim.name), [])
        if record.warning or record.reason == "FailedBinding"  # is of type Normal
    ]
    age = store.age_of(claim)
    if phase == "Pending" and not failures and age is not None and age < YOUNG:
        return
    class_name = spec.storage_class_name or ""
    known = store.find(StorageClass, "StorageClass", "", class_name) if class_name else None
    waits = known is not None and known.body.volume_binding_mode == "WaitForFirstConsumer"
    waits = waits or (says_so and not failures)
    attributes = PvcFact(
        namespace=claim.namespace,
        name=claim.name,
        phase=phase if phase in ("Pending", "Lost") else "Pending",
        storage_class=class_name,
        class_exists=_class_exists(store, class_name, known, failures),
        default_class=_default_class(index),
        waits_for_consumer=waits and not is_used and phase == "Pending",
        access_modes=",".join(spec.access_modes),
        size=str((spec.resources.requests or {}).get("storage", "")),
        reason=failures[-1].reason if failures else "",
        message=failures[-1].message if failures else "",
    )
    yield new_fact(attributes, claim.source, f"status.phase: {phase} storageClassName: {class_name}")


def _class_exists(store: Store, name: str, known: Seen[StorageClass] | None, failures: Sequence[EventRecord]) -> str:
    """Return "true", "false" or "unknown": from the class itself, the provisioner's events, or the whole list."""
    if known:
        return "true"
    missing = {(each.kind, each.name) for record in failures for each in missing_in(record.message)}
    gone = bool(name) and (("StorageClass", name) in missing or store.complete("StorageClass", ""))
    return "false" if gone else "unknown"


def _default_class(index: Index) -> str:
    classes = index.store.every(StorageClass)
    if any((each.body.metadata.annotations or {}).get(name) == "true" for each in classes for name in _DEFAULT):
        return "true"
    return "false" if index.store.complete("StorageClass", "") else "unknown"


def _missing(index: Index) -> Iterator[Fact]:
    told = set()
    for pod in index.pods.troubled:
        for name in claim_names(pod.seen.body):
            key = (pod.seen.namespace, name)
            if key not in told and _is_missing(index, *key):
                told.add(key)
                attributes = PvcFact(
                    namespace=key[0],
                    name=name,
                    phase="missing",
                    class_exists="unknown",
                    default_class=_default_class(index),
                )
                yield new_fact(attributes, pod.seen.source, f"PersistentVolumeClaim {name} does not exist")


def _is_missing(index: Index, namespace: str, name: str) -> bool:
    known = index.store.find_any("PersistentVolumeClaim", namespace, name)
    return known is None and index.store.complete("PersistentVolumeClaim", namespace)


def _bound_volumes(index: Index) -> dict[tuple[str, str], Seen[PersistentVolume]]:
    """Return the volume of each claim, by namespace and name of the claim. Either the claim or the volume names the other."""
    bound = {}
    for volume in index.store.every(PersistentVolume):
        claim = (volume.body.spec or {}).get("claimRef")
        if isinstance(claim, dict):
            bound[str(claim.get("namespace", "")), str(claim.get("name", ""))] = volume
    for seen in index.store.every(PersistentVolumeClaim):
        named = index.store.find(PersistentVolume, "PersistentVolume", "", seen.body.spec.volume_name)
        if named:
            bound[seen.namespace, seen.name] = named
    return bound


def _volume(volume: Seen[PersistentVolume]) -> Fact:
    spec = volume.body.spec or {}
    claim = spec.get("claimRef")
    csi = spec.get("csi")
    phase = volume.body.status.phase
    attributes = PvFact(
        name=volume.name,
        phase=phase if phase in ("Available", "Bound", "Released", "Failed") else "Pending",
        storage_class=str(spec.get("storageClassName", "")),
        source=_source(volume),
        claim=f"{claim.get('namespace', '')}/{claim.get('name', '')}" if isinstance(claim, dict) else "",
        driver=str(csi.get("driver", "")) if isinstance(csi, dict) else "",
    )
    return new_fact(attributes, volume.source, f"status.phase: {phase} claim: {attributes.claim}")


def _source(volume: Seen[PersistentVolume]) -> str:
    """Return the name of the volume source: the one field of the spec that is an object and not known as another."""
    spec = volume.body.spec or {}
    return next((name for name in sorted(spec) if isinstance(spec[name], dict) and name not in _NOT_SOURCES), "")


def _nfs(index: Index, bound: dict[tuple[str, str], Seen[PersistentVolume]]) -> Iterator[Fact]:
    """Yield NFS volumes of Pods that set fsGroup: it does nothing there, which shows only when the Pod writes."""
    for pod in index.store.every(Pod):
        security = pod.body.spec.security_context
        if security.fs_group is None:
            continue
        for volume in pod.body.spec.volumes:
            server, source = (volume.nfs.server if volume.nfs else ""), pod.source
            claim = volume.persistent_volume_claim
            found = bound.get((pod.namespace, claim.claim_name)) if claim else None
            nfs = (found.body.spec or {}).get("nfs") if found else None
            if found and isinstance(nfs, dict):
                server, source = str(nfs.get("server", "")), found.source
            if server:
                attributes = PodVolumeFact(
                    **index.pods.place_of(pod),
                    volume=volume.name,
                    source="nfs",
                    server=server,
                    fs_group=str(security.fs_group),
                    run_as_user="" if security.run_as_user is None else str(security.run_as_user),
                )
                proof = f"volumes[{volume.name}].nfs.server: {server}; securityContext.fsGroup: {security.fs_group}"
                yield new_fact(attributes, source, proof)
