"""A difference as a page of text: better or worse first, then causes, facts and coverage, each with + - ~ ? before it."""

from collections import Counter
from collections.abc import Sequence

from kb.report.difference import APPEARED, CHANGED, CLEARED, UNSEEN, Difference, FactChange, HypothesisChange, Side
from kb.report.headline import quantities
from kb.report.report import CONFIDENT
from kb.terminal.page import Page
from kb.terminal.palette import SEVERITY_STYLES
from kb.terminal.phrases import phrase
from kb.terminal.view import View

MARKS = {APPEARED: ("+", "red"), CLEARED: ("-", "green"), CHANGED: ("~", "yellow"), UNSEEN: ("?", "yellow")}
_FACTS, _COVERAGE = 8, 12
"""Lines that a group of facts, and coverage, gets; `-o json` gives all."""


def render(found: Difference, view: View) -> str:
    """Return `found` as text of at most `view.width` columns."""
    page = Page(view)
    page.paragraph((verdict(found, view.language), "bold"))
    for label, side in (("before", found.before), ("after", found.after)):
        page.paragraph((f"{phrase(label, view.language)}  {_side(side)}", "dim"), hanging=2)
    _hypotheses(page, found.hypotheses, view)
    _facts(page, found.facts, view)
    _coverage(page, found, view)
    return str(page)


def verdict(found: Difference, language: str = "en") -> str:
    """Return in a sentence what became of the causes, such as `Causes: 1 appeared, 2 cleared`."""
    causes = Counter(one.change for one in found.hypotheses if not one.effect and _counts(one))
    if not found:
        return phrase("No difference.", language)
    if not causes:
        return phrase("No cause appeared or cleared.", language)
    told = [
        phrase("{number} {change}", language, number=causes[change], change=phrase(change, language))
        for change in (APPEARED, CHANGED, UNSEEN, CLEARED)
        if causes[change]
    ]
    return f"{phrase('Causes', language)}: {', '.join(told)}."


def line_of(one: HypothesisChange | FactChange) -> str:
    """Return a change in one line, without its mark."""
    if isinstance(one, HypothesisChange):
        return f"{one.key}  {one.title} ({one.severity}, {certainty_of(one)}){_because(one.why)}"
    number = f" ({quantities({'Pod': one.members})})" if one.members > 1 else ""
    return f"{one.subject}: {one.text}{number}{_because(one.why)}"


def _because(why: str) -> str:
    return f"; {why}" if why else ""


def _counts(one: HypothesisChange) -> bool:
    return max(one.before or 0.0, one.after or 0.0) >= CONFIDENT


def _side(side: Side) -> str:
    moment = (side.observed_at or "").replace("T", " ")[:16]
    cluster, origin = side.source.cluster, side.source.origin
    return " · ".join(
        part for part in (cluster, moment and f"{moment} UTC", origin if origin != cluster else "") if part
    )


def _hypotheses(page: Page, changes: Sequence[HypothesisChange], view: View) -> None:
    shown = [one for one in changes if _counts(one)]
    if not shown:
        return
    page.blank()
    page.line((phrase("Causes", view.language), "bold"))
    groups: dict[tuple[str, str, bool], list[HypothesisChange]] = {}
    for one in shown:
        alike = (one.change, one.key.partition("/")[0] if one.effect else one.key, one.effect)
        groups.setdefault(alike, []).append(one)
    for (change, name, effect), members in groups.items():
        mark, style = MARKS[change]
        first = members[0]
        others = [one.key.partition("/")[2] for one in members]
        title = first.title if len(members) == 1 else ", ".join(others)
        page.paragraph(
            (f"{mark} ", style),
            (name if len(members) > 1 else first.key, "" if effect else "bold cyan"),
            (f"  {title}  ", ""),
            (phrase(first.severity, view.language), SEVERITY_STYLES[first.severity]),
            (f" {certainty_of(first)}" if len(members) == 1 else f" ×{len(members)}", "bold"),
            (_because(first.why), "dim"),
            indent=3 if effect else 1,
            hanging=2,
            limit=4,
        )


def certainty_of(one: HypothesisChange) -> str:
    """Return how certain it was and is: `40% → 91%`."""
    return " → ".join(f"{value:.0%}" for value in (one.before, one.after) if value is not None)


def _facts(page: Page, changes: Sequence[FactChange], view: View) -> None:
    groups: dict[str, list[FactChange]] = {}
    for one in changes:
        groups.setdefault(one.group, []).append(one)
    if groups:
        page.blank()
        page.line((phrase("Facts", view.language), "bold"))
    for group, members in groups.items():
        page.line((f" {group}", "dim"))
        for one in members[:_FACTS]:
            mark, style = MARKS[one.change]
            name = "/".join(part for part in (one.subject.namespace, one.subject.name) if part)
            number = f" ×{one.members}" if one.members > 1 else ""
            page.paragraph(
                (f"{mark} ", style),
                (f"{name}  " if name else "", ""),
                (one.text + number, "" if one.change != CLEARED else "dim"),
                (_because(one.why), "dim"),
                indent=3,
                hanging=2,
            )
        if len(members) > _FACTS:
            more = phrase("and {number} more (-o json)", view.language, number=len(members) - _FACTS)
            page.line((f"     {more}", "dim"))


def _coverage(page: Page, found: Difference, view: View) -> None:
    if not found.coverage:
        return
    page.blank()
    page.line((phrase("Looked at", view.language), "bold"))
    for one in found.coverage[:_COVERAGE]:
        target = "" if one.target == "*" else f" {one.target}"
        states = " → ".join(state or "-" for state in (one.before, one.after))
        page.paragraph(
            (f"{one.collector}{target}  {states}", ""), (_because(one.why or ""), "dim"), indent=1, hanging=2
        )
    if len(found.coverage) > _COVERAGE:
        more = phrase("and {number} more (-o json)", view.language, number=len(found.coverage) - _COVERAGE)
        page.line((f" {more}", "dim"))
