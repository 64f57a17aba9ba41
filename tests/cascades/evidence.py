"""Writes down a cluster as an operator would have collected it: some lists as JSON, some as tables, some not at all."""

import json
from pathlib import Path

from tests.cascades.cluster import Cluster
from tests.cascades.logs import healthy_lines
from tests.cascades.objects import objects_of
from tests.cascades.tables import TABLES, table

_LEFT_OUT = 0.15
"""The probability that somebody did not collect a list."""

_JSON_ONLY = ("scalers", "policies", "quotas", "webhooks", "namespaces")


def write(cluster: Cluster, folder: Path) -> frozenset[str]:
    """Write the evidence of `cluster` into `folder`; return what was collected: NAME and NAME.json or NAME.table."""
    random = cluster.random
    style = random.choice(("json", "json", "tables", "mixed"))
    collected = set()
    for name, bodies in objects_of(cluster).items():
        if name != "pods" and random.random() < _LEFT_OUT:
            continue
        as_table = name in TABLES and (style == "tables" or (style == "mixed" and random.random() < 0.5))
        if not as_table and style == "tables" and name in _JSON_ONLY and random.random() < 0.5:
            continue
        collected |= {name, f"{name}.{'table' if as_table else 'json'}"}
        if as_table:
            command, show = TABLES[name]
            (folder / f"{name}.txt").write_text(f"$ {command}\n{show(bodies)}", encoding="utf-8")
        else:
            listed = {"apiVersion": "v1", "kind": "List", "items": bodies}
            (folder / f"{name}.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")
    if random.random() >= _LEFT_OUT:
        collected.add("logs")
        _logs(cluster, folder)
    if random.random() >= _LEFT_OUT * 2:
        collected.add("vms")
        (folder / "vms.txt").write_text(_machines(cluster), encoding="utf-8")
    if cluster.texts and random.random() >= _LEFT_OUT * 2:
        collected.add("node")
        for name, text in cluster.texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    return frozenset(collected)


def _machines(cluster: Cluster) -> str:
    if cluster.random.random() < 0.6:
        rows = [("local", node.name, 20, 9, "2 hours ago", node.vm_state) for node in cluster.nodes]
        return "$ tart list\n" + table("Source|Name|Disk|Size|Accessed|State", rows)
    shown = {"stopped": "shut off"}
    lines = [" Id   Name                 State", "-------------------------------------"]
    for place, node in enumerate(cluster.nodes, 1):
        state = shown.get(node.vm_state, node.vm_state)
        lines.append(f" {place if state == 'running' else '-':<4} {node.name:<20} {state}")
    return "$ virsh list --all\n" + "\n".join(lines) + "\n"


def _logs(cluster: Cluster, folder: Path) -> None:
    """Write each Pod's log as `kubectl cluster-info dump` names it, or as a session that prints them."""
    session = []
    as_session = cluster.random.random() < 0.4
    for pod in cluster.pods:
        lines = cluster.logs.get(f"{pod.app.namespace}/{pod.name}")
        if lines is None:
            if pod.app.infrastructure or not pod.well or cluster.random.random() < 0.6:
                continue
            lines = healthy_lines(cluster, pod.app)
        text = "\n".join(lines) + "\n"
        if as_session:
            session.append(f"$ kubectl logs -n {pod.app.namespace} {pod.name}\n{text}")
            continue
        place = folder / "dump" / pod.app.namespace / pod.name
        place.mkdir(parents=True, exist_ok=True)
        (place / "logs.txt").write_text(text, encoding="utf-8")
    if session:
        (folder / "logs-session.txt").write_text("".join(session), encoding="utf-8")
