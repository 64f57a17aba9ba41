"""A rule as a page: the rule file in the words of a reader."""

from collections.abc import Callable, Iterator

from engine.judge.proof import describe
from engine.language.condition import All, Any, Condition, Not, Pattern
from engine.language.rule import PRIORS, STRENGTHS, AnyRule, Derivation, Localised, Signature
from kb.terminal.page import Page
from kb.terminal.palette import RISK_STYLES, SEVERITY_STYLES


def write_rule(page: Page, rule: AnyRule, language: str = "en") -> None:
    """Add the page of `rule` to `page`; texts in `language` where the rule has it, else in English."""

    def text(texts: Localised) -> str:
        return texts.get(language) or texts.get("en", "")

    kind = (rule.severity, SEVERITY_STYLES[rule.severity]) if isinstance(rule, Signature) else ("derivation", "dim")
    page.heading([(rule.id, "bold cyan")], [(f"{rule.layer}  {rule.status}  ", "dim"), kind])
    page.paragraph((text(rule.title), "bold"))
    page.line((rule.path, "dim"))
    if isinstance(rule, Signature) and rule.cause:
        page.blank()
        page.paragraph((text(rule.cause), ""))
    page.blank()
    _conditions(page, "when", rule.when)
    if isinstance(rule, Derivation):
        attributes = ", ".join(f"{name}: {value}" for name, value in rule.concludes.attributes.items())
        page.entry("derives", f"{rule.concludes.kind} {{{attributes}}}")
    else:
        _signature(page, rule, text)
    for place, reference in enumerate(rule.references):
        if not place:
            page.blank()
        page.entry("" if place else "see", reference)


def _signature(page: Page, rule: Signature, text: Callable[[Localised], str]) -> None:
    page.entry(
        "weight", f"{rule.strength} (x{STRENGTHS[rule.strength]:g}), prior {rule.prior} ({PRIORS[rule.prior]:g})"
    )
    for item in rule.evidence:
        page.blank()
        _conditions(page, "against" if item.against else "for", item.conditions)
        page.entry("", f"{text(item.says)} ({item.strength})", style="dim")
    if rule.explains:
        page.blank()
    for place, explains in enumerate(rule.explains):
        where = (
            f" where {', '.join(f'{name} is {value}' for name, value in explains.where.items())}"
            if explains.where
            else ""
        )
        page.entry("" if place else "explains", f"{explains.signature}{where} ({explains.strength:.0%})")
    _steps(page, rule)
    for label, texts in (("lesson", [text(rule.lesson)]), ("beware", rule.falsepositives)):
        shown = [one for one in texts if one]
        if shown:
            page.blank()
        for place, one in enumerate(shown):
            page.entry("" if place else label, one)


def _steps(page: Page, rule: Signature) -> None:
    for label, steps in (("check", rule.verify), ("fix", rule.fix)):
        if steps:
            page.blank()
        for place, step in enumerate(steps):
            note = step.risk if label == "fix" else f"confirms: {step.confirms}" if step.confirms else ""
            page.command(
                "" if place else label, step.run, note, note_style=RISK_STYLES[step.risk] if label == "fix" else "dim"
            )
            if step.note:
                page.entry("", step.note, style="dim")


def _conditions(page: Page, label: str, conditions: tuple[Condition, ...]) -> None:
    for place, (depth, line) in enumerate(_lines(conditions, 0)):
        page.entry("" if place else label, line, indent=2 * depth)


def _lines(conditions: tuple[Condition, ...], depth: int, prefix: str = "") -> Iterator[tuple[int, str]]:
    for condition in conditions:
        match condition:
            case Pattern():
                yield depth, prefix + describe(condition)
            case Not(item):
                yield from _lines((item,), depth, "not ")
            case All(items) | Any(items):
                yield depth, f"{prefix}{'any' if isinstance(condition, Any) else 'all'} of"
                yield from _lines(items, depth + 1)
