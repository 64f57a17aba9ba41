"""Workloads: short of Pods, or failed."""

from typing import Any

import pytest

from tests.facts.given import (
    LONG_AGO,
    MINUTES_AGO,
    NOW,
    condition,
    crashing,
    evidence,
    facts,
    kinds,
    only,
    pod,
    workload,
)


@pytest.mark.parametrize(
    "well",
    [
        workload(),
        workload(spec={"replicas": 0}, status={}),
        workload("DaemonSet", status={"desiredNumberScheduled": 3, "numberReady": 3}),
        workload("DaemonSet", status={}),
        workload("Job", status={"succeeded": 1, "conditions": [condition("Complete", "True")]}),
        workload("Job", status={"active": 1}),
        workload("CronJob", spec={"suspend": True}, status={"active": None}),
        workload("ReplicaSet", "web-7d4b9c8f6d", spec={"replicas": 0}, status={}, owner=("Deployment", "web")),
    ],
)
def test_a_workload_that_has_what_it_wants_gives_no_fact(well: dict[str, Any]) -> None:
    """Ready, done, running, suspended, or scaled to nothing."""
    assert kinds(evidence(well)) == set()


def test_a_deployment_short_of_pods_is_told_with_its_reason() -> None:
    """A refused replica weighs more than what follows from it."""
    conditions = [
        condition("Available", "False", "MinimumReplicasUnavailable"),
        condition("ReplicaFailure", "True", "FailedCreate", "exceeded quota"),
    ]
    short = workload(spec={"replicas": 3}, status={"replicas": 1, "readyReplicas": 1, "conditions": conditions})
    fact = only(evidence(short), "workload")
    assert (fact["desired"], fact["current"], fact["ready"]) == (3, 1, 1)
    assert (fact["reason"], fact["message"]) == ("FailedCreate", "exceeded quota")


def test_a_rollout_that_is_stuck_is_told_though_old_pods_serve() -> None:
    """All Pods are ready, but they are the old ones."""
    stuck = [condition("Progressing", "False", "ProgressDeadlineExceeded")]
    fact = only(evidence(workload(status={"replicas": 1, "readyReplicas": 1, "conditions": stuck})), "workload")
    assert fact["reason"] == "ProgressDeadlineExceeded"


def test_a_workload_that_just_began_is_not_yet_short() -> None:
    """Its Pods are there and starting."""
    young = workload(status={"replicas": 1}, created=NOW)
    starting = pod(phase="Running", created=NOW, statuses=[{"name": "app", "ready": False, "state": {"running": {}}}])
    owner = workload("ReplicaSet", "web-7d4b9c8f6d", owner=("Deployment", "web"), status={"readyReplicas": 1})
    assert kinds(evidence(young, owner, starting)) == set()
    assert "workload" in kinds(evidence(young, owner, crashing(created=NOW)))


def test_a_replica_set_speaks_for_a_deployment_that_nobody_saw() -> None:
    """`kubectl get rs` alone tells of the Deployment."""
    short = workload(
        "ReplicaSet",
        "web-7d4b9c8f6d",
        spec={"replicas": 25},
        status={"replicas": 10, "readyReplicas": 10},
        owner=("Deployment", "web"),
    )
    fact = only(evidence(short), "workload")
    assert (fact["kind"], fact["name"], fact["desired"]) == ("Deployment", "web", 25)
    seen = evidence(short, workload(spec={"replicas": 25}, status={"replicas": 10, "readyReplicas": 10}))
    assert only(seen, "workload")["kind"] == "Deployment"


def test_a_failed_job_is_told_for_its_cron_job_too() -> None:
    """Pods name the CronJob as their workload, people look for the Job."""
    failed = workload(
        "Job",
        "nightly-28512345",
        owner=("CronJob", "nightly"),
        status={"conditions": [condition("Failed", "True", "BackoffLimitExceeded")]},
    )
    told = facts(evidence(failed), "workload")
    assert sorted((fact["kind"], fact["name"], fact["reason"]) for fact in told) == [
        ("CronJob", "nightly", "BackoffLimitExceeded"),
        ("Job", "nightly-28512345", "BackoffLimitExceeded"),
    ]


def test_a_cron_job_that_succeeded_since_has_recovered() -> None:
    """The failure of one night is history after the success of the next."""
    owner = ("CronJob", "nightly")
    failed = workload(
        "Job", "nightly-28512345", owner=owner, status={"conditions": [condition("Failed", "True")]}, created=LONG_AGO
    )
    done = workload(
        "Job",
        "nightly-28513785",
        owner=owner,
        status={"succeeded": 1, "conditions": [condition("Complete", "True")]},
        created=MINUTES_AGO,
    )
    assert kinds(evidence(failed, done)) == set()
