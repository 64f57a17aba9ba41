"""Makes the texts and lists of a real control plane anew: `python -m tests.healthy.cluster`.

A Deployment is created, scaled, rolled to a new image and back, a node is drained and uncordoned, and all is stopped in
order. Saved are the logs of the components, what kubectl prints, and API lists of the moments in between.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.cluster.api import Api, Object
from tests.cluster.build import programs
from tests.cluster.cluster import LEASE_SECONDS, Cluster, node
from tests.cluster.objects import deployment, requests
from tests.cluster.process import Program
from tests.cluster.scenarios import SHOP_RUNS, Scenario, healthy
from tests.healthy.make import CORPUS, anonymous, shortened

COMPONENTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
LISTS = (
    "nodes", "namespaces", "pods", "services", "endpointslices", "deployments", "replicasets", "statefulsets",
    "daemonsets", "jobs", "cronjobs", "events", "resourcequotas", "poddisruptionbudgets", "networkpolicies", "leases",
    "configmaps", "persistentvolumeclaims", "horizontalpodautoscalers",
)  # fmt: skip
PRINTED = {
    "nodes": ("get nodes", "get nodes -o wide", "get nodes -o yaml"),
    "pods": ("get pods -A -o wide", "get pods -n shop", "get pods -n shop --show-labels", "get all -n shop"),
    "workloads": ("get deploy,rs,sts,ds,jobs,cronjobs -A", "rollout status -n shop deploy/web", "rollout history -n shop deploy/web"),
    "network": ("get svc,endpointslices -A", "get svc -n shop -o wide", "get networkpolicies -A", "get ingress -A"),
    "policy": ("get quota,pdb -A", "get storageclass", "get pv,pvc -A", "get priorityclasses"),
    "api": (
        "cluster-info", "get --raw /healthz", "get --raw /livez?verbose", "get --raw /readyz?verbose", "get apiservices",
        "api-resources", "auth can-i --list", "auth can-i get pods", "get leases -A", "get crd", "get csr",
    ),
    "events": ("get events -A", "get events -n shop -o wide", "get events -n shop --field-selector type=Warning"),
    "deployment": ("get deployment web -n shop -o yaml", "get pods -n shop -l app=web -o jsonpath={.items[*].status.phase}"),
}  # fmt: skip
DESCRIBED = ("nodes", "pods -n shop", "deployments -n shop", "services -n shop", "quota -n shop", "jobs -n shop")
PODS = "/api/v1/namespaces/shop/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments"


class OrderlyCluster(Cluster):
    """A cluster that logs all, and that ends as it does on a real machine."""

    def _run(self, program: str, *flags: str, log: str = "") -> Program:
        return super()._run(program, *(flag for flag in flags if flag != "--log-level=warn"), log=log)

    def stop(self) -> None:
        """Ask each program to end, the youngest first, and wait until it has."""
        while self._started:
            program = self._started.popitem()[1]
            with suppress(ProcessLookupError):
                os.killpg(program.process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                program.process.wait(20)
            program.stop()


def main() -> None:
    """Run the cluster and save what it gives."""
    folder = Path(tempfile.mkdtemp(prefix="kbdiag-healthy-"))
    cluster = OrderlyCluster(folder, programs(), LEASE_SECONDS, {}, "None")
    try:
        cluster.start()
        _work(cluster)
    finally:
        cluster.stop()
        for name in COMPONENTS:
            _save(f"cluster-{name}-run.log", (folder / f"{name}.log").read_text(), cluster)
        shutil.rmtree(folder)


def _work(cluster: Cluster) -> None:
    api = cluster.api
    cluster.add_nodes(*(node(name) for name in ("w1", "w2", "w3")))
    scenario = Scenario("shop", healthy, SHOP_RUNS, "", ("", ""))
    scenario.make(api)
    scenario.until_shown(api)
    _save_lists("cluster-steady", cluster)
    for name, commands in PRINTED.items():
        _save(f"cluster-kubectl-{name}-run.txt", "".join(_kubectl(cluster, words) for words in commands), cluster)
    for what in DESCRIBED:
        _save(f"cluster-describe-{what.split()[0]}-run.txt", _kubectl(cluster, f"describe {what}"), cluster)

    web = deployment("shop", containers=requests(cpu="50m", memory="64Mi"))
    api.patch(web, {"spec": {"replicas": 6}})
    _save_lists("cluster-scaling", cluster, "pods", "deployments", "replicasets", "events")
    _settled(api, 6)
    image = {"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "registry.example/app:2"}]}}}}
    api.patch(web, image)
    _save_lists("cluster-rolling", cluster, "pods", "deployments", "replicasets", "endpointslices")
    _save("cluster-kubectl-rolling-run.txt", _kubectl(cluster, "get deploy,rs,pods -n shop"), cluster)
    _settled(api, 6)
    _save(
        "cluster-kubectl-drain-run.txt",
        _kubectl(cluster, "drain w2 --ignore-daemonsets --force --timeout=60s"),
        cluster,
    )
    _save_lists("cluster-drained", cluster, "nodes", "pods")
    _save(
        "cluster-kubectl-drained-run.txt",
        _kubectl(cluster, "get nodes") + _kubectl(cluster, "describe node w2"),
        cluster,
    )
    _kubectl(cluster, "uncordon w2")
    _settled(api, 6)
    _save_lists("cluster-uncordoned", cluster, "nodes", "pods")
    api.patch(web, {"spec": {"replicas": 2}})
    _settled(api, 2)
    _save("cluster-kubectl-events-run.txt", _kubectl(cluster, "events -n shop"), cluster)
    _save(
        "cluster-kubectl-events-sorted-run.txt",
        _kubectl(cluster, "get events -n shop --sort-by=.lastTimestamp"),
        cluster,
    )
    with cluster.without("kube-scheduler"):
        time.sleep(1)
    _kubectl(cluster, "delete namespace shop --wait=true --timeout=60s")
    _save("cluster-kubectl-empty-run.txt", _kubectl(cluster, "get all -n shop"), cluster)


def _settled(api: Api, replicas: int) -> None:
    api.until(DEPLOYMENTS, lambda one: one["metadata"]["name"] == "web" and _complete(one, replicas), 60.0)


def _complete(one: Object, replicas: int) -> bool:
    status = one["status"]
    counts = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")}
    return counts == {replicas} and status["observedGeneration"] == one["metadata"]["generation"]


def _kubectl(cluster: Cluster, words: str) -> str:
    command = ["kubectl", f"--kubeconfig={cluster.kubeconfig}", *words.split()]
    ended = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ended.stdout if words.endswith("json") else f"$ kubectl {words}\n{ended.stdout}"


def _save_lists(name: str, cluster: Cluster, *kinds: str) -> None:
    listed = json.loads(_kubectl(cluster, f"get {','.join(kinds or LISTS)} -A -o json"))
    for item in listed["items"]:
        item["metadata"].pop("managedFields", None)
        item["metadata"].get("annotations", {}).pop("kubectl.kubernetes.io/last-applied-configuration", None)
    listed["items"] = [item for item in listed["items"] if item["metadata"]["name"] != "kube-root-ca.crt"]
    _save(f"{name}-run.json", json.dumps(listed, separators=(",", ":")) + "\n", cluster)


def _save(name: str, text: str, cluster: Cluster) -> None:
    text = anonymous(text.replace(cluster.token, "TOKEN").replace(str(cluster.folder), "/etc/kubernetes"))
    (CORPUS / name).write_text(text if name.endswith(".json") else shortened(text))


if __name__ == "__main__":
    main()
