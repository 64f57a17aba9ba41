"""What changed shortly before something broke; what changed elsewhere, earlier or afterwards is not told."""

import json
from typing import Any

import pytest

from facts.model.values import Evidence
from tests.facts.given import (
    LONG_AGO,
    Object,
    condition,
    crashing,
    event,
    evidence,
    facts,
    log,
    metadata,
    node,
    only,
    owned_by,
    pod,
    service,
    waiting,
    workload,
)

ROLLED = "2026-03-01T11:50:00Z"
BROKE = "2026-03-01T11:56:00Z"


def _template(image: str = "shop/web:1", annotations: dict[str, str] | None = None, **app: Any) -> Object:
    about = {"labels": {"app": "web"}, "annotations": annotations or {}}
    return {"metadata": about, "spec": {"containers": [{"name": "app", "image": image, **app}]}}


def _replica_set(revision: int, template: Object, made: str = LONG_AGO, **annotations: str) -> Object:
    template["metadata"]["labels"]["pod-template-hash"] = str(revision) * 9
    about = metadata(
        f"web-{str(revision) * 9}",
        created=made,
        labels={"app": "web", "pod-template-hash": str(revision) * 9},
        annotations={"deployment.kubernetes.io/revision": str(revision), **annotations},
        ownerReferences=owned_by("Deployment", "web"),
    )
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": about,
        "spec": {"replicas": 1, "template": template},
    }


def _pod(revision: int, *, ready: bool, created: str = ROLLED, since: str = BROKE) -> Object:
    name, labels = f"web-{str(revision) * 9}-x2x4n", {"app": "web", "pod-template-hash": str(revision) * 9}
    owner = ("ReplicaSet", f"web-{str(revision) * 9}")
    if ready:
        return pod(name, labels=labels, owner=owner, created=LONG_AGO)
    broken = [waiting("CrashLoopBackOff", restarts=3)]
    return pod(
        name,
        labels=labels,
        owner=owner,
        created=created,
        statuses=broken,
        conditions=[condition("Ready", "False", since=since)],
    )


def _rollout(old: Object, new: Object, *pods: Object, made: str = ROLLED, **annotations: str) -> Evidence:
    there = pods or (_pod(1, ready=True), _pod(2, ready=False))
    deployment = workload(spec={"replicas": 2}, status={"replicas": 2, "readyReplicas": 1})
    return evidence(deployment, _replica_set(1, old), _replica_set(2, new, made, **annotations), *there)


ENV = [{"name": "PAYMENT_ADDR", "value": "payment:50051"}]


def test_a_rollout_is_told_with_its_difference() -> None:
    """Field, both values, revision, time before the trouble, and the way back."""
    change = only(
        _rollout(_template(env=ENV), _template(env=[{"name": "PAYMENT_ADDR", "value": "payment:5051"}])), "change"
    )
    assert (change["what"], change["field"], change["from"], change["to"]) == (
        "env",
        "env PAYMENT_ADDR",
        "payment:50051",
        "payment:5051",
    )
    assert (change["revision"], change["before_onset_seconds"], change["ago"]) == ("2", 360, "6 minutes before")
    assert (change["former_ready"], change["undo"]) == (1, "kubectl rollout undo deployment web -n demo")


@pytest.mark.parametrize(
    ("old", "new", "what", "field", "values"),
    [
        ({}, {"image": "shop/web:2"}, "image", "image", ("shop/web:1", "shop/web:2")),
        ({"command": ["/bin/web"]}, {"command": ["/bin/wbe"]}, "command", "command", ("/bin/web", "/bin/wbe")),
        ({"args": ["--port", "80"]}, {"args": ["--prot", "80"]}, "args", "args", ("--port 80", "--prot 80")),
        (
            {"readinessProbe": {"httpGet": {"path": "/healthz"}}},
            {"readinessProbe": {"httpGet": {"path": "/health"}}},
            "probe",
            "readinessProbe httpGet.path",
            ("/healthz", "/health"),
        ),
        (
            {"resources": {"limits": {"memory": "512Mi"}}},
            {"resources": {"limits": {"memory": "16Mi"}}},
            "resources",
            "limits memory",
            ("512Mi", "16Mi"),
        ),
        ({"env": ENV}, {}, "env", "env PAYMENT_ADDR", ("payment:50051", "")),
    ],
)
def test_each_part_of_a_template_has_its_word(
    old: Object, new: Object, what: str, field: str, values: tuple[str, str]
) -> None:
    """Image, command, arguments, probes, resources, variables that are gone."""
    change = only(_rollout(_template(**old), _template(**new)), "change")
    assert (change["what"], change["field"], (change["from"], change["to"])) == (what, field, values)


def test_a_restart_changes_nothing() -> None:
    """`kubectl rollout restart` writes the time into the template."""
    restarted = _template(annotations={"kubectl.kubernetes.io/restartedAt": ROLLED})
    assert facts(_rollout(_template(), restarted), "change") == []


def test_a_change_long_before_or_after_is_none() -> None:
    """An hour is the limit, and an attempt to mend it is no cause."""
    new = _template("shop/web:2")
    early = (_pod(1, ready=True), _pod(2, ready=False, created="2026-03-01T09:30:00Z"))
    assert facts(_rollout(_template(), new, *early, made="2026-03-01T09:30:00Z"), "change") == []
    assert facts(_rollout(_template(), new, made="2026-03-01T11:58:00Z"), "change") == []


def test_a_change_is_not_to_blame_while_the_former_pods_fail_too() -> None:
    """Something else ails both."""
    both = (_pod(1, ready=False, created=LONG_AGO), _pod(2, ready=False))
    assert facts(_rollout(_template(), _template("shop/web:2"), *both), "change") == []


def test_a_change_of_something_else_is_none() -> None:
    """A rollout that went well beside a fault of another workload."""
    objects = (
        _replica_set(1, _template()),
        _replica_set(2, _template("shop/web:2"), ROLLED),
        workload(),
        _pod(2, ready=True),
    )
    other = crashing("api-7d4b9c8f6d-x2x4n", owner=("ReplicaSet", "api-7d4b9c8f6d"), created=ROLLED)
    assert facts(evidence(*objects, other), "change") == []


def test_the_words_of_the_author_are_kept() -> None:
    """kubernetes.io/change-cause stands in place of the manager."""
    cause = {"kubernetes.io/change-cause": "release 42"}
    assert only(_rollout(_template(), _template("shop/web:2"), **cause), "change")["by"] == "release 42"


def _managed(manager: str, when: str, fields: Object, **more: str) -> Object:
    return {
        "manager": manager,
        "operation": "Update",
        "time": when,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
        **more,
    }


def test_an_edited_configmap_is_told_with_the_line_that_differs() -> None:
    """The annotation of kubectl apply keeps the values before; a workload that reads it is in trouble."""
    was = {"data": {"app.conf": "port=80\nhost=db", "other": "x"}}
    settings = {
        "kind": "ConfigMap",
        "metadata": metadata(
            "settings",
            annotations={"kubectl.kubernetes.io/last-applied-configuration": json.dumps(was)},
            managedFields=[
                _managed("kubectl-client-side-apply", LONG_AGO, {"f:data": {"f:app.conf": {}, "f:other": {}}}),
                _managed("kubectl-edit", ROLLED, {"f:data": {"f:app.conf": {}}}),
            ],
        ),
        "data": {"app.conf": "port=80\nhost=dbb", "other": "x"},
    }
    spec = {"volumes": [{"name": "c", "configMap": {"name": "settings"}}]}
    change = only(evidence(crashing(created=ROLLED, spec=spec), settings), "change")
    assert (change["kind"], change["name"], change["what"], change["by"]) == (
        "ConfigMap",
        "settings",
        "config",
        "kubectl-edit",
    )
    assert (change["field"], change["from"], change["to"]) == ("key app.conf", "host=db", "host=dbb")
    assert change["dependent"] == "web"


def test_a_service_that_lost_its_pods_by_an_edit() -> None:
    """Nobody knows since when it is empty, so the time counts from now."""
    edited = service("web", {"app": "wbe"})
    edited["metadata"] |= {
        "managedFields": [_managed("kubectl-edit", ROLLED, {"f:spec": {"f:selector": {"f:app": {}}}})]
    }
    change = only(evidence(edited, pod(), complete=("pods", "services", "endpointslices")), "change")
    assert (change["what"], change["to"], change["before_onset_seconds"]) == ("selector", "app=wbe", -1)
    assert change["ago"] == "10 minutes ago"


def test_a_policy_made_beside_trouble_is_told() -> None:
    """Those of a namespace in trouble, with how to take them away."""
    policies = [
        {"kind": "NetworkPolicy", "metadata": metadata("deny", namespace, created=ROLLED), "spec": {"podSelector": {}}}
        for namespace in ("demo", "elsewhere")
    ]
    change = only(evidence(*policies, crashing(created=BROKE)), "change")
    assert (change["name"], change["action"], change["undo"]) == (
        "deny",
        "created",
        "kubectl delete networkpolicy deny -n demo",
    )


def test_what_a_caller_that_is_well_calls_matters() -> None:
    """The Deployment behind the Service was scaled down before the calls failed."""
    scaled = workload(spec={"replicas": 0}, status={}, labels={"app": "db"})
    scaled["metadata"] |= {
        "name": "db",
        "managedFields": [_managed("kubectl", ROLLED, {"f:spec": {"f:replicas": {}}}, subresource="scale")],
    }
    said = log(
        "2026-03-01T11:52:00Z ok\n2026-03-01T11:53:00Z dial tcp db:80: connect: connection refused",
        pod="web-7d4b9c8f6d-x2x4n",
        namespace="demo",
    )
    change = only(
        evidence(pod(), service("db", {"app": "db"}), scaled, more=(said,), complete=("pods", "endpointslices")),
        "change",
    )
    assert (change["name"], change["what"], change["to"], change["dependent"]) == ("db", "replicas", "0", "web")
    assert change["before_onset_seconds"] == 180


def test_what_controllers_write_is_no_change() -> None:
    """Status, and the managers that write all the time."""
    edited = service("web", {"app": "wbe"})
    fields: Object = {"f:spec": {"f:selector": {}}}
    edited["metadata"] |= {
        "managedFields": [
            _managed("kube-controller-manager", ROLLED, fields),
            _managed("someone", ROLLED, fields, subresource="status"),
        ]
    }
    assert facts(evidence(edited, pod(), complete=("pods", "services", "endpointslices")), "change") == []


def test_a_node_that_was_booted_again_is_told() -> None:
    """Its own trouble follows."""
    down = node("worker1", "False", since=BROKE)
    booted = event("Node", "worker1", "Rebooted", "Node worker1 has been rebooted, boot id: 1", last=ROLLED)
    assert only(evidence(down, crashing(created=BROKE), booted), "change")["what"] == "node-reboot"


def test_the_revision_of_a_tool_is_told_about_its_workload() -> None:
    """Argo CD names the revision before."""
    application = {
        "kind": "Application",
        "metadata": metadata("shop", "argocd"),
        "status": {"history": [{"revision": "aaa", "deployedAt": LONG_AGO}, {"revision": "bbb", "deployedAt": ROLLED}]},
    }
    deployment = workload(status={"replicas": 1, "readyReplicas": 0})
    deployment["metadata"]["annotations"] = {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:demo/web"}
    change = only(evidence(application, deployment, crashing(created=BROKE)), "change")
    assert (change["what"], change["name"], change["from"], change["to"], change["by"]) == (
        "gitops-revision",
        "web",
        "aaa",
        "bbb",
        "Argo CD",
    )


def _commit(moment: str = ROLLED, **change: str) -> Object:
    """Return a commit as `--git` reads it."""
    spec = {"repository": "manifests", "subject": "new port", "changes": [change]}
    return {"kind": "Commit", "metadata": {"name": "e3d928c7e23a", "creationTimestamp": moment}, "spec": spec}


ENV_COMMIT = {"field": "env PAYMENT_ADDR", "before": "payment:50051", "after": "payment:5051"}


@pytest.mark.parametrize(
    "where",
    [
        {"path": "deploy/web.yaml", "kind": "Deployment", "name": "web", "namespace": "demo"},
        {"path": "deploy/all.yaml", "kind": "Deployment", "name": "web", "namespace": ""},
        {"path": "charts/web/values.yaml", "kind": "", "name": "", "namespace": ""},
    ],
    ids=["the object", "an object without a namespace", "the folder of its chart"],
)
def test_a_commit_that_touches_what_is_in_trouble_is_told(where: dict[str, str]) -> None:
    """With its difference, its hash and how to revert it."""
    deployment = workload(status={"replicas": 1})
    change = only(evidence(deployment, _pod(2, ready=False), _commit(**where, **ENV_COMMIT)), "change")
    assert (change["what"], change["name"], change["revision"], change["undo"]) == (
        "git",
        "web",
        "e3d928c7e23a",
        "git revert e3d928c7e23a",
    )
    assert (change["from"], change["to"], change["before_onset_seconds"]) == ("payment:50051", "payment:5051", 360)


@pytest.mark.parametrize(
    ("where", "moment"),
    [
        ({"path": "deploy/db.yaml", "kind": "Deployment", "name": "db", "namespace": "demo"}, ROLLED),
        ({"path": "deploy/web.yaml", "kind": "Deployment", "name": "web", "namespace": "other"}, ROLLED),
        ({"path": "charts/db/values.yaml", "kind": "", "name": "", "namespace": ""}, ROLLED),
        ({"path": "deploy/web.yaml", "kind": "Deployment", "name": "web", "namespace": "demo"}, "2026-03-01T08:00:00Z"),
        ({"path": "deploy/web.yaml", "kind": "Deployment", "name": "web", "namespace": "demo"}, "2026-03-01T11:58:00Z"),
    ],
    ids=["another object", "another namespace", "another chart", "hours before", "afterwards"],
)
def test_other_commits_are_not(where: dict[str, str], moment: str) -> None:
    """Of other objects, or at other times."""
    deployment = workload(status={"replicas": 1})
    found = evidence(deployment, _pod(2, ready=False), _commit(moment, **where, **ENV_COMMIT))
    assert facts(found, "change") == []
