"""Pods and their containers: what is well is silent, the rest is as kubectl shows it."""

from typing import Any

import pytest

from facts.model.values import Snapshot
from tests.facts.given import (
    JUST_NOW,
    LONG_AGO,
    MINUTES_AGO,
    Object,
    checked,
    condition,
    container,
    crashing,
    event,
    evidence,
    facts,
    kinds,
    node,
    only,
    pod,
    table,
    terminated,
    waiting,
    workload,
)
from tests.facts.reading import read


def _status(thing: dict[str, Any]) -> str:
    return str(only(evidence(thing), "pod")["status"])


@pytest.mark.parametrize(
    "thing",
    [
        pod(),
        pod(phase="Succeeded", statuses=[container(ready=False, state=terminated(0, "Completed"))]),
        pod(statuses=[container(restarts=9, last=terminated(1, finished=LONG_AGO, started=LONG_AGO))]),
        pod(statuses=[container(restarts=1, last=terminated(1))]),
        pod(phase="Pending", created=JUST_NOW, statuses=[waiting("ContainerCreating")]),
        pod(created=JUST_NOW, statuses=[container(ready=False)]),
        pod(deletionTimestamp=JUST_NOW, statuses=[container(ready=False)]),
    ],
    ids=["running", "completed", "restarted long ago", "restarted once", "creating", "not yet ready", "ending"],
)
def test_a_pod_that_is_well_gives_no_fact(thing: dict[str, Any]) -> None:
    """Running and ready, done, or just beginning or ending."""
    assert kinds(evidence(thing, node("other"))) == {"nodes"}


def test_a_young_pod_with_a_warning_is_in_trouble() -> None:
    """Youth excuses nothing that somebody warned about."""
    young = pod(phase="Pending", created=JUST_NOW, statuses=[waiting("ContainerCreating")])
    found = evidence(young, event("Pod", "web-7d4b9c8f6d-x2x4n", "FailedMount", 'configmap "a" not found'))
    assert only(found, "pod")["status"] == "ContainerCreating"


def test_a_pod_that_warms_up_is_well_where_events_would_tell_of_its_probe() -> None:
    """Two minutes of running without a warning; without events nobody knows whether the probe fails."""
    warming = pod(created="2026-03-01T11:58:00Z", statuses=[container(ready=False)])
    other = event("Pod", "other-1", "Started", "Started container app", type_="Normal")
    assert "pod" not in kinds(evidence(warming, other))
    assert "pod" in kinds(evidence(warming))


def test_a_pod_whose_readiness_probe_fails_is_in_trouble_when_it_is_not_young() -> None:
    """The event tells of the probe, so nothing warms up any more."""
    failing = pod(created="2026-03-01T11:58:00Z", statuses=[container(ready=False)])
    probe = event(
        "Pod",
        failing["metadata"]["name"],
        "Unhealthy",
        "Readiness probe failed: HTTP probe failed with statuscode: 503",
    )
    assert "pod" in kinds(evidence(failing, probe))


def test_a_container_that_was_killed_for_memory_lately_tells() -> None:
    """A Pod that runs again after an OOM kill some minutes ago is still in trouble."""
    found = evidence(pod(statuses=[container(restarts=1, last=terminated(137, "OOMKilled"))]))
    assert only(found, "container")["last_reason"] == "OOMKilled"
    assert only(found, "pod")["ready"] is True


def test_a_container_that_outlasts_its_failures_is_well() -> None:
    """It runs twice as long as the last time, so the trouble of its start is over."""
    running = {"running": {"startedAt": "2026-03-01T11:55:00Z"}}
    last = terminated(1, started="2026-03-01T11:54:00Z", finished="2026-03-01T11:54:10Z")
    assert kinds(evidence(pod(statuses=[container(restarts=5, state=running, last=last)]))) == set()
    again = {"running": {"startedAt": "2026-03-01T11:59:40Z"}}
    assert "pod" in kinds(evidence(pod(statuses=[container(restarts=5, state=again, last=last)])))


def test_a_crashing_pod_tells_everything() -> None:
    """All attributes of Pod and container come from where the API has them."""
    spec = {
        "containers": [
            {
                "name": "app",
                "image": "registry.local:5000/shop/web:1",
                "command": ["serve"],
                "args": ["--port", "80"],
                "resources": {"limits": {"memory": "512Mi", "cpu": 1}},
            }
        ]
    }
    found = evidence(crashing(spec=spec | {"nodeName": "worker1"}), node("worker1", "Unknown"))
    assert only(found, "pod") == {
        "namespace": "demo",
        "pod": "web-7d4b9c8f6d-x2x4n",
        "node": "worker1",
        "workload_kind": "Deployment",
        "workload": "web",
        "status": "CrashLoopBackOff",
        "phase": "Running",
        "reason": "",
        "message": "",
        "ready": False,
        "scheduled": True,
        "restarts": 7,
        "app": "",
        "terminating": False,
        "host_network": False,
        "dns_policy": "",
        "scheduler": "",
        "node_ready": "Unknown",
        "lingering": "",
    }
    fact = only(found, "container")
    assert (fact["state"], fact["reason"], fact["last_reason"], fact["exit_code"]) == (
        "waiting",
        "CrashLoopBackOff",
        "Error",
        1,
    )
    assert (fact["command"], fact["memory_limit"], fact["cpu_limit"]) == ("serve --port 80", "512Mi", "1")
    assert (fact["image"], fact["registry"]) == ("registry.local:5000/shop/web:1", "registry.local:5000")


@pytest.mark.parametrize(
    ("thing", "status"),
    [
        (pod(phase="Pending", statuses=[waiting("ImagePullBackOff")]), "ImagePullBackOff"),
        (pod(phase="Failed", statuses=[], owner=None, status={"reason": "Evicted"}), "Evicted"),
        (pod(phase="Failed", owner=None, statuses=[container(ready=False, state=terminated(3, ""))]), "ExitCode:3"),
        (pod(phase="Pending", statuses=[waiting("PodInitializing")], status={"initContainerStatuses": [waiting("CrashLoopBackOff")]}), "Init:CrashLoopBackOff"),
        (pod(phase="Pending", statuses=[waiting("PodInitializing")], status={"initContainerStatuses": [container(ready=False)]}, spec={"initContainers": [{"name": "a"}, {"name": "b"}]}), "Init:0/2"),
        (pod(phase="Pending", statuses=[waiting("PodInitializing")], status={"initContainerStatuses": [container(ready=False, state=terminated(1))]}), "Init:Error"),
        (pod(deletionTimestamp=LONG_AGO), "Terminating"),
        (pod(deletionTimestamp=LONG_AGO, status={"reason": "NodeLost"}), "Unknown"),
        (pod(phase="Pending", node="", statuses=[], conditions=[condition("PodScheduled", "False", "SchedulingGated")]), "SchedulingGated"),
        (pod(statuses=[container("a"), container("b", ready=False, state=terminated(0, "Completed"))]), "NotReady"),
        (pod(phase="Running", statuses=[container(ready=False)]), "Running"),
    ],
)  # fmt: skip
def test_status_is_what_kubectl_shows(thing: dict[str, Any], status: str) -> None:
    """The STATUS column, as its printer computes it."""
    assert _status(thing) == status


def test_a_sidecar_that_runs_does_not_hold_up_the_pod() -> None:
    """An init container that is always restarted counts as done once it has started."""
    spec = {"initContainers": [{"name": "mesh", "restartPolicy": "Always"}]}
    sidecar = {**container("mesh"), "started": True}
    broken = pod(statuses=[waiting("CrashLoopBackOff")], spec=spec, status={"initContainerStatuses": [sidecar]})
    assert _status(broken) == "CrashLoopBackOff"


@pytest.mark.parametrize(
    ("name", "owner", "labels", "expected"),
    [
        (
            "web-7d4b9c8f6d-x2x4n",
            ("ReplicaSet", "web-7d4b9c8f6d"),
            {"pod-template-hash": "7d4b9c8f6d"},
            ("Deployment", "web"),
        ),
        ("db-0", ("StatefulSet", "db"), {}, ("StatefulSet", "db")),
        ("agent-x2x4n", ("DaemonSet", "agent"), {}, ("DaemonSet", "agent")),
        ("nightly-28512345-x2x4n", ("Job", "nightly-28512345"), {}, ("CronJob", "nightly")),
        ("once-x2x4n", ("Job", "once"), {}, ("Job", "once")),
        ("kube-apiserver-master", ("Node", "master"), {}, ("Pod", "kube-apiserver-master")),
        ("alone", None, {}, ("Pod", "alone")),
    ],
)
def test_the_owner_chain_ends_at_the_workload(
    name: str, owner: tuple[str, str] | None, labels: dict[str, str], expected: tuple[str, str]
) -> None:
    """What is not in the evidence is told by the names that controllers make up."""
    fact = only(evidence(crashing(name, owner=owner, labels=labels or None)), "pod")
    assert (fact["workload_kind"], fact["workload"]) == expected


def test_the_owner_chain_follows_objects_that_were_seen() -> None:
    """The ReplicaSet's own reference counts, whatever its name looks like."""
    middle = workload("ReplicaSet", "odd", owner=("Rollout", "canary"))
    fact = only(evidence(crashing("odd-1", owner=("ReplicaSet", "odd")), middle), "pod")
    assert (fact["workload_kind"], fact["workload"]) == ("Rollout", "canary")


@pytest.mark.parametrize(
    ("name", "node_name", "expected"),
    [
        ("web-7d4b9c8f6d-x2x4n", "", ("Deployment", "web")),
        ("web-64cccc97fb-h7v7m", "", ("Deployment", "web")),
        ("db-2", "", ("StatefulSet", "db")),
        ("kube-proxy-x2x4n", "", ("DaemonSet", "kube-proxy")),
        ("nightly-28512345-x2x4n", "", ("CronJob", "nightly")),
        ("my-nginx", "", ("Pod", "my-nginx")),
        ("etcd-master-0", "", ("Pod", "etcd-master-0")),
        ("proxy-node-7", "node-7", ("Pod", "proxy-node-7")),
    ],
)
def test_a_bare_row_is_given_the_workload_that_its_name_tells(
    name: str, node_name: str, expected: tuple[str, str]
) -> None:
    """A table of Pods has no owner references."""
    row = {"kind": "Pod", "metadata": {"name": name}, "spec": {"nodeName": node_name}, "status": {"phase": "Pending"}}
    fact = only(checked(Snapshot((table(row),))), "pod")
    assert (fact["workload_kind"], fact["workload"]) == expected


def test_a_failed_pod_that_was_replaced_is_history() -> None:
    """An evicted Pod of a Deployment whose other Pods are ready is only a leftover."""
    evicted = pod("web-7d4b9c8f6d-b2b2b", phase="Failed", statuses=[], conditions=[], status={"reason": "Evicted"})
    assert kinds(evidence(evicted, pod())) == set()
    assert only(evidence(evicted, crashing()), "container")["pod"] == "web-7d4b9c8f6d-x2x4n"
    assert len(facts(evidence(evicted, crashing()), "pod")) == 2


@pytest.mark.parametrize(("last", "troubled"), [("Completed", []), ("Error", ["once-b2b2b", "once-c9x8m"])])
def test_a_table_tells_that_a_job_needed_a_second_try(last: str, troubled: list[str]) -> None:
    """The Pod that was made up for is history; two that failed are not."""
    listing = (
        "$ kubectl get pods -n batch\n"
        "NAME         READY   STATUS      RESTARTS   AGE\n"
        "once-b2b2b   0/1     Error       0          22m\n"
        f"once-c9x8m   0/1     {last:9}   0          21m\n"
    )
    assert [fact["pod"] for fact in facts(checked(read(listing)), "pod")] == troubled


def test_a_job_that_goes_on_failing_is_no_history() -> None:
    """Without a success, each failed Pod counts."""
    failed = pod(
        "once-b2b2b", owner=("Job", "once"), phase="Failed", statuses=[container(ready=False, state=terminated(2))]
    )
    job = workload("Job", "once", spec={"completions": 1}, status={"failed": 1, "active": 1})
    assert only(evidence(failed, job), "container")["exit_code"] == 2


def test_a_pod_that_its_node_took_along_keeps_its_status() -> None:
    """On a lost node kubectl shows Running; the Ready condition and the node tell."""
    lost = pod(conditions=[condition("Ready", "False", "NodeNotReady", since=MINUTES_AGO)])
    fact = only(evidence(lost, node("worker1", "Unknown")), "pod")
    assert (fact["status"], fact["ready"], fact["node_ready"]) == ("Running", False, "Unknown")


def test_only_containers_in_trouble_are_told() -> None:
    """Of two containers the one that is well gives no fact."""
    both = pod(statuses=[container("good"), waiting("CrashLoopBackOff", name="bad", restarts=4)])
    assert only(evidence(both), "container")["container"] == "bad"


def test_a_lone_pod_cannot_be_called_young() -> None:
    """One file with one Pod and no moment of its own does not tell how long the Pod has been waiting."""
    stuck = pod(phase="Pending", statuses=[waiting("ContainerCreating")])
    assert "pod" in kinds(evidence(stuck, at=""))


def test_a_scheduler_of_its_own_is_named() -> None:
    """The default one goes without saying."""
    waiting_pod = pod(phase="Pending", node="", statuses=[], conditions=[], spec={"schedulerName": "volcano"})
    assert only(evidence(waiting_pod), "pod")["scheduler"] == "volcano"
    waiting_pod = pod(phase="Pending", node="", statuses=[], conditions=[], spec={"schedulerName": "default-scheduler"})
    assert only(evidence(waiting_pod), "pod")["scheduler"] == ""


def test_a_pod_is_as_old_as_a_table_shows() -> None:
    """Its creation is the newest moment in the evidence; the table tells how long ago that was."""
    text = (
        "$ date; kubectl get pods -n demo\n"
        "NAME                   READY   STATUS    RESTARTS   AGE\n"
        "web-7d4b9c8f6d-x2x4n   0/1     Pending   0          63m\n"
        "$ kubectl get pod -n demo web-7d4b9c8f6d-x2x4n -o yaml\n"
        "apiVersion: v1\nkind: Pod\n"
        'metadata: {name: web-7d4b9c8f6d-x2x4n, namespace: demo, creationTimestamp: "2026-11-24T08:00:00Z", uid: a1}\n'
        "spec: {containers: [{name: app}]}\nstatus: {phase: Pending}\n"
    )
    assert only(checked(read(text)), "pod")["status"] == "Pending"


def _of_job(*statuses: Object) -> Object:
    return pod("load-x2x4n", owner=("Job", "load"), statuses=list(statuses), labels={"job-name": "load"})


@pytest.mark.parametrize(
    ("work", "lingering"),
    [
        (container("load", ready=False, state=terminated(0, "Completed")), "proxy"),
        (container("load", ready=False, state=terminated(1)), ""),
        (container("load", ready=False, state=terminated(0, "Completed", finished=JUST_NOW)), ""),
        (container("load", ready=False), ""),
    ],
    ids=["done", "failed", "done just now", "at work"],
)
def test_a_sidecar_that_outlives_the_work_of_a_job_is_told(work: Object, lingering: str) -> None:
    """It keeps the Pod, and the Job, from ending."""
    assert only(evidence(_of_job(work, container("proxy"))), "pod")["lingering"] == lingering


def test_objects_that_do_not_tell_when_they_were_seen_do_not_make_the_work_young() -> None:
    """The end of the work is the newest moment in a lone Pod, however long ago it was."""
    work = container("load", ready=False, state=terminated(0, "Completed", finished=JUST_NOW))
    assert only(evidence(_of_job(work, container("proxy")), at=""), "pod")["lingering"] == "proxy"


def test_a_table_shows_that_a_container_of_a_job_goes_on() -> None:
    """STATUS NotReady means that a container has completed and another one runs."""
    text = "$ kubectl get pods -n batch\nNAME                    READY   STATUS     RESTARTS   AGE\nreport-28911120-7k2zd   1/2     NotReady   0          3h\n"
    fact = only(checked(read(text)), "pod")
    assert (fact["workload_kind"], fact["workload"], fact["lingering"]) == ("CronJob", "report", "(a sidecar)")
