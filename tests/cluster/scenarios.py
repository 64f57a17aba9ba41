"""What can go wrong in a namespace, made by the real controllers: the objects, when it shows, and what kbdiag shall say."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.cluster.api import Api, Object
from tests.cluster.objects import (
    autoscaler,
    claim,
    deployment,
    failing_webhook,
    job,
    metadata,
    mounts,
    namespace,
    quota,
    requests,
    service,
    template,
    workload,
)


@dataclass(frozen=True)
class Shows:
    """The sign that a fault has shown itself: an object of the list `path`, in the namespace, for which `holds`."""

    path: str
    holds: Callable[[Object], bool]


@dataclass(frozen=True)
class Scenario:
    """A fault in a namespace of its own, `name`.

    `symptom` is the id of what must be found there, with the kind and name of its subject; the first root cause is
    that, or explains it, and `words` stand in what it says.
    """

    name: str
    objects: Callable[[str], list[Object]]
    shows: tuple[Shows, ...]
    symptom: str
    subject: tuple[str, str]
    words: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    """What its containers print."""

    def make(self, api: Api) -> None:
        """Create all objects."""
        api.create(namespace(self.name))
        api.until(f"/api/v1/namespaces/{self.name}/serviceaccounts", lambda one: True)
        api.create(*self.objects(self.name))

    def until_shown(self, api: Api) -> None:
        """Return as soon as the fault can be seen."""
        for sign in self.shows:
            head, _, plural = sign.path.rpartition("/")
            api.until(f"{head}/namespaces/{self.name}/{plural}", sign.holds)


def _condition(kind: str, status: str, reason: str = "") -> Callable[[Object], bool]:
    def holds(one: Object) -> bool:
        conditions = one.get("status", {}).get("conditions", [])
        return any(
            each["type"] == kind and each["status"] == status and reason in each.get("reason", "")
            for each in conditions
        )

    return holds


def _event(reason: str, word: str = "") -> Shows:
    return Shows("/api/v1/events", lambda one: one["reason"] == reason and word in one.get("message", ""))


def _waits(reason: str) -> Shows:
    def holds(one: Object) -> bool:
        containers = one["status"].get("containerStatuses", [])
        return any(each["state"].get("waiting", {}).get("reason") == reason for each in containers)

    return Shows("/api/v1/pods", holds)


_UNSCHEDULABLE = (
    Shows("/api/v1/pods", _condition("PodScheduled", "False", "Unschedulable")),
    _event("FailedScheduling"),
)
_UNREADY = Shows("/api/v1/pods", _condition("Ready", "False", "ContainersNotReady"))
_NO_ENDPOINT = Shows(
    "/apis/discovery.k8s.io/v1/endpointslices",
    lambda one: not any(each["conditions"]["ready"] for each in one["endpoints"] or ()),
)
_AVAILABLE = Shows("/apis/apps/v1/deployments", _condition("Available", "True"))
_MISSING_IMAGE = (
    'failed to pull and unpack image "registry.example/app:1": failed to resolve reference "registry.example/app:1": '
    "registry.example/app:1: not found"
)


def _anti_affinity() -> Object:
    term = {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _ingress(namespace: str) -> Object:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": "web.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(namespace, "web"),
        "spec": {"ingressClassName": "missing", "rules": [rule]},
    }


SCENARIOS = (
    Scenario(
        "too-much-cpu",
        lambda ns: [deployment(ns, containers=requests(cpu="64"))],
        _UNSCHEDULABLE,
        "POD-PENDING",
        ("Deployment", "web"),
        ("CPU",),
    ),
    Scenario(
        "too-much-memory",
        lambda ns: [deployment(ns, containers=requests(memory="900Gi"))],
        _UNSCHEDULABLE,
        "POD-PENDING",
        ("Deployment", "web"),
        ("memory",),
    ),
    Scenario(
        "wrong-selector",
        lambda ns: [deployment(ns, nodeSelector={"disk": "ssd"})],
        _UNSCHEDULABLE,
        "POD-PENDING",
        ("Deployment", "web"),
        ("selector",),
    ),
    Scenario(
        "anti-affinity",
        lambda ns: [deployment(ns, replicas=6, affinity=_anti_affinity())],
        _UNSCHEDULABLE,
        "POD-PENDING",
        ("Deployment", "web"),
        ("anti-affinity",),
    ),
    Scenario(
        "claim-without-class",
        lambda ns: [claim(ns, "data"), deployment(ns, volumes=mounts("data"))],
        (*_UNSCHEDULABLE, _event("FailedBinding")),
        "PVC-PENDING",
        ("PersistentVolumeClaim", "data"),
        ("class",),
    ),
    Scenario(
        "claim-of-missing-class",
        lambda ns: [claim(ns, "data", storageClassName="fast-ssd"), deployment(ns, volumes=mounts("data"))],
        (*_UNSCHEDULABLE, _event("ProvisioningFailed")),
        "PVC-PENDING",
        ("PersistentVolumeClaim", "data"),
        ("fast-ssd",),
    ),
    Scenario(
        "missing-image",
        lambda ns: [deployment(ns, fate="pull", message=_MISSING_IMAGE)],
        (_waits("ImagePullBackOff"), _event("Failed")),
        "POD-IMAGE-PULL",
        ("Deployment", "web"),
        ("registry.example/app:1",),
    ),
    Scenario(
        "crash-loop",
        lambda ns: [deployment(ns, fate="crash")],
        (_waits("CrashLoopBackOff"), _event("BackOff")),
        "POD-CRASHLOOP",
        ("Deployment", "web"),
        ("orders-db", "5432"),
        prints=(
            "starting",
            'psycopg2.OperationalError: connection to server at "orders-db" (10.96.4.2), port 5432 failed: Connection refused',
        ),
    ),
    Scenario(
        "selector-of-nobody",
        lambda ns: [deployment(ns, "web"), service(ns, "web", "wbe")],
        (_AVAILABLE, _NO_ENDPOINT),
        "SERVICE-NO-ENDPOINTS",
        ("Service", "web"),
        ("app=wbe",),
    ),
    Scenario(
        "pods-not-ready",
        lambda ns: [deployment(ns, fate="unready"), service(ns, "web", "web")],
        (_UNREADY, _NO_ENDPOINT, _event("Unhealthy")),
        "SERVICE-NO-ENDPOINTS",
        ("Service", "web"),
        ("503",),
    ),
    Scenario(
        "failing-webhook",
        lambda ns: [failing_webhook(ns), deployment(ns)],
        (
            Shows("/apis/apps/v1/deployments", _condition("ReplicaFailure", "True", "FailedCreate")),
            _event("FailedCreate"),
        ),
        "ADMISSION-REJECTED",
        ("Deployment", "web"),
        ("webhook",),
    ),
    Scenario(
        "quota-exceeded",
        lambda ns: [quota(ns, **{"requests.cpu": "100m"}), deployment(ns, containers=requests(cpu="200m"))],
        (
            Shows("/apis/apps/v1/deployments", _condition("ReplicaFailure", "True", "FailedCreate")),
            _event("FailedCreate"),
        ),
        "ADMISSION-REJECTED",
        ("Deployment", "web"),
        ("quota",),
    ),
    Scenario(
        "account-missing",
        lambda ns: [deployment(ns, serviceAccountName="robot")],
        (
            Shows("/apis/apps/v1/deployments", _condition("ReplicaFailure", "True", "FailedCreate")),
            _event("FailedCreate"),
        ),
        "ADMISSION-REJECTED",
        ("Deployment", "web"),
        ("robot",),
    ),
    Scenario(
        "no-metrics",
        lambda ns: [deployment(ns, containers=requests(cpu="10m")), autoscaler(ns, "web")],
        (
            _AVAILABLE,
            Shows("/apis/autoscaling/v2/horizontalpodautoscalers", _condition("ScalingActive", "False", "FailedGet")),
        ),
        "HPA-NO-METRICS",
        ("HorizontalPodAutoscaler", "web"),
        ("metrics",),
    ),
    Scenario(
        "job-fails",
        lambda ns: [job(ns, "migrate", template("migrate", fate="exit"), backoffLimit=0)],
        (Shows("/apis/batch/v1/jobs", _condition("Failed", "True")),),
        "JOB-FAILED",
        ("Job", "migrate"),
    ),
    Scenario(
        "daemon-waits",
        lambda ns: [workload("DaemonSet", ns, "agent", template("agent", fate="pull", message=_MISSING_IMAGE))],
        (_waits("ImagePullBackOff"),),
        "POD-IMAGE-PULL",
        ("DaemonSet", "agent"),
        ("not found",),
    ),
)

SHOP_RUNS = (
    _AVAILABLE,
    Shows("/apis/apps/v1/statefulsets", lambda one: bool(one["status"].get("readyReplicas") == 2)),
    Shows(
        "/apis/apps/v1/daemonsets",
        lambda one: bool(one["status"]["numberReady"] == one["status"]["desiredNumberScheduled"] > 0),
    ),
    Shows("/apis/batch/v1/jobs", _condition("Complete", "True")),
    Shows("/apis/policy/v1/poddisruptionbudgets", lambda one: bool(one["status"]["disruptionsAllowed"] == 1)),
)
"""When all is well in the namespace of `healthy`."""


def ingress_of_missing_class(namespace: str) -> list[Object]:
    """Return a healthy workload, whose Ingress names a class that does not exist."""
    return [deployment(namespace), service(namespace, "web", "web"), _ingress(namespace)]


def healthy(name: str) -> list[Object]:
    """Return the objects of a namespace in which all is well, at least one of each kind that controllers serve."""
    pods = template("web", containers=requests(cpu="50m", memory="64Mi"))
    cron = job(name, "report", template("report"))
    return [
        {**deployment(name, replicas=2), "spec": {**deployment(name, replicas=2)["spec"], "template": pods}},
        service(name, "web", "web"),
        workload("StatefulSet", name, "store", template("store"), replicas=2, serviceName="store"),
        service(name, "store", "store", clusterIP="None"),
        workload("DaemonSet", name, "agent", template("agent", nodeSelector={"kbdiag.test/kubelet": "shared"})),
        job(name, "migrate", template("migrate")),
        {
            **cron,
            "kind": "CronJob",
            "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": cron["spec"]}},
        },
        quota(name, pods="50"),
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": metadata(name, "web"),
            "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": metadata(name, "web"),
            "spec": {
                "podSelector": {"matchLabels": {"app": "web"}},
                "ingress": [{"from": [{"podSelector": {}}]}],
                "policyTypes": ["Ingress"],
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": metadata(name, "login"),
            "stringData": {"password": "a-password-that-must-never-cross-the-wire"},
        },
    ]
