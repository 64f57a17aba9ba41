"""Makes the logs of a real node anew: `python -m tests.healthy.node`, where tests/node can run.

Pods are started, one of them a Job, a Deployment is scaled, rolled and deleted; saved are what kubelet and containerd log.
"""

from pathlib import Path

from tests.cluster.objects import deployment, job, namespace, template
from tests.healthy.make import CORPUS, anonymous, shortened
from tests.node.node import IMAGE, NodeCluster, running_node

SLEEP = {"name": "app", "image": IMAGE, "command": ["sh", "-c", "trap exit TERM; while :; do sleep 1; done"]}
DONE = {"name": "app", "image": IMAGE, "command": ["sh", "-c", "echo report of 3 orders written"]}


def main() -> None:
    """Run the node and save its logs."""
    with running_node() as cluster:
        _work(cluster)
        for name in ("kubelet", "containerd"):
            text = (Path(cluster.folder) / f"{name}.log").read_text(errors="replace")
            text = anonymous(text.replace(cluster.token, "TOKEN").replace(str(cluster.folder), "/var/lib/node"))
            (CORPUS / f"node-{name}-run.log").write_text(shortened(text.replace(cluster.folder.name, "pods")))


def _work(cluster: NodeCluster) -> None:
    api = cluster.api
    api.create(namespace("shop"))
    api.until("/api/v1/namespaces/shop/serviceaccounts", lambda one: True)
    web = deployment("shop", replicas=1, containers=[SLEEP], terminationGracePeriodSeconds=3)
    report = job("shop", "report", template("report", containers=[DONE]))
    api.create(web, report)
    api.until("/apis/batch/v1/namespaces/shop/jobs", lambda one: one["status"].get("succeeded") == 1, 60)
    deployments = "/apis/apps/v1/namespaces/shop/deployments"
    api.until(deployments, lambda one: one["status"].get("availableReplicas") == 1, 60)
    api.patch(web, {"spec": {"replicas": 2}})
    api.until(deployments, lambda one: one["status"].get("availableReplicas") == 2, 60)
    api.patch(web, {"spec": {"template": {"metadata": {"annotations": {"rolled": "once"}}}}})
    api.until(deployments, lambda one: one["status"].get("updatedReplicas") == 2 == one["status"].get("replicas"), 60)
    api.delete(web, report)
    api.until_gone(web)


if __name__ == "__main__":
    main()
