"""Rollouts and edits of what ran well before: some break it, some are harmless beside another fault."""

from dataclasses import dataclass
from typing import Any

from tests.cluster.api import Api, Object
from tests.cluster.objects import deployment, metadata, namespace, service, template, workload

IMAGE = "registry.example/app"


@dataclass(frozen=True)
class Edit:
    """An edit in a namespace of its own, `name`, of the object `web` of a `kind`; `then` is what a patch merges into it.

    `rule` is what must be first then, with the `field`, and both values in what is said.
    """

    name: str
    before: Object
    then: Object
    rule: str
    field: str
    values: tuple[str, str]
    kind: str = "Deployment"
    way_back: str = "kubectl rollout undo"


def _app(**more: Any) -> Object:
    return {"name": "app", "image": f"{IMAGE}:1", **more}


def _pods(fate: str = "", message: str = "", /, **spec: Any) -> Object:
    """Return what a patch merges into a workload, so that its new Pods end so."""
    told = {"kbdiag.test/fate": fate or None, "kbdiag.test/message": message or None}
    return {"spec": {"template": {"metadata": {"annotations": told}, "spec": spec}}}


def _env(value: str) -> list[Object]:
    return [{"name": "PAYMENT_ADDR", "value": value}]


def _probe(path: str) -> Object:
    return {"readinessProbe": {"httpGet": {"path": path, "port": 80}}}


_PANIC = "panic: runtime error: invalid memory address or nil pointer dereference"

BREAKING = (
    Edit(
        "rolled-image",
        {},
        _pods("pull", "not found", containers=[_app(image=f"{IMAGE}:2")]),
        "CHANGE-IMAGE",
        "image",
        (f"{IMAGE}:1", f"{IMAGE}:2"),
    ),
    Edit(
        "rolled-env",
        {"env": _env("payment:50051")},
        _pods("crash", "exit", containers=[_app(env=_env("payment:5051"))]),
        "CHANGE-ENV",
        "env PAYMENT_ADDR",
        ("payment:50051", "payment:5051"),
    ),
    Edit(
        "dropped-env",
        {"env": _env("payment:50051")},
        _pods("crash", _PANIC, containers=[_app()]),
        "CHANGE-ENV",
        "env PAYMENT_ADDR",
        ("payment:50051", ""),
    ),
    Edit(
        "rolled-command",
        {"command": ["/bin/web"]},
        _pods("crash", "exit", containers=[_app(command=["/bin/wbe"])]),
        "CHANGE-COMMAND",
        "command",
        ("/bin/web", "/bin/wbe"),
    ),
    Edit(
        "rolled-args",
        {"args": ["--port=80"]},
        _pods("crash", "flag provided but not defined: -prot", containers=[_app(args=["--prot=80"])]),
        "CHANGE-COMMAND",
        "args",
        ("--port=80", "--prot=80"),
    ),
    Edit(
        "rolled-probe",
        _probe("/healthz"),
        _pods(
            "unready",
            "Readiness probe failed: HTTP probe failed with statuscode: 404",
            containers=[_app(**_probe("/health"))],
        ),
        "CHANGE-PROBE",
        "readinessProbe httpGet.path",
        ("/healthz", "/health"),
    ),
    Edit(
        "rolled-requests",
        {"resources": {"requests": {"memory": "64Mi"}}},
        _pods(containers=[_app(resources={"requests": {"memory": "900Gi"}})]),
        "CHANGE-RESOURCES",
        "requests memory",
        ("64Mi", "900Gi"),
    ),
    Edit(
        "rolled-selector",
        {},
        _pods(nodeSelector={"disk": "ssd"}),
        "CHANGE-SCHEDULING",
        "nodeSelector disk",
        ("", "ssd"),
    ),
    Edit(
        "rolled-set",
        {"env": _env("payment:50051")},
        _pods("crash", "exit", containers=[_app(env=_env("payment:5051"))]),
        "CHANGE-ENV",
        "env PAYMENT_ADDR",
        ("payment:50051", "payment:5051"),
        kind="StatefulSet",
    ),
    Edit(
        "edited-service",
        {},
        {"spec": {"selector": {"app": "wbe"}}},
        "CHANGE-SELECTOR",
        "selector",
        ("", "app=wbe"),
        kind="Service",
        way_back="kubectl edit service",
    ),
)

BESIDE = "beside"
"""The namespace in which one Deployment fails from the start, and others are changed harmlessly."""

HARMLESS: dict[str, Object] = {
    "image": _pods(containers=[_app(image=f"{IMAGE}:2")]),
    "env": _pods(containers=[_app(env=_env("other:1"))]),
    "command": _pods(containers=[_app(command=["/bin/other"])]),
    "args": _pods(containers=[_app(args=["--more"])]),
    "probe": _pods(containers=[_app(**_probe("/ready"))]),
    "limits": _pods(containers=[_app(resources={"limits": {"memory": "1Gi"}})]),
    "label": {"spec": {"template": {"metadata": {"labels": {"team": "a"}}}}},
    "restart": {"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}}}}},
    "replicas": {"spec": {"replicas": 3}},
    "note": {"metadata": {"annotations": {"team": "a"}}},
}
"""Name of a Deployment and what a patch merges into it; its Pods go on running."""


def make_changes(api: Api) -> None:
    """Create everything as it is before the edits."""
    for one in _objects():
        api.create(one)
        if one["kind"] == "Namespace":
            api.until(f"/api/v1/namespaces/{one['metadata']['name']}/serviceaccounts", lambda _: True)


def until_changeable(api: Api) -> None:
    """Return as soon as all that will be broken by an edit runs."""
    for each in BREAKING:
        api.until(f"/api/v1/namespaces/{each.name}/pods", lambda one: "podIP" in one["status"])


def make_edits(api: Api) -> None:
    """Make all edits, and return as soon as each rollout has new Pods."""
    old = {one["metadata"]["uid"] for one in api.items("/api/v1/pods")}
    for each in BREAKING:
        api.patch(_target(each.kind, each.name, "web"), each.then)
    for name, change in HARMLESS.items():
        api.patch(_target("Deployment", BESIDE, name), change)
    for space in (each.name for each in BREAKING if each.kind != "Service"):
        api.until(f"/api/v1/namespaces/{space}/pods", lambda one: one["metadata"]["uid"] not in old)


def _objects() -> list[Object]:
    made: list[Object] = []
    for edit in BREAKING:
        made += [namespace(edit.name), service(edit.name, "web", "web")]
        pods = template("web")
        pods["spec"]["containers"] = [_app(**edit.before)]
        if edit.kind == "StatefulSet":
            made.append(workload("StatefulSet", edit.name, "web", pods, replicas=2, serviceName="web"))
        else:
            made.append(workload("Deployment", edit.name, "web", pods, replicas=2))
    made += [namespace(BESIDE), deployment(BESIDE, "bad", fate="crash", message=_PANIC)]
    return made + [deployment(BESIDE, name) for name in HARMLESS]


def _target(kind: str, space: str, name: str) -> Object:
    """Return enough of an object to patch it."""
    return {"apiVersion": "v1" if kind == "Service" else "apps/v1", "kind": kind, "metadata": metadata(space, name)}
