"""Clusters made of plain dictionaries, shaped as the API gives them: healthy by default, broken on request."""

import json
from pathlib import Path
from typing import Any

Object = dict[str, Any]

NOW = "2026-11-24T09:00:00Z"
LONG_AGO = "2026-11-01T09:00:00Z"


def node(name: str, ip: str, ready: str = "True") -> Object:
    """Return a node; `ready` is the status of its Ready condition."""
    lost = ready == "Unknown"
    reason = {"True": "KubeletReady", "False": "KubeletNotReady", "Unknown": "NodeStatusUnknown"}[ready]
    message = "Kubelet stopped posting node status." if lost else "kubelet is posting ready status"
    pressures = [
        {
            "type": kind,
            "status": "Unknown" if lost else "False",
            "reason": reason if lost else f"KubeletHasNo{kind}",
            "lastTransitionTime": NOW if lost else LONG_AGO,
        }
        for kind in ("MemoryPressure", "DiskPressure", "PIDPressure")
    ]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "creationTimestamp": LONG_AGO, "labels": {"kubernetes.io/hostname": name}},
        "spec": {"podCIDR": "10.10.1.0/24"},
        "status": {
            "addresses": [{"type": "InternalIP", "address": ip}, {"type": "Hostname", "address": name}],
            "conditions": [
                *pressures,
                {
                    "type": "Ready",
                    "status": ready,
                    "reason": reason,
                    "message": message,
                    "lastTransitionTime": NOW if ready != "True" else LONG_AGO,
                },
            ],
            "nodeInfo": {"kubeletVersion": "v1.31.4"},
        },
    }


def pod(name: str, namespace: str, on: str, app: str, owner: str, *, ready: bool = True) -> Object:
    """Return a running Pod of ReplicaSet `owner`; one that is not ready lost its node."""
    conditions = [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": LONG_AGO},
        {"type": "Initialized", "status": "True", "lastTransitionTime": LONG_AGO},
        {"type": "ContainersReady", "status": "True", "lastTransitionTime": LONG_AGO},
        {
            "type": "Ready",
            "status": "True" if ready else "False",
            "lastTransitionTime": LONG_AGO if ready else NOW,
        },
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "creationTimestamp": LONG_AGO,
            "labels": {"app": app, "pod-template-hash": owner.rsplit("-", 1)[-1]},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": owner, "controller": True}],
        },
        "spec": {"nodeName": on, "containers": [{"name": app, "image": f"example/{app}:1.0"}]},
        "status": {
            "phase": "Running",
            "conditions": conditions,
            "containerStatuses": [
                {
                    "name": app,
                    "ready": True,
                    "started": True,
                    "restartCount": 0,
                    "image": f"example/{app}:1.0",
                    "state": {"running": {"startedAt": LONG_AGO}},
                }
            ],
            "startTime": LONG_AGO,
        },
    }


def deployment(name: str, namespace: str, desired: int, ready: int) -> Object:
    """Return a Deployment."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "generation": 1, "creationTimestamp": LONG_AGO},
        "spec": {
            "replicas": desired,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": name}]}},
        },
        "status": {
            "observedGeneration": 1,
            "replicas": desired,
            "updatedReplicas": desired,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "conditions": [
                {
                    "type": "Available",
                    "status": "True" if ready == desired else "False",
                    "reason": "MinimumReplicasAvailable" if ready == desired else "MinimumReplicasUnavailable",
                    "lastTransitionTime": NOW,
                }
            ],
        },
    }


def service(name: str, namespace: str) -> Object:
    """Return a ClusterIP Service that selects app=name."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "creationTimestamp": LONG_AGO},
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "10.96.10.10",
            "selector": {"app": name},
            "ports": [{"port": 80, "targetPort": 8080, "protocol": "TCP"}],
        },
    }


def endpoint_slice(name: str, namespace: str, pods: list[str], *, ready: bool) -> Object:
    """Return the EndpointSlice of Service `name`."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": f"{name}-x", "namespace": namespace, "labels": {"kubernetes.io/service-name": name}},
        "addressType": "IPv4",
        "endpoints": [
            {
                "addresses": [f"10.10.1.{place}"],
                "conditions": {"ready": ready},
                "targetRef": {"kind": "Pod", "name": one},
            }
            for place, one in enumerate(pods, 1)
        ],
        "ports": [{"port": 8080}],
    }


def write(path: Path, objects: list[Object]) -> Path:
    """Write objects as `kubectl get -o json` prints them."""
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}), encoding="utf-8")
    return path


def healthy(count: int) -> list[Object]:
    """Return `count` nodes with a Pod on each, all well, in Deployments of ten with a Service each."""
    objects: list[Object] = [node(f"node-{n}", f"10.0.{n // 250}.{n % 250 + 1}") for n in range(count)]
    for group in range(count // 10):
        name = f"app-{group}"
        pods = [
            pod(f"{name}-7d4b9c6f5-{n:05d}", "demo", f"node-{group * 10 + n}", name, f"{name}-7d4b9c6f5")
            for n in range(10)
        ]
        objects += [*pods, deployment(name, "demo", 10, 10), service(name, "demo")]
        objects.append(endpoint_slice(name, "demo", [one["metadata"]["name"] for one in pods], ready=True))
    return objects


def stopped_vm() -> tuple[list[Object], str]:
    """Return a cluster whose VM prod-worker1 is stopped, and what `tart list` prints.

    Its node is lost, with 40 Pods of five Deployments on it; their five Services have no endpoints left.
    """
    objects = [
        node("prod-master", "192.168.65.2"),
        node("prod-worker1", "192.168.65.3", ready="Unknown"),
        node("prod-worker2", "192.168.65.4"),
    ]
    for name in ("nginx-web", "httpbin", "redis", "orders", "billing"):
        pods = [
            pod(f"{name}-6f7c8d9b5-{n:05d}", "demo", "prod-worker1", name, f"{name}-6f7c8d9b5", ready=False)
            for n in range(8)
        ]
        objects += [*pods, deployment(name, "demo", 8, 0), service(name, "demo")]
        objects.append(endpoint_slice(name, "demo", [one["metadata"]["name"] for one in pods], ready=False))
    table = (
        "Source Name         Disk Size Accessed    State\n"
        "local  prod-master  20   9    2 hours ago running\n"
        "local  prod-worker1 20   8    2 hours ago stopped\n"
        "local  prod-worker2 20   8    2 hours ago running\n"
    )
    return objects, table
