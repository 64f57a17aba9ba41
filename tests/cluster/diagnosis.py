"""What kbdiag makes of the cluster: the way of `kbdiag infer`, in this process."""

from datetime import UTC, datetime, timedelta
from functools import cache

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import Evidence, Snapshot
from kb.catalogue.catalogue import Catalogue, load_catalogue
from kb.report.report import CONFIDENT, Hypothesis, Report, build_report


def diagnose(kubeconfig: str, namespace: str | None = None) -> Report:
    """Collect from the cluster and return the report."""
    return report_of(look(kubeconfig, namespace))


def look(kubeconfig: str, namespace: str | None = None, later: float = 0.0) -> Snapshot:
    """Return a snapshot of the cluster, as if it were taken `later` (seconds), so that nobody need wait.

    The machines, which are made up, are not entered.
    """
    now = datetime.now(UTC) + timedelta(seconds=later)
    return collect(
        Request(
            kubeconfig=kubeconfig,
            namespaces=(namespace,) if namespace else (),
            timeout=20.0,
            ssh=SshOptions(enabled=False),
        ),
        now=now,
    )


def report_of(snapshot: Snapshot) -> Report:
    """Return the report of a snapshot."""
    catalogue, program = _rules()
    evidence: Evidence = extract(snapshot)
    return build_report(infer(program, evidence, ReferenceEngine()), snapshot, evidence, catalogue, minimum=0.05)


def causes(report: Report) -> list[Hypothesis]:
    """Return the root causes that the report is sure of, by rank."""
    return [each for each in report.hypotheses if not each.caused_by and each.confidence >= CONFIDENT]


def explained(report: Report, cause: Hypothesis) -> set[str]:
    """Return the keys of a cause and of all that follows from it, however indirectly."""
    effects = {each.key: each.explains for each in report.hypotheses}
    found: set[str] = set()
    waiting = [cause.key]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(effects.get(key, ()))
    return found


def shown(report: Report) -> str:
    """Return the hypotheses in a few lines, for the message of a test that fails."""
    return "\n".join(
        f"{each.rank} {each.id} {each.subject} {each.confidence} {each.belief} caused by {', '.join(each.caused_by)}"
        for each in report.hypotheses
    )


@cache
def _rules() -> tuple[Catalogue, Program]:
    catalogue = load_catalogue()
    return catalogue, catalogue.program()
