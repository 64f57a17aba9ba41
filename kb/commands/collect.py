"""Save what a live cluster shows, to be diagnosed later or elsewhere."""

import os
from pathlib import Path

import click
import msgspec

from facts.model.errors import EvidenceError, UsageError
from facts.model.values import CoverageState, Snapshot
from facts.snapshot.snapshot_file import save_snapshot
from kb.live.looking import looking
from kb.live.observe import look, was_interrupted
from kb.live.saving import default_path, paths_of
from kb.live.targets import Live, requests_of
from kb.live.unobserved import complaints
from kb.terminal.exit_status import BAD_USAGE, INTERRUPTED, NOTHING_OBSERVED, OK
from kb.terminal.options import anonymize_option, live_options
from kb.terminal.visible import visible

_HELP = """Look at a live cluster, read-only, and save what it shows as a snapshot, without secrets.

\b
  kbdiag collect                           the current context, into a file named after it
  kbdiag collect -o prod.tar.zst           into this file
  kbdiag collect --all-contexts -o all.tar.zst
                                           every cluster, into all-NAME.tar.zst
  kbdiag infer prod.tar.zst                later, or elsewhere

Ctrl-C saves what was seen by then; the snapshot says that it is not all.

Exit status: 0 saved; 1 nothing of a cluster could be observed, or there is no such namespace (why is on standard
error, and saved all the same); 2 bad usage, or it cannot be saved; 70 internal error; 130 interrupted, and saved.
"""


@click.command(help=_HELP)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File to write. A name that ends in .gz is compressed with gzip, any other with zstd.",
)
@anonymize_option
@live_options
def command(output: Path | None, anonymize: bool, **live: object) -> int:
    """Look, save, and say what was saved."""
    options = msgspec.convert(live, Live)
    requests = requests_of(options)
    if output is not None:
        _check_place(output)
    with looking():
        snapshots = look(requests, options.git)
    untold, _ = complaints(snapshots, options.asked_namespaces())
    if anonymize:
        from facts.snapshot.anonymizing.anonymize import anonymize as without_names

        snapshots = tuple(without_names(snapshot) for snapshot in snapshots)
    places = paths_of(snapshots, output) if output is not None else [default_path(one) for one in snapshots]
    unsaved = []
    for snapshot, place in zip(snapshots, places, strict=True):
        try:
            save_snapshot(snapshot, place)
        except EvidenceError as error:
            unsaved.append(str(error))
        else:
            click.echo(visible(told(snapshot, place)))
    for line in (*unsaved, *untold):
        click.echo(f"kbdiag: {visible(line)}", err=True)
    if unsaved:
        return BAD_USAGE
    if any(was_interrupted(snapshot) for snapshot in snapshots):
        return INTERRUPTED
    return NOTHING_OBSERVED if untold else OK


def _check_place(output: Path) -> None:
    """Raise UsageError where `output` surely cannot be written: nobody waits half a minute to learn that."""
    folder = output.absolute().parent
    if not folder.is_dir():
        raise UsageError(f"{output}: there is no such folder; choose another place")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{output}: the folder {folder} cannot be written to; choose another place")


def told(snapshot: Snapshot, place: Path) -> str:
    """Return the closing line: `prod: 214 observations, 38 of 42 collectors complete, saved in prod.tar.zst (1.2 MB)`."""
    states = [one.state for one in snapshot.coverage if one.collector != "collect"]
    parts = [
        f"{len(snapshot.observations)} observation{'s' * (len(snapshot.observations) != 1)}",
        f"{states.count(CoverageState.COMPLETE)} of {len(states)} collectors complete",
        *(f"{states.count(state)} {state}" for state in (CoverageState.FAILED,) if state in states),
        *(["interrupted"] if was_interrupted(snapshot) else []),
        f"saved in {place} ({_size(place.stat().st_size)})",
    ]
    return f"{snapshot.cluster or 'cluster'}: {', '.join(parts)}"


def _size(number: int) -> str:
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{number / 1e3:.1f} kB"
