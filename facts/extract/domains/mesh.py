"""Routes of a service mesh that lead nowhere."""

from collections.abc import Iterator

from facts.cluster.dependencies import Dependency
from facts.cluster.index import Index
from facts.cluster.mesh.routes import dead_routes
from facts.model.schema.domains.mesh import DeadRouteFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `dead_route` fact for each dead destination, and a `dependency` of its Service on the VirtualService."""
    for dead in dead_routes(index):
        subject, service = dead.subject, dead.service
        source = f"{subject.kind} {subject.namespace}/{subject.name}"
        text = f"routes to {service.name}.{service.namespace}{f' subset {dead.subset}' if dead.subset else ''}: "
        text += {
            "no-such-host": "there is no such Service",
            "no-such-subset": f"the subsets are {dead.known or 'none'}",
            "empty-subset": f"no Pod has the labels {dead.labels}",
        }[dead.problem]
        fact = DeadRouteFact(
            namespace=subject.namespace,
            name=subject.name,
            problem=dead.problem,
            service_namespace=service.namespace,
            service=service.name,
            subset=dead.subset,
            known=dead.known,
            labels=dead.labels,
            rule_namespace=dead.rule.namespace,
            rule=dead.rule.name,
        )
        yield new_fact(fact, source, text)
        yield Dependency(service, subject, "governed-by", 0.9, source, text).fact()
