"""Experiments of Litmus that run now: in come ChaosEngines, out goes an injection for each workload that they name.

An engine names its application in `spec.appinfo` (namespace, label, kind); `status.engineStatus` is initialized,
completed or stopped, and each of `status.experiments` is Running until it has a verdict.
"""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.injections.injection import Injection
from facts.cluster.objects import labels_of
from facts.cluster.whole_objects import Key, WholeObject, section, sections
from facts.model.values import Subject

KINDS = frozenset(("ChaosEngine",))


def injections(index: Index, objects: dict[Key, WholeObject]) -> Iterator[Injection]:
    """Yield the experiments of engines that are at work."""
    for (kind, namespace, name), whole in objects.items():
        status = section(whole, "status")
        if kind not in KINDS or status.get("engineStatus") != "initialized":
            continue
        running = [each for each in sections(status.get("experiments")) if each.get("status") == "Running"]
        targets = sorted(_targets(index, section(whole, "spec", "appinfo"), namespace))
        for experiment in running:
            action = str(experiment.get("name") or "")
            for target in targets:
                yield Injection(
                    subject=Subject(kind, name, namespace),
                    tool="litmus",
                    action=action,
                    target=target,
                    detail=_parameters(whole, action),
                    since=str(experiment.get("lastUpdateTime") or ""),
                    source=f"{kind} {namespace}/{name}",
                )


def _targets(index: Index, application: WholeObject, namespace: str) -> set[Subject]:
    space = str(application.get("appns") or namespace)
    wanted = dict(part.split("=", 1) for part in str(application.get("applabel") or "").split(",") if "=" in part)
    return {
        Subject(*index.pods.owner(space, pod.name), space)
        for pod in index.pods.by_namespace.get(space, ())
        if wanted and wanted.items() <= labels_of(pod.body).items()
    }


def _parameters(whole: WholeObject, action: str) -> str:
    """Return the environment that an experiment is given, which is how Litmus is told latency, percentage and so on."""
    for experiment in sections(section(whole, "spec").get("experiments")):
        if experiment.get("name") == action:
            variables = sections(section(experiment, "spec", "components").get("env"))
            return ", ".join(f"{each.get('name')} {each.get('value')}" for each in variables if each.get("value"))
    return ""
