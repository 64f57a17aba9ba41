"""Which workload a Pod, ReplicaSet or Job belongs to: the top of the owner chain, or a guess from its name."""

import re

from facts.cluster.objects import KubernetesObject, Pod, labels_of
from facts.cluster.store import Seen, Store

_SAFE = "bcdfghjklmnpqrstvwxz2456789"
"""The letters of names that Kubernetes makes up (k8s.io/apimachinery/pkg/util/rand)."""

_HASH = rf"(?:[{_SAFE}]{{6,10}}|[0-9]{{8,10}})"
_OF_REPLICA_SET = re.compile(rf"(.+)-{_HASH}-[{_SAFE}]{{5}}")
_OF_CRON_JOB = re.compile(rf"(.+)-2[5-9]\d{{6}}-[{_SAFE}]{{5}}")
_OF_STATEFUL_SET = re.compile(r"(.+)-\d+")
_OF_DAEMON_SET = re.compile(rf"(.+)-[{_SAFE}]{{5}}")
_REPLICA_SET = re.compile(r"(.+)-[0-9a-z]{8,10}")
_SHORT_REPLICA_SET = re.compile(rf"(.+)-[{_SAFE}]{{6,10}}")
_CRON_JOB = re.compile(r"(.+)-(?:\d{8}|\d{10})")
_STATIC = re.compile(r"(?:kube-(?:apiserver|scheduler|controller-manager)|etcd)-.+")

Owner = tuple[str, str]
"""Kind and name."""


def owner_of_pod(store: Store, pod: Seen[Pod]) -> Owner:
    """Return kind and name at the top of the owner chain of a Pod, ("Pod", its name) when nothing owns it."""
    for reference in pod.body.metadata.owner_references:
        if reference.kind == "Node":
            return ("Pod", pod.name)
        pod_hash = labels_of(pod.body).get("pod-template-hash", "")
        return _climbed(store, reference.kind, pod.namespace, reference.name, pod_hash)
    if pod.full or "kubernetes.io/config.mirror" in (pod.body.metadata.annotations or {}):
        return ("Pod", pod.name)
    guess = guessed_owner(store, pod.namespace, pod.name, pod.body.spec.node_name)
    status = pod.body.status
    ended = any(
        each.state.terminated and each.state.terminated.reason == "Completed" and not each.restart_count
        for each in status.container_statuses
    )
    if guess[0] == "DaemonSet" and (ended or status.phase in ("Succeeded", "Failed")) and not status.reason:
        return ("Job", guess[1])  # containers of a DaemonSet are started again, they do not end
    return guess


def owner_of(store: Store, kind: str, namespace: str, name: str) -> Owner:
    """Return kind and name at the top of the owner chain of any object, seen or only named; itself when unowned."""
    if kind == "Pod":
        pod = store.find(Pod, "Pod", namespace, name)
        return owner_of_pod(store, pod) if pod else guessed_owner(store, namespace, name, "")
    return _climbed(store, kind, namespace, name, "")


def guessed_owner(store: Store, namespace: str, name: str, node: str) -> Owner:
    """Return the workload that the name of a Pod tells, as far as names that controllers make up do."""
    if not name:
        return ("", "")
    if _STATIC.fullmatch(name) or (node and name.endswith(f"-{node}")):
        return ("Pod", name)
    if found := _OF_CRON_JOB.fullmatch(name):
        return ("CronJob", found[1])
    if found := _OF_REPLICA_SET.fullmatch(name):
        return ("Deployment", found[1])
    if found := _OF_STATEFUL_SET.fullmatch(name):
        return ("StatefulSet", found[1])
    if found := _OF_DAEMON_SET.fullmatch(name):
        for kind in ("Job", "ReplicaSet"):
            if store.find_any(kind, namespace, found[1]):
                return _climbed(store, kind, namespace, found[1], "")
        return ("DaemonSet", found[1])
    return ("Pod", name)


def _climbed(store: Store, kind: str, namespace: str, name: str, pod_hash: str) -> Owner:
    if kind not in ("ReplicaSet", "Job"):
        return (kind, name)
    seen: Seen[KubernetesObject] | None = store.find_any(kind, namespace, name)
    if seen is not None:
        for reference in seen.body.metadata.owner_references:
            return (reference.kind, reference.name)
        if seen.full:
            return (kind, name)
    if kind == "Job":
        found = _CRON_JOB.fullmatch(name)
        return ("CronJob", found[1]) if found else (kind, name)
    if pod_hash and name.endswith(f"-{pod_hash}"):
        return ("Deployment", name.removesuffix(f"-{pod_hash}"))
    found = _REPLICA_SET.fullmatch(name) or _SHORT_REPLICA_SET.fullmatch(name)
    return ("Deployment", found[1]) if found else (kind, name)
