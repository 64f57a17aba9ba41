"""CronJobs that are suspended."""

import pytest

from tests.facts.given import Object, evidence, facts, workload

LAST = {"lastScheduleTime": "2026-03-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("spec", "status", "since"),
    [
        ({"suspend": True, "schedule": "@hourly"}, LAST, ["2026-03-01T10:00:00Z"]),
        ({"suspend": False, "schedule": "@hourly"}, LAST, []),
        ({"suspend": True, "schedule": "@hourly"}, {}, []),
    ],
    ids=["suspended", "at work", "never ran"],
)
def test_a_suspended_cronjob_that_ran_before_is_told(spec: Object, status: Object, since: list[str]) -> None:
    """One that never ran was made for runs by hand."""
    found = facts(evidence(workload("CronJob", "report", spec=spec, status=status)), "suspension")
    assert [fact["since"] for fact in found] == since
