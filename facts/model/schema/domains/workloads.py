"""Workloads, and the objects that they name."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class WorkloadFact(TypedFact, frozen=True, kw_only=True):
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet (unowned), Job or CronJob that has fewer ready Pods than it wants, or failed."""

    KIND: ClassVar[FactKind] = FactKind(
        name="workload",
        coverage="kubernetes/workloads",
        scope="namespace",
        subject=("kind", "namespace", "name"),
        symptom="{kind} {namespace}/{name} has {ready} of {desired} Pods ready",
        layer="workload",
    )

    kind: Annotated[str, Meaning("Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob", "Deployment")] = ""
    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "web")] = ""
    desired: Annotated[int, Meaning("Pods wanted", 3)] = 0
    current: Annotated[int, Meaning("Pods that exist", 1)] = 0
    ready: Annotated[int, Meaning("Pods that are ready", 1)] = 0
    reason: Annotated[
        str,
        Meaning(
            "reason of the failing condition: ProgressDeadlineExceeded, FailedCreate, BackoffLimitExceeded, DeadlineExceeded, ...",
            "FailedCreate",
        ),
    ] = ""
    message: Annotated[str, Meaning("its message", "exceeded quota")] = ""
    app: Annotated[str, Meaning("well-known component, as in pod", "")] = ""


class SuspensionFact(TypedFact, frozen=True, kw_only=True):
    """A CronJob that ran before and is suspended: it starts no Job any more."""

    KIND: ClassVar[FactKind] = FactKind(
        name="suspension",
        coverage="kubernetes/workloads",
        scope="namespace",
        subject=("=CronJob", "namespace", "name"),
        layer="workload",
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "report")] = ""
    schedule: Annotated[str, Meaning("when it would run", "*/30 * * * *")] = ""
    since: Annotated[str, Meaning("when it started a Job last, as RFC 3339", "2026-03-01T10:00:00Z")] = ""


class ReferenceFact(TypedFact, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A missing object that another object names, known from complete lists or from the message of a component."""

    KIND: ClassVar[FactKind] = FactKind(
        name="reference",
        layer="workload",
        coverage="kubernetes/workloads",
        scope="namespace",
        subject=("from_kind", "namespace", "from"),
        identity=("to_kind", "to", "key"),
    )

    namespace: Annotated[str, Meaning("namespace of both", "demo")] = ""
    from_kind: Annotated[str, Meaning("kind of the object that names it", "Pod")] = ""
    from_: Annotated[str, Meaning("name of that object", "web-7d4b9c8f6d-x2x4n")] = ""
    to_kind: Annotated[
        str,
        Meaning(
            "kind of what is missing: ConfigMap, Secret, PersistentVolumeClaim, StorageClass, Service, ServiceAccount, IngressClass, ...",
            "ConfigMap",
        ),
    ] = ""
    to: Annotated[str, Meaning("name of what is missing", "settings")] = ""
    key: Annotated[str, Meaning("key inside it that is missing, or empty", "a.yaml")] = ""
    workload_kind: Annotated[str, Meaning("workload that is hit, or empty", "Deployment")] = ""
    workload: Annotated[str, Meaning("workload that is hit, or empty", "web")] = ""
