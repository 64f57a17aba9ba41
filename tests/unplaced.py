"""Clusters in which one Pod finds no node, each for one reason that is known beforehand."""

from dataclasses import dataclass
from random import Random
from typing import Any

Object = dict[str, Any]

HOST, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
CONTROL_PLANE = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
REASONS = (
    "taint", "cordoned", "cpu", "memory", "gpu", "node-selector", "node-affinity", "anti-affinity", "affinity",
    "topology-spread", "volume-affinity", "volume-on-cordoned-node", "pvc-unbound", "pvc-missing", "host-port",
    "too-many-pods", "init-container",
)  # fmt: skip
"""What `unplaced` can be asked for."""


@dataclass
class Unplaced:
    """The objects of a cluster in the order in which they can be made, the Pod last, and what keeps it from a node."""

    nodes: list[Object]
    objects: list[Object]
    pod: Object
    expected: tuple[str, str]


def unplaced(asked: str, seed: int, namespace: str = "shop") -> Unplaced:
    """Return a cluster in which only `asked` keeps the Pod `web-0` from some nodes; at others more than that does."""
    return _Builder(asked, Random(f"{asked}-{seed}"), namespace, f"n{seed}-{REASONS.index(asked)}").build()


class _Builder:
    def __init__(self, asked: str, random: Random, namespace: str, prefix: str) -> None:
        self._asked, self._random, self._namespace = asked, random, namespace
        names = [f"{prefix}-w{number}" for number in range(random.randint(2, 5))]
        self._meant = names[: random.randint(1, len(names) - 1)]
        self._others = names[len(self._meant) :]
        self._nodes = {name: self._node(name, "a" if name in self._meant else "b") for name in names}
        control = self._node(f"{prefix}-cp", "c")
        control["spec"]["taints"] = [dict(CONTROL_PLANE)]
        self._control = control
        self._objects: list[Object] = []
        self._spec: Object = {"containers": [self._container(cpu="500m", memory="256Mi")]}
        self._count = 0

    def build(self) -> Unplaced:
        for name in self._nodes:
            for _ in range(self._random.randint(0, 2)):
                self._run(name, cpu=f"{self._random.choice((100, 250, 400))}m", memory="512Mi")
        for name in self._others:
            self._fill(name)
        expected = getattr(self, "_" + self._asked.replace("-", "_"))()
        pod = self._pod("web-0", self._spec, {"app": "web"})
        return Unplaced([self._control, *self._nodes.values()], self._objects, pod, expected)

    # --- reasons: each returns reason and detail of the fact that is expected ----------------------------------------

    def _taint(self) -> tuple[str, str]:
        key = self._random.choice(("team", "example.test/batch", "node.kubernetes.io/disk-pressure"))
        key = key if "disk" not in key else "example.test/quarantine"  # the controllers of a real cluster take it away
        for name in self._meant:
            self._nodes[name]["spec"]["taints"] = [{"key": key, "value": "blue", "effect": "NoSchedule"}]
        return "taint", key

    def _cordoned(self) -> tuple[str, str]:
        for name in self._meant:
            self._nodes[name]["spec"]["unschedulable"] = True
        return "cordoned", ""

    def _cpu(self) -> tuple[str, str]:
        self._spec["containers"] = [self._container(cpu="3800m"), self._container("side", cpu="300m")]
        return "resource", "cpu"

    def _memory(self) -> tuple[str, str]:
        for name in self._meant:
            self._run(name, memory="6Gi")
        self._spec["containers"] = [self._container(memory="2100Mi")]
        return "resource", "memory"

    def _gpu(self) -> tuple[str, str]:
        gpu = {"nvidia.com/gpu": "1"}
        self._spec["containers"][0]["resources"] = {"limits": gpu, "requests": gpu}
        return "resource", "nvidia.com/gpu"

    def _init_container(self) -> tuple[str, str]:
        self._spec["initContainers"] = [self._container("migrate", cpu="4500m")]
        return "resource", "cpu"

    def _node_selector(self) -> tuple[str, str]:
        self._spec["nodeSelector"] = {"disk": "nvme"}
        return "node-selector", "disk=nvme"

    def _node_affinity(self) -> tuple[str, str]:
        term = {"matchExpressions": [{"key": ZONE, "operator": "In", "values": ["x", "y"]}]}
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
        self._spec["affinity"] = {"nodeAffinity": required}
        return "node-selector", f"{ZONE} in (x, y)"

    def _anti_affinity(self) -> tuple[str, str]:
        term = {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": HOST}
        self._spec["affinity"] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
        for name in self._meant:
            self._run(name, app="web", cpu="10m")
        return "anti-affinity", HOST

    def _affinity(self) -> tuple[str, str]:
        term = {"labelSelector": {"matchLabels": {"app": "cache"}}, "topologyKey": ZONE}
        self._spec["affinity"] = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
        return "affinity", ZONE

    def _topology_spread(self) -> tuple[str, str]:
        self._spec["topologySpreadConstraints"] = [
            {
                "maxSkew": 1,
                "topologyKey": ZONE,
                "whenUnsatisfiable": "DoNotSchedule",
                "labelSelector": {"matchLabels": {"app": "web"}},
            }
        ]
        for name in self._meant:
            self._run(name, app="web", cpu="10m")
            self._run(name, app="web", cpu="10m")
        return "topology-spread", ZONE

    def _volume_affinity(self) -> tuple[str, str]:
        self._volume("gone-node")
        return "volume-affinity", "data"

    def _volume_on_cordoned_node(self) -> tuple[str, str]:
        self._volume(self._meant[0])
        self._nodes[self._meant[0]]["spec"]["unschedulable"] = True
        return "cordoned", ""

    def _pvc_unbound(self) -> tuple[str, str]:
        self._class("Immediate")
        self._claim()
        return "pvc-unbound", "data"

    def _pvc_missing(self) -> tuple[str, str]:
        self._mount()
        return "pvc-missing", "data"

    def _host_port(self) -> tuple[str, str]:
        port = {"containerPort": 9100, "hostPort": 9100, "protocol": "TCP"}
        self._spec["containers"][0]["ports"] = [port]
        for name in self._meant:
            self._run(name, cpu="10m")["spec"]["containers"][0]["ports"] = [port]
        return "host-port", "9100/TCP"

    def _too_many_pods(self) -> tuple[str, str]:
        for name in self._meant:
            running = sum(one["spec"].get("nodeName") == name for one in self._objects if one["kind"] == "Pod")
            for resources in ("capacity", "allocatable"):
                self._nodes[name]["status"][resources]["pods"] = str(running)
        return "too-many-pods", ""

    # --- objects ------------------------------------------------------------------------------------------------------

    def _fill(self, name: str) -> None:
        """Give a node two reasons of its own, so that to remove the one that is asked for would not help there."""
        self._run(name, cpu="2900m", memory="6500Mi")
        self._spec["containers"][0]["resources"]["requests"]["memory"] = "256Mi"
        way = self._random.choice(("cordon", "taint"))
        if way == "cordon":
            self._nodes[name]["spec"]["unschedulable"] = True
        else:
            self._nodes[name]["spec"]["taints"] = [{"key": "dedicated", "value": "gpu", "effect": "NoSchedule"}]
        for resources in ("capacity", "allocatable"):
            self._nodes[name]["status"][resources]["cpu"] = "3"

    def _node(self, name: str, zone: str) -> Object:
        room = {"cpu": "4", "memory": "8Gi", "ephemeral-storage": "50Gi", "pods": "20"}
        info = dict.fromkeys(
            ("bootID", "kernelVersion", "kubeProxyVersion", "machineID", "osImage", "systemUUID"), ""
        ) | {"architecture": "amd64", "operatingSystem": "linux", "kubeletVersion": "v1.34.0"}
        address = ".".join(str(self._random.randint(1, 250)) for _ in range(3))
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "labels": {HOST: name, ZONE: zone, "kbdiag.test/kubelet": "shared"},
                "annotations": {"kbdiag.test/ip": f"127.{address}"},
            },
            "spec": {"taints": []},
            "status": {
                "capacity": dict(room),
                "allocatable": dict(room),
                "nodeInfo": {**info, "containerRuntimeVersion": "containerd://2.1.4"},
            },
        }

    def _run(self, node: str, *, app: str = "other", **requests: str) -> Object:
        self._count += 1
        spec = {"nodeName": node, "tolerations": [{"operator": "Exists"}], "containers": [self._container(**requests)]}
        pod = self._pod(f"{app}-{node}-{self._count}", spec, {"app": app})
        self._objects.append(pod)
        return pod

    def _pod(self, name: str, spec: Object, labels: dict[str, str]) -> Object:
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"namespace": self._namespace, "name": name, "labels": labels},
            "spec": spec,
        }

    @staticmethod
    def _container(name: str = "app", **requests: str) -> Object:
        return {"name": name, "image": "registry.example/app:1", "resources": {"requests": requests}}

    def _mount(self) -> None:
        self._spec["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]

    def _class(self, mode: str) -> None:
        self._objects.append(
            {
                "apiVersion": "storage.k8s.io/v1",
                "kind": "StorageClass",
                "metadata": {"name": f"{self._namespace}-disks"},
                "provisioner": "disks.example.test",
                "volumeBindingMode": mode,
            }
        )

    def _claim(self, volume: str = "") -> None:
        self._mount()
        spec: Object = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        spec["storageClassName"] = f"{self._namespace}-disks"
        if volume:
            spec["volumeName"] = volume
        self._objects.append(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"namespace": self._namespace, "name": "data"},
                "spec": spec,
            }
        )

    def _volume(self, node: str) -> None:
        self._class("WaitForFirstConsumer")
        term = {"matchExpressions": [{"key": HOST, "operator": "In", "values": [node]}]}
        self._objects.append(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolume",
                "metadata": {"name": f"{self._namespace}-disk"},
                "spec": {
                    "capacity": {"storage": "1Gi"},
                    "accessModes": ["ReadWriteOnce"],
                    "storageClassName": f"{self._namespace}-disks",
                    "local": {"path": "/mnt/disk-1"},
                    "claimRef": {"namespace": self._namespace, "name": "data"},
                    "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}},
                },
            }
        )
        self._claim(f"{self._namespace}-disk")
