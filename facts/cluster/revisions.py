"""The revisions of a workload: the Pod templates that it had, from ReplicaSets and ControllerRevisions, oldest first."""

from typing import Any

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import labels_of
from facts.cluster.pod_status import is_ready
from facts.cluster.whole_objects import WholeObject, whole_objects
from facts.model.values import Subject

_REVISION = "deployment.kubernetes.io/revision"
_CAUSE = "kubernetes.io/change-cause"


class Revision(msgspec.Struct, frozen=True):
    """One Pod template: its number, when it was made (RFC 3339), and how many of its Pods are ready and in trouble."""

    number: int
    made: str
    template: dict[str, Any]
    cause: str
    source: str
    ready: int
    troubled: int


class Revisions:
    """The revisions of all workloads of a snapshot, decoded when first asked for."""

    def __init__(self, index: Index, workloads: set[Subject]) -> None:
        """Read the revisions of `workloads` only."""
        self._index = index
        self._by_owner: dict[Subject, list[Revision]] = {}
        kinds = {"ReplicaSet"} if any(each.kind == "Deployment" for each in workloads) else set()
        kinds |= (
            {"ControllerRevision"} if any(each.kind in ("StatefulSet", "DaemonSet") for each in workloads) else set()
        )
        for (kind, namespace, name), whole in whole_objects(index, kinds).items() if kinds else ():
            for owner in (whole.get("metadata") or {}).get("ownerReferences") or ():
                subject = Subject(str(owner.get("kind", "")), str(owner.get("name", "")), namespace)
                if subject in workloads and (revision := self._revision(kind, name, whole, subject)):
                    self._by_owner.setdefault(subject, []).append(revision)

    def of(self, workload: Subject) -> list[Revision]:
        """Return the revisions of `workload`, oldest first."""
        return sorted(self._by_owner.get(workload, []), key=lambda each: (each.number, each.made))

    def _revision(self, kind: str, name: str, whole: WholeObject, owner: Subject) -> Revision | None:
        metadata = whole.get("metadata") or {}
        annotations = metadata.get("annotations") or {}
        if kind == "ReplicaSet":
            template, number, label, value = (
                (whole.get("spec") or {}).get("template"),
                annotations.get(_REVISION),
                "pod-template-hash",
                (metadata.get("labels") or {}).get("pod-template-hash"),
            )
        else:
            template, number, label, value = (
                ((whole.get("data") or {}).get("spec") or {}).get("template"),
                whole.get("revision"),
                "controller-revision-hash",
                name,
            )
        if not isinstance(template, dict) or not str(number or "").isdecimal():
            return None
        pods = self._index.pods.by_owner.get((owner.namespace, (owner.kind, owner.name)), [])
        mine = [
            pod
            for pod in pods
            if value and labels_of(pod.body).get(label) in (value, str(value).removeprefix(f"{owner.name}-"))
        ]
        troubled = self._index.pods.troubled_names
        return Revision(
            int(str(number)),
            str(metadata.get("creationTimestamp") or ""),
            template,
            str(annotations.get(_CAUSE) or ""),
            f"{kind} {owner.namespace}/{name}",
            sum(is_ready(pod.body) for pod in mine),
            sum((pod.namespace, pod.name) in troubled for pod in mine),
        )
