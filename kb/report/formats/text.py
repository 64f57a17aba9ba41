"""The report for a tired reader: what broke, why, how sure, what to check, how to mend it, and what was not seen."""

from collections import Counter
from collections.abc import Sequence

from facts.model.values import CoverageState
from kb.report.headline import effects, headline, quantities, roots
from kb.report.report import CONFIDENT, NOT_PART, EvidenceEntry, Hypothesis, Report
from kb.terminal.page import Page
from kb.terminal.palette import RISK_STYLES, SEVERITY_STYLES
from kb.terminal.phrases import phrase
from kb.terminal.view import View

_MARKS = {"failing": ("✗", "red"), "ok": ("✓", "green")}
_FACTS, _FACT_LINES, _UNLIKELY, _GAPS, _NAMES, _SYMPTOMS, _CHECKS = 4, 3, 8, 8, 4, 8, 2
"""How much of each a reader gets; `-o json` and `--why` give all."""
_WORTH_TELLING = 0.05
"""Bits that a next check must be worth."""


class _Words:
    """The fixed words of the report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: str, /, **values: object) -> str:
        """Return a fixed text in the language."""
        return phrase(text, self.language, **values)


def render(report: Report, view: View) -> str:
    """Return the report as plain text of at most `view.width` columns, but for commands with longer words."""
    page = Page(view)
    say = _Words(view.language)
    _head(page, report, say)
    _scope(page, report)
    causes = roots(report.hypotheses) or report.hypotheses[:1]
    likely = [cause for cause in causes if cause.confidence >= CONFIDENT] or list(causes[:1])
    shown: dict[str, list[Hypothesis]] = {}
    for cause in likely:
        shown.setdefault(cause.id, []).append(cause)
    for place, alike in enumerate(shown.values()):
        if place < view.top:
            _cause(page, place + 1, alike, report, say)
    rest = [*(alike[0] for alike in list(shown.values())[view.top :]), *(c for c in causes if c not in likely)]
    _unlikely(page, rest, say)
    _symptoms(page, report, say)
    _next(page, report, say)
    _unseen(page, report, say)
    return str(page)


def _certainty(confidence: float) -> str:
    """Return a percentage; a hypothesis is never certain."""
    return ">99%" if confidence > 0.99 else f"{confidence:.0%}"


def _head(page: Page, report: Report, say: _Words) -> None:
    source, coverage = report.source, report.coverage
    parts = [source.cluster or source.origin or say("evidence")]
    if report.clusters:
        parts = [say("{number} clusters", number=len(report.clusters))]
    if report.observed_at:
        parts.append(report.observed_at.replace("T", " ")[:16] + (" UTC" if report.observed_at.endswith("Z") else ""))
    if coverage:
        complete = sum(entry.state is CoverageState.COMPLETE for entry in coverage)
        parts.append(say("{complete} of {total} collectors complete", complete=complete, total=len(coverage)))
    page.paragraph((" · ".join(parts), "dim"))
    page.paragraph((headline(report.hypotheses, say.language) or say(_silence(report)), "bold"))
    if report.clusters:
        page.blank()
    for cluster in report.clusters:
        mark, style = _MARKS["failing" if cluster.failing else "ok"] if cluster.observed else ("?", "yellow")
        told = ", ".join(cluster.failing) or say("nothing found" if cluster.observed else "could not be looked at")
        page.paragraph((f"{mark} ", style), (cluster.cluster, "bold"), (f"  {told}", "dim"), indent=1, hanging=2)


def _silence(report: Report) -> str:
    if report.symptoms:
        return "Something is wrong, but no rule says why."
    unseen = any(layer.state == "unknown" for layer in report.layers) or any(
        entry.state is not CoverageState.COMPLETE for entry in report.coverage
    )
    return "Nothing found. That is not the same as healthy: not everything was seen." if unseen else "Nothing found."


def _scope(page: Page, report: Report) -> None:
    known = [layer for layer in report.layers if layer.state in _MARKS]
    if not known:
        return
    page.blank()
    page.cells(
        (
            (layer.layer, "" if layer.state == "failing" else "dim"),
            (f" {_MARKS[layer.state][0]}", _MARKS[layer.state][1]),
        )
        for layer in known
    )


def _cause(page: Page, number: int, alike: Sequence[Hypothesis], report: Report, say: _Words) -> None:
    cause = alike[0]
    page.blank()
    severity = (say(cause.severity), SEVERITY_STYLES[cause.severity])
    name = [(f"{number:<3}", "bold"), (cause.id, "bold cyan")]
    certainty = [severity, (f"  {_certainty(cause.confidence):>4}", "bold")]
    if not page.heading([*name, (f"  {cause.title}", "bold")], certainty):
        page.heading(name, certainty)
        page.paragraph((cause.title, "bold"), indent=3)
    if cause.cluster:
        page.entry(say("cluster"), cause.cluster)
    if len(alike) > 1:
        others = ", ".join(_named(one) for one in alike[1:])
        page.entry(say("also"), say("{number} more: {names}", number=len(alike) - 1, names=others), limit=3)
    if cause.cause:
        page.entry(say("cause"), cause.cause)
    _evidence(page, cause, say)
    levels = effects(cause, report.hypotheses)
    if levels:
        page.entry(say("explains"), " > ".join(_level(level, say) for level in levels), limit=4)
    for place, check in enumerate(cause.verify):
        confirms = say("confirms: {text}", text=check.confirms) if check.confirms else ""
        page.command("" if place else say("check"), check.run, confirms)
    for place, step in enumerate(cause.fix):
        page.command("" if place else say("fix"), step.run, say(step.risk), note_style=RISK_STYLES[step.risk])
        if step.note:
            page.entry("", step.note, style="dim")
    if cause.lesson:
        page.entry(say("lesson"), cause.lesson)


def _named(one: Hypothesis) -> str:
    return f"{one.subject} @ {one.cluster}" if one.cluster else str(one.subject)


def _evidence(page: Page, cause: Hypothesis, say: _Words) -> None:
    matched, *items = cause.evidence
    for place, fact in enumerate(matched.facts[:_FACTS]):
        page.entry("" if place else say("because"), fact.text, fact.source, limit=_FACT_LINES)
    more = matched.facts_total - min(len(matched.facts), _FACTS)
    if more > 0:
        page.entry("", say("and {number} more (--why {id})", number=more, id=cause.id), style="dim")
    for supports, label in ((True, ""), (False, say("against"))):
        for place, item in enumerate(item for item in items if item.supports is supports):
            page.entry("" if place else label, item.says, _sources(item))
    # What was never part of the evidence is told once, under "Not seen".
    for place, gap in enumerate(gap for gap in cause.unknown if gap.why != NOT_PART):
        page.entry("" if place else say("unknown"), f"{gap.says}?", f"{gap.needs}: {gap.why}", style="dim")


def _sources(item: EvidenceEntry) -> str:
    if not item.facts:
        return ""
    more = f" +{item.facts_total - 1}" if item.facts_total > 1 else ""
    return item.facts[0].source + more


def _level(level: Sequence[Hypothesis], say: _Words) -> str:
    by_rule: dict[str, list[Hypothesis]] = {}
    for effect in level:
        by_rule.setdefault(effect.id, []).append(effect)
    return ", ".join(_told(identity, alike, say) for identity, alike in by_rule.items())


def _told(identity: str, alike: Sequence[Hypothesis], say: _Words) -> str:
    if len(alike) == 1:
        return f"{identity} {alike[0].subject.name}".strip()
    return f"{identity} ({quantities(Counter(effect.subject.kind for effect in alike), say.language)})"


def _unlikely(page: Page, causes: Sequence[Hypothesis], say: _Words) -> None:
    if not causes:
        return
    page.blank()
    page.line((say("Less likely"), "bold"))
    for cause in causes[:_UNLIKELY]:
        where = f"  {cause.cluster}: {cause.title}" if cause.cluster else f"  {cause.title}"
        page.paragraph(
            (f"{_certainty(cause.confidence):>4}  ", ""), (cause.id, "cyan"), (where, ""), indent=1, hanging=6, limit=2
        )
    if len(causes) > _UNLIKELY:
        page.line((f"       {say('and {number} more (-o json)', number=len(causes) - _UNLIKELY)}", "dim"))


def _symptoms(page: Page, report: Report, say: _Words) -> None:
    """Show what no hypothesis speaks of: it is wrong all the same."""
    explained = {(h.cluster, subject) for h in report.hypotheses for subject in (h.subject, *h.subjects)}
    left = [symptom for symptom in report.symptoms if (symptom.cluster, symptom.subject) not in explained]
    if not left:
        return
    page.blank()
    page.line((say("Wrong, and not explained" if report.hypotheses else "What is wrong"), "bold"))
    for symptom in left[:_SYMPTOMS]:
        where = f"{symptom.cluster}: " if symptom.cluster else ""
        page.paragraph((where + symptom.text, ""), indent=1, hanging=2)
    if len(left) > _SYMPTOMS:
        page.line((f" {say('and {number} more (-o json)', number=len(left) - _SYMPTOMS)}", "dim"))


def _next(page: Page, report: Report, say: _Words) -> None:
    telling = [check for check in report.next_checks if check.gain_bits >= _WORTH_TELLING][:_CHECKS]
    if not telling:
        return
    page.blank()
    page.line((say("Next check"), "bold"))
    for check in telling:
        first, *others = check.separates
        what = (
            say("decides between {first} and {second}", first=first, second=others[0])
            if others
            else say("settles {first}", first=first)
        )
        page.command("", check.run)
        confirms = say("; confirms it: {text}", text=check.confirms) if check.confirms else ""
        page.entry("", f"{what} ({check.gain_bits:.1f} bit){confirms}", style="dim")


def _unseen(page: Page, report: Report, say: _Words) -> None:
    gaps: dict[str, list[str]] = {}
    for entry in report.coverage:
        if entry.state is not CoverageState.COMPLETE:
            target = "" if entry.target == "*" else entry.target
            gaps.setdefault(entry.why or entry.state, []).append(f"{entry.collector} {target}".strip())
    unknown = [layer.layer for layer in report.layers if layer.state == "unknown"]
    if not gaps and not unknown:
        return
    page.blank()
    page.line((say("Not seen"), "bold"))
    for why, names in list(gaps.items())[:_GAPS]:
        more = f" {say('and {number} more', number=len(names) - _NAMES)}" if len(names) > _NAMES else ""
        page.paragraph((", ".join(names[:_NAMES]) + more, ""), (f": {why}", "dim"), indent=1, hanging=2, limit=3)
    if len(gaps) > _GAPS:
        page.line((f" {say('and {number} more (-o json)', number=len(gaps) - _GAPS)}", "dim"))
    every = "Unknown, neither well nor failing: every layer that is not named above."
    some = "Unknown, neither well nor failing: {names}."
    if unknown:
        told = say(every) if len(unknown) > len(report.layers) // 2 else say(some, names=", ".join(unknown))
        page.paragraph((told, "dim"), indent=1, hanging=2)
