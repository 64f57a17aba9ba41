"""Calls between workloads that failed."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact

CALL_ERRORS = (
    "name-failed", "name-not-found", "untrusted", "protocol-mismatch", "unauthenticated", "forbidden", "refused", "host-unreachable",
    "reset", "aborted", "unavailable", "timeout",
)  # fmt: skip
"""How a call can fail."""


class CallFact(TypedFact, frozen=True, kw_only=True):
    """A call that a log says failed, followed to the Service or Pod that it was for. The caller itself may be well."""

    KIND: ClassVar[FactKind] = FactKind(
        name="call",
        coverage="logs",
        subject=("workload_kind", "namespace", "workload"),
        identity=("host", "port", "error"),
        layer="workload",
    )

    namespace: Annotated[str, Meaning("namespace of the caller, or empty", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of the caller's workload, or empty", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the caller's workload, or empty", "cart")] = ""
    pod: Annotated[str, Meaning("name of the caller's Pod, or empty", "cart-6fdd5b7c9d-x2x5q")] = ""
    host: Annotated[str, Meaning("host as it was asked for, a name or an address", "kafka")] = ""
    port: Annotated[int, Meaning("port as it was asked for, 0 when unknown", 9999)] = 0
    error: Annotated[str, Meaning("how the call failed", "refused", values=CALL_ERRORS)] = ""
    target_kind: Annotated[str, Meaning("Service or Pod when the evidence knows the host, else empty", "Service")] = ""
    target_namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    target: Annotated[str, Meaning("its name; of a missing Service the name that was asked for", "kafka")] = ""
    callee_kind: Annotated[str, Meaning("kind of the workload behind the target, or empty", "StatefulSet")] = ""
    callee: Annotated[str, Meaning("name of the workload behind the target, or empty", "kafka")] = ""
    problem: Annotated[
        str,
        Meaning(
            "why the call cannot succeed, as far as the objects tell",
            "no-such-port",
            values=(
                "",
                "no-such-service",
                "wrong-namespace",
                "no-such-port",
                "headless-port",
                "target-port",
                "scaled-to-zero",
                "selector-matches-nothing",
                "no-endpoints",
                "denied",
                "mtls-required",
                "mtls-disabled",
                "mtls-unanswered",
                "unauthorized",
            ),
        ),
    ] = ""
    served: Annotated[str, Meaning("ports that the target serves, comma separated", "9092 (broker)")] = ""
    near: Annotated[str, Meaning("Service that may be meant where there is none of this name, or empty", "")] = ""
    policy_kind: Annotated[
        str,
        Meaning("kind of what denies the call: NetworkPolicy, PeerAuthentication, DestinationRule, ..., or empty", ""),
    ] = ""
    policy: Annotated[str, Meaning("its name, or empty", "")] = ""
    policy_namespace: Annotated[str, Meaning("its namespace", "")] = ""
    direction: Annotated[
        str,
        Meaning(
            "what a NetworkPolicy isolates: ingress of the callee or egress of the caller",
            "",
            values=("", "ingress", "egress"),
        ),
    ] = ""
    declared_in: Annotated[
        str, Meaning("where the caller's specification holds this address, or empty", "env KAFKA_ADDR")
    ] = ""
    declared: Annotated[str, Meaning("the value there", "kafka:9999")] = ""
    count: Annotated[int, Meaning("how often the log says it", 12)] = 1


class ListensFact(TypedFact, frozen=True, kw_only=True):
    """A workload is refused at a port, and by its own log or its sockets listens on other ones, or for its own Pod only."""

    KIND: ClassVar[FactKind] = FactKind(
        name="listens",
        coverage="logs",
        subject=("workload_kind", "namespace", "workload"),
        identity=("asked", "by", "name"),
        layer="workload",
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("its kind", "Deployment")] = ""
    workload: Annotated[str, Meaning("its name", "cart")] = ""
    pod: Annotated[str, Meaning("the Pod that tells, or empty", "cart-6fdd5b7c9d-x2x5q")] = ""
    ports: Annotated[str, Meaning("ports on which it listens, comma separated", "3005")] = ""
    address: Annotated[str, Meaning("address to which the first of them is bound; * for all", "*")] = ""
    problem: Annotated[
        str,
        Meaning(
            "what is wrong: it listens on other ports, or on the asked one for its own Pod only",
            "other-port",
            values=("other-port", "loopback"),
        ),
    ] = ""
    asked: Annotated[int, Meaning("port at which it was refused", 3000)] = 0
    by: Annotated[
        str,
        Meaning(
            "what leads to that port: a Service, an address of a Pod, a probe",
            "service",
            values=("service", "pod", "probe"),
        ),
    ] = ""
    name: Annotated[str, Meaning("name of the Service or Pod, or liveness, readiness, startup", "cart")] = ""
    sure: Annotated[bool, Meaning("its sockets tell, and not only lines of its log", False)] = False
    right: Annotated[
        str, Meaning("other workloads behind the Service, of which nothing is known to be wrong, comma separated", "")
    ] = ""
    declared_in: Annotated[
        str, Meaning("where its specification holds the port on which it listens, or empty", "ConfigMap cart key PORT")
    ] = ""
