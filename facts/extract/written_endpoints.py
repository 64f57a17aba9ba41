"""Endpoints that somebody wrote by hand and that do not answer: in come failed calls, out go `written_endpoint` facts.

A Service without a selector leads where its Endpoints or EndpointSlices say, and nobody keeps those up to date.
"""

from collections.abc import Iterable, Iterator

from facts.cluster.destinations import Destinations
from facts.cluster.index import Index
from facts.cluster.objects import Service
from facts.cluster.store import Seen
from facts.extract.calls import Call
from facts.model.schema.domains.services import WrittenEndpointFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_SILENT = frozenset(("refused", "timeout", "host-unreachable", "unavailable"))
"""What a call looks like to an address where nobody is, or where somebody else is."""


def written_endpoints_of(index: Index, calls: Iterable[Call]) -> Iterator[Fact]:
    """Yield a `written_endpoint` fact for each address of a Service that is no Pod's, when calls to it fail."""
    destinations = index.once(Destinations)
    for call in calls:
        if call.failed.error not in _SILENT:
            continue
        target = call.destination.target
        places = destinations.services_behind(call.failed.host)
        direct = bool(places)
        if target is not None and target.kind == "Service":
            places = [(target.namespace, target.name)]
        for namespace, name in places:
            service = index.store.find(Service, "Service", namespace, name)
            if service is None or not (_is_written(service) or (direct and _may_be_written(destinations, service))):
                continue
            for address, ports in destinations.foreign_addresses(service):
                if not direct or address == call.failed.host:
                    fact = WrittenEndpointFact(
                        namespace=service.namespace,
                        service=service.name,
                        address=address,
                        port=ports[0] if len(ports) == 1 else call.failed.port,
                        error=call.failed.error,
                        direct=direct,
                        sure=_is_written(service),
                    )
                    yield new_fact(fact, call.source, call.failed.text)


def _is_written(service: Seen[Service]) -> bool:
    """Return whether a Service is known to select no Pods, by the whole object or by a table that shows `<none>`."""
    spec = service.body.spec
    return spec.type != "ExternalName" and not spec.selector and (service.full or spec.selector is not None)


def _may_be_written(destinations: Destinations, service: Seen[Service]) -> bool:
    return service.body.spec.selector is None and not destinations.pods_behind(service)
