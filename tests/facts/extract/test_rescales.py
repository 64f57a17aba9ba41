"""Replicas that an autoscaler raises, and that go back without it."""

from tests.facts.given import Object, event, evidence, facts, only


def _asked(size: int, count: int) -> Object:
    message = f"New size: {size}; reason: cpu resource utilization (percentage of request) above target"
    return event("HorizontalPodAutoscaler", "web", "SuccessfulRescale", message, type_="Normal", count=count)


def _went(message: str, count: int) -> Object:
    return event("Deployment", "web", "ScalingReplicaSet", message, type_="Normal", count=count)


def test_replicas_that_are_set_back_are_told() -> None:
    """In the words of both forms of the event."""
    for words in ("to 1 from 4", "from 4 to 1"):
        fact = only(evidence(_asked(4, 3), _went(f"Scaled down replica set web-7d9f {words}", 3)), "replica_fight")
        assert (fact["workload"], fact["hpa"], fact["high"], fact["low"], fact["times"]) == ("web", "web", 4, 1, 3)


def test_an_autoscaler_that_scales_down_is_alone() -> None:
    """It asked for the lower number itself."""
    down = _went("Scaled down replica set web-7d9f to 1 from 4", 3)
    assert not facts(evidence(_asked(4, 3), _asked(1, 3), down), "replica_fight")


def test_a_rollout_brings_a_set_down_step_by_step() -> None:
    """To each number once."""
    steps = [_went(f"Scaled down replica set web-7d9f to {size} from {size + 1}", 1) for size in range(4)]
    assert not facts(evidence(_asked(4, 3), *steps), "replica_fight")
