"""Heaps that a program may fill beyond the memory limit for which its container was killed."""

from typing import Any

import pytest

from tests.facts.given import Object, container, crashing, evidence, facts, only, pod, terminated

KILLED = container(restarts=3, last=terminated(137, "OOMKilled"))


def _pod(limit: str = "1Gi", *, statuses: list[Object] | None = None, **settings: Any) -> Object:
    of = {"name": "app", "resources": {"limits": {"memory": limit}}, **settings}
    return pod(statuses=[KILLED] if statuses is None else statuses, spec={"containers": [of]})


@pytest.mark.parametrize(
    ("settings", "option", "percent"),
    [
        ({"env": [{"name": "JAVA_OPTS", "value": "-Xms64m -Xmx1g"}]}, "-Xmx1g", 100),
        ({"args": ["java", "-Xmx900m", "-jar", "app.jar"]}, "-Xmx900m", 88),
        ({"env": [{"name": "JAVA_TOOL_OPTIONS", "value": "-XX:MaxRAMPercentage=95.0"}]}, "-XX:MaxRAMPercentage=95", 95),
        ({"env": [{"name": "NODE_OPTIONS", "value": "--max-old-space-size=4096"}]}, "--max-old-space-size=4096", 400),
    ],
)
def test_a_heap_that_leaves_too_little_is_told(settings: dict[str, Any], option: str, percent: int) -> None:
    """Where it is written, and how much of the limit it may take."""
    fact = only(evidence(_pod(**settings)), "heap")
    assert (fact["option"], fact["percent"], fact["limit"]) == (option, percent, "1Gi")


def test_the_last_of_several_sizes_counts() -> None:
    """So does the JVM."""
    assert not facts(evidence(_pod(env=[{"name": "JAVA_OPTS", "value": "-Xmx4g -Xmx512m"}])), "heap")


def test_a_container_that_was_not_killed_for_memory_is_left_alone() -> None:
    """Its heap may never grow so large."""
    statuses = crashing()["status"]["containerStatuses"]
    assert not facts(evidence(_pod(statuses=statuses, env=[{"name": "JAVA_OPTS", "value": "-Xmx1g"}])), "heap")
