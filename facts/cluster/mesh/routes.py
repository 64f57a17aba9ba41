"""Routes of Istio that lead nowhere: in come VirtualServices and DestinationRules, out goes each dead destination.

A destination names a host, and maybe a subset that a DestinationRule of that host has to define by labels of its Pods.
"""

from collections.abc import Iterator

import msgspec

from facts.cluster.index import Index
from facts.cluster.mesh.hosts import service_of_host
from facts.cluster.objects import Service, labels_of
from facts.cluster.service_health import selector_text
from facts.cluster.store import Seen
from facts.cluster.whole_objects import Key, WholeObject, section, sections, whole_custom_objects
from facts.model.values import Subject

_ROUTES = ("http", "tcp", "tls")


class DeadRoute(msgspec.Struct, frozen=True, order=True):
    """`subject` routes to `service`, with no-such-host, no-such-subset or empty-subset as the `problem`.

    `subset` is the subset that is meant, `known` the subsets that there are, `labels` those that no Pod has, `rule` the
    DestinationRule of the host.
    """

    subject: Subject
    service: Subject
    problem: str
    subset: str = ""
    known: str = ""
    labels: str = ""
    rule: Subject = Subject("")


def dead_routes(index: Index) -> Iterator[DeadRoute]:
    """Yield each destination of a VirtualService that calls cannot reach, once."""
    objects = whole_custom_objects(index, ("VirtualService", "DestinationRule"))
    rules = list(_rules(objects))
    found = {
        dead: None
        for (kind, namespace, name), whole in objects.items()
        if kind == "VirtualService"
        for destination in _destinations(section(whole, "spec"))
        for dead in _judged(index, Subject(kind, name, namespace), destination, rules)
    }
    yield from found


def _rules(objects: dict[Key, WholeObject]) -> Iterator[tuple[Subject, Subject, dict[str, dict[str, str]]]]:
    """Yield each DestinationRule, the Service that it is for, and the labels of its subsets."""
    for (kind, namespace, name), whole in objects.items():
        if kind == "DestinationRule":
            spec = section(whole, "spec")
            subsets = {
                str(each.get("name")): {key: str(value) for key, value in section(each, "labels").items()}
                for each in sections(spec.get("subsets"))
            }
            yield Subject(kind, name, namespace), service_of_host(str(spec.get("host") or ""), namespace), subsets


def _destinations(spec: WholeObject) -> Iterator[WholeObject]:
    """Yield the destinations that get calls: those of weight 0 beside others get none."""
    for kind in _ROUTES:
        for route in sections(spec.get(kind)):
            for each in sections(route.get("route")):
                if each.get("weight") != 0:
                    yield section(each, "destination")


def _judged(
    index: Index,
    subject: Subject,
    destination: WholeObject,
    rules: list[tuple[Subject, Subject, dict[str, dict[str, str]]]],
) -> Iterator[DeadRoute]:
    service = service_of_host(str(destination.get("host") or ""), subject.namespace)
    subset = str(destination.get("subset") or "")
    if service.kind != "Service" or not service.name or service.name.startswith("*"):
        return
    seen = index.store.find(Service, "Service", service.namespace, service.name)
    if seen is None:
        if index.store.complete("Service", service.namespace):
            yield DeadRoute(subject, service, "no-such-host", subset)
        return
    mine = [(rule, subsets) for rule, of, subsets in rules if of == service]
    known = {name: (rule, labels) for rule, subsets in mine for name, labels in subsets.items()}
    if subset and subset not in known:
        if mine or index.store.complete("DestinationRule", ""):
            rule = mine[0][0] if mine else Subject("")
            yield DeadRoute(subject, service, "no-such-subset", subset, ", ".join(sorted(known)), rule=rule)
    elif subset and _matches_nobody(index, seen, known[subset][1]):
        rule, labels = known[subset]
        yield DeadRoute(subject, service, "empty-subset", subset, ", ".join(sorted(known)), selector_text(labels), rule)


def _matches_nobody(index: Index, service: Seen[Service], labels: dict[str, str]) -> bool:
    backing = index.backings.of(service)
    return (
        bool(labels)
        and bool(backing.pods)
        and backing.all_seen
        and not any(labels.items() <= labels_of(pod.body).items() for pod in backing.pods)
    )
