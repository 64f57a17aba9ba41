"""How kbdiag does on a large cluster: `python -m tests.cluster.benchmark [NODES PODS]`, by default 1,000 and 10,000.

Three of the Pods are broken, each in its own way. Told are the whole process's time and peak memory, what of the time
the API server took, how often it was asked, and which causes came first.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import yaml

from tests.cluster.api import Object
from tests.cluster.cluster import Cluster, is_ready, node, running
from tests.cluster.objects import deployment, namespace, requests, service
from tests.cluster.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
BROKEN = ("too-much-cpu", "missing-image", "crash-loop")
LEASE_SECONDS = 40
"""As kubelets do it: a thousand nodes that renew every second would be all that the API server does."""
REPLICAS = 50
SECONDS = 900.0


def main(nodes: int, pods: int) -> None:
    """Make the cluster, run kbdiag on it three times, and print what was measured."""
    prints = {each.name: each.prints for each in SCENARIOS}
    with running(LEASE_SECONDS, prints, "Metadata") as cluster:
        started = time.monotonic()
        _fill(cluster, nodes, pods)
        print(f"{nodes} nodes and {pods} Pods made in {time.monotonic() - started:.0f} s", flush=True)
        for scenario in (each for each in SCENARIOS if each.name in BROKEN):
            scenario.make(cluster.api)
            scenario.until_shown(cluster.api)
        objects = list(yaml.safe_load_all((ROOT / "deploy" / "clusterrole.yaml").read_text()))
        cluster.api.create(namespace("kbdiag"), *(one for one in objects if one["kind"] != "Namespace"))
        account = cluster.service_account("kbdiag", "kbdiag")
        for _ in range(3):
            _measure(cluster, account)


def _fill(cluster: Cluster, nodes: int, pods: int) -> None:
    with ThreadPoolExecutor(16) as workers:
        first = ip_address("127.18.0.1")
        list(workers.map(cluster.api.create, (node(f"n{n:04}", ip=str(first + n)) for n in range(nodes))))
        spaces = [f"team-{number:02}" for number in range(20)]
        list(workers.map(cluster.api.create, map(namespace, spaces)))
        for space in spaces:
            cluster.api.until(f"/api/v1/namespaces/{space}/serviceaccounts", lambda _: True)
        names = [(spaces[number % len(spaces)], f"app-{number:03}") for number in range(pods // REPLICAS)]
        list(workers.map(lambda at: cluster.api.create(*_application(*at)), names))
    nodes_left = {f"n{n:04}" for n in range(nodes)}
    cluster.api.until("/api/v1/nodes", lambda one: is_ready(one) and _last(nodes_left, one), SECONDS)
    left = {name for _, name in names}
    path = "/apis/apps/v1/deployments"
    cluster.api.until(path, lambda one: one["status"].get("readyReplicas") == REPLICAS and _last(left, one), SECONDS)


def _last(waiting: set[str], one: Object) -> bool:
    """Tell whether nobody is waited for any more, now that `one` is as it should be."""
    waiting.discard(one["metadata"]["name"])
    return not waiting


def _application(space: str, name: str) -> list[Object]:
    pods = deployment(space, name, replicas=REPLICAS, containers=requests(cpu="100m", memory="64Mi"))
    return [pods, service(space, name, name)]


def _measure(cluster: Cluster, account: str) -> None:
    before = len(cluster.audited())
    command = [sys.executable, "-m", "kb", "infer", "--kubeconfig", account, "--all-namespaces", "-o", "json"]
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", f"{Path.home()}/.cache")}
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment)
        output, _ = process.communicate()
        if process.returncode:
            sys.exit(f"kbdiag ended with {process.returncode}")
        seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    asked = [one for one in cluster.audited()[before:] if one["user"]["username"].endswith(":kbdiag")]
    spans = [(_moment(one["requestReceivedTimestamp"]), _moment(one["stageTimestamp"])) for one in asked]
    report = json.loads(output)
    gaps = [one for one in report["coverage"] if one["state"] == "failed"]
    print(*(f"  not seen: {one}" for one in gaps), sep="\n")
    causes = [each for each in report["hypotheses"] if not each["caused_by"]][:5]
    print(
        f"whole process {seconds:.2f} s, of which the API server worked {_covered(spans):.2f} s"
        f" ({max(stop for _, stop in spans) - min(start for start, _ in spans):.2f} s from first to last"
        f" answer); peak {peak:.0f} MB of the largest process so far; {len(asked)} requests,"
        f" {max(Counter(one['requestURI'] for one in asked if one['verb'] == 'list').values())} at most for one page"
    )
    for cause in causes:
        print(f"  {cause['rank']} {cause['id']} {cause['subject']} {cause['confidence']}")


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _covered(spans: list[tuple[float, float]]) -> float:
    """Return the seconds in which at least one of `spans` lay."""
    total, end = 0.0, 0.0
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 10_000)))
