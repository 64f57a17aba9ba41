"""Diagnose a live cluster, or evidence that was saved."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
import msgspec

from engine.judge.inference import Inference
from engine.judge.proof import Proof, why, why_not
from engine.match.chaining import open_engine
from facts.model.document import nearest
from facts.model.errors import EvidenceError, UsageError
from facts.model.schema import LAYERS
from facts.model.stages import stage
from facts.model.values import Snapshot
from kb.catalogue.loading import open_catalogue
from kb.live.observe import observe, was_interrupted
from kb.live.targets import Live
from kb.live.unobserved import complaints
from kb.report.diagnose import Diagnosis, diagnose
from kb.report.formats import format_names, open_format
from kb.report.report import Report, reaches
from kb.terminal.exit_status import BAD_USAGE, INTERRUPTED, NOTHING_OBSERVED, OK, SEVERITY_REACHED
from kb.terminal.options import (
    anonymize_option,
    colour_option,
    confidence_option,
    engine_option,
    fail_on_option,
    live_options,
    profile_option,
    rule_options,
)
from kb.terminal.phrases import LANGUAGES
from kb.terminal.view import View, view_of_terminal
from kb.terminal.visible import visible

_HELP = """Tell what is broken, why, how sure that is, what to check next and how to mend it.

EVIDENCE is any mix of files, folders and archives, told by their content: snapshots that kbdiag saved,
kubectl output (get, describe, events; text, JSON or YAML), support bundles, logs of any component, shell output;
- is standard input. Without EVIDENCE, what is piped in is read; when nothing is piped in, the cluster of the current
kubeconfig context is looked at, read-only.

\b
  kbdiag infer                                   the current context
  kbdiag infer nodes.txt pods.json kubelet.log   what was saved
  kubectl get pods -A | kbdiag infer             what is piped in
  kbdiag infer --all-contexts                    all clusters at once, in one ranked report

Ctrl-C during a look ends it, and what was seen by then is diagnosed.

Exit status: 0 the diagnosis is done, whatever it says; 1 nothing could be observed, or there is no such
namespace: standard error says why and what to do, the diagnosis of that is printed all the same; 2 bad usage or
bad rules, or the diagnosis is done but --save failed; 3 --fail-on was reached; 70 internal error; 130 interrupted.
"""


@click.command(help=_HELP)
@click.argument("evidence", nargs=-1)
@click.option(
    "-o", "--output", type=click.Choice(format_names()), default="text", show_default=True, help="Format of the report."
)
@click.option("--why", "why_id", metavar="ID", help="Show the proof of a hypothesis, down to the raw lines.")
@click.option("--why-not", "why_not_id", metavar="ID", help="Show which condition kept a rule from firing.")
@click.option(
    "--top", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Root causes shown in full."
)
@click.option("--brief", is_flag=True, help="One line per cause.")
@click.option("--tree", is_flag=True, help="Show what suffers from each cause as a tree.")
@confidence_option(0.05, "Hide causes below this confidence.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    type=click.Choice(LAYERS),
    metavar="LAYER",
    help="Show hypotheses of this layer only. Repeatable.",
)
@rule_options
@fail_on_option
@engine_option
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language of the report. Causes and lessons are translated where a rule has a translation.",
)
@colour_option
@live_options
@anonymize_option
@profile_option
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Save the snapshot to FILE, for `kbdiag infer FILE`. Several clusters: one file each, named FILE-CLUSTER.",
)
def command(
    evidence: tuple[str, ...],
    output: str,
    why_id: str | None,
    why_not_id: str | None,
    top: int,
    brief: bool,
    tree: bool,
    min_confidence: float,
    layers: tuple[str, ...],
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    fail_on: str | None,
    engine_name: str | None,
    language: str,
    colour: str,
    anonymize: bool,
    save: Path | None,
    **live: object,
) -> int:
    """Observe, infer, report."""
    view = view_of_terminal(colour, top, language, brief=brief, tree=tree)
    # The engine starts while the evidence is read, and bad rules are told before a cluster is asked.
    with closing(open_engine(engine_name)) as engine:
        with stage("rules"):
            catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
            program = catalogue.program()
        options = msgspec.convert(live, Live)
        with stage("read"):
            snapshots = observe(evidence, options)
        untold, looked = complaints(snapshots, options.asked_namespaces())
        if anonymize:
            from facts.snapshot.anonymizing.anonymize import anonymize as without_names

            snapshots = tuple(without_names(snapshot) for snapshot in snapshots)
        unsaved = _save(snapshots, save) if save is not None else []
        diagnoses = [diagnose(snapshot, program, engine) for snapshot in snapshots]
    if why_id is not None or why_not_id is not None:
        proofs = _all_proofs(diagnoses, why_id, why_not_id, language)
        click.echo(_proofs(proofs, output, view), nl=False, color=view.colour)
        return _tell(unsaved, untold) or _status(snapshots, looked=looked)
    reports = [one.report(catalogue, language, minimum=min_confidence, layers=layers) for one in diagnoses]
    report = _merged(reports)
    with stage("report"):
        click.echo(open_format(output).render(report, view), nl=False, color=view.colour)
    status = _tell(unsaved, untold) or _status(snapshots, looked=looked)
    return status or (SEVERITY_REACHED if reaches(report.hypotheses, fail_on) else OK)


def _status(snapshots: Sequence[Snapshot], *, looked: bool) -> int:
    if any(was_interrupted(snapshot) for snapshot in snapshots):
        return INTERRUPTED
    return OK if looked else NOTHING_OBSERVED


def _save(snapshots: Sequence[Snapshot], path: Path) -> list[str]:
    """Save each of `snapshots`, and return why some could not be: what was seen is diagnosed all the same."""
    from facts.snapshot.snapshot_file import save_snapshot
    from kb.live.saving import paths_of

    failed: list[str] = []
    for snapshot, place in zip(snapshots, paths_of(snapshots, path), strict=True):
        try:
            save_snapshot(snapshot, place)
        except EvidenceError as error:
            failed.append(str(error))
    return failed


def _tell(unsaved: Sequence[str], untold: Sequence[str]) -> int:
    """Tell what could not be saved and what could not be observed, a line each; return the exit status of the former, or 0."""
    for why_not_saved in unsaved:
        click.echo(f"kbdiag: --save {visible(why_not_saved)}", err=True)
    for line in untold:
        click.echo(f"kbdiag: {visible(line)}", err=True)
    return BAD_USAGE if unsaved else 0


def _merged(reports: Sequence[Report]) -> Report:
    if len(reports) == 1:
        return reports[0]
    from kb.report.merge import merge_reports

    return merge_reports(reports)


def _all_proofs(
    diagnoses: Sequence[Diagnosis], why_id: str | None, why_not_id: str | None, language: str
) -> list[Proof]:
    proofs: list[Proof] = []
    for one in diagnoses:
        found = [*_why(one.inference, why_id, language), *_why_not(one.inference, why_not_id)]
        name = f"{one.snapshot.cluster}: " if len(diagnoses) > 1 else ""
        proofs += [msgspec.structs.replace(proof, text=name + proof.text) for proof in found]
    return proofs


def _why(inference: Inference, identity: str | None, language: str) -> Sequence[Proof]:
    if identity is None:
        return ()
    return why(inference, identity, language) or _why_not(inference, identity)


def _why_not(inference: Inference, identity: str | None) -> Sequence[Proof]:
    if identity is None:
        return ()
    proof = why_not(inference, identity)
    if proof is None:
        raise UsageError(
            f"there is no rule {identity} ({nearest(identity, inference.program.rules) or 'see kbdiag rules list'})"
        )
    return (proof,)


def _proofs(proofs: Sequence[Proof], output: str, view: View) -> str:
    if output == "json":
        from kb.report.formats.json import plain_json

        return plain_json(msgspec.to_builtins(proofs))
    from kb.report.pages.proof_tree import write_proofs
    from kb.terminal.page import Page

    page = Page(view)
    write_proofs(page, proofs)
    return str(page)
