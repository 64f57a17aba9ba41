"""Containers that are held at their CPU limit for a good part of the time: in come texts, out go `throttled` facts."""

from collections.abc import Iterable, Iterator

from facts.cluster.index import Index
from facts.cluster.objects import Pod
from facts.cluster.pod_spec import containers_of
from facts.model.schema.domains.capacity import ThrottledFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject, Text, text_of
from facts.read.throttling import Throttling, read_throttling

_MUCH = 25.0
"""Percent of the periods; the alert of Kubernetes' monitoring mixin fires above it."""


def throttling_of(index: Index, texts: Iterable[Text]) -> Iterator[Fact]:
    """Yield a `throttled` fact for each container whose Pod or workload is known."""
    for text in texts:
        for each in read_throttling(text.body):
            fact = _fact(index, text, each) if each.percent >= _MUCH else None
            if fact is not None and fact.workload:
                yield new_fact(fact, f"{text.source}:{text.line + each.line}", each.text)


def _fact(index: Index, text: Text, each: Throttling) -> ThrottledFact:
    place = {
        name: text_of(text.attributes.get(name, ""))
        for name in ("namespace", "pod", "container", "workload_kind", "workload")
    }
    if each.pod:
        kind, workload = index.pods.owner(each.namespace, each.pod)
        place = {
            "namespace": each.namespace,
            "pod": each.pod,
            "container": each.container,
            "workload_kind": kind,
            "workload": workload,
        }
    pod = index.store.find(Pod, "Pod", place["namespace"], place["pod"]) if place["pod"] else None
    owner = Subject(place["workload_kind"], place["workload"], place["namespace"])
    containers = containers_of(index.store, pod, owner)
    limits = [
        str((one.resources.limits or {}).get("cpu", "")) for one in containers if place["container"] in ("", one.name)
    ]
    return ThrottledFact(**place, percent=each.percent, limit=limits[0] if len(limits) == 1 else "")
