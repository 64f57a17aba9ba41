"""The specification that holds for the Pods of a workload, from what was seen of it: its template, or a Pod."""

from collections.abc import Sequence

from facts.cluster.objects import Container, Pod, PodSpec, Workload
from facts.cluster.store import Seen, Store
from facts.model.values import Subject


def specification(workload: Seen[Workload] | None, pods: Sequence[Seen[Pod]]) -> PodSpec | None:
    """Return the template of a workload; the specification of its last Pod where the template was not seen."""
    if workload is not None and workload.body.spec.template.spec.containers:
        return workload.body.spec.template.spec
    return pods[-1].body.spec if pods else None


def containers_of(store: Store, pod: Seen[Pod] | None, workload: Subject) -> tuple[Container, ...]:
    """Return the containers of a Pod; of its workload's template where the Pod was not seen, or by a table only."""
    if pod is not None and pod.body.spec.containers:
        return pod.body.spec.containers
    seen = store.find(Workload, workload.kind, workload.namespace, workload.name)
    return seen.body.spec.template.spec.containers if seen else ()
