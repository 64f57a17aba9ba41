"""Diagnose many snapshots and bundles with today's rules."""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from facts.model.errors import EvidenceError, UsageError
from kb.catalogue.loading import open_catalogue
from kb.fleet.crew import Alone, Crew, Processes, replay_all
from kb.fleet.pages import result_table, summary_html, summary_page
from kb.fleet.parquet_file import ParquetFile
from kb.fleet.places import find_snapshots
from kb.fleet.replay import Setting
from kb.fleet.result import Replayed, line_of
from kb.fleet.result_file import ResultFile
from kb.fleet.showing import Tally, showing
from kb.fleet.summary import Summing
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
  kbdiag replay snapshots/ --summary                       which cause is in which clusters, since when
  kbdiag replay snapshots/ -o html >fleet.html             the same as a page
  kbdiag replay snapshots/ -o jsonl --output-file all.jsonl --resume
  kbdiag replay s3://bucket/snapshots --scheduler tcp://10.0.0.5:8786 -o parquet --output-file all.parquet

The order of the results is that of the names, whatever the number of workers. A snapshot that cannot be read is told in
its row, and the others are diagnosed. --output-file keeps the results beside whatever is printed; with --resume those
that it holds are taken from there, and only the other snapshots are diagnosed.

Exit status: 0 the diagnoses are done, whatever they say; 1 no snapshot could be read; 2 bad usage or bad rules;
3 --fail-on was reached; 70 internal error; 130 interrupted.
"""


@click.command(help=_HELP)
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "jsonl", "html", "parquet"]),
    default="table",
    show_default=True,
    help="Format; html is the summary as a page, parquet needs --output-file and pyarrow.",
)
@click.option("--summary", is_flag=True, help="Tell which cause is where and since when, instead of a row each.")
@click.option(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the results in FILE, a line of JSON each (with -o parquet a row each); -o jsonl then prints nothing.",
)
@click.option("--resume", is_flag=True, help="Go on with --output-file where an earlier run was interrupted.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that diagnose. Default: one for each processor.",
)
@click.option("--dask", is_flag=True, help="Let a Dask cluster of --workers processes of this machine diagnose.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Let the Dask cluster of this scheduler diagnose: tcp://HOST:8786."
)
@confidence_option(0.05, "Leave out causes below this confidence.")
@rule_options
@fail_on_option
@engine_option
@colour_option
def command(
    paths: tuple[str, ...],
    output: str,
    summary: bool,
    output_file: Path | None,
    resume: bool,
    workers: int | None,
    dask: bool,
    scheduler: str | None,
    min_confidence: float,
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    fail_on: str | None,
    engine_name: str | None,
    colour: str,
) -> int:
    """Find, diagnose, write."""
    if resume and output_file is None:
        raise UsageError("--resume goes on with a file; name it with --output-file")
    if summary and output == "jsonl" and output_file is None:
        raise UsageError("--summary takes the place of the results; name a file for these with --output-file")
    if output == "parquet" and (output_file is None or resume):
        raise UsageError("-o parquet writes --output-file as a whole; name one, and give no --resume")
    if scheduler is not None and (dask or workers is not None):
        raise UsageError("--scheduler has its own workers; leave out --dask and --workers")
    catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
    setting = Setting(
        catalogue.digest, tuple(map(str, folders)), bundled=bundled, engine=engine_name, minimum=min_confidence
    )
    printer = _printer(output, colour, summary=summary, is_kept=output_file is not None)
    tally, reached = Tally(), False
    with ExitStack() as stack:
        file = _file(output, output_file, catalogue.digest, resume=resume) if output_file else None
        if file is not None:
            stack.enter_context(file)
        for result in file.kept() if file else ():
            tally.count(result, kept=True)
            printer.add(result)
            reached |= reaches(result.causes, fail_on)
        fresh = (path for path in find_snapshots(paths, output_file) if file is None or not file.holds(path))
        if not (printer.is_prompt and sys.stdout.isatty()):  # there the rows show how far it is
            stack.enter_context(showing(tally, lambda: sum(1 for _ in find_snapshots(paths, output_file))))
        try:
            crew = stack.enter_context(_crew(setting, workers or os.cpu_count() or 1, scheduler, dask=dask))
            for result in replay_all(fresh, crew):
                if file is not None:
                    file.add(result)
                tally.count(result)
                printer.add(result)
                reached |= reaches(result.causes, fail_on)
        except KeyboardInterrupt:
            if isinstance(file, ResultFile):
                click.echo("kbdiag: interrupted; the same command with --resume goes on", err=True)
            raise
    if not tally.total:
        raise EvidenceError(
            f"{', '.join(paths)}: there is no snapshot and no bundle; give archives, or folders of them"
        )
    printer.end()
    return _status(tally, reached=reached)


def _file(output: str, path: Path, digest: str, *, resume: bool) -> ResultFile | ParquetFile:
    return ParquetFile(path) if output == "parquet" else ResultFile(path, digest, resume=resume)


def _crew(setting: Setting, workers: int, scheduler: str | None, *, dask: bool) -> Crew:
    if dask or scheduler is not None:
        from kb.fleet.dask_crew import DaskCluster

        return DaskCluster(setting, scheduler, workers)
    return Alone(setting) if workers == 1 else Processes(setting, workers)


class _Printer(msgspec.Struct, frozen=True):
    """Prints results: `add` each as it comes, `end` what they come to."""

    add: Callable[[Replayed], None]
    end: Callable[[], None]
    is_prompt: bool


def _printer(output: str, colour: str, *, summary: bool, is_kept: bool) -> _Printer:
    view = view_of_terminal(colour)

    def say(text: str) -> None:
        click.echo(text, nl=False, color=view.colour)

    if output == "html" or summary:
        summing = Summing()

        def tell() -> None:
            found = summing.summary()
            say(summary_html.render(found) if output == "html" else summary_page.render(found, view))

        return _Printer(summing.add, tell, is_prompt=False)
    if output in {"jsonl", "parquet"}:
        return _Printer(_ignore if is_kept else lambda result: say(line_of(result)), _nothing, is_prompt=not is_kept)
    head = iter((result_table.head(view),))  # stands above the first row, and not above an error
    return _Printer(lambda result: say(next(head, "") + result_table.row(result, view)), _nothing, is_prompt=True)


def _ignore(result: Replayed) -> None:
    """Do nothing with a result: the file has it."""


def _nothing() -> None:
    """Do nothing: all is printed."""


def _status(tally: Tally, *, reached: bool) -> int:
    """Tell on standard error what could not be read, and return the exit status."""
    if tally.unread:
        click.echo(f"kbdiag: {tally.unread} of {tally.total} could not be read; their results say why", err=True)
    if tally.unread == tally.total:
        return NOTHING_OBSERVED
    return SEVERITY_REACHED if reached else OK
