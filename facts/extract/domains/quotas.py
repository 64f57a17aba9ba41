"""Resources of ResourceQuotas that are used up."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import ResourceQuota
from facts.cluster.quantity import parse_quantity
from facts.model.schema.domains.capacity import QuotaFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_EXCEEDED = re.compile(r"exceeded quota: (\S+?), requested: (.+?), used: (.+?), limited: ([^;\s]+)")
_PAIR = re.compile(r"([\w./-]+)=([\w.+-]+)")


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `quota` fact for each resource of which nothing is left, or of which a refused request needs more."""
    told = set()
    for quota in index.store.every(ResourceQuota):
        status = quota.body.status
        for resource, hard in (status.hard or {}).items():
            used = (status.used or {}).get(resource, "0")
            if _is_used_up(str(used), str(hard)):
                told.add((quota.namespace, quota.name, resource))
                yield _quota(quota.namespace, quota.name, resource, str(used), str(hard), quota.source)
    for namespace, message, source in _refusals(index):
        for name, requested, used_now, limited in _EXCEEDED.findall(message):
            wanted, used_by, hard_of = (
                dict(_PAIR.findall(requested)),
                dict(_PAIR.findall(used_now)),
                dict(_PAIR.findall(limited)),
            )
            for resource, hard in hard_of.items():
                used = used_by.get(resource, "0")
                if (namespace, name, resource) not in told and _exceeds(wanted.get(resource, "0"), used, hard):
                    told.add((namespace, name, resource))
                    yield _quota(namespace, name, resource, used, hard, source)


def _refusals(index: Index) -> Iterator[tuple[str, str, str]]:
    for record in index.events:
        yield record.namespace, record.message, record.source
    for workload in index.troubled_workloads:
        for condition in workload.body.status.conditions:
            yield workload.namespace, condition.message, workload.source


def _is_used_up(used: str, hard: str) -> bool:
    """Return whether all of `hard` is used; a limit of nothing at all is meant so."""
    now, limit = parse_quantity(used), parse_quantity(hard)
    return now is not None and limit is not None and now >= limit and now > 0


def _exceeds(requested: str, used: str, hard: str) -> bool:
    wanted, now, limit = parse_quantity(requested), parse_quantity(used), parse_quantity(hard)
    return wanted is not None and now is not None and limit is not None and wanted + now > limit


def _quota(namespace: str, name: str, resource: str, used: str, hard: str, source: str) -> Fact:
    attributes = QuotaFact(namespace=namespace, name=name, resource=resource, used=used, hard=hard)
    return new_fact(attributes, source, f"{resource}: used {used} of {hard}")
