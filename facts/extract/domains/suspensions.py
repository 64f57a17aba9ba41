"""CronJobs that somebody suspended: nothing of them fails, and what they do is no longer done."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import Workload
from facts.model.schema.domains.workloads import SuspensionFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `suspension` fact for each CronJob that ran before and is suspended now."""
    for seen in sorted(index.store.every(Workload), key=lambda each: (each.namespace, each.name)):
        spec, last = seen.body.spec, seen.body.status.last_schedule_time
        if seen.kind == "CronJob" and spec.suspend and last:
            fact = SuspensionFact(namespace=seen.namespace, name=seen.name, schedule=spec.schedule, since=last)
            yield new_fact(fact, seen.source, f"suspend: true, schedule {spec.schedule}, last schedule {last}")
