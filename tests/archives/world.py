"""The made-up cluster that every foreign archive of the tests holds: well, or with three faults."""

from dataclasses import dataclass, field
from typing import Any

from tests.made_cluster import LONG_AGO, NOW, deployment, endpoint_slice, node, pod, service

Object = dict[str, Any]

NODES = ("cp-1", "node-1", "node-2")
FAULTS = ("IMAGE-NOT-FOUND", "PVC-CLASS-NOT-FOUND", "IMAGE-ARCHITECTURE")
"""The rules that name the causes of the three faults."""


@dataclass
class World:
    """A cluster: its objects by the plural of their kind, and the logs of its Pods and nodes.

    The keys of `logs` are (namespace, pod, container, previous), those of `journals` (node, unit).
    """

    objects: dict[str, list[Object]] = field(default_factory=dict)
    logs: dict[tuple[str, str, str, bool], str] = field(default_factory=dict)
    journals: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, plural: str, *objects: Object) -> None:
        """Add objects of one kind."""
        self.objects.setdefault(plural, []).extend(objects)

    def of(self, plural: str, namespace: str | None = None) -> list[Object]:
        """Return the objects of a kind, in all namespaces or in one."""
        every = self.objects.get(plural, [])
        return [one for one in every if namespace is None or one["metadata"].get("namespace") == namespace]

    @property
    def namespaces(self) -> list[str]:
        """The names of all namespaces."""
        return [one["metadata"]["name"] for one in self.objects["namespaces"]]


def healthy(pods: int = 2) -> World:
    """Return a cluster that is well: two Deployments of `pods` Pods in namespace shop, CoreDNS, three nodes."""
    world = World()
    for number, name in enumerate(NODES, 1):
        world.add("nodes", node(name, f"10.0.0.{number}"))
        world.journals[name, "kubelet"] = _kubelet(name)
    for name in ("shop", "kube-system"):
        world.add("namespaces", _object("v1", "Namespace", name, "", {"status": {"phase": "Active"}}))
    for app, namespace in (("web", "shop"), ("api", "shop"), ("coredns", "kube-system")):
        owner = f"{app}-5d8f7c6b9d"
        members = [
            pod(f"{owner}-{n:03d}xk", namespace, NODES[1 + n % 2], app, owner) | {"metadata": _meta(app, namespace, n)}
            for n in range(pods)
        ]
        world.add("pods", *members)
        world.add("deployments", deployment(app, namespace, pods, pods))
        world.add("replicasets", _replica_set(app, namespace, pods))
        world.add("services", service(app, namespace))
        names = [one["metadata"]["name"] for one in members]
        world.add("endpointslices", endpoint_slice(app, namespace, names, ready=True))
        for name in names:
            world.logs[namespace, name, app, False] = _server_log(app)
        world.add("events", _event(namespace, "Pod", names[0], "Normal", "Started", f"Started container {app}"))
    return world


def broken() -> World:
    """Return the same cluster with three faults, each in a workload of its own. Their rules are in `FAULTS`."""
    world = healthy()
    waiting = {"reason": "ImagePullBackOff", "message": 'Back-off pulling image "registry.example/cart:9.9"'}
    _break(world, "cart", waiting, 0)
    text = (
        'Failed to pull image "registry.example/cart:9.9": rpc error: code = NotFound desc = failed to pull and unpack '
        'image "registry.example/cart:9.9": failed to resolve reference "registry.example/cart:9.9": '
        "registry.example/cart:9.9: not found"
    )
    world.add("events", _event("shop", "Pod", "cart-5d8f7c6b9d-000xk", "Warning", "Failed", text, 12))
    waiting = {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=mail"}
    _break(world, "mail", waiting, 7)
    for previous in (False, True):
        log = "exec /usr/local/bin/docker-entrypoint.sh: exec format error\n"
        world.logs["shop", "mail-5d8f7c6b9d-000xk", "mail", previous] = log
    claim = _object("v1", "PersistentVolumeClaim", "data-db-0", "shop", {"status": {"phase": "Pending"}})
    claim["spec"] = {
        "storageClassName": "fast-ssd",
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "10Gi"}},
    }
    world.add("persistentvolumeclaims", claim)
    world.add(
        "storageclasses", _object("storage.k8s.io/v1", "StorageClass", "standard", "", {"provisioner": "x.io/csi"})
    )
    text = 'storageclass.storage.k8s.io "fast-ssd" not found'
    event = _event("shop", "PersistentVolumeClaim", "data-db-0", "Warning", "ProvisioningFailed", text, 40)
    world.add("events", event)
    return world


def _break(world: World, app: str, waiting: Object, restarts: int) -> None:
    owner = f"{app}-5d8f7c6b9d"
    broken = pod(f"{owner}-000xk", "shop", "node-1", app, owner)
    status = broken["status"]
    for condition in status["conditions"][2:]:
        condition |= {"status": "False", "reason": "ContainersNotReady"}
    status["phase"] = "Running" if restarts else "Pending"
    container = status["containerStatuses"][0]
    container |= {"ready": False, "started": False, "restartCount": restarts, "state": {"waiting": waiting}}
    if restarts:
        ended = {"exitCode": 1, "reason": "Error", "startedAt": NOW, "finishedAt": NOW}
        container["lastState"] = {"terminated": ended}
    world.add("pods", broken)
    world.add("deployments", deployment(app, "shop", 1, 0))


def _meta(app: str, namespace: str, number: int) -> Object:
    owner = f"{app}-5d8f7c6b9d"
    return {
        "name": f"{owner}-{number:03d}xk",
        "namespace": namespace,
        "uid": f"00000000-0000-4000-8000-{abs(hash_of(app)) % 10**8:08d}{number:04d}",
        "resourceVersion": str(1000 + number),
        "creationTimestamp": LONG_AGO,
        "labels": {"app": app, "pod-template-hash": "5d8f7c6b9d"},
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": owner, "controller": True}],
        "managedFields": managed_fields(),
    }


def hash_of(text: str) -> int:
    """Return a number that is the same in every run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text))


def managed_fields() -> list[Object]:
    """Return the bookkeeping of the API server, which takes most of an object."""
    fields = {
        "f:metadata": {"f:labels": {".": {}, "f:app": {}, "f:pod-template-hash": {}}},
        "f:spec": {"f:containers": {'k:{"name":"app"}': {".": {}, "f:image": {}, "f:name": {}, "f:resources": {}}}},
    }
    return [
        {
            "manager": manager,
            "operation": "Update",
            "apiVersion": "v1",
            "time": LONG_AGO,
            "fieldsType": "FieldsV1",
            "fieldsV1": fields,
        }
        for manager in ("kube-controller-manager", "kubelet")
    ]


def _object(version: str, kind: str, name: str, namespace: str, more: Object) -> Object:
    metadata = {"name": name, "creationTimestamp": LONG_AGO, "uid": f"u-{kind}-{name}"}
    if namespace:
        metadata["namespace"] = namespace
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


def _replica_set(app: str, namespace: str, size: int) -> Object:
    numbers = {"replicas": size, "readyReplicas": size, "availableReplicas": size, "observedGeneration": 1}
    made = _object("apps/v1", "ReplicaSet", f"{app}-5d8f7c6b9d", namespace, {"status": numbers})
    made["spec"] = {"replicas": size, "selector": {"matchLabels": {"app": app}}}
    made["metadata"]["ownerReferences"] = [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": app, "controller": True}
    ]
    return made


def _event(namespace: str, kind: str, name: str, level: str, reason: str, message: str, count: int = 1) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {
            "name": f"{name}.{hash_of(reason + message):x}"[:60],
            "namespace": namespace,
            "creationTimestamp": NOW,
        },
        "involvedObject": {"kind": kind, "namespace": namespace, "name": name},
        "reason": reason,
        "message": message,
        "type": level,
        "count": count,
        "firstTimestamp": NOW,
        "lastTimestamp": NOW,
        "source": {"component": "kubelet", "host": "node-1"},
    }


def _server_log(app: str) -> str:
    return "".join(
        f'2026-11-24T08:{minute:02d}:00Z level=info msg="request served" app={app} status=200 ms={minute}\n'
        for minute in range(30)
    )


def _kubelet(name: str) -> str:
    return "".join(
        f"Nov 24 08:{minute:02d}:00.000000 {name} kubelet[1200]: I1124 08:{minute:02d}:00.000000    1200 "
        f'kubelet.go:2421] "SyncLoop (PLEG): event for pod" pod="shop/web-5d8f7c6b9d-000xk"\n'
        for minute in range(20)
    )
