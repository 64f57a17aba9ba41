"""Stages of a diagnosis are measured where somebody asks for it."""

import pytest

from facts.model.stages import Profile, measured, stage


def test_stages_stand_in_the_order_of_their_ends() -> None:
    """The inner stage ends first."""
    with measured() as profile, stage("read"), stage("redact"):
        pass
    assert [each.name for each in profile.stages] == ["redact", "read"]


def test_a_stage_within_another_counts_for_itself_only() -> None:
    """Reading takes five seconds, of which redaction takes three."""
    profile = Profile(iter([0.0, 1.0, 4.0, 5.0]).__next__, iter([0.0, 0.5, 1.5, 2.0]).__next__)
    with profile.stage("read"), profile.stage("redact"):
        pass
    assert [(each.name, each.wall, each.cpu) for each in profile.stages] == [("redact", 3.0, 1.0), ("read", 2.0, 1.0)]


def test_a_stage_that_runs_twice_is_there_once_with_the_sum() -> None:
    """Clusters are extracted one after the other."""
    profile = Profile(iter([0.0, 1.0, 5.0, 7.0]).__next__, iter([0.0, 1.0, 5.0, 6.0]).__next__)
    for _ in range(2):
        with profile.stage("extract"):
            pass
    assert [(each.name, each.wall, each.cpu) for each in profile.stages] == [("extract", 3.0, 2.0)]


def test_a_stage_that_fails_is_measured() -> None:
    """The error goes on."""
    with pytest.raises(ValueError, match="no"), measured() as profile, stage("read"):
        raise ValueError("no")
    assert [each.name for each in profile.stages] == ["read"]


def test_nothing_is_measured_outside() -> None:
    """A stage after the end of the measurement leaves no trace."""
    with measured() as profile:
        pass
    with stage("read"):
        pass
    assert profile.stages == ()


def test_memory_is_in_bytes() -> None:
    """A Python process has more than a few megabytes."""
    with measured() as profile, stage("read"):
        pass
    assert profile.stages[0].peak > 5_000_000
