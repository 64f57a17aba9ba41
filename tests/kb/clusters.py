"""Live clusters for tests of the command line: API servers on loopback, and kubeconfigs with a context for each."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.facts.collect.test_kubernetes_collector import CRASHING, pod, when
from tests.facts.kubernetes_server import Hang, Rule, Server, kubeconfig, running

ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name.lower() not in ("kubeconfig", "https_proxy", "http_proxy", "all_proxy", "kbdiag_config")
}
CRASH = """\
id: DEMO-CRASH
title: "{workload} crashes"
layer: workload
severity: high
subject: {kind: ?workload_kind, namespace: ?namespace, name: ?workload}
affects: {kind: Pod, namespace: ?namespace, name: ?pod}
when:
  - container: {namespace: ?namespace, pod: ?pod, workload_kind: ?workload_kind, workload: ?workload, reason: CrashLoopBackOff}
strength: conclusive
prior: common
cause: It ends again and again.
verify:
  - run: kubectl -n {namespace} logs {pod}
    confirms: panic
fix:
  - run: kubectl -n {namespace} rollout undo {workload}
    risk: disruptive
lesson: Read the log.
tests:
  fires:
    - given: [{container: {namespace: a, pod: b, workload_kind: Deployment, workload: c, reason: CrashLoopBackOff}}]
      subject: {kind: Deployment, name: c}
  near:
    - given: [{container: {namespace: a, pod: b, workload_kind: Deployment, workload: c, reason: ""}}]
"""


def crashing(name: str = "web-1") -> dict[str, list[dict[str, Any]]]:
    """Return the objects of a cluster in which one Pod crashes."""
    return {"/api/v1/pods": [pod(name, **CRASHING)]}


def well() -> dict[str, list[dict[str, Any]]]:
    """Return the objects of a cluster in which one Pod runs."""
    return {"/api/v1/pods": [pod("web-1")]}


@contextmanager
def clusters(
    folder: Path, **objects: dict[str, list[dict[str, Any]]] | None
) -> Iterator[tuple[str, dict[str, Server]]]:
    """Run a server for each name, one that never answers for None; give a kubeconfig with a context for each."""
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        merged: dict[str, Any] = {"kind": "Config", "current-context": next(iter(objects))}
        for name, items in objects.items():
            rules: tuple[Rule, ...] = (when("", Hang()),) if items is None else ()
            server = stack.enter_context(running(items or {}, *rules))
            servers[name] = server
            config = yaml.safe_load(Path(kubeconfig(folder, server.port)).read_text())
            for part in ("clusters", "users", "contexts"):
                (entry,) = config[part]
                entry["name"] = name
                merged.setdefault(part, []).append(entry)
            entry["context"] |= {"cluster": name, "user": name}
        path = folder / "clusters.kubeconfig"
        path.write_text(yaml.safe_dump(merged))
        yield str(path), servers
