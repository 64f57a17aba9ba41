"""Events: what passed is history, what hurts now is told once."""

from typing import Any

import pytest

from facts.model.values import Snapshot
from tests.facts.given import (
    LONG_AGO,
    MINUTES_AGO,
    NOW,
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
    workload,
)

POD = "web-7d4b9c8f6d-x2x4n"


@pytest.mark.parametrize(
    "past",
    [
        event("Pod", POD, "FailedMount"),
        event("Pod", "web-7d4b9c8f6d-b2b2b", "BackOff"),
        event("Pod", "installer-2-worker1", "Unhealthy"),
        event("Node", "worker1", "SystemOOM"),
        event("ReplicaSet", "web-7d4b9c8f6d", "FailedCreate"),
        event("PodDisruptionBudget", "web", "NoPods"),
        event("Deployment", "web", "ReplicaSetCreateError"),
    ],
)
def test_events_beside_healthy_pods_are_history(past: dict[str, Any]) -> None:
    """Evidence of nothing but events and Pods, all of them well, is silent."""
    found = evidence(past, pod())
    assert (kinds(found), found.texts) == (set(), ())


def test_an_event_about_a_pod_in_trouble_is_told() -> None:
    """With the workload of the Pod, its count and who reported it."""
    found = evidence(crashing(), event("Pod", POD, "BackOff", "Back-off restarting", count=4))
    fact = only(found, "event")
    assert (fact["object"], fact["workload_kind"], fact["workload"]) == (POD, "Deployment", "web")
    assert (fact["count"], fact["component"], fact["type"]) == (4, "kubelet", "Warning")


def test_an_event_about_what_nobody_saw_is_told() -> None:
    """Events alone must speak for themselves."""
    fact = only(
        evidence(event("Pod", POD, "FailedScheduling", "0/1 nodes are available: 1 Insufficient cpu.")), "event"
    )
    assert (fact["workload_kind"], fact["workload"]) == ("Deployment", "web")


def test_an_event_about_a_pod_that_is_gone_is_history() -> None:
    """All Pods were seen, and that one was not among them."""
    gone = event("Pod", "other-7d4b9c8f6d-b2b2b", "FailedMount")
    assert "event" not in kinds(evidence(gone, crashing(), complete=("pods",)))


def test_a_pod_that_just_went_still_tells_when_its_owner_suffers() -> None:
    """A Pod that was replaced minutes ago by one that fails too."""
    gone = event("Pod", "web-7d4b9c8f6d-b2b2b", "FailedMount", last=MINUTES_AGO)
    assert "event" in kinds(evidence(gone, crashing(), complete=("pods",)))
    old = event("Pod", "web-7d4b9c8f6d-b2b2b", "FailedMount", last=LONG_AGO)
    newest = event("Pod", POD, "BackOff", last=NOW)
    assert [fact["object"] for fact in facts(evidence(old, newest, crashing(), complete=("pods",)), "event")] == [POD]


def test_identical_events_are_one_and_counts_add_up() -> None:
    """The same message at two moments, from one list."""
    one, two = event("Pod", POD, "BackOff", count=2), event("Pod", POD, "BackOff", count=3, last=LONG_AGO)
    assert only(evidence(one, two, crashing()), "event")["count"] == 5


def test_an_event_that_was_seen_twice_counts_once() -> None:
    """The list of events and the description of the Pod show the same event."""
    described = table(event("Pod", POD, "BackOff", count=2), fidelity="describe", source="describe.txt")
    assert only(evidence(event("Pod", POD, "BackOff", count=2), crashing(), more=(described,)), "event")["count"] == 2


def test_a_failure_that_a_later_event_mends_is_history() -> None:
    """A mount that failed before the container started has worked since."""
    mount = event("Pod", POD, "FailedMount", last=LONG_AGO)
    started = event("Pod", POD, "Started", type_="Normal", last=MINUTES_AGO)
    assert "event" not in kinds(evidence(mount, started, crashing()))
    assert "event" in kinds(evidence(event("Pod", POD, "FailedMount", last=NOW), started, crashing()))


def test_failed_scheduling_of_a_pod_that_has_a_node_is_history() -> None:
    """It crashes, but not for want of a node."""
    assert "event" not in kinds(evidence(event("Pod", POD, "FailedScheduling"), crashing()))


@pytest.mark.parametrize(
    ("reason", "message", "told"),
    [
        (
            "FailedToCreateEndpoint",
            'Failed to create endpoint for service demo/web: endpoints "web" already exists',
            False,
        ),
        (
            "FailedToUpdateEndpoint",
            'Failed to update endpoint demo/web: Operation cannot be fulfilled on endpoints "web": the object has been modified; please apply your changes to the latest version and try again',
            False,
        ),
        (
            "FailedToCreateEndpoint",
            "Failed to create endpoint for service demo/web: etcdserver: request timed out",
            True,
        ),
    ],
)
def test_a_controller_whose_view_was_late_has_looked_again(reason: str, message: str, *, told: bool) -> None:
    """What it wanted to make is there, or is newer than it thought; any other failure is told."""
    found = evidence(crashing(), event("Endpoints", "web", reason, message, component="endpoint-controller"))
    assert ("event" in kinds(found)) is told


def test_events_of_a_node_count_after_it_became_ready() -> None:
    """What came before the node was Ready belongs to its start."""
    ready = node("worker1", since=MINUTES_AGO)
    assert "event" not in kinds(evidence(event("Node", "worker1", "Rebooted", last=LONG_AGO), ready))
    found = evidence(event("Node", "worker1", "SystemOOM", last=NOW), ready)
    assert only(found, "event")["namespace"] == ""


def test_a_replica_set_that_cannot_create_pods_is_told() -> None:
    """Its Deployment lacks Pods, so the refusal matters."""
    short = workload(spec={"replicas": 3}, status={"replicas": 1, "readyReplicas": 1})
    refused = event("ReplicaSet", "web-7d4b9c8f6d", "FailedCreate", "exceeded quota", component="replicaset-controller")
    fact = only(evidence(short, pod(), refused), "event")
    assert (fact["workload_kind"], fact["workload"]) == ("Deployment", "web")


def test_normal_events_are_told_only_of_what_is_in_trouble() -> None:
    """Back-off pulling is Normal, and telling when the Pod waits for its image."""
    pulling = event("Pod", POD, "BackOff", 'Back-off pulling image "a"', type_="Normal")
    assert only(evidence(crashing(), pulling), "event")["type"] == "Normal"
    assert kinds(evidence(pulling)) == set()


def test_events_of_the_newer_api_are_the_same() -> None:
    """events.k8s.io/v1 names its fields differently."""
    newer = {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": "a.1", "namespace": "demo"},
        "regarding": {"kind": "Pod", "name": POD, "namespace": "demo"},
        "reason": "BackOff",
        "note": "Back-off restarting",
        "type": "Warning",
        "deprecatedCount": 6,
        "reportingController": "kubelet",
        "eventTime": MINUTES_AGO,
    }
    fact = only(evidence(newer, crashing()), "event")
    assert (fact["message"], fact["count"], fact["component"]) == ("Back-off restarting", 6, "kubelet")


def test_the_events_below_a_description_may_stand_alone() -> None:
    """Somebody copied the last lines of a description: whose they are is not told."""
    row = {"kind": "Event", "reason": "FailedCreate", "message": "exceeded quota", "type": "Warning"}
    fact = only(checked(Snapshot((table(row, source="tail.txt"),))), "event")
    assert (fact["object_kind"], fact["object"], fact["workload"]) == ("", "", "")


def test_an_event_about_a_claim_follows_the_claim() -> None:
    """Bound is well, Pending is not."""
    claim = {
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": "demo"},
        "status": {"phase": "Bound"},
    }
    failed = event("PersistentVolumeClaim", "data", "ProvisioningFailed")
    assert "event" not in kinds(evidence(claim, failed))
    assert "event" in kinds(evidence({**claim, "status": {"phase": "Pending"}}, failed))


def test_an_event_about_a_scaler_follows_its_conditions() -> None:
    """A scaler that gets its metrics again has recovered."""
    scaler = {
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "web", "namespace": "demo"},
        "status": {"conditions": [condition("ScalingActive", "True")]},
    }
    assert "event" not in kinds(evidence(scaler, event("HorizontalPodAutoscaler", "web", "FailedGetResourceMetric")))


def test_a_job_that_cannot_make_its_pods_keeps_its_events() -> None:
    """It has not failed, and yet nothing of it runs."""
    refused = event("Job", "migrate", "FailedCreate", 'serviceaccount "migrator" not found')
    assert (
        only(evidence(refused, workload("Job", "migrate", status={"active": 1})), "event")["reason"] == "FailedCreate"
    )
    assert kinds(evidence(refused, workload("Job", "migrate", status={"succeeded": 1}))) == set()


def test_a_cron_job_that_misses_its_times_keeps_its_events() -> None:
    """Until it is started again."""
    missed = event("CronJob", "report", "TooManyMissedTimes", "too many missed start times", last=MINUTES_AGO)
    assert only(evidence(missed, workload("CronJob", "report", status={"lastScheduleTime": LONG_AGO})), "event")
    assert kinds(evidence(missed, workload("CronJob", "report", status={"lastScheduleTime": NOW}))) == set()


def test_a_failed_job_of_a_table_has_the_reason_of_its_event() -> None:
    """The table shows no more than that it failed."""
    shown = {"conditions": [{"type": "Failed", "status": "True"}]}
    failed = {"kind": "Job", "metadata": {"name": "migrate", "namespace": "demo"}, "status": shown}
    ended = event("Job", "migrate", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    fact = only(evidence(ended, more=(table(failed),)), "workload")
    assert (fact["reason"], fact["message"]) == ("BackoffLimitExceeded", "Job has reached the specified backoff limit")


@pytest.mark.parametrize(
    ("message", "count", "last", "told"),
    [
        ("Liveness probe failed: ", 90, MINUTES_AGO, True),
        ("Liveness probe failed: ", 90, LONG_AGO, False),
        ("Liveness probe failed: ", 1, MINUTES_AGO, False),
        ("Readiness probe failed: ", 90, MINUTES_AGO, False),
    ],
)
def test_a_pod_that_is_restarted_again_and_again_is_in_trouble_while_it_is_ready(
    *, message: str, count: int, last: str, told: bool
) -> None:
    """Between two restarts it looks well; its liveness probe, which failed until lately, says otherwise."""
    flapping = pod(statuses=[container(restarts=30, last={"terminated": {"exitCode": 137, "reason": "Error"}})])
    happened = event("Pod", "web-7d4b9c8f6d-x2x4n", "Unhealthy", message, count=count, last=last)
    found = evidence(flapping, happened)
    assert bool([text for text in found.texts if text.body.strip() == message.strip().encode()]) is told


@pytest.mark.parametrize(("first", "second", "told"), [("Killing", "Unhealthy", False), ("Unhealthy", "Killing", True)])
def test_a_probe_that_fails_while_its_pod_is_stopped_is_history(*, first: str, second: str, told: bool) -> None:
    """In a rolling update the old Pod's probe fails after it was told to stop; before that it is trouble."""
    words = {"Killing": "Stopping container app", "Unhealthy": "Readiness probe failed: connection refused"}
    types = {"Killing": "Normal", "Unhealthy": "Warning"}
    happened = [
        event("Pod", "old-1", reason, words[reason], type_=types[reason], last=moment)
        for reason, moment in ((first, "2026-03-01T11:58:00Z"), (second, "2026-03-01T11:58:10Z"))
    ]
    found = evidence(*happened)
    assert bool([text for text in found.texts if b"Readiness" in text.body]) is told


def test_a_pod_that_preempted_another_is_called_by_its_name() -> None:
    """The scheduler tells its UID only; one that is not in the evidence keeps it."""
    uid = "8b098270-db2d-4cc1-9396-d4c443f2cc69"
    winner = pod("urgent-x2x4n")
    winner["metadata"]["uid"] = uid
    gone = event("Pod", "web-7d4b9c8f6d-b2b2b", "Preempted", f"Preempted by pod {uid} on node w1", type_="Normal")
    waits = crashing()  # its namespace has trouble, so the event is no history
    assert only(evidence(gone, winner, waits), "event")["message"] == "Preempted by pod demo/urgent-x2x4n on node w1"
    assert only(evidence(gone), "event")["message"] == f"Preempted by pod {uid} on node w1"
