"""Evidence for the tests of the extractors: objects as the API writes them, and a check of every fact that comes of it."""

import json
from typing import Any, Unpack
from zlib import crc32

from facts.extract.evidence import extract
from facts.model.schema import KINDS
from facts.model.values import (
    Coverage,
    CoverageState,
    Evidence,
    Fact,
    Observation,
    ObservationAttributes,
    ObservationKind,
    Snapshot,
)

NOW = "2026-03-01T12:00:00Z"
LONG_AGO = "2026-03-01T08:00:00Z"
MINUTES_AGO = "2026-03-01T11:57:00Z"
JUST_NOW = "2026-03-01T11:59:30Z"

Object = dict[str, Any]


def evidence(
    *objects: Object,
    complete: tuple[str, ...] = (),
    at: str = NOW,
    more: tuple[Observation, ...] = (),
    coverage: tuple[Coverage, ...] = (),
) -> Evidence:
    """Return what is extracted from `objects`, of which the collectors named in `complete` saw all there are."""
    body = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}).encode()
    seen = Observation(ObservationKind.OBJECTS, "all.json", body, {"fidelity": "full"})
    done = tuple(Coverage(f"kubernetes/{name}", "*", CoverageState.COMPLETE) for name in complete)
    return checked(Snapshot((seen, *more), (*done, *coverage), at, "lab"))


def checked(snapshot: Snapshot) -> Evidence:
    """Return the evidence of `snapshot`, of which every fact is as the schema declares it."""
    found = extract(snapshot)
    for fact in found.facts:
        check(fact)
    return found


def check(fact: Fact) -> None:
    """Assert that a fact has exactly the attributes that its kind declares, of the type and with the values declared."""
    declared = KINDS[fact.kind].attributes
    assert set(fact.attributes) == set(declared), fact
    for name, attribute in declared.items():
        value = fact.attributes[name]
        assert type(value) is attribute.type, (fact.kind, name, value)
        assert not attribute.values or value in attribute.values, (fact.kind, name, value)
    assert fact.source, fact
    assert fact.text, fact


def facts(found: Evidence, kind: str) -> list[dict[str, Any]]:
    """Return the attributes of all facts of one kind."""
    return [dict(fact.attributes) for fact in found.facts if fact.kind == kind]


def only(found: Evidence, kind: str) -> dict[str, Any]:
    """Return the attributes of the one fact of a kind."""
    (fact,) = facts(found, kind)
    return fact


def kinds(found: Evidence) -> set[str]:
    """Return the kinds of all facts."""
    return {fact.kind for fact in found.facts}


def command(name: str, text: str, **attributes: Unpack[ObservationAttributes]) -> Observation:
    """Return what a command printed."""
    return Observation(ObservationKind.COMMAND, "session.txt", text.encode(), {"command": name, **attributes})


def log(text: str, **attributes: Unpack[ObservationAttributes]) -> Observation:
    """Return a log."""
    return Observation(ObservationKind.LOG, "some.log", text.encode(), attributes)


def table(*objects: Object, fidelity: str = "table", source: str = "pods.txt") -> Observation:
    """Return objects as far as a text tells them."""
    body = json.dumps({"kind": "List", "items": objects}).encode()
    return Observation(ObservationKind.OBJECTS, source, body, {"fidelity": fidelity})


def metadata(name: str, namespace: str = "demo", created: str = LONG_AGO, **more: Any) -> Object:
    """Return the metadata of an object."""
    return {"name": name, "namespace": namespace, "creationTimestamp": created, **more}


def owned_by(kind: str, name: str) -> list[Object]:
    """Return owner references to one owner."""
    return [{"kind": kind, "name": name, "controller": True}]


def condition(kind: str, status: str, reason: str = "", message: str = "", since: str = LONG_AGO) -> Object:
    """Return one condition."""
    found = {"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": since}
    return {name: value for name, value in found.items() if value}


RUNNING = {"running": {"startedAt": LONG_AGO}}


def container(
    name: str = "app", *, ready: bool = True, restarts: int = 0, state: Object | None = None, last: Object | None = None
) -> Object:
    """Return the status of one container."""
    return {
        "name": name,
        "ready": ready,
        "restartCount": restarts,
        "state": RUNNING if state is None else state,
        "lastState": last or {},
    }


def pod(
    name: str = "web-7d4b9c8f6d-x2x4n",
    namespace: str = "demo",
    *,
    phase: str = "Running",
    statuses: list[Object] | None = None,
    conditions: list[Object] | None = None,
    labels: dict[str, str] | None = None,
    owner: tuple[str, str] | None = ("ReplicaSet", "web-7d4b9c8f6d"),
    node: str = "worker1",
    created: str = LONG_AGO,
    spec: Object | None = None,
    status: Object | None = None,
    **more: Any,
) -> Object:
    """Return a Pod; as it stands it is well."""
    statuses = [container()] if statuses is None else statuses
    ready = phase == "Running" and all(each["ready"] for each in statuses)
    described = [condition("Ready", "True" if ready else "False")] if conditions is None else conditions
    about = metadata(name, namespace, created, labels=labels or {"app": "web"}, **more)
    if owner:
        about["ownerReferences"] = owned_by(*owner)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": about,
        "spec": {
            "nodeName": node,
            "containers": [{"name": each["name"], "image": "shop/web:1"} for each in statuses],
            **(spec or {}),
        },
        "status": {"phase": phase, "conditions": described, "containerStatuses": statuses, **(status or {})},
    }


def waiting(reason: str, message: str = "", **more: Any) -> Object:
    """Return the status of a container that waits."""
    return container(ready=False, state={"waiting": {"reason": reason, "message": message}}, **more)


def terminated(
    exit_code: int, reason: str = "Error", finished: str = MINUTES_AGO, started: str = MINUTES_AGO, message: str = ""
) -> Object:
    """Return the state of a container that ended."""
    ended = {"exitCode": exit_code, "reason": reason, "finishedAt": finished, "startedAt": started, "message": message}
    return {"terminated": {name: value for name, value in ended.items() if value != ""}}


def crashing(name: str = "web-7d4b9c8f6d-x2x4n", namespace: str = "demo", **more: Any) -> Object:
    """Return a Pod in CrashLoopBackOff."""
    status = waiting("CrashLoopBackOff", "back-off 5m0s restarting", restarts=7, last=terminated(1))
    return pod(name, namespace, statuses=[status], **more)


def node(
    name: str = "worker1",
    ready: str = "True",
    *conditions: Object,
    address: str = "10.0.0.1",
    since: str = LONG_AGO,
    spec: Object | None = None,
    reason: str = "",
) -> Object:
    """Return a node; as it stands it is well."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
        "spec": {"podCIDR": "10.244.1.0/24", **(spec or {})},
        "status": {
            "conditions": [condition("Ready", ready, reason, since=since), *conditions],
            "addresses": [{"type": "InternalIP", "address": address}],
            "nodeInfo": {"kubeletVersion": "v1.31.2"},
        },
    }


def event(
    kind: str,
    name: str,
    reason: str,
    message: str = "something happened",
    *,
    namespace: str = "demo",
    type_: str = "Warning",
    last: str = MINUTES_AGO,
    count: int = 1,
    component: str = "kubelet",
) -> Object:
    """Return a v1 Event."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata(f"{name}.{crc32(f'{reason} {message} {last}'.encode())}", namespace),
        "involvedObject": {"kind": kind, "name": name, "namespace": "" if kind == "Node" else namespace},
        "reason": reason,
        "message": message,
        "type": type_,
        "count": count,
        "lastTimestamp": last,
        "source": {"component": component},
    }


def workload(
    kind: str = "Deployment",
    name: str = "web",
    *,
    spec: Object | None = None,
    status: Object | None = None,
    owner: tuple[str, str] | None = None,
    labels: dict[str, str] | None = None,
    created: str = LONG_AGO,
) -> Object:
    """Return a workload of one Pod."""
    about = metadata(name, created=created)
    if owner:
        about["ownerReferences"] = owned_by(*owner)
    template = {"metadata": {"labels": labels or {"app": "web"}, "creationTimestamp": None}}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": about,
        "spec": {"replicas": 1, "template": template, **(spec or {})},
        "status": status if status is not None else {"replicas": 1, "readyReplicas": 1},
    }


def service(name: str = "web", selector: dict[str, str] | None = None, **spec: Any) -> Object:
    """Return a Service on port 80."""
    wanted = {
        "selector": {"app": "web"} if selector is None else selector,
        "type": "ClusterIP",
        "clusterIP": "10.96.0.9",
    }
    ports = [{"port": 80, "targetPort": 80}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(name),
        "spec": {**wanted, "ports": ports, **spec},
        "status": {"loadBalancer": {}},
    }


def endpoint_slice(name: str = "web", *, ready: tuple[str, ...] = (), unready: tuple[str, ...] = ()) -> Object:
    """Return the endpoint slice of the Service `name`."""
    sides = ((ready, True), (unready, False))
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": metadata(f"{name}-abcde", labels={"kubernetes.io/service-name": name}),
        "endpoints": [{"addresses": [ip], "conditions": {"ready": state}} for ips, state in sides for ip in ips]
        or None,
    }
