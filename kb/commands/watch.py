"""Diagnose again and again, and tell only what changes."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from engine.match.chaining import open_engine
from facts.cluster.moment import written
from facts.collect.concurrency.progress import Progress, watched
from facts.model.errors import EvidenceError, UsageError
from facts.model.values import Coverage, CoverageState, Snapshot
from kb.catalogue.loading import open_catalogue
from kb.live.looking import shown, stopping
from kb.live.observe import look, read_snapshot
from kb.live.targets import Live, requests_of
from kb.live.unobserved import complaints
from kb.report.diagnose import diagnose
from kb.report.difference import Difference, State, difference
from kb.report.headline import headline
from kb.report.pages.difference_page import MARKS, line_of
from kb.terminal.exit_status import NOTHING_OBSERVED, OK
from kb.terminal.options import confidence_option, engine_option, live_options, rule_options
from kb.terminal.visible import visible

_HELP = """Look every INTERVAL, and tell what appeared (+), cleared (-), changed (~), or cannot be seen any more (?).

Without EVIDENCE the live cluster is looked at; with it, the files and folders are read again each time. The first look
tells how it stands; after it, nothing is printed while nothing changes. Ctrl-C ends it.

With -o json each change is one line of JSON: at, cluster, what (hypothesis, fact or coverage), and the keys of
`kbdiag diff -o json`. The first look tells all that is there as appeared.

Exit status: 0 once a look was possible; 1 when nothing could be observed at any look (why, on standard error);
2 bad usage or bad rules; 70 internal error.
"""
_FACTS = 8
"""Facts that a look tells; -o json tells all."""
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:  # noqa: ARG001 - click's signature
    """Return the seconds of a time such as 30s, 5m or 45."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smh]?)", value.strip())
    if found is None:
        raise click.BadParameter(f"{value!r} is no time; write 30s, 5m or 1h")
    return float(found[1]) * _UNITS[found[2]]


@click.command(help=_HELP)
@click.argument("evidence", nargs=-1)
@click.option(
    "--interval",
    default="30s",
    show_default=True,
    metavar="TIME",
    callback=_seconds,
    help="Time between two looks: 30s, 5m.",
)
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="Stop after N looks.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format.")
@confidence_option(0.5, "Hide causes below this confidence.")
@rule_options
@engine_option
@live_options
def command(
    evidence: tuple[str, ...],
    interval: float,
    count: int | None,
    output: str,
    min_confidence: float,
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    engine_name: str | None,
    **live: object,
) -> int:
    """Look, compare, tell, wait."""
    options = msgspec.convert(live, Live)
    if evidence and options.is_chosen():
        raise UsageError("evidence was given, and a live cluster was asked for; give one of them")
    if "-" in evidence:
        raise UsageError("standard input can be read once only; name files or folders to watch")
    progress, known, looks = Progress(), dict[int, State](), 0
    complained, ever_looked = list[str](), False
    with stopping(progress), watched(progress), closing(open_engine(engine_name)) as engine:
        catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
        program = catalogue.program()
        while count is None or looks < count:
            if looks and progress.wait(interval):
                break
            looks += 1
            progress.forget()
            with shown(progress):
                snapshots = _observe(evidence, options, is_first=looks == 1)
            if progress.is_stopped:
                break
            untold, looked = complaints(snapshots, options.asked_namespaces())
            ever_looked = ever_looked or looked
            for line in untold if untold != complained else ():
                click.echo(f"kbdiag: {visible(line)}", err=True)
            complained = untold
            for place, snapshot in enumerate(snapshots):
                diagnosis = diagnose(snapshot, program, engine)
                state = State(diagnosis, diagnosis.report(catalogue, minimum=min_confidence))
                for line in told(known.get(place), state, output):
                    click.echo(line)
                known[place] = state
    return OK if ever_looked or not looks else NOTHING_OBSERVED


def _observe(evidence: Sequence[str], options: Live, *, is_first: bool) -> tuple[Snapshot, ...]:
    if not evidence:
        return look(requests_of(options), options.git)
    try:
        return (read_snapshot(evidence, options.git),)
    except EvidenceError as error:
        if is_first:
            raise
        gap = Coverage("evidence", "*", CoverageState.FAILED, str(error), reason="other")
        return (Snapshot(coverage=(gap,)),)


def told(before: State | None, after: State, output: str) -> list[str]:
    """Return the lines for a look: what changed since `before`, or how it stands when it is the first one."""
    at = after.report.observed_at or written(datetime.now(UTC))
    cluster = after.report.source.cluster or (before.report.source.cluster if before else "")
    if output == "json":
        return _json_lines(difference(before or _nothing(after), after), at, cluster)
    name = f"{cluster}: " if cluster else ""
    clock = at.replace("T", " ").removesuffix("Z")
    if before is None:
        return [visible(f"{clock}  {name}{headline(after.report.hypotheses) or 'nothing found'}")]
    return [visible(f"{clock}  {mark} {name}{line}") for mark, line in _changes(difference(before, after))]


def _changes(found: Difference) -> list[tuple[str, str]]:
    """Return marks and lines: every cause, effects by number, the first facts, and what was looked at."""
    causes = [one for one in found.hypotheses if not one.effect]
    effects = Counter(one.change for one in found.hypotheses if one.effect)
    more = len(found.facts) - _FACTS
    return [
        *((MARKS[one.change][0], line_of(one)) for one in causes),
        *((MARKS[change][0], f"{number} effect{'s' * (number > 1)}") for change, number in effects.items()),
        *((MARKS[one.change][0], line_of(one)) for one in found.facts[:_FACTS]),
        *([(" ", f"and {more} more facts (-o json)")] if more > 0 else []),
        *(("~", f"{c.collector} {c.target}: {c.before or '-'} → {c.after or '-'}") for c in found.coverage),
    ]


def _nothing(after: State) -> State:
    """Return a state in which nothing was found yet."""
    empty = msgspec.structs.replace(after.diagnosis.evidence, facts=())
    return State(
        msgspec.structs.replace(after.diagnosis, evidence=empty),
        msgspec.structs.replace(after.report, hypotheses=()),
    )


def _json_lines(found: Difference, at: str, cluster: str) -> list[str]:
    groups = (("hypothesis", found.hypotheses), ("fact", found.facts), ("coverage", found.coverage))
    return [
        msgspec.json.encode({"at": at, "cluster": cluster, "what": what, **msgspec.to_builtins(one)}).decode()
        for what, changes in groups
        for one in changes
    ]
