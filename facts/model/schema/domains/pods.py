"""Pods and their containers."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class OfPod(TypedFact, frozen=True, kw_only=True):
    """The attributes that all facts about a Pod have."""

    namespace: Annotated[str, Meaning("namespace of the Pod", "crash-loop")] = ""
    pod: Annotated[str, Meaning("name of the Pod", "web-869776bbcc-wkzxl")] = ""
    node: Annotated[str, Meaning('node it runs on, "" when not scheduled or not known', "w2")] = ""
    workload_kind: Annotated[
        str,
        Meaning(
            "kind at the top of the owner chain: Deployment, StatefulSet, DaemonSet, CronJob, Job, Pod, ...",
            "Deployment",
        ),
    ] = ""
    workload: Annotated[
        str, Meaning("name at the top of the owner chain; the Pod's own name when nothing owns it", "web")
    ] = ""


class PodFact(OfPod, frozen=True, kw_only=True):
    """A Pod that is not as it should be (healthy and completed Pods give no fact)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pod",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        symptom="Pod {namespace}/{pod} is {status}",
        layer="workload",
        well={"ready": True},
    )

    status: Annotated[
        str,
        Meaning(
            "what `kubectl get pods` shows: Pending, ContainerCreating, PodInitializing, CrashLoopBackOff, ImagePullBackOff, ErrImagePull, OOMKilled, Error, Evicted, Terminating, Unknown, Running (but not ready), NotReady, ...",
            "CrashLoopBackOff",
        ),
    ] = ""
    phase: Annotated[
        str, Meaning("phase", "Running", values=("Pending", "Running", "Failed", "Unknown", "Succeeded"))
    ] = ""
    reason: Annotated[str, Meaning("status.reason: Evicted, NodeLost, UnexpectedAdmissionError, ... or empty", "")] = ""
    message: Annotated[
        str, Meaning("status.message or the message of the failing condition", "containers with unready status: [app]")
    ] = ""
    ready: Annotated[bool, Meaning("all containers are ready", False)] = False
    scheduled: Annotated[bool, Meaning("a node was chosen", True)] = False
    restarts: Annotated[int, Meaning("restarts of all its containers", 4)] = 0
    app: Annotated[
        str, Meaning("well-known component that this Pod belongs to (cilium, coredns, grafana, ...) or empty", "")
    ] = ""
    terminating: Annotated[bool, Meaning("has a deletion timestamp", False)] = False
    host_network: Annotated[bool, Meaning("it uses the network of its node", False)] = False
    dns_policy: Annotated[str, Meaning("its dnsPolicy, empty when not known", "ClusterFirst")] = ""
    scheduler: Annotated[
        str, Meaning("schedulerName, where it is not default-scheduler; empty when not known", "volcano")
    ] = ""
    node_ready: Annotated[
        str, Meaning('Ready status of its node, as `ready` of a node, or "" when not known', "True")
    ] = ""
    lingering: Annotated[
        str,
        Meaning(
            "containers that still run in a Pod of a Job whose other containers are done (`(a sidecar)` when a table does not name them), or empty",
            "istio-proxy",
        ),
    ] = ""


class ContainerFact(OfPod, frozen=True, kw_only=True):
    """A container of an unhealthy Pod that itself is not running well, or that was killed before."""

    KIND: ClassVar[FactKind] = FactKind(
        name="container",
        layer="workload",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        identity=("container", "state", "reason"),
        well={"ready": True},
    )

    container: Annotated[str, Meaning("name of the container", "app")] = ""
    init: Annotated[bool, Meaning("is an init container", False)] = False
    state: Annotated[str, Meaning("its state", "waiting", values=("waiting", "running", "terminated", ""))] = ""
    reason: Annotated[
        str,
        Meaning(
            "reason of that state: CrashLoopBackOff, ImagePullBackOff, CreateContainerConfigError, Error, OOMKilled, ...",
            "CrashLoopBackOff",
        ),
    ] = ""
    message: Annotated[str, Meaning("message of that state", "back-off 5m0s restarting")] = ""
    last_reason: Annotated[
        str,
        Meaning(
            "reason of the last termination: Error, OOMKilled, Completed, ContainerCannotRun, StartError, ...", "Error"
        ),
    ] = ""
    last_message: Annotated[str, Meaning("message of the last termination", "")] = ""
    exit_code: Annotated[int, Meaning("exit code of the present or last termination, -1 when there was none", 1)] = 0
    restarts: Annotated[int, Meaning("restarts of the container", 7)] = 0
    ready: Annotated[bool, Meaning("is ready", False)] = False
    image: Annotated[str, Meaning("image reference", "registry.local:5000/shop/web:1")] = ""
    registry: Annotated[
        str, Meaning("registry host of the image, docker.io when none is named", "registry.local:5000")
    ] = ""
    command: Annotated[
        str, Meaning("command and arguments, joined by blanks; empty when the image decides", "serve --port 80")
    ] = ""
    memory_limit: Annotated[str, Meaning("memory limit as written (512Mi), empty when there is none", "512Mi")] = ""
    cpu_limit: Annotated[str, Meaning("CPU limit as written, empty when there is none", "1")] = ""
    app: Annotated[str, Meaning("well-known component, as in pod", "")] = ""


UNSCHEDULABLE = (
    "resource",
    "taint",
    "node-selector",
    "affinity",
    "anti-affinity",
    "pvc-unbound",
    "pvc-missing",
    "volume-affinity",
    "volume-limit",
    "volume-missing",
    "host-port",
    "too-many-pods",
    "cordoned",
    "topology-spread",
    "gated",
    "no-nodes",
    "other",
)
"""Why a node does not take a Pod."""


class UnschedulableFact(OfPod, frozen=True, kw_only=True):
    """One reason why the scheduler found no node for a Pod, parsed from FailedScheduling or the PodScheduled condition."""

    KIND: ClassVar[FactKind] = FactKind(
        name="unschedulable",
        layer="scheduling",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        identity=("why", "resource", "taint"),
    )

    why: Annotated[
        str,
        Meaning(
            "the reason",
            "taint",
            values=UNSCHEDULABLE,
        ),
    ] = ""
    resource: Annotated[str, Meaning("for why=resource: cpu, memory, ephemeral-storage, nvidia.com/gpu, ...", "")] = ""
    taint: Annotated[str, Meaning("for why=taint: its key", "dedicated")] = ""
    taint_value: Annotated[str, Meaning("for why=taint: its value", "batch")] = ""
    nodes: Annotated[int, Meaning("nodes that this reason rules out", 2)] = 0
    of: Annotated[int, Meaning("nodes there are", 3)] = 0
    detail: Annotated[str, Meaning("the reason as the scheduler wrote it", "node(s) had untolerated taint(s)")] = ""


class UnschedulableReasonFact(OfPod, frozen=True, kw_only=True):
    """One reason that keeps a Pod from nodes, and whether the Pod would have a node without it.

    It is computed from the nodes and the Pod where both are known, else read from the message of the scheduler.
    """

    KIND: ClassVar[FactKind] = FactKind(
        name="unschedulable_reason",
        layer="scheduling",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        identity=("reason", "detail"),
        compared=False,
    )

    reason: Annotated[str, Meaning("the reason", "taint", values=UNSCHEDULABLE)] = ""
    detail: Annotated[
        str,
        Meaning(
            "what it is about: key of the taint, resource, claim, topology key, selector, port, or empty", "dedicated"
        ),
    ] = ""
    value: Annotated[str, Meaning("value of the taint, or amount that the Pod requests; may be empty", "batch")] = ""
    nodes_blocked: Annotated[int, Meaning("nodes that this reason rules out", 2)] = 0
    nodes_total: Annotated[int, Meaning("nodes there are", 3)] = 0
    decisive: Annotated[
        bool, Meaning("without this one reason, and nothing else changed, a node would take the Pod", True)
    ] = False
    computed: Annotated[bool, Meaning("from the nodes and the Pod, not from the message of the scheduler", True)] = (
        False
    )
