"""Archives of well-known tools: what the place of a file tells of it, and what is no evidence."""

import gzip
import json
from pathlib import Path

import pytest
import yaml

from facts.extract.evidence import extract
from facts.model.values import Evidence
from facts.read.evidence import read_evidence
from facts.read.layouts import setting_of_file
from tests.archives.packing import PACKERS, Files, tar, write_folder
from tests.facts.given import pod

POD = "cart-5b6c7d8f9-x2x5q"
LOG = "2026-03-01T11:59:05Z INFO starting\n2026-03-01T11:59:06Z ERROR Failed to connect to orders-db:5432: connection refused\n"
WORKS = "2026-03-01T11:59:06Z INFO connected\n"


def cart(*, kind: bool = True) -> dict[str, object]:
    """Return a Pod of Deployment cart; without `kind`, as an archive of Insights holds it."""
    found = json.loads(json.dumps(pod(POD, namespace="shop", owner=("ReplicaSet", "cart-5b6c7d8f9"))))
    found.setdefault("apiVersion", "v1")
    found.setdefault("kind", "Pod")
    return found if kind else {key: value for key, value in found.items() if key not in ("kind", "apiVersion")}


def listed() -> dict[str, object]:
    """Return a PodList as the API writes it: its items have no kind."""
    return {"apiVersion": "v1", "kind": "PodList", "items": [cart(kind=False)]}


LAYOUTS: dict[str, dict[str, str]] = {
    "OpenShift must-gather": {
        "must-gather.local.1/image/namespaces/shop/core/pods.yaml": yaml.safe_dump(listed()),
        f"must-gather.local.1/image/namespaces/shop/pods/{POD}/app/app/logs/current.log": LOG,
        "must-gather.local.1/event-filter.html": "<html>failed: connection refused</html>",
    },
    "a rotated log of an OpenShift must-gather": {
        "must-gather.local.1/image/namespaces/shop/core/pods.yaml": yaml.safe_dump(listed()),
        f"must-gather.local.1/image/namespaces/shop/pods/{POD}/app/app/logs/rotated/0.log.20260102-000000": LOG,
    },
    "Troubleshoot": {
        "support-bundle-1/cluster-resources/pods/shop.json": json.dumps(listed()),
        f"support-bundle-1/cluster-resources/pods/logs/shop/{POD}/app.log": LOG,
        "support-bundle-1/cluster-resources/pods-errors.json": '["could not list: connection refused"]',
        "support-bundle-1/analysis.json": '[{"insight": {"severity": "error", "primary": "failed: no such host"}}]',
    },
    "a collector of logs of Troubleshoot": {
        "support-bundle-1/cluster-resources/pods/shop.json": json.dumps(listed()),
        f"support-bundle-1/shop/{POD}/app.log": LOG,
    },
    "kubectl cluster-info dump": {
        "shop/pods.json": json.dumps(listed(), indent=4),
        f"shop/{POD}/logs.txt": f"==== START logs for container app of pod shop/{POD} ====\n{LOG}"
        f"==== END logs for container app of pod shop/{POD} ====\n",
    },
    "kubectl cluster-info dump as a stream": {
        "dump.txt": f"{json.dumps(listed(), indent=4)}\n==== START logs for container app of pod shop/{POD} ====\n{LOG}"
        f"==== END logs for container app of pod shop/{POD} ====\n"
        f"==== START logs for container app of pod shop/other-0 ====\n{WORKS}"
        "==== END logs for container app of pod shop/other-0 ====\n",
    },
    "Insights": {
        f"config/pod/shop/{POD}.json": json.dumps(cart(kind=False)),
        f"config/pod/shop/logs/{POD}/app_current.log": LOG,
    },
    "Cilium sysdump": {
        "cilium-sysdump-20260102-030405/k8s-pods-20260102-030405.yaml": yaml.safe_dump(listed()),
        f"cilium-sysdump-20260102-030405/logs-{POD}-app-20260102-030405.log": LOG,
    },
    "tail of several files": {
        "pods.json": json.dumps(listed()),
        "session.txt": f"==> namespaces/shop/pods/{POD}/app/app/logs/current.log <==\n{LOG}",
    },
}


def failures(evidence: Evidence) -> list[tuple[object, ...]]:
    """Who failed how, without repetitions."""
    return sorted(
        {
            tuple(fact.attributes[name] for name in ("pod", "workload", "host", "error"))
            for fact in evidence.facts
            if fact.kind == "failure"
        }
    )


def encoded(files: dict[str, str]) -> Files:
    return {name: text.encode() for name, text in files.items()}


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("form", ["folder", "tar.xz", "zip"])
def test_a_log_belongs_to_the_pod_that_its_place_tells(tmp_path: Path, files: dict[str, str], form: str) -> None:
    """As a folder and as an archive; what the collecting tool says of itself is not read."""
    if form == "folder":
        write_folder(encoded(files), tmp_path)
    else:
        (tmp_path / f"x.{form}").write_bytes(PACKERS[form](encoded(files)))
    assert failures(extract(read_evidence([tmp_path]))) == [(POD, "cart", "orders-db", "refused")]


SOS = "sosreport-w1-1234567-2026-01-02-abcdefg"


def test_a_sosreport_tells_of_its_machine(tmp_path: Path) -> None:
    """The commands that it ran are named by their files, and ran on the machine in the name of the report."""
    files = {
        f"{SOS}/sos_commands/filesys/df_-al_-x_autofs": (
            "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/sda1       20000000 19990000     10000 100% /\n"
        ),
        f"{SOS}/sos_commands/systemd/systemctl_list-units": (
            "  UNIT             LOAD   ACTIVE SUB     DESCRIPTION\n"
            "● kubelet.service  loaded failed failed  kubelet: The Kubernetes Node Agent\n"
            "  crio.service     loaded active running Container Runtime Interface for OCI\n"
            "\nLOAD   = Reflects whether the unit definition was properly loaded.\n"
        ),
        f"{SOS}/sos_commands/logs/journalctl_--no-pager_--boot": (
            'Jan 02 03:04:05 w1 kubelet[12]: E0102 03:04:05.000000 12 run.go:74] "command failed" err="open /x: no such file or directory"\n'
        ),
        f"{SOS}/sos_logs/sos.log": "2026-01-02 03:04:05,000 ERROR: [plugin:x] command failed: timeout\n",
    }
    facts = extract(read_evidence([write_folder(encoded(files), tmp_path)])).facts
    told = {
        (fact.kind, fact.attributes["node"], fact.attributes.get("name") or fact.attributes.get("component"))
        for fact in facts
        if fact.kind in ("unit", "failure")
    }
    assert told == {("unit", "w1", "kubelet"), ("unit", "w1", "crio"), ("failure", "w1", "kubelet")}
    assert [fact.attributes["node"] for fact in facts if fact.kind == "filesystem"] == ["w1"]


def test_a_log_compressed_alone_stands_where_the_log_stood(tmp_path: Path) -> None:
    """A rotated log is packed within the packed archive."""
    files = LAYOUTS["a rotated log of an OpenShift must-gather"]
    logs = {f"{name}.gz": gzip.compress(text.encode()) for name, text in files.items() if "/logs/" in name}
    others = encoded({name: text for name, text in files.items() if "/logs/" not in name})
    path = tmp_path / "x.tar"
    path.write_bytes(tar(others | logs))
    assert failures(extract(read_evidence([path]))) == [(POD, "cart", "orders-db", "refused")]


def test_a_folder_is_no_pod_because_it_ends_in_a_number() -> None:
    """Only a random end in the alphabet of Kubernetes makes the name of a folder that of a Pod."""
    assert setting_of_file("logs-quiet-20/node1-journal.log").pod == ""
    assert setting_of_file(f"bundle/shop/{POD}/app.log").pod == POD
