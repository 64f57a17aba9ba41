"""The catalogue as a command uses it: what is left out of it, and what is replaced in it, is told on standard error."""

from collections.abc import Sequence
from pathlib import Path

import click

from kb.catalogue.catalogue import Catalogue, load_catalogue
from kb.terminal.visible import visible


def open_catalogue(folders: Sequence[Path], *, bundled: bool, strict: bool) -> Catalogue:
    """Return the rules of a run, and tell each mistake of those in `folders` that are left out, and each that they replace.

    Raises RuleError, with `strict` for any mistake.
    """
    catalogue = load_catalogue(folders, bundled=bundled, strict=strict)
    for mistake in catalogue.left_out:
        click.echo(f"kbdiag: left out: {visible(mistake)}", err=True)
    if catalogue.left_out:
        click.echo(
            "kbdiag: the other rules are used; mend these (kbdiag rules lint), or stop at them with --strict", err=True
        )
    for change in catalogue.replaced:
        click.echo(f"kbdiag: {visible(change)}", err=True)
    return catalogue
