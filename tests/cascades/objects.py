"""The cluster as the API gives it: in come the values of `cluster`, out go objects by the name of their list.

Reasons and messages are those of Kubernetes: pkg/kubelet/status, pkg/controller/deployment/util,
pkg/controller/nodelifecycle, pkg/registry/core/pod.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cascades.cluster import LONG, App, Cluster, Event, Node, Pod

Object = dict[str, Any]

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def moment(minutes: float) -> str:
    """Return the moment so many minutes before the observation, as Kubernetes writes it."""
    return (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def objects_of(cluster: Cluster) -> dict[str, list[Object]]:
    """Return all objects by what lists them."""
    found: dict[str, list[Object]] = {
        "nodes": [node_object(cluster, node) for node in cluster.nodes],
        "pods": [pod_object(cluster, pod) for pod in cluster.pods],
        "workloads": [],
        "services": [],
        "storage": _storage(cluster),
        "config": [],
        "scalers": [],
        "policies": [],
        "quotas": [],
        "webhooks": [_webhook(cluster)],
        "namespaces": [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": _meta(name), "status": {"phase": "Active"}}
            for name in sorted({app.namespace for app in cluster.apps} | {"default"})
        ],
        "events": [event_object(place, event) for place, event in enumerate(cluster.events)],
    }
    for app in cluster.apps:
        found["workloads"] += _workload(cluster, app)
        if app.serves:
            found["services"] += [_service(app), _slice(cluster, app)]
        found["config"] += _config(cluster, app)
        if app.scaler:
            found["scalers"].append(_scaler(cluster, app))
    for name, extra in cluster.extra:
        found[name].append(extra)
    return found


def _meta(name: str, namespace: str = "", created: int = LONG, **rest: Any) -> Object:
    place = {"namespace": namespace} if namespace else {}
    return {"name": name, **place, "creationTimestamp": moment(created), "uid": f"uid-{namespace}-{name}", **rest}


# --- nodes ------------------------------------------------------------------------------------------------------------


def node_object(cluster: Cluster, node: Node) -> Object:
    """Return a Node."""
    lost = node.ready == "Unknown"
    conditions = []
    for kind, well, bad in (
        ("MemoryPressure", "KubeletHasSufficientMemory", "KubeletHasInsufficientMemory"),
        ("DiskPressure", "KubeletHasNoDiskPressure", "KubeletHasDiskPressure"),
        ("PIDPressure", "KubeletHasSufficientPID", "KubeletHasInsufficientPID"),
    ):
        pressed = node.pressure == kind
        words = kind.removesuffix("Pressure").lower()
        message = {
            "PIDPressure": "kubelet has sufficient PID available",
            "MemoryPressure": "kubelet has sufficient memory available",
        }
        conditions.append(
            {
                "type": kind,
                "status": "Unknown" if lost else str(pressed),
                "reason": node.reason if lost else (bad if pressed else well),
                "message": node.message
                if lost
                else (
                    f"kubelet has {words} pressure" if pressed else message.get(kind, "kubelet has no disk pressure")
                ),
                "lastHeartbeatTime": moment(node.since + 1 if lost else 0.5),
                "lastTransitionTime": moment(node.since if lost or pressed else LONG),
            }
        )
    conditions.append(
        {
            "type": "Ready",
            "status": node.ready,
            "reason": node.reason,
            "message": node.message,
            "lastHeartbeatTime": moment(node.since + 1 if lost else 0.5),
            "lastTransitionTime": moment(node.since if node.ready != "True" else LONG),
        }
    )
    taints = list(node.taints)
    if node.control_plane:
        taints.append({"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"})
    if node.cordoned:
        taints.append(
            {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule", "timeAdded": moment(node.since)}
        )
    if node.ready != "True":
        key = "node.kubernetes.io/unreachable" if lost else "node.kubernetes.io/not-ready"
        taints += [
            {"key": key, "effect": effect, "timeAdded": moment(node.since)} for effect in ("NoSchedule", "NoExecute")
        ]
    if node.pressure == "DiskPressure":
        taints.append(
            {"key": "node.kubernetes.io/disk-pressure", "effect": "NoSchedule", "timeAdded": moment(node.since)}
        )
    role = {"node-role.kubernetes.io/control-plane": ""} if node.control_plane else {}
    labels = {"kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux", **role, **node.labels}
    room = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "95491281146"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": _meta(node.name, labels=labels),
        "spec": {
            "podCIDR": f"10.244.{node.ip.rsplit('.', 1)[1]}.0/24",
            **({"taints": taints} if taints else {}),
            **({"unschedulable": True} if node.cordoned else {}),
        },
        "status": {
            "addresses": [{"type": "InternalIP", "address": node.ip}, {"type": "Hostname", "address": node.name}],
            "capacity": room,
            "allocatable": room,
            "conditions": conditions,
            "nodeInfo": {
                "kubeletVersion": cluster.version,
                "osImage": "Ubuntu 22.04.4 LTS",
                "kernelVersion": "5.15.0-112-generic",
                "containerRuntimeVersion": "containerd://1.7.20",
                "architecture": "amd64",
                "operatingSystem": "linux",
            },
        },
    }


# --- Pods -------------------------------------------------------------------------------------------------------------


def container_of(app: App) -> Object:
    """Return the container of an application."""
    container: Object = {
        "name": app.container or app.name,
        "image": app.image,
        "imagePullPolicy": "IfNotPresent",
        "resources": {"requests": {"cpu": app.cpu, "memory": "128Mi"}, "limits": {"memory": app.memory}},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
    }
    if app.port:
        container["ports"] = [{"containerPort": app.port, "protocol": "TCP"}]
    if app.env:
        container["env"] = [{"name": name, "value": value} for name, value in app.env.items()]
    sources = []
    if app.config and not app.infrastructure:
        sources.append({"configMapRef": {"name": app.config}})
    if app.secret:
        sources.append({"secretRef": {"name": app.secret}})
    if sources:
        container["envFrom"] = sources
    if app.probe:
        container["readinessProbe"] = app.probe
    if app.command:
        container["command"] = app.command
    if app.args:
        container["args"] = app.args
    if app.claim:
        container["volumeMounts"] = [{"name": "data", "mountPath": "/var/lib/data"}]
    return container


def template_of(app: App) -> Object:
    """Return the spec of the Pods of an application."""
    spec: Object = {
        "containers": [container_of(app)],
        "restartPolicy": "Always",
        "serviceAccountName": app.account or "default",
    }
    if app.claim:
        spec["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": app.claim}}]
    if app.infrastructure and app.config:
        spec["volumes"] = [{"name": "config-volume", "configMap": {"name": app.config}}]
    if app.node_selector:
        spec["nodeSelector"] = app.node_selector
    return spec


def pod_object(cluster: Cluster, pod: Pod) -> Object:
    """Return a Pod with the status that its state has."""
    app = pod.app
    owner = "ReplicaSet" if app.kind == "Deployment" else app.kind
    labels = dict(app.labels)
    if app.kind == "Deployment":
        labels["pod-template-hash"] = app.hash
    meta = _meta(
        pod.name,
        app.namespace,
        pod.created,
        labels=labels,
        ownerReferences=[{"apiVersion": "apps/v1", "kind": owner, "name": app.owner, "controller": True, "uid": "u"}],
    )
    if pod.state == "terminating":
        meta |= {"deletionTimestamp": moment(max(pod.since - 5, 0)), "deletionGracePeriodSeconds": 30}
    tolerations = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for key in ("not-ready", "unreachable")
    ]
    spec = {**template_of(app), **({"nodeName": pod.node} if pod.node else {}), "tolerations": tolerations}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec, "status": _pod_status(cluster, pod)}


def _pod_status(cluster: Cluster, pod: Pod) -> Object:
    if pod.state == "evicted":
        return {"phase": "Failed", "reason": "Evicted", "message": pod.message, "startTime": moment(pod.created)}
    if pod.state == "pending":
        scheduled = {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": pod.message,
            "lastTransitionTime": moment(pod.created),
        }
        return {"phase": "Pending", "conditions": [scheduled], "qosClass": "Burstable"}
    ready = pod.well
    silent = pod.state in ("lost", "terminating")
    since = LONG if ready else pod.since
    unready = {
        "reason": "ContainersNotReady",
        "message": f"containers with unready status: [{pod.app.container or pod.app.name}]",
    }
    conditions = [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": moment(pod.created)},
        {"type": "Initialized", "status": "True", "lastTransitionTime": moment(pod.created)},
        {
            "type": "ContainersReady",
            "status": str(ready or silent),
            "lastTransitionTime": moment(since),
            **({} if ready or silent else unready),
        },
        {
            "type": "Ready",
            "status": str(ready),
            "lastTransitionTime": moment(since),
            **({} if ready or silent else unready),
        },
    ]
    if pod.state == "terminating":
        conditions.append(
            {
                "type": "DisruptionTarget",
                "status": "True",
                "reason": "DeletionByTaintManager",
                "message": "Taint manager: deleting due to NoExecute taint",
                "lastTransitionTime": moment(max(pod.since - 5, 0)),
            }
        )
    state: Object = {"running": {"startedAt": moment(pod.created)}}
    if pod.state == "waiting":
        state = {"waiting": {"reason": pod.reason, **({"message": pod.message} if pod.message else {})}}
    status: Object = {
        "name": pod.app.container or pod.app.name,
        "image": pod.app.image,
        "ready": ready or silent,
        "started": pod.state != "waiting",
        "restartCount": pod.restarts,
        "state": state,
        "lastState": {},
    }
    if pod.exit_code is not None:
        ended = {
            "exitCode": pod.exit_code,
            "reason": pod.exit_reason,
            "startedAt": moment(2),
            "finishedAt": moment(1.5),
        }
        status["lastState"] = {"terminated": ended}
    elif pod.restarts:
        ended = {"exitCode": 0, "reason": "Completed", "startedAt": moment(LONG), "finishedAt": moment(LONG - 5)}
        status["lastState"] = {"terminated": ended}
    started = pod.state != "waiting" or pod.exit_code is not None
    node = next((each.ip for each in cluster.nodes if each.name == pod.node), "")
    return {
        "phase": "Running" if started else "Pending",
        "conditions": conditions,
        "containerStatuses": [status],
        "startTime": moment(pod.created),
        "hostIP": node,
        **({"podIP": pod.ip, "podIPs": [{"ip": pod.ip}]} if pod.ip else {}),
        "qosClass": "Burstable",
    }


# --- workloads and Services -------------------------------------------------------------------------------------------


def _workload(cluster: Cluster, app: App) -> list[Object]:
    pods = cluster.pods_of(app)
    alive = [pod for pod in pods if pod.state not in ("evicted", "terminating")]
    ready = sum(pod.well for pod in alive)
    since = min(
        (pod.since for pod in pods if not pod.well), default=LONG if alive or not app.replicas else cluster.minutes
    )
    template = {"metadata": {"labels": app.labels}, "spec": template_of(app)}
    selector = {"matchLabels": app.labels}
    if app.kind == "DaemonSet":
        status: Object = {
            "desiredNumberScheduled": len(alive),
            "currentNumberScheduled": len(alive),
            "numberReady": ready,
            "numberAvailable": ready,
            "updatedNumberScheduled": len(alive),
            "numberMisscheduled": 0,
            "observedGeneration": 1,
            **({"numberUnavailable": len(alive) - ready} if ready < len(alive) else {}),
        }
        spec: Object = {"selector": selector, "template": template}
        return [_apps(app.kind, app, app.name, spec, status)]
    status = {
        "replicas": len(alive),
        "updatedReplicas": len(alive),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "observedGeneration": 1,
    }
    spec = {"replicas": app.replicas, "selector": selector, "template": template}
    if app.kind == "StatefulSet":
        return [_apps(app.kind, app, app.name, {**spec, "serviceName": app.service_name}, status)]
    available = ready >= app.replicas - app.replicas // 4
    conditions = [
        {
            "type": "Available",
            "status": str(available),
            "reason": "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable",
            "message": f"Deployment {'has' if available else 'does not have'} minimum availability.",
            "lastTransitionTime": moment(LONG if available else since),
            "lastUpdateTime": moment(LONG if available else since),
        },
        {
            "type": "Progressing",
            "status": "True",
            "reason": "NewReplicaSetAvailable",
            "message": f'ReplicaSet "{app.owner}" has successfully progressed.',
            "lastTransitionTime": moment(LONG),
            "lastUpdateTime": moment(LONG),
        },
    ]
    failing = []
    if app.failure is not None:
        reason, message = app.failure
        failing = [
            {
                "type": "ReplicaFailure",
                "status": "True",
                "reason": reason,
                "message": message,
                "lastTransitionTime": moment(cluster.minutes),
            }
        ]
    owner = [{"apiVersion": "apps/v1", "kind": "Deployment", "name": app.name, "controller": True, "uid": "u"}]
    members = {
        "replicas": len(alive),
        "readyReplicas": ready,
        "availableReplicas": ready,
        "fullyLabeledReplicas": len(alive),
        "observedGeneration": 1,
        **({"conditions": failing} if failing else {}),
    }
    replica_set = _apps("ReplicaSet", app, app.owner, spec, members)
    replica_set["metadata"] |= {"ownerReferences": owner, "labels": {**app.labels, "pod-template-hash": app.hash}}
    replica_set["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
    if app.replicas > len(alive):
        status["unavailableReplicas"] = app.replicas - ready
    return [_apps("Deployment", app, app.name, spec, {**status, "conditions": conditions + failing}), replica_set]


def _apps(kind: str, app: App, name: str, spec: Object, status: Object) -> Object:
    meta = _meta(name, app.namespace, labels=dict(app.labels), generation=1)
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": meta, "spec": spec, "status": status}


def _service(app: App) -> Object:
    port = {"port": app.service_port, "targetPort": app.target_port, "protocol": "TCP", "name": "main"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _meta(app.service_name, app.namespace),
        "spec": {"type": "ClusterIP", "clusterIP": app.cluster_ip, "selector": app.selector, "ports": [port]},
        "status": {"loadBalancer": {}},
    }


def backing(cluster: Cluster, app: App) -> list[Pod]:
    """Return the Pods with an address that the Service of `app` selects."""
    return [
        pod
        for pod in cluster.pods
        if pod.app.namespace == app.namespace
        and app.selector.items() <= pod.app.labels.items()
        and pod.ip
        and pod.state != "evicted"
    ]


def _slice(cluster: Cluster, app: App) -> Object:
    endpoints = [
        {
            "addresses": [pod.ip],
            "conditions": {"ready": pod.well, "serving": pod.well, "terminating": pod.state == "terminating"},
            "nodeName": pod.node,
            "targetRef": {"kind": "Pod", "name": pod.name, "namespace": app.namespace},
        }
        for pod in backing(cluster, app)
    ]
    meta = _meta(f"{app.service_name}-{app.hash[:5]}", app.namespace)
    meta["labels"] = {"kubernetes.io/service-name": app.service_name}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta,
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{"name": "main", "port": app.target_port, "protocol": "TCP"}] if endpoints else [],
    }


# --- the rest ---------------------------------------------------------------------------------------------------------


def _config(cluster: Cluster, app: App) -> list[Object]:
    found = []
    if app.config and ("ConfigMap", app.namespace, app.config) not in cluster.missing:
        data = {"LOG_LEVEL": "info", "REGION": "eu-1"}
        found.append(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _meta(app.config, app.namespace), "data": data}
        )
    if app.secret and ("Secret", app.namespace, app.secret) not in cluster.missing:
        found.append(
            {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": _meta(app.secret, app.namespace)}
        )
    return found


def _scaler(cluster: Cluster, app: App) -> Object:
    ready = any(pod.well for pod in cluster.pods_of(app))
    active = {
        "type": "ScalingActive",
        "status": str(ready),
        "reason": "ValidMetricFound" if ready else "FailedGetResourceMetric",
        "message": "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)"
        if ready
        else "the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)",
        "lastTransitionTime": moment(LONG if ready else cluster.minutes),
    }
    able = {
        "type": "AbleToScale",
        "status": "True",
        "reason": "ReadyForNewScale",
        "message": "recommended size matches current size",
    }
    able["lastTransitionTime"] = moment(LONG)
    count = max(len(cluster.pods_of(app)), 1)
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": _meta(app.name, app.namespace),
        "spec": {
            "minReplicas": 1,
            "maxReplicas": 6,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": app.name},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
                }
            ],
        },
        "status": {"currentReplicas": count, "desiredReplicas": count, "conditions": [able, active]},
    }


def _storage(cluster: Cluster) -> list[Object]:
    found: list[Object] = [
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": _meta(name),
            "provisioner": driver,
            "volumeBindingMode": "Immediate",
            "reclaimPolicy": "Delete",
        }
        for name, driver in cluster.classes.items()
    ]
    for claim in cluster.claims:
        spec: Object = {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "10Gi"}},
            "storageClassName": claim.storage_class,
        }
        created = LONG if claim.volume else cluster.minutes
        body: Object = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": _meta(claim.name, claim.namespace, created),
        }
        driver = cluster.classes.get(claim.storage_class)
        if driver:
            keys = ("volume.beta.kubernetes.io/storage-provisioner", "volume.kubernetes.io/storage-provisioner")
            body["metadata"]["annotations"] = dict.fromkeys(keys, driver)
        if claim.volume:
            spec["volumeName"] = claim.volume
        body |= {"spec": spec, "status": {"phase": "Bound" if claim.volume else "Pending"}}
        found.append(body)
        if claim.volume:
            reference = {"kind": "PersistentVolumeClaim", "name": claim.name, "namespace": claim.namespace}
            volume = {
                "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "10Gi"},
                "claimRef": reference,
                "storageClassName": claim.storage_class,
                "persistentVolumeReclaimPolicy": "Delete",
                "csi": {"driver": cluster.classes.get(claim.storage_class, ""), "volumeHandle": claim.volume},
            }
            found.append(
                {
                    "apiVersion": "v1",
                    "kind": "PersistentVolume",
                    "metadata": _meta(claim.volume),
                    "spec": volume,
                    "status": {"phase": "Bound"},
                }
            )
    return found


def _webhook(cluster: Cluster) -> Object:
    service = cluster.named("policy-webhook")
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"], "scope": "*"}]
    webhook = {
        "name": "pods.policy.example",
        "clientConfig": {
            "service": {"name": service.service_name, "namespace": service.namespace, "path": "/validate", "port": 443}
        },
        "failurePolicy": "Fail",
        "rules": rules,
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 10,
        "namespaceSelector": {
            "matchExpressions": [
                {
                    "key": "kubernetes.io/metadata.name",
                    "operator": "NotIn",
                    "values": ["policy-system", "kube-system", "storage"],
                }
            ]
        },
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": _meta("policy"),
        "webhooks": [webhook],
    }


def event_object(place: int, event: Event) -> Object:
    """Return an Event of the API group core."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": _meta(f"{event.name}.{place:016x}", event.namespace or "default", event.first),
        "involvedObject": {
            "kind": event.kind,
            "name": event.name,
            **({"namespace": event.namespace} if event.namespace else {}),
        },
        "reason": event.reason,
        "message": event.message,
        "type": event.type,
        "source": {"component": event.source, **({"host": event.host} if event.host else {})},
        "firstTimestamp": moment(event.first),
        "lastTimestamp": moment(event.last),
        "count": event.count,
    }
