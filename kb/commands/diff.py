"""Tell what changed between two snapshots, such as before and after a fix."""

from contextlib import closing
from pathlib import Path

import click
import msgspec

from engine.match.chaining import open_engine
from facts.model.errors import UsageError
from kb.catalogue.loading import open_catalogue
from kb.live.observe import read_snapshot
from kb.report.diagnose import diagnose
from kb.report.difference import State, difference
from kb.report.pages.difference_page import render
from kb.terminal.exit_status import DIFFERENT, OK
from kb.terminal.options import colour_option, confidence_option, engine_option, rule_options
from kb.terminal.phrases import LANGUAGES
from kb.terminal.view import view_of_terminal

_HELP = """Diagnose BEFORE and AFTER, and tell which causes appeared and cleared, which facts did, and what was looked at.

Each of the two is evidence as `kbdiag infer` reads it: a snapshot, a folder, an archive, a file; - is standard input.

\b
  kbdiag collect -o before.tar.zst
  ...                                      the fix
  kbdiag collect -o after.tar.zst
  kbdiag diff before.tar.zst after.tar.zst

What was seen before and was not looked at after is marked ?, for it may be there still.

Exit status: 0, whatever changed; with --exit-code 1 when anything did; 2 bad usage or bad rules;
70 internal error.
"""


@click.command(help=_HELP)
@click.argument("before")
@click.argument("after")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format.")
@click.option("--exit-code", is_flag=True, help="Exit with status 1 if there is a difference.")
@confidence_option(0.05, "Leave out causes that are less certain on both sides.")
@rule_options
@engine_option
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the report."
)
@colour_option
def command(
    before: str,
    after: str,
    output: str,
    exit_code: bool,
    min_confidence: float,
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    engine_name: str | None,
    language: str,
    colour: str,
) -> int:
    """Diagnose both, and compare."""
    if before == after == "-":
        raise UsageError("standard input can be one of the two only; give a file for the other")
    view = view_of_terminal(colour, language=language)
    with closing(open_engine(engine_name)) as engine:
        catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
        program = catalogue.program()
        states = []
        for path in (before, after):
            diagnosis = diagnose(read_snapshot((path,)), program, engine)
            states.append(State(diagnosis, diagnosis.report(catalogue, language, minimum=min_confidence)))
    found = difference(*states)
    if output == "json":
        from kb.report.formats.json import plain_json

        click.echo(plain_json(msgspec.to_builtins(found)), nl=False)
    else:
        click.echo(render(found, view), nl=False, color=view.colour)
    return DIFFERENT if found and exit_code else OK
