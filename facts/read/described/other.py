"""`kubectl describe` of what serves, stores and limits: Services, Ingresses, policies, claims, volumes, quotas, scalers."""

import re
from collections.abc import Callable
from typing import Any

from facts.read.described.pod import conditions
from facts.read.text.outline import Entry, number


def other_kind(outline: Entry) -> str:
    """Return the kind that the keys of the outline tell, or ""."""
    return next((kind for kind, (keys, _) in OTHERS.items() if any(outline.has(*each) for each in keys)), "")


def _service(outline: Entry) -> dict[str, Any]:
    ports: list[dict[str, Any]] = []
    for entry in outline.children:
        found = re.fullmatch(r"(?:(\S+)\s+)?(\d+|[a-z][\w-]*)/(\w+)", entry.value)
        if entry.key == "Port" and found:
            ports.append(
                {"name": found[1] or "", "port": int(found[2]), "protocol": found[3]} if found[2].isdecimal() else {}
            )
        elif entry.key in ("TargetPort", "NodePort") and found and ports:
            value = int(found[2]) if found[2].isdecimal() else found[2]
            ports[-1]["targetPort" if entry.key == "TargetPort" else "nodePort"] = value
    spec: dict[str, Any] = {
        "type": outline.get("Type") or "ClusterIP",
        "selector": outline.pairs("Selector"),
        "ports": ports,
    }
    for field, shown in (
        ("clusterIP", "IP"),
        ("externalTrafficPolicy", "External Traffic Policy"),
        ("internalTrafficPolicy", "Internal Traffic Policy"),
    ):
        if value := outline.get(shown):
            spec[field] = value
    made: dict[str, Any] = {"spec": spec}
    if addresses := outline.get("LoadBalancer Ingress"):
        made["status"] = {"loadBalancer": {"ingress": [{"ip": one.split(" ")[0]} for one in addresses.split(", ")]}}
    return made


def endpoints(outline: Entry) -> dict[str, Any] | None:
    """Return the Endpoints that the description of a Service shows, None when it shows none of their lines."""
    shown = [entry.value for entry in outline.children if entry.key == "Endpoints"]
    if not shown:
        return None
    ips = sorted(set(re.findall(r"(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\])(?::\d+)?", ",".join(shown))))
    return {"subsets": [{"addresses": [{"ip": ip} for ip in ips]}] if ips else []}


def _claim(outline: Entry) -> dict[str, Any]:
    modes = [_MODES.get(mode, mode) for mode in re.split(r"[,\s]+", outline.get("Access Modes")) if mode]
    spec = {"storageClassName": outline.get("StorageClass"), "volumeName": outline.get("Volume"), "accessModes": modes}
    phase = outline.get("Status").split(" ", 1)[0]
    return {"spec": {name: value for name, value in spec.items() if value}, "status": {"phase": phase}}


def _volume(outline: Entry) -> dict[str, Any]:
    spec: dict[str, Any] = {"storageClassName": outline.get("StorageClass")}
    namespace, slash, name = outline.get("Claim").partition("/")
    if slash:
        spec["claimRef"] = {"kind": "PersistentVolumeClaim", "namespace": namespace, "name": name}
    source = outline.find("Source")
    if source is not None:
        kind = source.get("Type").split(" ", 1)[0]
        field = {"NFS": "nfs", "HostPath": "hostPath", "LocalVolume": "local", "CSI": "csi"}.get(
            kind, kind[:1].lower() + kind[1:]
        )
        keys = (("server", "Server"), ("path", "Path"), ("driver", "Driver"))
        spec[field or "unknown"] = {name: source.get(key) for name, key in keys if source.get(key)}
    return {
        "spec": spec,
        "status": {"phase": outline.get("Status").split(" ", 1)[0], "message": outline.message("Message")},
    }


def _quota(outline: Entry) -> dict[str, Any]:
    rows = [re.split(r"\s+", entry.text) for entry in outline.children]
    rows = [row for row in rows if len(row) == 3 and re.match(r"[\d.]", row[1])]  # resource, used, hard
    hard = {resource: limit for resource, _, limit in rows}
    return {"spec": {"hard": hard}, "status": {"hard": hard, "used": {resource: used for resource, used, _ in rows}}}


def _autoscaler(outline: Entry) -> dict[str, Any]:
    kind, _, name = outline.get("Reference").partition("/")
    replicas = next((entry.value for entry in outline.children if entry.key.endswith(" pods")), "")
    counts = {word: int(count) for count, word in re.findall(r"(\d+) (current|desired)", replicas)}
    targets, current = [], []
    for entry in outline.below("Metrics"):
        found = re.match(r"resource (\S+)(?: of container \S+)? on pods.*?:\s+(\S+)(?: \((\S+)\))? / (\S+)", entry.text)
        if found:
            targets.append({"type": "Resource", "resource": {"name": found[1], "target": _amount(found[4])}})
            if found[2] != "<unknown>":
                current.append({"type": "Resource", "resource": {"name": found[1], "current": _amount(found[2])}})
    spec = {
        "scaleTargetRef": {"kind": kind, "name": name},
        "minReplicas": number(outline.get("Min replicas")) or 0,
        "maxReplicas": number(outline.get("Max replicas")) or 0,
        "metrics": targets,
    }
    status = {
        "currentReplicas": counts.get("current", 0),
        "desiredReplicas": counts.get("desired", 0),
        "currentMetrics": current,
        "conditions": conditions(outline, "reason", "message"),
    }
    return {"spec": spec, "status": status}


def _amount(shown: str) -> dict[str, Any]:
    percent = shown.removesuffix("%")
    return (
        {"averageUtilization": int(percent)} if shown.endswith("%") and percent.isdecimal() else {"averageValue": shown}
    )


def _ingress(outline: Entry) -> dict[str, Any]:
    rules: list[dict[str, Any]] = []
    for entry in outline.find("Rules").walk() if outline.find("Rules") else ():  # type: ignore[union-attr]
        if found := re.search(r"(\S+)?\s+([a-z0-9][a-z0-9-]*):(\w+) \((.*)\)$", f" {entry.text}"):
            backend = {
                "service": {
                    "name": found[2],
                    "port": {"number": int(found[3])} if found[3].isdecimal() else {"name": found[3]},
                }
            }
            rules.append({"http": {"paths": [{"path": found[1] or "/", "backend": backend}]}})
    spec: dict[str, Any] = {"rules": rules}
    if name := outline.get("Ingress Class"):
        spec["ingressClassName"] = name
    default = re.match(r"([a-z0-9][a-z0-9-]*):\w+", outline.get("Default backend", "Default Backend"))
    if default and default[1] != "default-http-backend":
        spec["defaultBackend"] = {"service": {"name": default[1]}}
    if secrets := [text.split(" ", 1)[0] for text in outline.lines("TLS") if " terminates" in text]:
        spec["tls"] = [{"secretName": secret} for secret in secrets]
    address = [{"ip": one} for one in re.split(r"[,\s]+", outline.get("Address")) if one]
    return {"spec": spec, "status": {"loadBalancer": {"ingress": address}}}


def _policy(outline: Entry) -> dict[str, Any]:
    inner = outline.find("Spec") or outline
    types = [one for one in re.split(r",\s*", inner.get("Policy Types")) if one]
    selector = inner.find("PodSelector")
    spec: dict[str, Any] = {"podSelector": _selector(selector) if selector else {}, "policyTypes": types}
    for direction, field, peer in (("ingress", "ingress", "From"), ("egress", "egress", "To")):
        allowed = inner.find(f"Allowing {direction} traffic")
        if allowed is not None:
            spec[field] = _peers(allowed, peer)
    return {"spec": spec}


def _peers(allowed: Entry, peer: str) -> list[dict[str, Any]]:
    """Return the rules of one direction, as `describeNetworkPolicy` of kubectl prints them: ports, then peers, then a line of dashes."""
    rules: list[dict[str, Any]] = []
    if "<none>" in (allowed.text.partition(":")[2].strip()[:6], *(entry.text[:6] for entry in allowed.children[:1])):
        return rules
    new = True
    for entry in allowed.children:
        if new:
            rules.append({})
            new = False
        if entry.key == "To Port" and (port := re.match(r"(\d+|[a-z][\w-]*)/(\w+)", entry.value)):
            number = int(port[1]) if port[1].isdecimal() else port[1]
            rules[-1].setdefault("ports", []).append({"port": number, "protocol": port[2]})
        elif entry.key == peer and not entry.value.startswith("<any>"):
            rules[-1].setdefault("from" if peer == "From" else "to", []).append(_one_peer(entry))
        elif set(entry.text) == {"-"}:
            new = True
    return rules


def _one_peer(entry: Entry) -> dict[str, Any]:
    peer: dict[str, Any] = {}
    for field, key in (("namespaceSelector", "NamespaceSelector"), ("podSelector", "PodSelector")):
        if (selector := entry.find(key)) is not None:
            peer[field] = _selector(selector)
    if (block := entry.find("IPBlock")) is not None:
        peer["ipBlock"] = {"cidr": block.get("CIDR"), "except": re.findall(r"[\da-f.:]+/\d+", block.get("Except"))}
    return peer or {"podSelector": {}}


def _selector(entry: Entry) -> dict[str, Any]:
    """Return the LabelSelector that kubectl printed: `a=b,c in (d,e),!f`, or <none> for one that selects all."""
    text = entry.text.partition(":")[2].strip()
    if text.startswith("<none>"):
        return {}
    expressions: list[dict[str, Any]] = [
        {"key": key, "operator": "In" if word == "in" else "NotIn", "values": re.split(r",\s*", values)}
        for key, word, values in re.findall(r"([\w./-]+) (in|notin) \(([^)]*)\)", text)
    ]
    rest = re.sub(r"[\w./-]+ (?:in|notin) \([^)]*\)", "", text)
    labels = dict(re.findall(r"([\w./-]+)=([\w.-]*)", rest))
    for negated, key in re.findall(r"(?:^|,)\s*(!?)([\w./-]+)\s*(?=,|$)", rest):
        expressions.append({"key": key, "operator": "DoesNotExist" if negated else "Exists"})
    return {"matchLabels": labels, **({"matchExpressions": expressions} if expressions else {})}


def _namespace(outline: Entry) -> dict[str, Any]:
    phase = outline.get("Status")
    rows = conditions(outline, "lastTransitionTime", "reason", "message")
    return {
        "metadata": {"deletionTimestamp": "unknown"} if phase == "Terminating" else {},
        "status": {"phase": phase, "conditions": rows},
    }


def _class(outline: Entry) -> dict[str, Any]:
    default = outline.get("IsDefaultClass") == "Yes"
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    modes = {"volumeBindingMode": outline.get("VolumeBindingMode"), "reclaimPolicy": outline.get("ReclaimPolicy")}
    return {
        "metadata": {"annotations": annotations} if default else {},
        "provisioner": outline.get("Provisioner"),
        **modes,
    }


_MODES = {"RWO": "ReadWriteOnce", "ROX": "ReadOnlyMany", "RWX": "ReadWriteMany", "RWOP": "ReadWriteOncePod"}

OTHERS: dict[str, tuple[tuple[tuple[str, ...], ...], Callable[[Entry], dict[str, Any]]]] = {
    "Service": (
        (
            ("Selector", "Type", "Session Affinity"),
            ("Type", "TargetPort"),
            ("Type", "Endpoints"),
            ("Selector", "IP Families"),
        ),
        _service,
    ),
    "PersistentVolume": ((("Reclaim Policy", "Claim"), ("Reclaim Policy", "Source")), _volume),
    "PersistentVolumeClaim": (
        (("StorageClass", "Used By"), ("StorageClass", "Volume"), ("StorageClass", "Access Modes")),
        _claim,
    ),
    "HorizontalPodAutoscaler": ((("Reference", "Metrics"), ("Reference", "Max replicas")), _autoscaler),
    "NetworkPolicy": ((("Spec", "Created on"),), _policy),
    "Ingress": ((("Rules", "Default backend"), ("Rules", "Ingress Class"), ("Rules", "Default Backend")), _ingress),
    "StorageClass": ((("Provisioner", "VolumeBindingMode"), ("IsDefaultClass",)), _class),
}
"""By kind: the sets of keys of which one tells it, and what turns the outline into an object. Quotas have no keys."""

QUOTA, NAMESPACE = _quota, _namespace
