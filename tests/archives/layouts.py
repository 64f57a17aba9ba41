"""The layouts of the tools that pack the state of a cluster or a machine, as their documentation draws them.

Each function takes a `World` and returns files by their path.
"""

import gzip
import json
from collections.abc import Callable
from typing import Any

import yaml

from tests.archives.packing import Files, tar
from tests.archives.world import World

CLUSTER_SCOPED = ("nodes", "namespaces", "storageclasses")
_GROUPS = {
    "deployments": "apps",
    "replicasets": "apps",
    "endpointslices": "discovery.k8s.io",
    "storageclasses": "storage.k8s.io",
}


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


def _yaml(value: Any) -> bytes:
    plain = json.loads(json.dumps(value))  # no object twice, so no aliases
    text: str = yaml.dump(plain, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
    return f"---\n{text}".encode()


def _list(items: list[Any], kind: str = "List", version: str = "v1") -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}


def _kindless(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("apiVersion", "kind")}


def support_bundle(world: World) -> Files:
    """Return a bundle of Troubleshoot, https://troubleshoot.sh/docs/collect/cluster-resources/.

    Lists hold items without `kind`, as the Go client gives them; early versions wrote bare arrays, as `pvs.json` is here.
    """
    top = "support-bundle-2026-11-24T09_00_00/"
    files: Files = {
        top + "version.yaml": b"apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nmetadata:\n  name: x\n"
        b"spec:\n  versionNumber: v0.119.0\n",
        top + "cluster-info/cluster_version.json": _json({"info": {"major": "1", "gitVersion": "v1.31.4"}}),
        top + "analysis.json": _json(
            [{"name": "a", "severity": "error", "insight": {"primary": "Wrong", "detail": "connection refused"}}]
        ),
        top + "execution-data/summary.txt": b"Failed collectors: 0\ncluster-resources: 1230ms\n",
        top + "cluster-resources/pods-errors.json": b"null",
        top + "cluster-resources/custom-resource-definitions.json": _json(_list([definition()])),
        top + "cluster-resources/auth-cani-list/shop.json": _json(
            {"status": {"resourceRules": [], "incomplete": False}}
        ),
        top + "cluster-resources/resources.json": _json([{"groupVersion": "v1", "resources": [{"name": "pods"}]}]),
    }
    names = {"persistentvolumeclaims": "pvcs", "storageclasses": "storage-classes"}
    for plural, items in world.objects.items():
        name = names.get(plural, plural)
        if plural in CLUSTER_SCOPED:
            body = (
                [_kindless(one) for one in items] if plural == "storageclasses" else _list(items, _kind(items) + "List")
            )
            files[f"{top}cluster-resources/{name}.json"] = _json(body)
            continue
        for namespace in world.namespaces:
            kindless = [_kindless(one) for one in world.of(plural, namespace)]
            body = _list(kindless, _kind(items) + "List", items[0]["apiVersion"])
            if plural == "events":
                body = kindless
            files[f"{top}cluster-resources/{name}/{namespace}.json"] = _json(body)
    for (namespace, pod, container, previous), text in world.logs.items():
        ending = "-previous" if previous else ""
        files[f"{top}cluster-resources/pods/logs/{namespace}/{pod}/{container}{ending}.log"] = text.encode()
    return files


def _kind(items: list[Any]) -> str:
    return str(items[0]["kind"])


def definition() -> dict[str, Any]:
    """Return a CustomResourceDefinition whose descriptions speak of errors."""
    text = "Reason is CrashLoopBackOff when the connection was refused: permission denied, no space left on device."
    schema = {"properties": {"status": {"description": text, "type": "object"}}, "type": "object"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com", "creationTimestamp": "2026-11-01T09:00:00Z"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}],
        },
        "status": {"conditions": [{"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}]},
    }


def must_gather(world: World) -> Files:
    """Return an OpenShift must-gather, https://docs.openshift.com (Gathering data about your cluster)."""
    image = "quay-io-openshift-must-gather-sha256-0123456789abcdef/"
    top = f"must-gather.local.1234567890/{image}"
    files: Files = {
        "must-gather.local.1234567890/must-gather.logs": b"[must-gather      ] OUT pod for plug-in image created\n"
        b"error: gather did not finish: the server was unable to return a response in the time allotted\n",
        "must-gather.local.1234567890/event-filter.html": b"<!DOCTYPE html><html><body><td>FailedMount: "
        b"connection refused, no space left on device</td></body></html>",
        "must-gather.local.1234567890/timestamp": b"2026-11-24 09:00:00.000000 +0000 UTC\n",
        top + "version": b"openshift/must-gather\n4.16.0-202411\n",
        top + "timestamp": b"2026-11-24 09:00:00.000000 +0000 UTC\n",
        top
        + "event-filter.html": b"<html><table><tr><td>BackOff</td><td>Error: ImagePullBackOff</td></tr></table></html>",
        top + "gather-debug.log": b'error: the server doesn\'t have a resource type "widgets"\n',
        f"{top}cluster-scoped-resources/apiextensions.k8s.io/customresourcedefinitions/widgets.yaml": _yaml(
            definition()
        ),
        f"{top}etcd_info/member_list.json": _json({"header": {"member_id": 1}, "members": [{"name": "cp-1"}]}),
        f"{top}etcd_info/alarm_list.json": _json({"header": {"member_id": 1}}),
        f"{top}monitoring/prometheus/rules.json": _json({"status": "success", "data": {"groups": [alert()]}}),
        f"{top}audit_logs/kube-apiserver/cp-1-audit.log.gz": gzip.compress(audit(50).encode()),
        f"{top}audit_logs/kube-apiserver.audit_logs_listing": b"cp-1 audit.log\n",
        f"{top}host_service_logs/masters/crio_service.log": crio().encode(),
        f"{top}nodes/node-1/sysinfo.log": b"Hostname: node-1\n",
        f"{top}static-pods/etcd/cp-1/member.log": b"",
    }
    for kind in ("ClusterOperator", "MachineConfigPool"):
        group = {"ClusterOperator": "config.openshift.io", "MachineConfigPool": "machineconfiguration.openshift.io"}[
            kind
        ]
        for one in operators(kind, group):
            name = one["metadata"]["name"]
            files[f"{top}cluster-scoped-resources/{group}/{kind.lower()}s/{name}.yaml"] = _yaml(one)
    for plural, items in world.objects.items():
        group = _GROUPS.get(plural, "core")
        if plural in CLUSTER_SCOPED:
            for one in items:
                name = one["metadata"]["name"]
                files[f"{top}cluster-scoped-resources/{group}/{plural}/{name}.yaml"] = _yaml(one)
            continue
        for namespace in world.namespaces:
            body = _list(world.of(plural, namespace), _kind(items) + "List", items[0]["apiVersion"])
            files[f"{top}namespaces/{namespace}/{group}/{plural}.yaml"] = _yaml(body)
    for one in world.of("pods"):
        meta = one["metadata"]
        files[f"{top}namespaces/{meta['namespace']}/pods/{meta['name']}/{meta['name']}.yaml"] = _yaml(one)
    for (namespace, pod, container, previous), text in world.logs.items():
        folder = f"{top}namespaces/{namespace}/pods/{pod}/{container}/{container}/logs"
        files[f"{folder}/{'previous' if previous else 'current'}.log"] = text.encode()
        files[f"{folder}/{'previous' if not previous else 'current'}.insecure.log"] = b""
        files[f"{folder}/rotated/0.log.20261123-090000.gz"] = gzip.compress(text.encode(), 1)
    text = "".join(world.journals.values())
    files[f"{top}host_service_logs/masters/kubelet_service.log"] = text.encode()
    return files


def alert() -> dict[str, Any]:
    """Return a group of Prometheus rules, of which none fires."""
    rule = {"name": "KubePodCrashLooping", "query": "x > 0", "state": "inactive", "alerts": [], "type": "alerting"}
    return {"name": "kubernetes-apps", "file": "/etc/prometheus/rules.yaml", "rules": [rule]}


def operators(kind: str, group: str) -> list[dict[str, Any]]:
    """Return three operators or pools that are well, with the conditions that they have then."""
    well = [
        {"type": "Available", "status": "True", "reason": "AsExpected", "message": "All is well"},
        {"type": "Progressing", "status": "False", "reason": "AsExpected", "message": ""},
        {"type": "Degraded", "status": "False", "reason": "AsExpected", "message": "NodeControllerDegraded: All ready"},
        {"type": "Upgradeable", "status": "True", "reason": "AsExpected"},
        {"type": "EvaluationConditionsDetected", "status": "Unknown", "reason": "NoData"},
    ]
    if kind == "MachineConfigPool":
        well = [
            {"type": "Updated", "status": "True", "reason": "", "message": "All nodes are updated"},
            {"type": "Updating", "status": "False", "reason": "", "message": ""},
            {"type": "NodeDegraded", "status": "False", "reason": "", "message": ""},
            {"type": "RenderDegraded", "status": "False", "reason": "", "message": ""},
            {"type": "Degraded", "status": "False", "reason": "", "message": ""},
        ]
    names = ("etcd", "dns", "ingress") if kind == "ClusterOperator" else ("master", "worker")
    conditions = [one | {"lastTransitionTime": "2026-11-01T09:00:00Z"} for one in well]
    return [
        {
            "apiVersion": f"{group}/v1",
            "kind": kind,
            "metadata": {"name": name, "creationTimestamp": "2026-11-01T09:00:00Z", "uid": name},
            "spec": {},
            "status": {"conditions": conditions, "relatedObjects": []},
        }
        for name in names
    ]


def audit(lines: int) -> str:
    """Return audit records, some of them of refused requests, as every cluster has them."""
    records = (
        {
            "kind": "Event",
            "apiVersion": "audit.k8s.io/v1",
            "level": "Metadata",
            "auditID": f"{number:08d}",
            "stage": "ResponseComplete",
            "requestURI": "/apis/coordination.k8s.io/v1/namespaces/x/leases/y",
            "verb": "update",
            "user": {"username": "system:serviceaccount:x:y"},
            "responseStatus": {"metadata": {}, "code": 403 if number % 7 == 0 else 200, "reason": "Forbidden"},
            "annotations": {"authorization.k8s.io/decision": "forbid" if number % 7 == 0 else "allow"},
        }
        for number in range(lines)
    )
    return "".join(json.dumps(record) + "\n" for record in records)


def crio() -> str:
    """Return the journal of CRI-O on a machine that is well; its name heads each line, as `oc adm node-logs` prints it."""
    return "".join(
        f'Nov 24 08:{minute:02d}:11.000000 cp-1 crio[1100]: time="2026-11-24T08:{minute:02d}:11Z" level=info '
        f'msg="Checking image status: quay.io/example/etcd" id=4c{minute:02d}\n'
        for minute in range(20)
    )


def dump_folder(world: World) -> Files:
    """Return what `kubectl cluster-info dump --output-directory` writes."""
    files: Files = {"nodes.json": _json(_list(world.of("nodes"), "NodeList"))}
    kinds = {
        "pods": "Pod",
        "events": "Event",
        "services": "Service",
        "deployments": "Deployment",
        "replicasets": "ReplicaSet",
    }
    for namespace in world.namespaces:
        for plural, kind in kinds.items():
            items = [_kindless(one) if plural == "services" else one for one in world.of(plural, namespace)]
            version = "apps/v1" if kind in ("Deployment", "ReplicaSet") else "v1"
            files[f"{namespace}/{plural}.json"] = _json(_list(items, kind + "List", version))
    for one in world.of("pods"):
        namespace, name = one["metadata"]["namespace"], one["metadata"]["name"]
        files[f"{namespace}/{name}/logs.txt"] = "".join(_marked(world, namespace, name)).encode()
    return files


def _marked(world: World, namespace: str, name: str) -> list[str]:
    """Return the logs of a Pod between the marks that the dump prints; kubectl's printer adds the word "container"."""
    return [
        f"==== START logs for container {container} of pod {space}/{pod} ====\n{text}"
        f"==== END logs for container {container} of pod {space}/{pod} ====\n"
        for (space, pod, container, previous), text in world.logs.items()
        if (space, pod) == (namespace, name) and not previous
    ]


def dump_stream(world: World) -> Files:
    """Return what `kubectl cluster-info dump` prints."""
    files = dump_folder(world)
    lists = [body for name, body in files.items() if name.endswith(".json")]
    logs = [body for name, body in files.items() if name.endswith(".txt")]
    return {"dump.txt": b"\n".join(lists) + b"\n" + b"".join(logs)}


def sysdump(world: World) -> Files:
    """Return a Cilium sysdump, https://docs.cilium.io/en/stable/operations/troubleshooting/#automatic-log-state-collection."""
    stamp, top = "20261124-090000", "cilium-sysdump-20261124-090000/"
    names = {
        plural: f"k8s-{plural}-{stamp}.yaml"
        for plural in ("nodes", "namespaces", "pods", "events", "services", "endpointslices")
    }
    files: Files = {
        f"{top}k8s-version-{stamp}.txt": b"v1.31.4\n",
        f"{top}k8s-events-{stamp}.html": b"<html><body>FailedMount: connection refused</body></html>",
        f"{top}cilium-sysdump.log": b"failed to collect Cilium ENI configs: the server could not find the requested resource\n",
        f"{top}gops-cilium-x7k2p-{stamp}-stack.txt": b"goroutine 1 [select]:\nmain.main()\n\t/go/src/main.go:33 +0x1d\n",
    }
    for plural, items in world.objects.items():
        kind = _kind(items) + "List"
        if plural == "deployments":
            continue
        name = names.get(plural, f"k8s-{plural}-{stamp}.yaml")
        files[top + name] = _yaml(_list([_kindless(one) for one in items], kind, items[0]["apiVersion"]))
    bugtool = {
        f"cilium-bugtool-{stamp}/cmd/cilium-dbg-status.md": b"# cilium-dbg status\n\n```\nKVStore: Ok\nCilium: Ok\n```\n"
    }
    files[f"{top}cilium-bugtool-cilium-x7k2p-{stamp}.tar.gz"] = gzip.compress(tar(bugtool), 1)
    for (_, pod, container, previous), text in world.logs.items():
        files[f"{top}logs-{pod}-{container}-{stamp}{'-prev' if previous else ''}.log"] = text.encode()
    return files


def insights(world: World) -> Files:
    """Return an archive of the Insights Operator, whose documentation lists where what lies; its objects lack `kind`."""
    files: Files = {
        "insights-operator/gathers.json": _json(
            {"status_reports": [{"name": "clusterconfig/pods", "errors": ["not found"]}]}
        ),
        "config/id": b"00000000-0000-4000-8000-000000000001",
        "config/alerts.json": b"[]",
        "config/metrics": b"# TYPE up gauge\nup 1\n",
    }
    for one in world.of("nodes"):
        files[f"config/node/{one['metadata']['name']}.json"] = _json(_kindless(one))
    for one in operators("ClusterOperator", "config.openshift.io"):
        files[f"config/clusteroperator/{one['metadata']['name']}.json"] = _json(_kindless(one))
    for plural, folder in (
        ("pods", "pod"),
        ("persistentvolumeclaims", "persistentvolumeclaims"),
        ("deployments", "deployment"),
    ):
        for one in world.of(plural):
            meta = one["metadata"]
            files[f"config/{folder}/{meta['namespace']}/{meta['name']}.json"] = _json(_kindless(one))
    for one in world.of("storageclasses"):
        files[f"config/storage/storageclasses/{one['metadata']['name']}.json"] = _json(_kindless(one))
    for (namespace, pod, container, previous), text in world.logs.items():
        ending = "previous" if previous else "current"
        files[f"config/pod/{namespace}/logs/{pod}/{container}_{ending}.log"] = text.encode()
    for namespace in world.namespaces:
        events = [_kindless(one) for one in world.of("events", namespace)]
        files[f"events/{namespace}.json"] = _json({"items": events})
    return files


def raw_lists(world: World) -> Files:
    """Return the answers of `kubectl get --raw`: lists whose items lack `kind`, on one line."""
    files: Files = {}
    for plural, items in world.objects.items():
        body = _list([_kindless(one) for one in items], _kind(items) + "List", items[0]["apiVersion"])
        files[f"{plural}.json"] = json.dumps(body, separators=(",", ":")).encode()
    for (namespace, pod, container, previous), text in world.logs.items():
        files[f"{'previous/' if previous else ''}{namespace}_{pod}_{container}.log"] = text.encode()
    return files


CLUSTERS: dict[str, Callable[[World], Files]] = {
    "support-bundle": support_bundle,
    "must-gather": must_gather,
    "dump-folder": dump_folder,
    "dump-stream": dump_stream,
    "sysdump": sysdump,
    "insights": insights,
    "raw-lists": raw_lists,
}
"""The layouts that hold the objects of a cluster."""


def sosreport(*, broken: bool) -> Files:
    """Return a report of sos, https://sos.readthedocs.io: outputs of commands are files named after them.

    The broken machine has a full disk, a kubelet that refuses swap, and a kernel that killed for lack of memory.
    """
    top = "sosreport-node-1-2026-11-24-abcdefg/"
    used = "100%" if broken else "41%"
    left = "0" if broken else "12082176"
    swap = (
        'E1124 08:59:58.000000    1200 run.go:72] "command failed" err="failed to run Kubelet: running with swap on is not '
        'supported, please disable swap or set --fail-swap-on flag to false"'
    )
    kubelet = swap if broken else 'I1124 08:59:58.000000    1200 kubelet.go:2421] "SyncLoop ADD" source="api"'
    killed = "Out of memory: Killed process 4242 (java) total-vm:8123456kB, anon-rss:3999999kB, file-rss:0kB, UID:0"
    kernel = killed if broken else "eth0: link becomes ready"
    state = "activating (auto-restart) (Result: exit-code)" if broken else "active (running)"
    return {
        top + "hostname": b"node-1\n",
        top + "date": b"Tue Nov 24 09:00:00 UTC 2026\n",
        top + "version.txt": b"sos 4.7.2\n",
        top + "sos_logs/sos.log": b"2026-11-24 09:00:00,000 ERROR: [plugin:x] command 'foo' timed out after 300s\n",
        top + "sos_reports/sos.html": b"<html><body>failed: connection refused</body></html>",
        top + "sos_reports/manifest.json": b'{"components": {"report": {"error": "x failed"}}}',
        top + "sos_commands/filesys/df_-al_-x_autofs": (
            "Filesystem     1K-blocks     Used Available Use% Mounted on\nproc                   0        0         0    - /proc\n"
            f"/dev/sda1       20480000  8397824  {left}  {used} /\n"
        ).encode(),
        top + "sos_commands/memory/free": (
            b"               total        used        free      shared  buff/cache   available\n"
            b"Mem:         8000000     2000000     4000000       10000     2000000     5800000\n"
            b"Swap:              0           0           0\n"
        ),
        top + "sos_commands/logs/journalctl_--no-pager_--boot": (
            f"Nov 24 08:59:58 node-1 kubelet[1200]: {kubelet}\nNov 24 08:59:59 node-1 kernel: {kernel}\n"
            "Nov 24 09:00:00 node-1 systemd[1]: Started Session 4 of User core.\n"
        ).encode(),
        top + "sos_commands/systemd/systemctl_status_--all": (
            "● kubelet.service - kubelet: The Kubernetes Node Agent\n"
            "     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: disabled)\n"
            f"     Active: {state} since Tue 2026-11-24 08:59:58 UTC; 2s ago\n"
            "   Main PID: 1200 (code=exited, status=1/FAILURE)\n"
            if broken
            else ""
        ).encode(),
        top + "var/log/messages": f"Nov 24 08:59:59 node-1 kernel: {kernel}\n".encode(),
        top + "sos_commands/kernel/dmesg": f"[ 1234.567890] {kernel}\n".encode(),
        top + "sos_commands/networking/ip_-o_addr": b"1: lo    inet 127.0.0.1/8 scope host lo\n",
        top + "proc/meminfo": b"MemTotal:        8000000 kB\n",
        top + "etc/hosts": b"127.0.0.1 localhost\n",
    }
