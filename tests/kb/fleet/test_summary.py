"""The summary of a fleet: which cause is where, since when, and where it still is."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.model.values import Subject
from kb.fleet.pages import summary_html, summary_page
from kb.fleet.result import Replayed, ReplayedHypothesis
from kb.fleet.summary import UNREAD_SHOWN, FleetSummary, Summing
from kb.terminal.view import View


def cause(
    identity: str, severity: str = "high", confidence: float = 0.9, title: str = "It is broken"
) -> ReplayedHypothesis:
    """Return a root cause."""
    return ReplayedHypothesis(identity, title, "node", severity, False, confidence, 0.9, Subject("Node", "w1"), ())


def result(cluster: str, day: int, *causes: ReplayedHypothesis, error: str | None = None) -> Replayed:
    """Return the result of a snapshot of a day."""
    return Replayed(f"{cluster}-{day}", "sha256:0", f"2026-11-{day:02d}T09:00:00Z", cluster, error, causes)


def summed(*results: Replayed) -> FleetSummary:
    """Add up."""
    summing = Summing()
    for one in results:
        summing.add(one)
    return summing.summary()


def test_a_cause_has_its_clusters_and_moments() -> None:
    """It is open in the clusters whose newest snapshot shows it."""
    found = summed(
        result("a", 1, cause("X")),
        result("a", 2, cause("X")),
        result("a", 3),
        result("b", 2, cause("X")),
        result("c", 9),
    )
    (one,) = found.causes
    assert (one.clusters, one.open, one.snapshots) == (2, 1, 3)
    assert (one.since, one.last) == ("2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z")
    assert [(place.cluster, place.snapshots, place.is_open) for place in one.places] == [
        ("a", 2, False),
        ("b", 1, True),
    ]
    assert (found.snapshots, found.clusters, found.nothing_found) == (5, 3, 2)
    assert (found.since, found.last) == ("2026-11-01T09:00:00Z", "2026-11-09T09:00:00Z")


RESULTS = (
    result("a", 1, cause("X", title="One"), cause("Y", "critical")),
    result("a", 1, cause("X", title="Two")),
    result("a", 4, cause("Y", "critical")),
    result("b", 2, cause("X")),
    result("", 3, cause("X"), cause("Z", "low")),
    result("b", 5, error="truncated"),
    result("", 6, error="truncated"),
    result("c", 7),
)


@given(st.permutations(RESULTS))
def test_the_order_of_the_snapshots_does_not_matter(results: list[Replayed]) -> None:
    """Law: sums do not depend on what came first."""
    assert summed(*results) == summed(*RESULTS)


def test_what_is_open_and_worst_comes_first() -> None:
    """Then what is in more clusters."""
    found = summed(
        result("a", 1, cause("OVER", "critical")),
        result("a", 2, cause("LOW", "low"), cause("HIGH"), cause("MANY")),
        result("b", 2, cause("MANY")),
    )
    assert [one.id for one in found.causes] == ["MANY", "HIGH", "LOW", "OVER"]


def test_a_guess_is_no_cause() -> None:
    """What is below 0.5 is not counted, nor is what another cause explains."""
    effect = ReplayedHypothesis("E", "So", "node", "high", True, 0.9, 0.9, Subject("Node", "w1"), ("X/w1",))
    assert summed(result("a", 1, cause("X", confidence=0.4), effect)).causes == ()


def test_a_cause_in_one_snapshot_twice_is_one() -> None:
    """Two nodes with the same trouble are one snapshot that shows it."""
    (one,) = summed(result("a", 1, cause("X", title="w1"), cause("X", title="w2"))).causes
    assert one.snapshots == 1
    assert one.places[0].title == "w1"


def test_memory_does_not_grow_with_what_could_not_be_read() -> None:
    """The first are named, all are counted."""
    found = summed(*(result("", 1, error=f"{number}") for number in range(3 * UNREAD_SHOWN)))
    assert (found.unread_total, len(found.unread)) == (3 * UNREAD_SHOWN, UNREAD_SHOWN)


def test_the_page_is_a_table() -> None:
    """A row for a cause, and below it where and when."""
    lines = summary_page.render(summed(*RESULTS), View(width=100)).splitlines()
    assert lines[0] == (
        "3 causes in 8 snapshots of 3 clusters, 2026-11-01 09:00 to 2026-11-07 09:00 UTC; 1 without a cause."
    )
    assert lines[2].split() == ["CAUSE", "SEVERITY", "CLUSTERS", "NOW", "SNAPSHOTS", "SINCE", "LAST"]
    assert lines[3].split() == ["Y", "critical", "1", "1", "2", "2026-11-01", "09:00", "2026-11-04", "09:00"]
    assert "   a: 2026-11-01 09:00 to now, 2 snapshots" in lines
    assert "Could not be read: 2" in lines


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", 'x" onload="y', "a&b"])
def test_evidence_is_text_in_html(text: str) -> None:
    """A title, a cluster and a path that look like markup are shown as they are."""
    page = summary_html.render(summed(result(text, 1, cause("X", title=text)), result(text, 2, error=text)))
    assert text not in page.partition("</style>")[2]
    assert page.count(html.escape(text)) == 4


def test_control_characters_are_spelled_out_in_html() -> None:
    """What could reverse or hide text is made visible."""
    page = summary_html.render(summed(result("a\u202eb", 1, cause("X"))))
    assert "\u202e" not in page
    assert "a\\u202eb" in page
