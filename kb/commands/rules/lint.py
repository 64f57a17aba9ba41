"""Find mistakes in rules, each with its line and column."""

from pathlib import Path

import click

from kb.catalogue.catalogue import BUNDLED, rule_files
from kb.catalogue.lint import lint
from kb.terminal.exit_status import BAD_RULES, OK
from kb.terminal.options import bundled_option
from kb.terminal.visible import visible


@click.command
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@bundled_option
def command(paths: tuple[Path, ...], bundled: bool) -> int:
    """Find mistakes in the rules at PATH, files or folders. Without PATH the rules of kbdiag are checked.

    Exit status: 0 there are none; 2 there are some.
    """
    files = rule_files(paths or (BUNDLED,))
    own = {path.resolve() for path, _ in files}
    others = rule_files([BUNDLED] if bundled and paths else [])
    mistakes = lint(files, [rule for path, file in others if path.resolve() not in own for rule in file.rules])
    for mistake in mistakes:
        click.echo(visible(mistake))
    where = f"{len(files)} file{'s' * (len(files) != 1)}"
    click.echo(f"{len(mistakes) or 'no'} mistake{'s' * (len(mistakes) != 1)} in {where}")
    return BAD_RULES if mistakes else OK
