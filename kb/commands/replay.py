"""Diagnose many snapshots and bundles with today's rules."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from facts.model.errors import EvidenceError, UsageError
from kb.catalogue.loading import open_catalogue
from kb.fleet import table
from kb.fleet.crew import Alone, Crew, Processes, replay_all
from kb.fleet.places import find_snapshots
from kb.fleet.replay import Setting
from kb.fleet.result import Replayed, line_of
from kb.fleet.result_file import ResultFile
from kb.fleet.showing import Tally, showing
from kb.report.report import reaches
from kb.terminal.exit_status import NOTHING_OBSERVED, OK, SEVERITY_REACHED
from kb.terminal.options import colour_option, confidence_option, engine_option, fail_on_option, rule_options
from kb.terminal.view import view_of_terminal

_HELP = """Diagnose every snapshot and bundle at PATHS with today's rules, a row or a line of JSON each.

A file that is named is one snapshot. In a folder each archive (zip, tar of any compression) is one, and folders beside
archives are looked at likewise; a folder of files of which none is an archive is one bundle.

\b
  kbdiag replay snapshots/                                 a table, with the first cause of each
  kbdiag replay snapshots/ -o jsonl | jq .path             all hypotheses of each, a line each
  kbdiag replay snapshots/ -o jsonl --output-file all.jsonl --resume

The order of the results is that of the names, whatever the number of workers. A snapshot that cannot be read is told in
its row, and the others are diagnosed. With --resume, the results that --output-file holds are kept, and only the other
snapshots are diagnosed.

Exit status: 0 the diagnoses are done, whatever they say; 1 no snapshot could be read; 2 bad usage or bad rules;
3 --fail-on was reached; 70 internal error; 130 interrupted.
"""


@click.command(help=_HELP)
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Choice(["table", "jsonl"]), default="table", show_default=True, help="Format."
)
@click.option(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the results to FILE instead of standard output; with -o jsonl.",
)
@click.option("--resume", is_flag=True, help="Go on with --output-file where an earlier run was interrupted.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that diagnose. Default: one for each processor.",
)
@confidence_option(0.05, "Leave out causes below this confidence.")
@rule_options
@fail_on_option
@engine_option
@colour_option
def command(
    paths: tuple[str, ...],
    output: str,
    output_file: Path | None,
    resume: bool,
    workers: int | None,
    min_confidence: float,
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    fail_on: str | None,
    engine_name: str | None,
    colour: str,
) -> int:
    """Find, diagnose, write."""
    if output_file is not None and output != "jsonl":
        raise UsageError("--output-file holds lines of JSON; give -o jsonl with it")
    if resume and output_file is None:
        raise UsageError("--resume goes on with a file; name it with --output-file")
    catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
    setting = Setting(
        catalogue.digest, tuple(map(str, folders)), bundled=bundled, engine=engine_name, minimum=min_confidence
    )
    tally, reached = Tally(), False
    with ExitStack() as stack:
        results = stack.enter_context(ResultFile(output_file, catalogue.digest, resume=resume)) if output_file else None
        for result in results.kept() if results else ():
            tally.count(result, kept=True)
            reached |= reaches(result.causes, fail_on)
        write = results.add if results else _printer(output, colour)
        fresh = (path for path in find_snapshots(paths) if results is None or not results.holds(path))
        if results is not None or not sys.stdout.isatty():  # else the rows show how far it is
            stack.enter_context(showing(tally, lambda: sum(1 for _ in find_snapshots(paths))))
        try:
            crew = stack.enter_context(_crew(setting, workers or os.cpu_count() or 1))
            for result in replay_all(fresh, crew):
                write(result)
                tally.count(result)
                reached |= reaches(result.causes, fail_on)
        except KeyboardInterrupt:
            if results is not None:
                click.echo("kbdiag: interrupted; the same command with --resume goes on", err=True)
            raise
    return _status(tally, paths, reached=reached)


def _crew(setting: Setting, workers: int) -> Crew:
    return Alone(setting) if workers == 1 else Processes(setting, workers)


def _printer(output: str, colour: str) -> Callable[[Replayed], None]:
    """Return what prints a result; a table begins with its head."""
    if output == "jsonl":
        return lambda result: click.echo(line_of(result), nl=False)
    view = view_of_terminal(colour)
    click.echo(table.head(view), nl=False, color=view.colour)
    return lambda result: click.echo(table.row(result, view), nl=False, color=view.colour)


def _status(tally: Tally, paths: Sequence[str], *, reached: bool) -> int:
    """Tell on standard error what could not be read, and return the exit status."""
    if not tally.total:
        raise EvidenceError(
            f"{', '.join(paths)}: there is no snapshot and no bundle; give archives, or folders of them"
        )
    if tally.unread:
        click.echo(f"kbdiag: {tally.unread} of {tally.total} could not be read; their results say why", err=True)
    if tally.unread == tally.total:
        return NOTHING_OBSERVED
    return SEVERITY_REACHED if reached else OK
