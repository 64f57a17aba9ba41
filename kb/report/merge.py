"""Makes one ranked report of those of several clusters; what belongs to a cluster carries its name."""

import shlex
from collections.abc import Sequence

import msgspec

from engine.judge.checks import NextCheck
from engine.language.rule import SEVERITIES
from facts.model.schema import LAYERS
from facts.model.shell import programs_of
from facts.model.values import Coverage
from kb.report.report import ClusterReport, Hypothesis, Layer, Report, Source
from kb.report.symptoms import Symptom

_CHECKS = 5


def merge_reports(reports: Sequence[Report]) -> Report:
    """Return the report of all clusters; their `source.cluster` tells them apart.

    Hypotheses are ranked as within one cluster. Keys end in `@CLUSTER`, targets of coverage begin with `CLUSTER/`, and
    `kubectl` in commands is told the context of its cluster.
    """
    hypotheses = [_hypothesis(one, report) for report in reports for one in report.hypotheses]
    hypotheses.sort(key=_place)
    checks = [_check(one, report) for report in reports for one in report.next_checks]
    return msgspec.structs.replace(
        reports[0],
        observed_at=max((report.observed_at for report in reports if report.observed_at), default=None),
        source=Source(
            ", ".join(report.source.cluster for report in reports),
            ", ".join(report.source.origin for report in reports),
        ),
        clusters=tuple(_summary(report) for report in reports),
        layers=_layers(reports),
        symptoms=tuple(
            Symptom(one.subject, one.text, report.source.cluster) for report in reports for one in report.symptoms
        ),
        changes=tuple(
            msgspec.structs.replace(one, undo=addressed(one.undo, report.source.origin), cluster=report.source.cluster)
            for report in reports
            for one in report.changes
        ),
        hypotheses=tuple(msgspec.structs.replace(one, rank=rank) for rank, one in enumerate(hypotheses, 1)),
        next_checks=tuple(sorted(checks, key=lambda one: (-one.gain_bits, one.run))[:_CHECKS]),
        coverage=tuple(_coverage(one, report) for report in reports for one in report.coverage),
    )


def addressed(command: str, origin: str) -> str:
    """Return a shell command in which `kubectl` is told the context that `origin` ("context NAME") names.

    A context whose name does not print makes a comment of the command: without it, it would speak to another cluster.

    >>> addressed("kubectl get pods | grep web", "context prod")
    'kubectl --context prod get pods | grep web'
    """
    word, _, context = origin.partition(" ")
    if word != "context" or not context:
        return command
    try:
        programs = [token for token in programs_of(command) if token.value == "kubectl"]
    except ValueError:
        return command
    if programs and not context.isprintable():
        return "\n".join(f"# {line}" for line in command.splitlines())
    for token in reversed(programs):
        command = f"{command[: token.end]} --context {shlex.quote(context)}{command[token.end :]}"
    return command


def _place(one: Hypothesis) -> tuple[float, int, int, str]:
    return (-one.confidence, SEVERITIES.index(one.severity), LAYERS.index(one.layer), one.key)


def _hypothesis(one: Hypothesis, report: Report) -> Hypothesis:
    cluster, origin = report.source.cluster, report.source.origin
    return msgspec.structs.replace(
        one,
        cluster=cluster,
        caused_by=tuple(f"{key}@{cluster}" for key in one.caused_by),
        explains=tuple(f"{key}@{cluster}" for key in one.explains),
        verify=tuple(msgspec.structs.replace(step, run=addressed(step.run, origin)) for step in one.verify),
        fix=tuple(msgspec.structs.replace(step, run=addressed(step.run, origin)) for step in one.fix),
    )


def _check(one: NextCheck, report: Report) -> NextCheck:
    separates = tuple(f"{key}@{report.source.cluster}" for key in one.separates)
    return msgspec.structs.replace(one, run=addressed(one.run, report.source.origin), separates=separates)


def _coverage(one: Coverage, report: Report) -> Coverage:
    cluster = report.source.cluster
    return msgspec.structs.replace(one, target=cluster if one.target == "*" else f"{cluster}/{one.target}")


def _layers(reports: Sequence[Report]) -> tuple[Layer, ...]:
    states: dict[str, set[str]] = {}
    for report in reports:
        for layer in report.layers:
            states.setdefault(layer.layer, set()).add(layer.state)
    return tuple(
        Layer(layer, "failing" if "failing" in found else "ok" if found == {"ok"} else "unknown")
        for layer, found in states.items()
    )


def _summary(report: Report) -> ClusterReport:
    failing = tuple(layer.layer for layer in report.layers if layer.state == "failing")
    return ClusterReport(report.source.cluster, report.source.origin, report.observed_at, report.is_observed, failing)
