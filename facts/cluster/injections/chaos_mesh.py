"""Experiments of Chaos Mesh that run now: in come its objects, out goes an injection for each workload that is hit.

Since version 2 the status has conditions (`AllInjected`, `AllRecovered`, `Paused`), `experiment.desiredPhase` (Run or
Stop) and a record per Pod or container; version 1 has `experiment.phase` and `podRecords`.
"""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.injections.injection import Injection, in_words
from facts.cluster.whole_objects import Key, WholeObject, section, sections
from facts.model.values import Subject

KINDS = frozenset(
    ("NetworkChaos", "PodChaos", "StressChaos", "IOChaos", "DNSChaos", "HTTPChaos", "TimeChaos", "JVMChaos")
)

_ABOUT_PLACE = frozenset(("action", "mode", "value", "selector", "target", "duration", "scheduler", "containerNames"))
"""Fields of the specification that say where and how long, not what."""

_ONCE = frozenset(("pod-kill", "container-kill"))
"""Actions that are over as soon as they are done."""


def injections(index: Index, objects: dict[Key, WholeObject]) -> Iterator[Injection]:
    """Yield what runs now; an experiment that is paused, over, or kills once and is done, is none."""
    for (kind, namespace, name), whole in objects.items():
        spec, status = section(whole, "spec"), section(whole, "status")
        action = str(spec.get("action") or kind.removesuffix("Chaos").lower())
        if kind not in KINDS or action in _ONCE or not _runs(status):
            continue
        hit: dict[Subject, list[str]] = {}
        for space, pod, moment in _records(status):
            hit.setdefault(Subject(*index.pods.owner(space, pod), space), []).append(moment)
        for target, moments in hit.items():
            yield Injection(
                subject=Subject(kind, name, namespace),
                tool="chaos-mesh",
                action=action,
                target=target,
                detail=in_words({key: value for key, value in spec.items() if key not in _ABOUT_PLACE}),
                since=min(
                    filter(None, moments), default=str(section(whole, "metadata").get("creationTimestamp") or "")
                ),
                source=f"{kind} {namespace}/{name}",
            )


def _runs(status: WholeObject) -> bool:
    conditions = {str(each.get("type")): each.get("status") for each in sections(status.get("conditions"))}
    experiment = section(status, "experiment")
    if "phase" in experiment and not conditions:
        return bool(experiment["phase"] == "Running")
    over = conditions.get("AllRecovered") == "True" or conditions.get("Paused") == "True"
    return not over and experiment.get("desiredPhase") != "Stop"


def _records(status: WholeObject) -> Iterator[tuple[str, str, str]]:
    """Yield namespace and name of each Pod that is hit now, and since when."""
    experiment = section(status, "experiment")
    for record in sections(experiment.get("containerRecords")):
        parts = str(record.get("id") or "").split("/")
        applied = [
            str(each.get("timestamp") or "")
            for each in sections(record.get("events"))
            if each.get("operation") == "Apply" and each.get("type") == "Succeeded"
        ]
        if len(parts) > 1 and record.get("phase") == "Injected":
            yield parts[0], parts[1], max(applied, default="")
    for record in sections(experiment.get("podRecords")):
        yield str(record.get("namespace", "")), str(record.get("name", "")), str(experiment.get("startTime") or "")
