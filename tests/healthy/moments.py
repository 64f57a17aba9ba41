"""Writes API lists of moments that look bad and are not: `python -m tests.healthy.moments`.

Each is one list as `kubectl get -o json` gives it, while something has only just begun or is over.
"""

import json

import yaml

from tests.healthy.make import CORPUS
from tests.healthy.objects import (
    IMAGE,
    Object,
    ago,
    condition,
    deployment,
    event,
    job,
    node,
    of_job,
    owner,
    pod,
    terminated,
    thing,
    waiting,
)


def pods_just_created() -> list[Object]:
    """Return Pods a second after their Deployment was scaled up."""
    new = [
        pod(f"web-5f8b9c7d6-{tail}", 1, "Pending", state={}, scheduled=False, node="") for tail in ("aaaaa", "bbbbb")
    ]
    pulling = pod("web-5f8b9c7d6-ccccc", 2, "Pending", state=waiting("ContainerCreating"))
    return [node("w1"), deployment(4, ready=1, updated=4, since=2), pod("web-5f8b9c7d6-ddddd", 7e5), pulling, *new]


def image_is_pulled() -> list[Object]:
    """Return a Pod that has been pulling a large image for 25 seconds."""
    slow = pod("web-5f8b9c7d6-aaaaa", 25, "Pending", state=waiting("ContainerCreating"))
    return [node("w1"), slow, event(slow, "Pulling", f'Pulling image "{IMAGE}"', 24)]


def balancer_pending() -> list[Object]:
    """Return a Service of type LoadBalancer, five seconds old, that has no address yet."""
    ports = [{"port": 443, "targetPort": 8443, "nodePort": 31443}]
    spec = {"type": "LoadBalancer", "clusterIP": "10.96.140.12", "ports": ports, "selector": {"app": "web"}}
    service = thing("v1", "Service", "web", 5, spec=spec, status={"loadBalancer": {}})
    return [service, event(service, "EnsuringLoadBalancer", "Ensuring load balancer", 5)]


def rollout_in_progress() -> list[Object]:
    """Return a rolling update: a new Pod that is not ready yet, and an old one that ends."""
    leaving = {"deletionTimestamp": ago(-25), "deletionGracePeriodSeconds": 30}
    old = pod("web-7d9c5c8f6b-ddddd", 7e5, metadata=leaving)
    new = pod("web-5f8b9c7d6-bbbbb", 9, state={"running": {"startedAt": ago(6)}})
    refused = 'Readiness probe failed: Get "http://10.244.1.44:8080/healthz": dial tcp 10.244.1.44:8080: connect: connection refused'
    return [
        node("w1"), deployment(4, ready=3, updated=2), pod("web-5f8b9c7d6-aaaaa", 20), new, old,
        event(new, "Unhealthy", refused, 5, warning=True), event(old, "Killing", "Stopping container web", 5),
    ]  # fmt: skip


def autoscaler_unknown() -> list[Object]:
    """Return an autoscaler ten seconds old, for whose Pods there are no metrics yet."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 6, "metrics": [metric]}
    failed = "the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)"
    conditions = [
        condition("AbleToScale", 10, reason="SucceededGetScale"),
        condition("ScalingActive", 10, true=False, reason="FailedGetResourceMetric", message=failed),
    ]
    status = {"currentReplicas": 2, "desiredReplicas": 0, "currentMetrics": None, "conditions": conditions}
    scaler = thing("autoscaling/v2", "HorizontalPodAutoscaler", "web", 10, spec=spec, status=status)
    pods = [pod(f"web-5f8b9c7d6-{tail}", 12) for tail in ("aaaaa", "bbbbb")]
    return [
        node("w1"),
        deployment(2, ready=2, updated=2, age=12, since=9),
        scaler,
        *pods,
        event(scaler, "FailedGetResourceMetric", failed, 8, warning=True),
    ]


def jobs_completed() -> list[Object]:
    """Return Jobs and CronJobs that have done their work, one of them at the second try."""
    done = pod(
        "report-29-abcde", 4000, "Succeeded", state=terminated(0, "Completed", 3900), metadata=of_job("report-29")
    )
    tried = pod("import-7-abcde", 900, "Failed", state=terminated(1, "Error", 880), metadata=of_job("import-7"))
    again = pod("import-7-fghij", 870, "Succeeded", state=terminated(0, "Completed", 820), metadata=of_job("import-7"))
    spec = {"schedule": "0 * * * *", "concurrencyPolicy": "Forbid", "suspend": False, "jobTemplate": {"spec": {}}}
    status = {"lastScheduleTime": ago(4000), "lastSuccessfulTime": ago(3900)}
    cron = thing("batch/v1", "CronJob", "report", 9e6, spec=spec, status=status)
    paused = thing(
        "batch/v1", "CronJob", "cleanup", 9e6, spec={**spec, "suspend": True}, status={"lastScheduleTime": ago(2e6)}
    )
    return [node("w1"), job("report-29", 4000), job("import-7", 900, failed=1), done, tried, again, cron, paused]


def restarted_once() -> list[Object]:
    """Return Pods that run well for hours after a restart: one was ended by its probe, one waited for its database."""
    killed = pod("web-5f8b9c7d6-aaaaa", 90000, restarts=1, last=terminated(143, "Error", 80000))
    failed = pod("web-5f8b9c7d6-bbbbb", 90000, restarts=3, last=terminated(1, "Error", 89900))
    return [node("w1"), deployment(2, ready=2, updated=2, since=80000), killed, failed]


def pull_succeeded_at_last() -> list[Object]:
    """Return a Pod whose image came at the third try, ten minutes ago."""
    ok = pod("web-5f8b9c7d6-aaaaa", 660)
    failed = f'Failed to pull image "{IMAGE}": failed to pull and unpack image "{IMAGE}": failed to copy: httpReadSeeker: failed open: unexpected status code 503 Service Unavailable'
    pulled = f'Successfully pulled image "{IMAGE}" in 4.2s (4.2s including waiting). Image size: 48211023 bytes.'
    return [
        node("w1"), ok, event(ok, "Failed", failed, 650, warning=True, count=2),
        event(ok, "BackOff", f'Back-off pulling image "{IMAGE}"', 640, count=2), event(ok, "Pulled", pulled, 620), event(ok, "Started", "Started container web", 619),
    ]  # fmt: skip


def node_came_back() -> list[Object]:
    """Return a node that was rebooted half an hour ago, with the events of it."""
    back = node("w2", ready_for=1700)
    gone, ready = "Node w2 status is now: NodeNotReady", "Node w2 status is now: NodeReady"
    booted = "Node w2 has been rebooted, boot id: 6c9f6c1e-0f5b-4a56-9d54-8a8e9b3f1d22"
    return [
        node("w1"),
        back,
        event(back, "NodeNotReady", gone, 1800),
        event(back, "Rebooted", booted, 1700, warning=True),
        event(back, "NodeReady", ready, 1700),
        pod("web-5f8b9c7d6-aaaaa", 9e5, node="w2", restarts=1, last=terminated(255, "Unknown", 1690)),
    ]


def node_drained() -> list[Object]:
    """Return a node that is being drained for an update: cordoned, and its Pods run elsewhere already."""
    taint = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": ago(90)}
    drained = node("w2", unschedulable=True, taints=[taint])
    moved = pod("web-5f8b9c7d6-aaaaa", 80)
    return [
        node("w1"),
        drained,
        moved,
        deployment(1, ready=1, updated=1, since=70),
        event(drained, "NodeNotSchedulable", "Node w2 status is now: NodeNotSchedulable", 90),
    ]


def claim_waits_for_consumer() -> list[Object]:
    """Return a claim that is bound as soon as its first Pod comes, and one that is being bound since two seconds."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "fast"}
    later = thing("v1", "PersistentVolumeClaim", "later", 600, spec=spec, status={"phase": "Pending"})
    now = thing("v1", "PersistentVolumeClaim", "now", 2, spec=spec, status={"phase": "Pending"})
    kind = thing(
        "storage.k8s.io/v1",
        "StorageClass",
        "fast",
        9e6,
        "",
        provisioner="ebs.csi.aws.com",
        volumeBindingMode="WaitForFirstConsumer",
    )
    wait = "waiting for first consumer to be created before binding"
    provision = 'Waiting for a volume to be created either by the external provisioner "ebs.csi.aws.com" or manually by the system administrator.'
    return [
        kind,
        later,
        now,
        event(later, "WaitForFirstConsumer", wait, 12, count=40),
        event(now, "ExternalProvisioning", provision, 1),
    ]


def namespace_is_deleted() -> list[Object]:
    """Return a namespace that is being deleted since three seconds, and a Pod in it that ends within its grace."""
    leaving = {"deletionTimestamp": ago(3)}
    space = thing(
        "v1",
        "Namespace",
        "shop",
        9e6,
        "",
        metadata=leaving,
        spec={"finalizers": ["kubernetes"]},
        status={"phase": "Terminating"},
    )
    ends = pod("web-5f8b9c7d6-aaaaa", 9e5, metadata={"deletionTimestamp": ago(-27), "deletionGracePeriodSeconds": 30})
    return [node("w1"), space, ends]


def scaled_to_zero() -> list[Object]:
    """Return a Deployment and a StatefulSet that were scaled to zero for the night, with their Service."""
    off = deployment(0, ready=0, updated=0, since=30000)
    store = thing(
        "apps/v1",
        "StatefulSet",
        "store",
        9e6,
        metadata={"generation": 2},
        spec={
            "replicas": 0,
            "serviceName": "store",
            "selector": {"matchLabels": {"app": "store"}},
            "template": {"metadata": {"labels": {"app": "store"}}, "spec": {"containers": []}},
        },
        status={"replicas": 0, "observedGeneration": 2},
    )
    return [node("w1"), off, store]


def stateful_set_starts() -> list[Object]:
    """Return a StatefulSet in the middle of its ordered start: the first Pod is ready, the second is being created."""
    spec = {
        "replicas": 3,
        "serviceName": "store",
        "selector": {"matchLabels": {"app": "store"}},
        "template": {
            "metadata": {"labels": {"app": "store"}},
            "spec": {"containers": [{"name": "web", "image": IMAGE}]},
        },
    }
    status = {"replicas": 2, "readyReplicas": 1, "availableReplicas": 1, "currentReplicas": 2, "observedGeneration": 1}
    store = thing("apps/v1", "StatefulSet", "store", 15, metadata={"generation": 1}, spec=spec, status=status)
    owned = {"labels": {"app": "store"}, "ownerReferences": [owner("StatefulSet", "store")]}
    return [
        node("w1"),
        store,
        pod("store-0", 15, metadata=owned),
        pod("store-1", 4, "Pending", state=waiting("ContainerCreating"), metadata=owned),
    ]


def daemon_set_rolls() -> list[Object]:
    """Return a DaemonSet that is being updated node by node."""
    status = {
        "desiredNumberScheduled": 3,
        "currentNumberScheduled": 3,
        "numberReady": 2,
        "numberAvailable": 2,
        "numberUnavailable": 1,
        "updatedNumberScheduled": 1,
        "numberMisscheduled": 0,
        "observedGeneration": 3,
    }
    selector = {"matchLabels": {"app": "agent"}}
    spec = {
        "selector": selector,
        "template": {
            "metadata": {"labels": {"app": "agent"}},
            "spec": {"containers": [{"name": "web", "image": IMAGE}]},
        },
    }
    agent = thing("apps/v1", "DaemonSet", "agent", 9e6, metadata={"generation": 3}, spec=spec, status=status)
    owned = {"labels": {"app": "agent"}, "ownerReferences": [owner("DaemonSet", "agent")]}
    new = pod("agent-aaaaa", 3, "Pending", state=waiting("ContainerCreating"), metadata=owned)
    return [
        node("w1"),
        node("w2"),
        node("w3"),
        agent,
        new,
        pod("agent-bbbbb", 9e5, node="w2", metadata=owned),
        pod("agent-ccccc", 9e5, node="w3", metadata=owned),
    ]


def quota_and_budget() -> list[Object]:
    """Return a quota that is used by three quarters, and a budget that allows no disruption just now."""
    used = thing(
        "v1",
        "ResourceQuota",
        "quota",
        9e6,
        spec={"hard": {"pods": "20", "requests.cpu": "4"}},
        status={"hard": {"pods": "20", "requests.cpu": "4"}, "used": {"pods": "15", "requests.cpu": "3"}},
    )
    budget = thing(
        "policy/v1",
        "PodDisruptionBudget",
        "web",
        9e6,
        metadata={"generation": 1},
        spec={"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}},
        status={
            "currentHealthy": 3,
            "desiredHealthy": 3,
            "disruptionsAllowed": 0,
            "expectedPods": 4,
            "observedGeneration": 1,
            "conditions": [condition("DisruptionAllowed", 5, true=False, reason="InsufficientPods")],
        },
    )
    pods = [pod(f"web-5f8b9c7d6-{tail}", 9e5) for tail in ("aaaaa", "bbbbb", "ccccc")]
    return [
        node("w1"),
        used,
        budget,
        deployment(4, ready=3, updated=4, since=5),
        *pods,
        pod("web-5f8b9c7d6-ddddd", 5, "Pending", state=waiting("ContainerCreating")),
    ]


def certificate_is_issued() -> list[Object]:
    """Return a certificate that is being issued since four seconds, and a signing request that was approved."""
    conditions = [
        condition(
            "Ready", 4, true=False, reason="DoesNotExist", message="Issuing certificate as Secret does not exist"
        ),
        condition("Issuing", 4, reason="DoesNotExist", message="Issuing certificate as Secret does not exist"),
    ]
    certificate = thing(
        "cert-manager.io/v1",
        "Certificate",
        "web-tls",
        4,
        metadata={"generation": 1},
        spec={"secretName": "web-tls", "dnsNames": ["shop.example.test"], "issuerRef": {"name": "letsencrypt"}},
        status={"conditions": conditions},
    )
    request = thing(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        "csr-abcde",
        40,
        "",
        spec={
            "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
            "username": "system:bootstrap:abcdef",
            "request": "",
        },
        status={"conditions": [condition("Approved", 39, reason="AutoApproved")], "certificate": ""},
    )
    return [certificate, request]


def probe_failed_once() -> list[Object]:
    """Return a Pod whose liveness probe failed once an hour ago, and that was slow to start before that."""
    slow = pod("web-5f8b9c7d6-aaaaa", 9000)
    return [
        node("w1"), slow, deployment(1, ready=1, updated=1, since=8900),
        event(slow, "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503", 8990, warning=True, count=4),
        event(slow, "Unhealthy", 'Liveness probe failed: Get "http://10.244.1.44:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', 3600, warning=True),
    ]  # fmt: skip


def init_container_runs() -> list[Object]:
    """Return a Pod whose init container migrates the database since eight seconds."""
    starting = pod("web-5f8b9c7d6-aaaaa", 9, "Pending", state=waiting("PodInitializing"))
    starting["spec"]["initContainers"] = [{"name": "migrate", "image": IMAGE}]
    runs = {
        "name": "migrate",
        "image": IMAGE,
        "ready": False,
        "restartCount": 0,
        "state": {"running": {"startedAt": ago(8)}},
    }
    starting["status"]["initContainerStatuses"] = [runs]
    starting["status"]["conditions"][1] = condition(
        "Initialized",
        9,
        true=False,
        reason="ContainersNotInitialized",
        message="containers with incomplete status: [migrate]",
    )
    return [node("w1"), starting]


MOMENTS = (
    pods_just_created, image_is_pulled, balancer_pending, rollout_in_progress, autoscaler_unknown, jobs_completed,
    restarted_once, pull_succeeded_at_last, node_came_back, node_drained, claim_waits_for_consumer,
    namespace_is_deleted, scaled_to_zero, stateful_set_starts, daemon_set_rolls, quota_and_budget,
    certificate_is_issued, probe_failed_once, init_container_runs,
)  # fmt: skip


def main() -> None:
    """Write all lists, every fourth as YAML."""
    for number, moment in enumerate(MOMENTS):
        listed = {"apiVersion": "v1", "kind": "List", "items": moment(), "metadata": {"resourceVersion": ""}}
        name = f"moment-{moment.__name__.replace('_', '-')}"
        if number % 4 == 3:
            (CORPUS / f"{name}.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(listed)), sort_keys=False))
        else:
            (CORPUS / f"{name}.json").write_text(json.dumps(listed, indent=1) + "\n")


if __name__ == "__main__":
    main()
