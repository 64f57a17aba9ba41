"""Draw what causes what: in one diagnosis, or in the whole catalogue."""

from contextlib import closing
from pathlib import Path

import click
import msgspec

from engine.match.chaining import open_engine
from kb.catalogue.loading import open_catalogue
from kb.live.observe import observe
from kb.live.targets import Live
from kb.report.diagnose import diagnose
from kb.report.graph import WRITERS, Graph, graph_of_catalogue, graph_of_report
from kb.report.merge import merge_reports
from kb.terminal.exit_status import NOTHING_OBSERVED, OK
from kb.terminal.options import confidence_option, engine_option, rule_options

_HELP = """Draw a graph as text: for Mermaid (Markdown of GitHub and GitLab) or for Graphviz (dot).

With EVIDENCE, which is what `kbdiag infer` reads, the graph shows one diagnosis: each hypothesis, and an arrow from a
cause to what it explains. Without EVIDENCE it shows the catalogue: an arrow from a rule to what it explains, and from a
derivation over the kind of fact that it concludes to the rules that read such facts. Rules without an arrow are left out.
Mermaid draws at most 500 arrows unless its maxEdges is raised; the bundled catalogue has more, so take dot for it.

\b
  kbdiag kb graph incident.tar.zst               one diagnosis
  kbdiag kb graph --format dot | dot -Tsvg       the catalogue as a picture

Exit status: 0 the graph was drawn; 1 nothing could be observed; 2 bad usage or bad rules.
"""


@click.command(help=_HELP)
@click.argument("evidence", nargs=-1)
@click.option(
    "--format",
    "output",
    type=click.Choice(tuple(WRITERS)),
    default="mermaid",
    show_default=True,
    help="Language of the graph.",
)
@confidence_option(0.05, "Leave out causes below this confidence.")
@rule_options
@engine_option
def command(
    evidence: tuple[str, ...],
    output: str,
    min_confidence: float,
    folders: tuple[Path, ...],
    bundled: bool,
    strict: bool,
    engine_name: str | None,
) -> int:
    """Diagnose if there is evidence, and draw."""
    catalogue = open_catalogue(folders, bundled=bundled, strict=strict)
    observed = True
    graph: Graph
    if evidence:
        snapshots = observe(evidence, msgspec.convert({}, Live))
        observed = any(snapshot.observations for snapshot in snapshots)
        program = catalogue.program()
        with closing(open_engine(engine_name)) as engine:
            diagnoses = [diagnose(snapshot, program, engine) for snapshot in snapshots]
        reports = [one.report(catalogue, minimum=min_confidence) for one in diagnoses]
        graph = graph_of_report(reports[0] if len(reports) == 1 else merge_reports(reports))
    else:
        graph = graph_of_catalogue(catalogue.rules)
    click.echo(WRITERS[output](graph), nl=False)
    return OK if observed else NOTHING_OBSERVED
