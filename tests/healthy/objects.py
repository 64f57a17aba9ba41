"""Objects as the API shows them at one moment, NOW, as short as the rules allow."""

from datetime import UTC, datetime, timedelta
from typing import Any

Object = dict[str, Any]
NOW = datetime(2026, 6, 12, 10, 0, 0, tzinfo=UTC)
IMAGE = "registry.example.test/shop/web:1.9.0"


def ago(seconds: float) -> str:
    """Return the moment `seconds` before NOW as the API writes it."""
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def thing(version: str, kind: str, name: str, age: float, namespace: str = "shop", **more: Any) -> Object:
    """Return an object that was created `age` seconds ago."""
    place = {"namespace": namespace} if namespace else {}
    metadata = {"name": name, **place, "uid": f"uid-{kind.lower()}-{name}", "creationTimestamp": ago(age)}
    metadata |= more.pop("metadata", {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


def condition(kind: str, age: float, *, true: bool = True, reason: str = "", message: str = "") -> Object:
    """Return a condition that is as it is since `age` seconds."""
    told = {"reason": reason, "message": message}
    status = "True" if true else "False"
    return {"type": kind, "status": status, "lastTransitionTime": ago(age)} | {k: v for k, v in told.items() if v}


def event(about: Object, reason: str, message: str, age: float, *, warning: bool = False, count: int = 1) -> Object:
    """Return an event about an object."""
    metadata = about["metadata"]
    kept = {"name": metadata["name"], "namespace": metadata.get("namespace", ""), "uid": metadata["uid"]}
    involved = {"kind": about["kind"], "apiVersion": about["apiVersion"], **kept}
    told = {"reason": reason, "message": message, "type": "Warning" if warning else "Normal", "count": count}
    times = {"firstTimestamp": ago(age), "lastTimestamp": ago(age), "source": {"component": "kubelet"}}
    name = f"{metadata['name']}.{reason.lower()}"
    return thing("v1", "Event", name, age, kept["namespace"] or "default", involvedObject=involved, **told, **times)


def node(name: str, age: float = 8e6, *, ready_for: float = 8e6, **spec: Any) -> Object:
    """Return a node that is Ready since `ready_for` seconds."""
    calm = [condition(f"{what}Pressure", 8e6, true=False) for what in ("Memory", "Disk", "PID")]
    room = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    status = {"conditions": [*calm, condition("Ready", ready_for, reason="KubeletReady")], "allocatable": room}
    return thing(
        "v1", "Node", name, age, "", spec={"podCIDR": "10.244.1.0/24", **spec}, status={**status, "capacity": room}
    )


def pod(name: str, age: float, phase: str = "Running", *, state: Object | None = None, **more: Any) -> Object:
    """Return a Pod of the Deployment `web`; its container is in `state`, by default it runs since three seconds later."""
    runs = phase == "Running" and state is None
    done = phase == "Succeeded"
    conditions = [
        condition("PodScheduled", age, true=more.pop("scheduled", True)),
        condition("Initialized", age),
        condition("Ready", age - 3, true=runs, reason="" if runs else "PodCompleted" if done else "ContainersNotReady"),
    ]
    container = {"name": "web", "image": IMAGE, "ready": runs, "restartCount": more.pop("restarts", 0)}
    container |= {"state": state or {"running": {"startedAt": ago(age - 3)}}, "lastState": more.pop("last", {})}
    status: Object = {"phase": phase, "conditions": conditions, "startTime": ago(age), "qosClass": "Burstable"}
    if state != {}:
        status["containerStatuses"] = [container]
    requests = {"requests": {"cpu": "50m", "memory": "64Mi"}}
    spec = {"nodeName": more.pop("node", "w1"), "containers": [{"name": "web", "image": IMAGE, "resources": requests}]}
    metadata = {"labels": {"app": "web"}, "ownerReferences": [owner("ReplicaSet", "web-5f8b9c7d6")]}
    metadata |= more.pop("metadata", {})
    return thing("v1", "Pod", name, age, metadata=metadata, spec=spec, status=status)


def deployment(replicas: int, *, ready: int, updated: int, age: float = 7e6, since: float = 20) -> Object:
    """Return the Deployment `web`, in a rollout that moves on."""
    selector = {"matchLabels": {"app": "web"}}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": IMAGE}]}}
    spec = {"replicas": replicas, "selector": selector, "template": template, "progressDeadlineSeconds": 600}
    enough = ready >= replicas * 3 // 4
    conditions = [
        condition(
            "Available",
            since,
            true=enough,
            reason="MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable",
        ),
        condition("Progressing", since, reason="ReplicaSetUpdated"),
    ]
    counts = {"replicas": replicas, "updatedReplicas": updated, "readyReplicas": ready, "availableReplicas": ready}
    counts |= {"unavailableReplicas": replicas - ready} if ready < replicas else {}
    status = {**counts, "observedGeneration": 4, "conditions": conditions}
    return thing("apps/v1", "Deployment", "web", age, metadata={"generation": 4}, spec=spec, status=status)


def job(name: str, age: float, *, failed: int = 0) -> Object:
    """Return a Job that has completed, after some Pods of it failed."""
    conditions = [
        condition("SuccessCriteriaMet", age - 60),
        condition("Complete", age - 60, reason="CompletionsReached"),
    ]
    times = {"startTime": ago(age), "completionTime": ago(age - 60)}
    status = {"succeeded": 1, "conditions": conditions, **times, **({"failed": failed} if failed else {})}
    spec = {"completions": 1, "parallelism": 1, "backoffLimit": 6, "template": {"spec": {"restartPolicy": "Never"}}}
    return thing("batch/v1", "Job", name, age, spec=spec, status=status)


def waiting(reason: str, message: str = "") -> Object:
    """Return the state of a container that waits."""
    return {"waiting": {"reason": reason} | ({"message": message} if message else {})}


def terminated(code: int, reason: str, age: float) -> Object:
    """Return the state of a container that ended `age` seconds ago."""
    return {"terminated": {"exitCode": code, "reason": reason, "startedAt": ago(age + 40), "finishedAt": ago(age)}}


def owner(kind: str, name: str) -> Object:
    """Return the reference to the controller of an object."""
    version = "batch/v1" if kind == "Job" else "apps/v1"
    return {"apiVersion": version, "kind": kind, "name": name, "uid": f"uid-{kind.lower()}-{name}", "controller": True}


def of_job(name: str) -> Object:
    """Return the metadata of a Pod of a Job."""
    return {"labels": {"job-name": name}, "ownerReferences": [owner("Job", name)]}
