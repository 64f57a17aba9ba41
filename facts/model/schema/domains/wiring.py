"""Addresses in the specification of workloads that lead nowhere."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact

DEAD_ENDS = (
    "no-such-service", "wrong-namespace", "no-such-port", "target-port", "scaled-to-zero", "selector-matches-nothing", "denied",
)  # fmt: skip
"""Why a call by an address cannot succeed."""


class WiringFact(TypedFact, frozen=True, kw_only=True):
    """A workload is configured with an address by which a call cannot succeed; whether it calls there is another question."""

    KIND: ClassVar[FactKind] = FactKind(
        name="wiring",
        coverage="kubernetes/services",
        subject=("workload_kind", "namespace", "workload"),
        identity=("host", "port"),
        layer="workload",
    )

    namespace: Annotated[str, Meaning("namespace of the workload", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the workload", "cart")] = ""
    place: Annotated[str, Meaning("where the address is written", "env PAYMENT_ADDR")] = ""
    value: Annotated[str, Meaning("what is written there", "payment:5051")] = ""
    host: Annotated[str, Meaning("its host", "payment")] = ""
    port: Annotated[int, Meaning("its port, 0 when none is written", 5051)] = 0
    problem: Annotated[str, Meaning("why a call cannot succeed", "no-such-port", values=DEAD_ENDS)] = ""
    target_kind: Annotated[str, Meaning("Service or Pod that it leads to", "Service")] = ""
    target_namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    target: Annotated[str, Meaning("its name; of a missing Service the name that is written", "payment")] = ""
    callee_kind: Annotated[str, Meaning("kind of the workload behind it, or empty", "Deployment")] = ""
    callee: Annotated[str, Meaning("name of the workload behind it, or empty", "payment")] = ""
    served: Annotated[str, Meaning("ports that it serves, comma separated, or empty", "50051 (grpc)")] = ""
    near: Annotated[str, Meaning("Service that may be meant where there is none of this name, or empty", "")] = ""
    policy: Annotated[str, Meaning("NetworkPolicy that denies the call, or empty", "")] = ""
    policy_namespace: Annotated[str, Meaning("its namespace", "")] = ""
    direction: Annotated[str, Meaning("what that policy isolates, or empty", "", values=("", "ingress", "egress"))] = ""
    telemetry: Annotated[
        bool, Meaning("the address is one for traces or metrics, which programs do without", False)
    ] = False
