"""Routes of a service mesh that lead nowhere."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class DeadRouteFact(TypedFact, frozen=True, kw_only=True):
    """A VirtualService sends calls to a host or subset that is not there; those calls get 503 from the proxy."""

    KIND: ClassVar[FactKind] = FactKind(
        name="dead_route",
        layer="platform",
        coverage="kubernetes/istio",
        subject=("=VirtualService", "namespace", "name"),
        identity=("service", "subset"),
    )

    namespace: Annotated[str, Meaning("namespace of the VirtualService", "shop")] = ""
    name: Annotated[str, Meaning("its name", "reviews")] = ""
    problem: Annotated[
        str,
        Meaning("what is missing", "no-such-subset", values=("no-such-host", "no-such-subset", "empty-subset")),
    ] = ""
    service_namespace: Annotated[str, Meaning("namespace of the Service that its host means", "shop")] = ""
    service: Annotated[str, Meaning("name of that Service", "reviews")] = ""
    subset: Annotated[str, Meaning("subset that it names, or empty", "v4")] = ""
    known: Annotated[str, Meaning("subsets that the host has, comma separated, or empty", "v1, v2, v3")] = ""
    labels: Annotated[str, Meaning("labels of the subset that no Pod of the Service has, or empty", "")] = ""
    rule_namespace: Annotated[str, Meaning("namespace of the DestinationRule of the host, or empty", "shop")] = ""
    rule: Annotated[str, Meaning("its name, or empty", "reviews")] = ""
