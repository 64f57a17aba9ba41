"""The objects as kubectl prints them with `-o wide`: in come API objects, out go tables."""

from collections.abc import Callable, Iterable

from tests.cascades.objects import NOW, Object


def age(moment: str) -> str:
    """Return an age as duration.HumanDuration shows it.

    >>> age("2026-11-24T08:56:30Z")
    '3m30s'
    """
    from_then = NOW - NOW.fromisoformat(moment)
    seconds = int(from_then.total_seconds())
    if seconds < 120:
        return f"{seconds}s"
    minutes = seconds // 60
    if minutes < 10:
        rest = seconds % 60
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours = minutes // 60
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"


def table(header: str, rows: Iterable[Iterable[object]]) -> str:
    """Return columns under a header, as kubectl aligns them."""
    cells = [header.split("|"), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = ("   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
    return "\n".join(lines) + "\n"


def _place(body: Object) -> tuple[str, str]:
    return body["metadata"].get("namespace", ""), body["metadata"]["name"]


def _age(body: Object) -> str:
    return age(body["metadata"]["creationTimestamp"])


def nodes(bodies: list[Object]) -> str:
    """Return `kubectl get nodes -o wide`."""
    rows = []
    for body in bodies:
        ready = next(each["status"] for each in body["status"]["conditions"] if each["type"] == "Ready")
        status = "Ready" if ready == "True" else "NotReady"
        status += ",SchedulingDisabled" if body["spec"].get("unschedulable") else ""
        info = body["status"]["nodeInfo"]
        role = "control-plane" if "node-role.kubernetes.io/control-plane" in body["metadata"]["labels"] else "<none>"
        ip = body["status"]["addresses"][0]["address"]
        rows.append(
            (
                body["metadata"]["name"],
                status,
                role,
                _age(body),
                info["kubeletVersion"],
                ip,
                "<none>",
                info["osImage"],
                info["kernelVersion"],
                info["containerRuntimeVersion"],
            )
        )
    header = "NAME|STATUS|ROLES|AGE|VERSION|INTERNAL-IP|EXTERNAL-IP|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME"
    return table(header, rows)


def pod_status(body: Object) -> str:
    """Return the column STATUS (printPod in pkg/printers/internalversion)."""
    status = body["status"]
    shown = status.get("reason") or status["phase"]
    for each in status.get("containerStatuses", ()):
        waiting = each["state"].get("waiting")
        if waiting:
            shown = waiting["reason"]
    return "Terminating" if body["metadata"].get("deletionTimestamp") else shown


def pods(bodies: list[Object]) -> str:
    """Return `kubectl get pods -A -o wide`."""
    rows = []
    for body in bodies:
        statuses = body["status"].get("containerStatuses", [])
        ready = sum(each["ready"] and "running" in each["state"] for each in statuses)
        restarts = sum(each["restartCount"] for each in statuses)
        ended = next((each["lastState"]["terminated"]["finishedAt"] for each in statuses if each["lastState"]), "")
        shown = f"{restarts} ({age(ended)} ago)" if restarts and ended else str(restarts)
        ip, node = body["status"].get("podIP", "<none>"), body["spec"].get("nodeName", "<none>")
        rows.append(
            (
                *_place(body),
                f"{ready}/{len(body['spec']['containers'])}",
                pod_status(body),
                shown,
                _age(body),
                ip,
                node,
                "<none>",
                "<none>",
            )
        )
    return table("NAMESPACE|NAME|READY|STATUS|RESTARTS|AGE|IP|NODE|NOMINATED NODE|READINESS GATES", rows)


def _selector(labels: dict[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items()) or "<none>"


def workloads(bodies: list[Object]) -> str:
    """Return `kubectl get deployments,statefulsets,daemonsets -A -o wide`, without ReplicaSets."""
    parts = []
    for kind in ("Deployment", "StatefulSet", "DaemonSet"):
        rows: list[tuple[object, ...]] = []
        for body in (each for each in bodies if each["kind"] == kind):
            spec, status = body["spec"], body["status"]
            container = spec["template"]["spec"]["containers"][0]
            place = (body["metadata"]["namespace"], f"{kind.lower()}.apps/{body['metadata']['name']}")
            tail = (_age(body), container["name"], container["image"])
            selector = _selector(spec["selector"]["matchLabels"])
            if kind == "Deployment":
                counts = (
                    f"{status['readyReplicas']}/{spec['replicas']}",
                    status["updatedReplicas"],
                    status["availableReplicas"],
                )
                rows.append((*place, *counts, *tail, selector))
            elif kind == "StatefulSet":
                rows.append((*place, f"{status['readyReplicas']}/{spec['replicas']}", *tail))
            else:
                wanted = status["desiredNumberScheduled"]
                rows.append(
                    (
                        *place,
                        wanted,
                        status["currentNumberScheduled"],
                        status["numberReady"],
                        status["updatedNumberScheduled"],
                        status["numberAvailable"],
                        "<none>",
                        *tail,
                        selector,
                    )
                )
        header = {
            "Deployment": "NAMESPACE|NAME|READY|UP-TO-DATE|AVAILABLE|AGE|CONTAINERS|IMAGES|SELECTOR",
            "StatefulSet": "NAMESPACE|NAME|READY|AGE|CONTAINERS|IMAGES",
            "DaemonSet": "NAMESPACE|NAME|DESIRED|CURRENT|READY|UP-TO-DATE|AVAILABLE|NODE SELECTOR|AGE|CONTAINERS|IMAGES|SELECTOR",
        }[kind]
        parts.append(table(header, rows))
    return "\n".join(parts)


def services(bodies: list[Object]) -> str:
    """Return `kubectl get services,endpointslices -A -o wide`."""
    rows, slices = [], []
    for body in bodies:
        if body["kind"] == "Service":
            spec = body["spec"]
            port = f"{spec['ports'][0]['port']}/TCP"
            rows.append(
                (
                    body["metadata"]["namespace"],
                    f"service/{body['metadata']['name']}",
                    "ClusterIP",
                    spec["clusterIP"],
                    "<none>",
                    port,
                    _age(body),
                    _selector(spec["selector"]),
                )
            )
        elif body["kind"] == "EndpointSlice":
            addresses = [each["addresses"][0] for each in body["endpoints"]]
            shown = ",".join(addresses[:3]) + (f" + {len(addresses) - 3} more..." if len(addresses) > 3 else "")
            ports = ",".join(str(each["port"]) for each in body["ports"]) or "<unset>"
            slices.append(
                (
                    body["metadata"]["namespace"],
                    f"endpointslice.discovery.k8s.io/{body['metadata']['name']}",
                    "IPv4",
                    ports,
                    shown or "<unset>",
                    _age(body),
                )
            )
    return (
        table("NAMESPACE|NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE|SELECTOR", rows)
        + "\n"
        + table("NAMESPACE|NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE", slices)
    )


def storage(bodies: list[Object]) -> str:
    """Return `kubectl get storageclasses` and `kubectl get pvc -A`."""
    classes, claims = [], []
    for body in bodies:
        if body["kind"] == "StorageClass":
            classes.append(
                (
                    f"storageclass.storage.k8s.io/{body['metadata']['name']}",
                    body["provisioner"],
                    "Delete",
                    "Immediate",
                    "false",
                    _age(body),
                )
            )
        elif body["kind"] == "PersistentVolumeClaim":
            bound = body["status"]["phase"] == "Bound"
            volume = body["spec"].get("volumeName", "")
            claims.append(
                (
                    body["metadata"]["namespace"],
                    f"persistentvolumeclaim/{body['metadata']['name']}",
                    body["status"]["phase"],
                    volume,
                    "10Gi" if bound else "",
                    "RWO" if bound else "",
                    body["spec"]["storageClassName"],
                    "<unset>",
                    _age(body),
                    "Filesystem",
                )
            )
    return (
        table("NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE", classes)
        + "\n"
        + table(
            "NAMESPACE|NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE|VOLUMEMODE",
            claims,
        )
    )


def config(bodies: list[Object]) -> str:
    """Return `kubectl get configmaps,secrets -A`."""
    maps, secrets = [], []
    for body in bodies:
        space, name = _place(body)
        if body["kind"] == "ConfigMap":
            maps.append((space, f"configmap/{name}", len(body.get("data", ())), _age(body)))
        else:
            secrets.append((space, f"secret/{name}", "Opaque", 2, _age(body)))
    return table("NAMESPACE|NAME|DATA|AGE", maps) + "\n" + table("NAMESPACE|NAME|TYPE|DATA|AGE", secrets)


def events(bodies: list[Object]) -> str:
    """Return `kubectl get events -A`."""
    rows = []
    for body in sorted(bodies, key=lambda each: each["lastTimestamp"]):
        last, first, count = age(body["lastTimestamp"]), age(body["firstTimestamp"]), body["count"]
        about = body["involvedObject"]
        shown = f"{last} (x{count} over {first})" if count > 1 else last
        rows.append(
            (
                body["metadata"]["namespace"],
                shown,
                body["type"],
                body["reason"],
                f"{about['kind'].lower()}/{about['name']}",
                body["message"],
            )
        )
    return table("NAMESPACE|LAST SEEN|TYPE|REASON|OBJECT|MESSAGE", rows)


TABLES: dict[str, tuple[str, Callable[[list[Object]], str]]] = {
    "nodes": ("kubectl get nodes -o wide", nodes),
    "pods": ("kubectl get pods -A -o wide", pods),
    "workloads": ("kubectl get deployments,statefulsets,daemonsets -A -o wide", workloads),
    "services": ("kubectl get services,endpointslices -A -o wide", services),
    "storage": ("kubectl get storageclasses,pvc -A", storage),
    "config": ("kubectl get configmaps,secrets -A", config),
    "events": ("kubectl get events -A", events),
}
