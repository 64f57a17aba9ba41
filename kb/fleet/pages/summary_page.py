"""The summary of a fleet as a page of text: which cause is where, since when, and where it still is."""

from kb.fleet.summary import FleetCause, FleetSummary, Place
from kb.terminal.page import Page
from kb.terminal.palette import SEVERITY_STYLES
from kb.terminal.view import View

_PLACES = 5
"""Clusters and unread snapshots that are named; the page in HTML names all clusters."""
_HEADS = ("CAUSE", "SEVERITY", "CLUSTERS", "NOW", "SNAPSHOTS", "SINCE", "LAST")


def render(summary: FleetSummary, view: View) -> str:
    """Return `summary` as text that ends in a newline: a table, with the clusters of a cause below its row."""
    page = Page(view)
    page.paragraph((headline(summary), "bold"))
    width = max((len(cause.id) for cause in summary.causes), default=0)
    if summary.causes:
        page.blank()
        page.line((_row(width, *_HEADS), "bold"))
    for cause in summary.causes:
        counts = (cause.clusters or "-", cause.open if cause.clusters else "-", cause.snapshots)
        row = _row(width, cause.id, cause.severity, *counts, shown(cause.since), shown(cause.last))
        page.line((row, SEVERITY_STYLES[cause.severity]))
        titles = dict.fromkeys(place.title for place in cause.places)
        title = next(iter(titles)) + (f" (and {len(titles) - 1} more of the kind)" if len(titles) > 1 else "")
        page.paragraph((title, ""), indent=3, limit=2)
        places = [f"{place.cluster or 'no name'}: {period(place)}" for place in cause.places[:_PLACES]]
        if len(cause.places) > _PLACES:
            places.append(f"and {len(cause.places) - _PLACES} more (-o html)")
        page.paragraph(("; ".join(places), "dim"), indent=3)
    if summary.unread:
        page.blank()
        page.line((f"Could not be read: {summary.unread_total}", "bold"))
        for one in summary.unread[:_PLACES]:
            page.paragraph((f"{one.path}: {one.why}", ""), indent=3, hanging=2)
        if summary.unread_total > _PLACES:
            page.line((f"   and {summary.unread_total - _PLACES} more (-o jsonl)", "dim"))
    return str(page)


def headline(summary: FleetSummary) -> str:
    """Return what the fleet comes to, in a sentence."""
    parts = [
        f"{_number(len(summary.causes), 'cause')} in {_number(summary.snapshots, 'snapshot')}",
        f" of {_number(summary.clusters, 'cluster')}" if summary.clusters else "",
        f", {shown(summary.since)} to {shown(summary.last)} UTC" if summary.since else "",
        f"; {summary.nothing_found} without a cause" if summary.nothing_found else "",
    ]
    return "".join(parts) + "."


def extent(cause: FleetCause) -> str:
    """Return how far a cause goes: `in 3 clusters, now in 1, since 2026-11-01 09:00; 31 snapshots`."""
    parts = [
        f"in {_number(cause.clusters, 'cluster')}" if cause.clusters else "",
        f"now in {cause.open}" if cause.clusters else "",
        f"since {shown(cause.since)}" if cause.since else "",
    ]
    return "; ".join(
        part for part in (", ".join(part for part in parts if part), _number(cause.snapshots, "snapshot")) if part
    )


def period(place: Place) -> str:
    """Return when a cluster had a cause: `2026-11-01 09:00 to now, 12 snapshots`."""
    end = "now" if place.is_open else shown(place.last)
    when = f"{shown(place.since)} to {end}, " if place.since else ""
    return when + _number(place.snapshots, "snapshot")


def shown(moment: str | None) -> str:
    """Return a moment to the minute; "-" when it is not known.

    >>> shown("2026-11-01T09:00:30Z")
    '2026-11-01 09:00'
    """
    return moment.replace("T", " ")[:16] if moment else "-"


def _row(width: int, *cells: object) -> str:
    cause, severity, clusters, now, snapshots, since, last = map(str, cells)
    return f"{cause:<{width}}  {severity:<8}  {clusters:>8}  {now:>3}  {snapshots:>9}  {since:<16}  {last}"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
