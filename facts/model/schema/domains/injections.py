"""Faults that somebody injects on purpose: chaos experiments, faults of a service mesh, flags that make a program fail."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class InjectionFact(TypedFact, frozen=True, kw_only=True):
    """A fault that is injected now, and the workload or Service that it hits; one fact for each of these."""

    KIND: ClassVar[FactKind] = FactKind(
        name="injection",
        layer="platform",
        subject=("kind", "namespace", "name"),
        identity=("action", "target_namespace", "target"),
    )

    kind: Annotated[str, Meaning("kind of the object that injects it", "NetworkChaos")] = ""
    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    name: Annotated[str, Meaning("its name", "slow-payment")] = ""
    tool: Annotated[str, Meaning("what does it", "chaos-mesh", values=("chaos-mesh", "litmus", "istio", "flagd"))] = ""
    action: Annotated[str, Meaning("what is done, or the name of the flag", "delay")] = ""
    detail: Annotated[str, Meaning("its parameters in words, or empty", "latency 2s")] = ""
    partly: Annotated[bool, Meaning("only some calls are hit", False)] = False
    target_kind: Annotated[
        str,
        Meaning(
            "kind of the workload that is hit, or Service when its callers feel it; empty when unknown", "Deployment"
        ),
    ] = ""
    target_namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    target: Annotated[str, Meaning("its name, empty when unknown", "payment")] = ""
    since: Annotated[str, Meaning("when it began (RFC 3339), or empty", "2026-03-01T11:54:00Z")] = ""
