"""List the rules, one a line."""

from pathlib import Path

import click

from engine.language.rule import Signature
from facts.model.schema import LAYERS
from kb.catalogue.loading import open_catalogue
from kb.terminal.options import rule_options
from kb.terminal.visible import visible


@click.command
@click.option(
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice(LAYERS),
    metavar="LAYER",
    help="Rules of this layer only. Repeatable.",
)
@rule_options
def command(layers: tuple[str, ...], folders: tuple[Path, ...], bundled: bool, strict: bool) -> None:
    """List the rules by layer, from the deepest to the highest: id, layer, severity, title."""
    rules = [
        rule
        for rule in open_catalogue(folders, bundled=bundled, strict=strict).rules
        if not layers or rule.layer in layers
    ]
    rules.sort(key=lambda rule: (LAYERS.index(rule.layer) if rule.layer in LAYERS else len(LAYERS), rule.id))
    widths = [
        max((len(text) for text in column), default=0)
        for column in zip(*((rule.id, rule.layer) for rule in rules), strict=True)
    ]
    for rule in rules:
        severity = rule.severity if isinstance(rule, Signature) else "derives"
        click.echo(visible(f"{rule.id:<{widths[0]}}  {rule.layer:<{widths[1]}}  {severity:<8}  {rule.title['en']}"))
