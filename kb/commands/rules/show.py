"""Show a rule as a page."""

from pathlib import Path

import click

from facts.model.document import nearest
from facts.model.errors import UsageError
from kb.catalogue.loading import open_catalogue
from kb.report.pages.rule_page import write_rule
from kb.terminal.options import colour_option, rule_options
from kb.terminal.page import Page
from kb.terminal.view import view_of_terminal


@click.command
@click.argument("identity", metavar="ID")
@click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "ko"]),
    default="en",
    show_default=True,
    help="Language of the rule's texts, where they are translated.",
)
@colour_option
@rule_options
def command(identity: str, language: str, colour: str, folders: tuple[Path, ...], bundled: bool, strict: bool) -> None:
    """Show the rule ID as a page: what it concludes, from what, how sure, and how to mend it."""
    rules = {rule.id: rule for rule in open_catalogue(folders, bundled=bundled, strict=strict).rules}
    if identity not in rules:
        raise UsageError(f"there is no rule {identity} ({nearest(identity, rules) or 'see kbdiag rules list'})")
    view = view_of_terminal(colour)
    page = Page(view)
    write_rule(page, rules[identity], language)
    click.echo(str(page), nl=False, color=view.colour)
