"""Replicas that an autoscaler raises and that somebody else sets back, again and again."""

import re
from collections import Counter
from collections.abc import Iterator

from facts.cluster.event_record import event_records
from facts.cluster.index import Index
from facts.cluster.objects import HorizontalPodAutoscaler
from facts.model.schema.domains.capacity import ReplicaFightFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_NEW_SIZE = re.compile(r"New size: (?P<size>\d+); reason: ")
_SET_BACK = re.compile(r"Scaled down replica set (?P<set>\S+) (?:from \d+ )?to (?P<size>\d+)")
"""The first form of the numbers is that of Kubernetes 1.33 and later, as is "to 1 from 4" of the releases before."""

_TIMES = 2
"""How often both happened: a rollout brings a ReplicaSet down to each number once."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `replica_fight` fact for each Deployment that goes down again without its autoscaler."""
    if not any(event.body.reason == "SuccessfulRescale" for event in index.store.events):
        return
    raised: dict[tuple[str, str], Counter[int]] = {}
    lowered: dict[tuple[str, str], Counter[tuple[str, int]]] = {}
    proofs: dict[tuple[str, str], tuple[str, str]] = {}
    for record in event_records(index.store):
        if record.kind == "HorizontalPodAutoscaler" and (new := _NEW_SIZE.match(record.message)):
            raised.setdefault((record.namespace, record.name), Counter())[int(new["size"])] += record.count
        elif record.kind == "Deployment" and (down := _SET_BACK.match(record.message)):
            lowered.setdefault((record.namespace, record.name), Counter())[down["set"], int(down["size"])] += (
                record.count
            )
            proofs[record.namespace, record.name] = (record.source, record.message)
    for (namespace, name), sizes in sorted(raised.items()):
        seen = index.store.find(HorizontalPodAutoscaler, "HorizontalPodAutoscaler", namespace, name)
        workload = seen.body.spec.scale_target_ref.name if seen else name
        high, times = max(sizes.items(), key=lambda item: (item[1], item[0]))
        back = {
            size: count
            for (_, size), count in lowered.get((namespace, workload), {}).items()
            if size not in sizes and size < high and count >= _TIMES
        }
        if times < _TIMES or not back:
            continue
        source, message = proofs[namespace, workload]
        low = max(back, key=lambda size: (back[size], size))
        fact = ReplicaFightFact(
            namespace=namespace,
            workload_kind="Deployment",
            workload=workload,
            hpa=name,
            high=high,
            low=low,
            times=times,
        )
        yield new_fact(fact, source, message)
