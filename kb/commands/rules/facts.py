"""Print the reference of fact kinds."""

import click

from facts.model.schema import KINDS, FactKind
from kb.catalogue.catalogue import VOCABULARY


@click.command
def command() -> None:
    """Print the reference of fact kinds as Markdown: what rules may ask for, and what its absence needs."""
    click.echo(reference())


def reference() -> str:
    """Return the page, from `facts/schema.py`."""
    lines = ["# Fact kinds", "", "What rules may ask for. Printed by `kbdiag rules facts`."]
    for name, kind in KINDS.items():
        lines += ["", f"## {name}", "", kind.doc, *_notes(kind), "", "| attribute | type | meaning |", "|---|---|---|"]
        for attribute, declared in kind.attributes.items():
            values = ", ".join(f"`{value}`" for value in declared.values if value)
            lines.append(
                f"| {attribute} | {declared.type.__name__} | {_cell(declared.description)}{': ' + values if values else ''} |"
            )
    lines += [
        "",
        "## What rules are about",
        "",
        "| about | subject | what a text of it is joined by |",
        "|---|---|---|",
    ]
    for word, preset in VOCABULARY.presets.items():
        subject = f"{preset.kind} {'/'.join(part for part in (preset.namespace, preset.name) if part)}".strip()
        joins = ", ".join(f"{attribute}: ?{variable}" for attribute, variable in preset.joins.items())
        lines.append(f"| {word} | {preset.doc}: `{subject}` | {joins} |")
    components = ", ".join(sorted(VOCABULARY.components))
    lines += [
        "",
        "## Sources of `log`",
        "",
        components + ".",
        "",
        *_groups(),
        "",
        "## Layers",
        "",
        ", ".join(VOCABULARY.layers) + ".",
    ]
    return "\n".join(lines)


def _groups() -> list[str]:
    lines = []
    for name, tests in VOCABULARY.groups.items():
        operators = ", ".join(f"{operator}: [{', '.join(sources)}]" for operator, sources in tests.items())
        lines.append(f"`in: {name}` stands for `source: {{{operators}}}`.")
    return lines


def _notes(kind: FactKind) -> list[str]:
    notes = []
    if kind.coverage:
        scope = f", for its `{kind.scope}`" if kind.scope else ""
        notes.append(f"Its absence means something when `{kind.coverage}` was looked at completely{scope}.")
    if kind.key:
        notes.append(f"`{{variable.attribute}}` finds it by its `{kind.key}`.")
    return ["", *notes] if notes else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
