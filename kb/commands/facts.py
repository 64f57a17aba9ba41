"""Print every fact that the evidence gives, each with the line that proves it."""

from collections.abc import Sequence

import click
import msgspec

from facts.extract.evidence import extract
from facts.model.document import nearest
from facts.model.errors import UsageError
from facts.model.schema import KINDS
from facts.model.values import Fact, text_of
from kb.live.observe import observe
from kb.live.targets import Live
from kb.live.unobserved import complaints
from kb.terminal.exit_status import NOTHING_OBSERVED, OK
from kb.terminal.options import live_options
from kb.terminal.visible import visible

_HELP = """Print what rules can see: every fact that EVIDENCE gives, with its attributes, its source and the line that proves it.

EVIDENCE is what `kbdiag infer` reads: snapshots, kubectl output, bundles, logs; - is standard input. Without EVIDENCE
the cluster of the current kubeconfig context is looked at, read-only.

\b
  kbdiag facts kubelet.log                       what the log says, as failures
  kbdiag facts --kind pod --kind failure dump/   facts of two kinds
  kbdiag facts -o json snapshot.tar.zst          for programs

What kinds there are, and what their attributes mean, tells `kbdiag rules facts`.

Exit status: 0 facts were printed, or there are none; 1 nothing could be observed, or there is no such
namespace (why, on standard error); 2 bad usage;
70 internal error.
"""


@click.command(help=_HELP)
@click.argument("evidence", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml"]),
    default="table",
    show_default=True,
    help="Format of the facts.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only facts of this kind. Repeatable.")
@live_options
def command(evidence: tuple[str, ...], output: str, kinds: tuple[str, ...], **live: object) -> int:
    """Extract, and print."""
    for kind in kinds:
        if kind not in KINDS:
            hint = nearest(kind, KINDS) or "`kbdiag rules facts` lists the kinds"
            raise UsageError(f"there is no kind of fact called {kind}; {hint}")
    options = msgspec.convert(live, Live)
    snapshots = observe(evidence, options)
    facts = [fact for snapshot in snapshots for fact in extract(snapshot).facts if not kinds or fact.kind in kinds]
    click.echo(_printed(facts, output), nl=False)
    untold, looked = complaints(snapshots, options.asked_namespaces())
    for line in untold:
        click.echo(f"kbdiag: {visible(line)}", err=True)
    return OK if looked else NOTHING_OBSERVED


def _printed(facts: Sequence[Fact], output: str) -> str:
    if output == "table":
        return "".join(_rows(fact) for fact in facts)
    from kb.report.formats.json import plain_json

    document = {"schema": "kbdiag/facts/v1", "facts": [msgspec.to_builtins(fact) for fact in facts]}
    if output == "json":
        return plain_json(document)
    import yaml

    text: str = yaml.dump(document, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    return text


def _rows(fact: Fact) -> str:
    """Return a fact as its kind, the attributes that say something, and below them the source with its line."""
    said = " ".join(f"{name}={_quoted(text_of(value))}" for name, value in fact.attributes.items() if value != "")
    proof = f"{fact.source}: {fact.text}" if fact.text else fact.source
    return f"{visible(f'{fact.kind}  {said}')}\n    {visible(proof)}\n"


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or "=" in text else text
