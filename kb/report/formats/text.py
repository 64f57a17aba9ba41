"""The report for a tired reader: what broke, why, how sure, what to check, how to mend it, and what was not seen."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from facts.model.values import CoverageState
from kb.report.headline import consequences, headline, roots
from kb.report.report import CONFIDENT, NOT_PART, EvidenceEntry, Hypothesis, Report, ReportedFact
from kb.terminal.page import Page
from kb.terminal.palette import RISK_STYLES, SEVERITY_STYLES
from kb.terminal.phrases import certainty, phrase
from kb.terminal.view import View

_VARYING = re.compile(r"-[a-z0-9]{5,10}\b(?:-[a-z0-9]{5}\b)?|\d+")
"""What differs between repetitions of one event: the ends of generated names, numbers, times."""
_MARKS = {"failing": ("✗", "red"), "ok": ("✓", "green")}
_FACTS, _FACT_LINES, _CHANGES, _CHECKS, _FILES, _NAMES = 3, 2, 4, 2, 3, 4
_GAPS, _LISTED, _SYMPTOMS, _UNLIKELY = 8, 12, 8, 5
"""How much of each a reader gets; `-o json` and `--why` give all."""


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
    causes = roots(report.hypotheses) or report.hypotheses[:1]
    likely = [cause for cause in causes if cause.confidence >= CONFIDENT] or list(causes[:1])
    shown: dict[str, list[Hypothesis]] = {}
    for cause in likely:
        shown.setdefault(cause.id, []).append(cause)
    groups = list(shown.values())
    rest = [cause for cause in causes if cause not in likely]
    in_full = 0 if view.brief else view.top
    if not view.brief:
        _scope(page, report)
    for place, alike in enumerate(groups[:in_full]):
        _cause(page, place + 1, alike, report, say, view)
    _listed(page, groups[in_full:], in_full, say)
    _unlikely(page, rest, say)
    _symptoms(page, report, say)
    _changes(page, report, [] if view.brief else [cause for alike in groups[:in_full] for cause in alike], say)
    if not view.brief:
        _next(page, report, say)
    _unseen(page, report, say)
    return str(page)


def _head(page: Page, report: Report, say: _Words) -> None:
    source, coverage = report.source, report.coverage
    parts = [source.cluster or _origin(source.origin, say)]
    if report.clusters:
        parts = [say("{number} clusters", number=len(report.clusters))]
    if report.observed_at:
        parts.append(report.observed_at.replace("T", " ")[:16] + (" UTC" if report.observed_at.endswith("Z") else ""))
    if coverage and report.observed_at:  # what files show was collected by somebody else
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


def _origin(origin: str, say: _Words) -> str:
    """Return where the evidence comes from, a long list of files shortened."""
    paths = origin.split(", ") if origin else [say("evidence")]
    if len(paths) <= _FILES:
        return ", ".join(paths)
    return f"{', '.join(paths[:_FILES])} {say('and {number} more', number=len(paths) - _FILES)}"


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


def _cause(page: Page, number: int, alike: Sequence[Hypothesis], report: Report, say: _Words, view: View) -> None:
    cause = alike[0]
    page.blank()
    severity = (say(cause.severity), SEVERITY_STYLES[cause.severity])
    name = [(f"{number:<3}", "bold"), (cause.id, "bold cyan")]
    page.heading(name, [severity, (f"  {certainty(cause.confidence):>4}", "bold")])
    if number > 1 or cause.confidence < CONFIDENT:  # the first title stands in the second line of the report
        page.paragraph((cause.title, "bold"), indent=3)
    if cause.cluster:
        page.entry(say("cluster"), cause.cluster)
    if len(alike) > 1:
        others = ", ".join(_named(other) for other in alike[1:])
        page.entry(say("also"), say("{number} more: {names}", number=len(alike) - 1, names=others), limit=3)
    _evidence(page, cause, say)
    if cause.cause:
        page.entry(say("cause"), cause.cause)
    _consequences(page, number, cause, report, say, view)
    for place, check in enumerate(cause.verify):
        confirms = say("confirms: {text}", text=check.confirms) if check.confirms else ""
        page.command("" if place else say("check"), check.run, confirms)
    for place, step in enumerate(cause.fix):
        page.command("" if place else say("fix"), step.run, say(step.risk), note_style=RISK_STYLES[step.risk])
        if step.note:
            page.entry("", step.note, style="dim")
    if cause.lesson:
        page.entry(say("lesson"), cause.lesson)


def _consequences(page: Page, number: int, cause: Hypothesis, report: Report, say: _Words, view: View) -> None:
    suffering = consequences(cause, report.hypotheses, say.language)
    if view.tree:
        for place, (depth, effect) in enumerate(_effects(cause, report.hypotheses)):
            page.entry("" if place else say("suffers"), effect.title, effect.id, indent=2 * depth, limit=2)
    elif suffering and number > 1:  # those of the first stand beside its title
        page.entry(say("suffers"), suffering)


def _effects(root: Hypothesis, hypotheses: Sequence[Hypothesis]) -> Iterator[tuple[int, Hypothesis]]:
    """Yield what suffers from `root`, depth first, each effect once, with its depth from 0."""
    by_key = {hypothesis.key: hypothesis for hypothesis in hypotheses}
    told = {root.key}
    waiting = [(0, key) for key in root.explains]
    while waiting:
        depth, key = waiting.pop(0)
        if key in told or key not in by_key:
            continue
        told.add(key)
        yield depth, by_key[key]
        waiting = [*((depth + 1, below) for below in by_key[key].explains), *waiting]


def _named(one: Hypothesis) -> str:
    return f"{one.subject} @ {one.cluster}" if one.cluster else str(one.subject)


def _evidence(page: Page, cause: Hypothesis, say: _Words) -> None:
    matched, *items = cause.evidence
    facts = _folded(matched.facts)
    for place, (text, source, times) in enumerate(facts[:_FACTS]):
        page.entry(
            "" if place else say("because"), f"{text} (x{times})" if times > 1 else text, source, limit=_FACT_LINES
        )
    more = matched.facts_total - sum(times for _, _, times in facts[:_FACTS])
    if more > 0:
        page.entry("", say("and {number} more (--why {id})", number=more, id=cause.id), style="dim")
    for supports, label in ((True, ""), (False, say("against"))):
        for place, item in enumerate(item for item in items if item.supports is supports):
            page.entry("" if place else label, item.says, _sources(item))
    # What was never part of the evidence is told once, under "Not seen".
    for place, gap in enumerate(gap for gap in cause.unknown if gap.why != NOT_PART):
        page.entry("" if place else say("unknown"), f"{gap.says}?", f"{gap.needs}: {gap.why}", style="dim")


def _folded(facts: Sequence[ReportedFact]) -> list[tuple[str, str, int]]:
    """Return text, source and number of facts that say the same but for numbers and the ends of names, in their order."""
    groups: dict[str, list[ReportedFact]] = {}
    for fact in facts:
        groups.setdefault(_VARYING.sub("*", fact.text), []).append(fact)
    return [(alike[0].text, alike[0].source, len(alike)) for alike in groups.values()]


def _sources(item: EvidenceEntry) -> str:
    if not item.facts:
        return ""
    more = f" +{item.facts_total - 1}" if item.facts_total > 1 else ""
    return item.facts[0].source + more


def _listed(page: Page, groups: Sequence[Sequence[Hypothesis]], before: int, say: _Words) -> None:
    """Show further causes in a line each."""
    if not groups:
        return
    page.blank()
    if before:
        page.line((say("Also"), "bold"))
    for alike in groups[:_LISTED]:
        first = alike[0]
        more = f" ({say('and {number} more', number=len(alike) - 1)})" if len(alike) > 1 else ""
        _line(page, first, more, say)
    _left(page, len(groups) - _LISTED, say)


def _line(page: Page, cause: Hypothesis, more: str, say: _Words) -> None:
    where = f"{cause.cluster}: " if cause.cluster else ""
    page.paragraph(
        (f"{certainty(cause.confidence):>4}  ", ""),
        (f"{say(cause.severity):<8}  ", SEVERITY_STYLES[cause.severity]),
        (f"{where}{cause.title}{more}", ""),
        (f"  {cause.id}", "cyan"),
        indent=1,
        hanging=16,
        limit=2,
    )


def _left(page: Page, number: int, say: _Words) -> None:
    if number > 0:
        page.line((f"       {say('and {number} more (-o json)', number=number)}", "dim"))


def _unlikely(page: Page, causes: Sequence[Hypothesis], say: _Words) -> None:
    if not causes:
        return
    page.blank()
    page.line((say("Less likely"), "bold"))
    for cause in causes[:_UNLIKELY]:
        _line(page, cause, "", say)
    _left(page, len(causes) - _UNLIKELY, say)


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


def _changes(page: Page, report: Report, causes: Sequence[Hypothesis], say: _Words) -> None:
    """Show what changed shortly before, as far as no cause above has shown it; it need not be to blame."""
    quoted = {fact.text for cause in causes for entry in cause.evidence for fact in entry.facts}
    left = [change for change in report.changes if change.text not in quoted]
    if not left:
        return
    page.blank()
    page.line((say("Changed shortly before"), "bold"))
    for change, following in zip_longest(left[:_CHANGES], left[1:_CHANGES]):
        where = f"{change.cluster}: " if change.cluster else ""
        page.paragraph((f"{where}{change.subject}  ", ""), (change.text, "dim"), indent=1, hanging=2, limit=3)
        if change.undo and (following is None or following.undo != change.undo):
            page.entry("", say("back: {run}", run=change.undo), style="dim")
    if len(left) > _CHANGES:
        page.line((f" {say('and {number} more (-o json)', number=len(left) - _CHANGES)}", "dim"))


def _next(page: Page, report: Report, say: _Words) -> None:
    telling = report.next_checks[:_CHECKS]
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
    every = "Not checked: every layer that is not named above."
    some = "Not checked: {names}."
    if unknown:
        told = say(every) if len(unknown) > len(report.layers) // 2 else say(some, names=", ".join(unknown))
        page.paragraph((told, "dim"), indent=1, hanging=2)
