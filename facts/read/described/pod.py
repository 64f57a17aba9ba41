"""`kubectl describe pod`, and the Pod template of anything that has one."""

import re
from typing import Any

from facts.read.text.outline import Entry, moment, number

_STATES = {"Waiting": "waiting", "Running": "running", "Terminated": "terminated"}


def is_pod(outline: Entry) -> bool:
    """Return True if the outline is that of a Pod."""
    if outline.has("Pod Template"):
        return False
    return outline.has("Containers") or outline.has("Node", "Status", "IP") or outline.has("QoS Class")


def pod(outline: Entry) -> dict[str, Any]:
    """Return spec, status and further metadata of a Pod."""
    node = outline.get("Node").split("/")
    spec = pod_spec(outline)
    if node[0]:
        spec["nodeName"] = node[0]
    if account := outline.get("Service Account"):
        spec["serviceAccountName"] = account
    status: dict[str, Any] = {"conditions": conditions(outline)}
    shown, _, _ = outline.get("Status").partition(" ")
    metadata: dict[str, Any] = {}
    if shown == "Terminating":
        metadata["deletionTimestamp"] = "unknown"
        status["phase"] = "Running"
    elif shown:
        status["phase"] = shown
    told = {
        "reason": outline.get("Reason"),
        "message": outline.message("Message"),
        "podIP": outline.get("IP"),
        "hostIP": node[1] if len(node) > 1 else "",
        "startTime": moment(outline.get("Start Time")),
        "qosClass": outline.get("QoS Class"),
    }
    status |= {field: text for field, text in told.items() if text}
    for field, key in (("containerStatuses", "Containers"), ("initContainerStatuses", "Init Containers")):
        statuses = [_status(entry) for entry in outline.below(key) if entry.find("State")]
        if statuses:
            status[field] = statuses
    return {"metadata": metadata, "spec": spec, "status": status}


def pod_spec(outline: Entry) -> dict[str, Any]:
    """Return the spec in the outline of a Pod or a Pod template."""
    spec: dict[str, Any] = {
        "containers": [_container(entry) for entry in outline.below("Containers") if entry.children]
    }
    if init := [_container(entry) for entry in outline.below("Init Containers") if entry.children]:
        spec["initContainers"] = init
    if volumes := [volume for entry in outline.below("Volumes") if (volume := _volume(entry))]:
        spec["volumes"] = volumes
    if selector := outline.pairs("Node-Selectors"):
        spec["nodeSelector"] = selector
    if tolerations := [found for line in outline.lines("Tolerations") if (found := _toleration(line))]:
        spec["tolerations"] = tolerations
    return spec


def conditions(outline: Entry, *columns: str) -> list[dict[str, str]]:
    """Return the Conditions table; its columns are type, status, and `columns`."""
    names = ("type", "status", *columns)
    rows = (row for row in outline.table("Conditions") if len(row) > 1)
    return [dict(zip(names, [*row[: len(names) - 1], "  ".join(row[len(names) - 1 :])], strict=False)) for row in rows]


_REFERENCE = re.compile(
    r"<set to the key '(?P<key>[^']+)' (?:of|in) (?P<kind>config map|secret) '(?P<name>[^']+)'>\s+Optional: (?P<optional>true|false)"
)
_OF_POD = re.compile(r"(?:\d+ )?\([\w/.:\[\]'-]+\)")
"""What stands for a field of the Pod, or for one of its resources."""


def _container(entry: Entry) -> dict[str, Any]:
    container: dict[str, Any] = {"name": entry.key, "image": entry.get("Image")}
    for field, key in (("command", "Command"), ("args", "Args")):
        if words := entry.lines(key):
            container[field] = words
    resources = {
        field: {one.key: one.value for one in entry.below(key) if one.value}
        for field, key in (("limits", "Limits"), ("requests", "Requests"))
    }
    if any(resources.values()):
        container["resources"] = {field: values for field, values in resources.items() if values}
    ports = re.findall(r"(\d+)/(TCP|UDP|SCTP)", entry.get("Port", "Ports"))
    if ports:
        container["ports"] = [{"containerPort": int(port), "protocol": protocol} for port, protocol in ports]
    if variables := [found for one in entry.below("Environment") if (found := _variable(one))]:
        container["env"] = variables
    return container


def _variable(entry: Entry) -> dict[str, Any]:
    """Return one line of the environment, {} for a value that depends on the Pod (`(v1:metadata.name)`)."""
    if found := _REFERENCE.match(entry.value):
        kind = "configMapKeyRef" if found["kind"] == "config map" else "secretKeyRef"
        reference = {"name": found["name"], "key": found["key"], "optional": found["optional"] == "true"}
        return {"name": entry.key, "valueFrom": {kind: reference}}
    if not entry.value or _OF_POD.fullmatch(entry.value) or not re.fullmatch(r"[A-Za-z_][\w.-]*", entry.key):
        return {}
    return {"name": entry.key, "value": entry.value}


def _status(entry: Entry) -> dict[str, Any]:
    status = {
        "name": entry.key,
        "image": entry.get("Image"),
        "ready": entry.get("Ready") == "True",
        "restartCount": number(entry.get("Restart Count")) or 0,
        "state": _state(entry.find("State")),
    }
    if last := _state(entry.find("Last State")):
        status["lastState"] = last
    return status


def _state(entry: Entry | None) -> dict[str, Any]:
    kind = _STATES.get(entry.value.split(" ", 1)[0]) if entry else None
    if entry is None or kind is None:
        return {}
    fields = {
        "reason": entry.get("Reason"),
        "message": entry.message("Message"),
        "exitCode": number(entry.get("Exit Code")),
        "signal": number(entry.get("Signal")),
        "startedAt": moment(entry.get("Started")),
        "finishedAt": moment(entry.get("Finished")),
    }
    return {kind: {field: value for field, value in fields.items() if value not in ("", None)}}


def _volume(entry: Entry) -> dict[str, Any] | None:
    kind = entry.get("Type").split(" ", 1)[0]
    optional = {"optional": entry.get("Optional") == "true"} if entry.has("Optional") else {}
    sources: dict[str, dict[str, Any]] = {
        "PersistentVolumeClaim": {"persistentVolumeClaim": {"claimName": entry.get("ClaimName")}},
        "ConfigMap": {"configMap": {"name": entry.get("Name"), **optional}},
        "Secret": {"secret": {"secretName": entry.get("SecretName"), **optional}},
        "NFS": {"nfs": {"server": entry.get("Server"), "path": entry.get("Path")}},
        "HostPath": {"hostPath": {"path": entry.get("Path")}},
        "EmptyDir": {"emptyDir": {}},
        "CSI": {"csi": {"driver": entry.get("Driver")}},
        "EphemeralVolume": {
            "ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": entry.get("StorageClass")}}}
        },
    }
    return {"name": entry.key, **sources[kind]} if kind in sources and entry.key else None


def _toleration(line: str) -> dict[str, str] | None:
    found = re.match(r"(?P<key>[\w./-]*)(?:=(?P<value>[^:\s]*))?(?::(?P<effect>\w+))?(?P<exists> op=Exists)?", line)
    if found is None or not found[0]:
        return None
    toleration = {"key": found["key"], "operator": "Equal" if found["value"] else "Exists"}
    return toleration | {
        field: value for field, value in (("value", found["value"]), ("effect", found["effect"])) if value
    }
