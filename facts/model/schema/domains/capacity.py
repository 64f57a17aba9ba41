"""Scaling, quotas, budgets and use."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class HpaFact(TypedFact, frozen=True, kw_only=True):
    """A HorizontalPodAutoscaler that cannot scale, or stands at its maximum under load."""

    KIND: ClassVar[FactKind] = FactKind(
        name="hpa",
        coverage="kubernetes/horizontalpodautoscalers",
        scope="namespace",
        subject=("=HorizontalPodAutoscaler", "namespace", "name"),
        symptom="HorizontalPodAutoscaler {namespace}/{name}: {problem}",
        layer="autoscaling",
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "web")] = ""
    target_kind: Annotated[str, Meaning("kind of the scale target", "Deployment")] = ""
    target: Annotated[str, Meaning("name of the scale target", "web")] = ""
    problem: Annotated[
        str,
        Meaning(
            "what is wrong",
            "no-metrics",
            values=("no-metrics", "missing-request", "target-missing", "at-maximum", "invalid-selector", "other"),
        ),
    ] = ""
    reason: Annotated[
        str,
        Meaning(
            "reason of the failing condition: FailedGetResourceMetric, FailedGetScale, ...", "FailedGetResourceMetric"
        ),
    ] = ""
    message: Annotated[str, Meaning("its message", "unable to get metrics for resource cpu: no metrics returned")] = ""
    current_replicas: Annotated[int, Meaning("replicas now", 2)] = 0
    max_replicas: Annotated[int, Meaning("replicas at most", 5)] = 0
    current: Annotated[str, Meaning("metric now, as shown: 250%, <unknown>", "<unknown>")] = ""
    target_value: Annotated[str, Meaning("metric wanted, as shown: 50%", "50%")] = ""


class QuotaFact(TypedFact, frozen=True, kw_only=True):
    """A resource of a ResourceQuota that is used up (used equals hard, or the next Pod would not fit)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="quota",
        layer="policy",
        coverage="kubernetes/resourcequotas",
        scope="namespace",
        subject=("=ResourceQuota", "namespace", "name"),
        identity=("resource",),
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "team")] = ""
    resource: Annotated[str, Meaning("limits.cpu, requests.memory, pods, ...", "requests.cpu")] = ""
    used: Annotated[str, Meaning("used, as written", "2000m")] = ""
    hard: Annotated[str, Meaning("hard limit, as written", "2")] = ""


class PdbFact(TypedFact, frozen=True, kw_only=True):
    """A PodDisruptionBudget that lets no Pod be evicted, so that draining a node waits for it."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pdb",
        layer="policy",
        coverage="kubernetes/poddisruptionbudgets",
        scope="namespace",
        subject=("=PodDisruptionBudget", "namespace", "name"),
        identity=("problem",),
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "web")] = ""
    healthy: Annotated[int, Meaning("Pods that are healthy now", 2)] = 0
    desired: Annotated[int, Meaning("Pods that must stay healthy", 2)] = 0
    expected: Annotated[int, Meaning("Pods that it counts", 2)] = 0
    problem: Annotated[
        str,
        Meaning(
            "not one Pod is to spare, by design or for some are not healthy",
            "too-strict",
            values=("too-strict", "unhealthy-pods"),
        ),
    ] = ""


class UsageFact(TypedFact, frozen=True, kw_only=True):
    """A node or Pod that uses at least 80 percent of its CPU or memory (`kubectl top`, metrics API)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="usage", layer="node", coverage="kubernetes/metrics", subject=("kind", "namespace", "name"), identity=()
    )

    kind: Annotated[str, Meaning("Node or Pod", "Node")] = ""
    namespace: Annotated[str, Meaning("namespace of the Pod, or empty", "")] = ""
    name: Annotated[str, Meaning("its name", "worker1")] = ""
    cpu_percent: Annotated[float, Meaning("CPU used; -1 when unknown", 95.0, unit="%")] = 0.0
    memory_percent: Annotated[float, Meaning("memory used; -1 when unknown", 20.0, unit="%")] = 0.0


class ThrottledFact(TypedFact, frozen=True, kw_only=True):
    """A container that the kernel held at its CPU limit in a quarter of its periods or more."""

    KIND: ClassVar[FactKind] = FactKind(
        name="throttled",
        layer="workload",
        coverage="logs",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("pod", "container"),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of its workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of its workload", "score")] = ""
    pod: Annotated[str, Meaning("its Pod, or empty", "score-6fdd5b7c9d-x2x5q")] = ""
    container: Annotated[str, Meaning("its name, or empty", "app")] = ""
    percent: Annotated[float, Meaning("periods in which it was held", 92.0, unit="%")] = 0.0
    limit: Annotated[str, Meaning("its CPU limit as written, or empty", "50m")] = ""


class HeapFact(TypedFact, frozen=True, kw_only=True):
    """A container that was killed at its memory limit, and may fill all or most of it with its heap alone."""

    KIND: ClassVar[FactKind] = FactKind(
        name="heap",
        layer="workload",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("container", "option"),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of its workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of its workload", "cart")] = ""
    pod: Annotated[str, Meaning("its Pod", "cart-6fdd5b7c9d-x2x5q")] = ""
    container: Annotated[str, Meaning("its name", "app")] = ""
    option: Annotated[str, Meaning("option that sets the size of the heap", "-Xmx2g")] = ""
    declared_in: Annotated[str, Meaning("where it is written", "env JAVA_OPTS")] = ""
    limit: Annotated[str, Meaning("memory limit as written", "2Gi")] = ""
    percent: Annotated[int, Meaning("heap at most, of the limit", 100, unit="%")] = 0


class ReplicaFightFact(TypedFact, frozen=True, kw_only=True):
    """A Deployment that its autoscaler scales up, and that goes back to a number which the autoscaler never asked for."""

    KIND: ClassVar[FactKind] = FactKind(
        name="replica_fight",
        layer="autoscaling",
        coverage="kubernetes/events",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("hpa",),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("its kind", "Deployment")] = ""
    workload: Annotated[str, Meaning("its name", "web")] = ""
    hpa: Annotated[str, Meaning("name of the HorizontalPodAutoscaler", "web")] = ""
    high: Annotated[int, Meaning("replicas that the autoscaler asks for", 4)] = 0
    low: Annotated[int, Meaning("replicas to which it goes back", 1)] = 0
    times: Annotated[int, Meaning("how often the autoscaler asked", 3)] = 0
