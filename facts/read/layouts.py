"""What the place of a file in an archive of a well-known tool tells: on which machine what ran, or that it is no evidence.

Layouts: sos (`sos_commands/PLUGIN/COMMAND`, whose name is the command with _ for blanks), Troubleshoot's support bundle,
OpenShift's must-gather and the archive of Insights.
"""

import re

import msgspec

from facts.cluster.kinds import KINDS
from facts.read.text.prompt import setting_of_command
from facts.snapshot.setting import Setting, setting_of_path

_SOS = re.compile(
    r"(?:^|/)sosreport-(?P<host>[\w.-]+?)(?:-\d{3,12})?-\d{4}-\d\d-\d\d-[a-z0-9]{3,12}/(?:sos_commands/[^/]+/(?P<command>[^/]+)$)?"
)
_NO_EVIDENCE = (
    (re.compile(r"(?:^|/)sos_(?:reports|logs|strings)/"), "the collecting tool's own report or log"),
    (re.compile(r"(?:^|/)cluster-resources/(?:.*/)?[\w.-]+-errors\.json$"), "errors of the collecting tool"),
    (
        re.compile(
            r"(?:^|/)(?:analysis\.json|gather-debug\.log|must-gather\.logs?|cilium-sysdump\.log|execution-data/.*|"
            r"insights-operator/gathers\.json|cluster-resources/(?:resources|groups|auth-cani-list/.*)(?:\.json)?)$"
        ),
        "the collecting tool's own report or log",
    ),
    (re.compile(r"\.html?$"), "HTML"),
    (re.compile(r"(?:^|/)audit_logs/"), "audit log"),
    (
        re.compile(r"(?:^|/)custom-?resource-?definitions(?:/|\.json$|\.yaml$)|(?:^|/)config/crd/"),
        "definitions of kinds, not objects",
    ),
    (re.compile(r"(?:^|/)monitoring/prometheus/(?:.*/)?rules\.json$"), "alert rules, not alerts"),
    (re.compile(r"(?:^|/)gops-[^/]+\.(?:txt|log)$"), "profile of a running program"),
)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html)\b", re.IGNORECASE)

_ALIASES = {
    "pvs": "PersistentVolume",
    "pvcs": "PersistentVolumeClaim",
    "ingress": "Ingress",
    "networkpolicy": "NetworkPolicy",
    "poddisruptionbudgets": "PodDisruptionBudget",
    "resourcequota": "ResourceQuota",
    "clusteroperator": "ClusterOperator",
    "machineconfigpool": "MachineConfigPool",
}
_KINDS = {kind.name.lower(): kind.name for kind in KINDS} | {kind.plural: kind.name for kind in KINDS} | _ALIASES
_KIND_FOLDERS = re.compile(
    r"(?:^|/)(?:cluster-resources|config(?:/storage)?|namespaces/[^/]+/[^/]+|cluster-scoped-resources/[^/]+)/(?P<kind>[a-z-]+)[./]"
    r"|(?:^|/)(?P<file>[a-z-]+)(?:/[a-z0-9.-]+)?\.json$"
)


def kind_of_path(path: str) -> str:
    """Return the kind of the objects in a file whose items do not say it, "" when the path does not tell it.

    >>> kind_of_path("bundle/cluster-resources/pvcs/shop.json"), kind_of_path("config/pod/shop/web-1.json")
    ('PersistentVolumeClaim', 'Pod')
    """
    for found in _KIND_FOLDERS.finditer(path):
        word = (found["kind"] or found["file"]).replace("-", "")
        if word in _KINDS:
            return _KINDS[word]
    return ""


def setting_of_file(path: str) -> Setting:
    """Return what the path of a file tells of the text in it.

    >>> setting_of_file("sosreport-w1-2026-01-02-abcdefg/sos_commands/systemd/systemctl_status_--all").words[:2]
    ('systemctl', 'status')
    """
    found = _SOS.search(path)
    if found is None:
        return msgspec.structs.replace(setting_of_path(path), kind=kind_of_path(path))
    machine = Setting(host=found["host"], role="vm", node=found["host"])
    if found["command"]:
        return setting_of_command(found["command"].replace("_", " "), machine)
    log = setting_of_path(path)
    return Setting(host=found["host"], role="vm", node=found["host"], component=log.component, pod=log.pod)


def no_evidence(path: str, text: bytes) -> str:
    """Return why the file at `path` tells nothing of the cluster, "" when it may."""
    if _HTML.match(text):
        return "HTML"
    return next((why for pattern, why in _NO_EVIDENCE if pattern.search(path)), "")
