"""Failures: what error lines say."""

from typing import Annotated, ClassVar

from facts.model.failure import ErrorClass, Level
from facts.model.schema.kind import FactKind, Meaning, TypedFact


class FailureFact(TypedFact, frozen=True, kw_only=True):
    """What an error line of a log, an event, a status message or a command says: who failed at what, how, and how badly."""

    KIND: ClassVar[FactKind] = FactKind(
        name="failure",
        coverage="logs",
        key="component",
        subject=("about_kind", "namespace", "about"),
        identity=("operation", "error", "object_kind", "object", "peer"),
        compared=False,
    )

    component: Annotated[
        str, Meaning("who says it (a member of facts.model.schema.COMPONENTS where there is one), or empty", "kubelet")
    ] = ""
    node: Annotated[str, Meaning("node it comes from or is about, or empty", "worker1")] = ""
    namespace: Annotated[str, Meaning("namespace of the Pod or object, or empty", "")] = ""
    pod: Annotated[str, Meaning("name of the Pod, or empty", "")] = ""
    container: Annotated[str, Meaning("name of the container, or empty", "")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload, or empty", "")] = ""
    workload: Annotated[str, Meaning("name of the workload, or empty", "")] = ""
    about_kind: Annotated[
        str, Meaning("what it is about: the kind of the workload, else Component, else Log", "Component")
    ] = ""
    about: Annotated[str, Meaning("name of the workload, else of the component, else of the file", "kubelet")] = ""
    layer: Annotated[str, Meaning("layer of the component; workload when it is none of the known ones", "node")] = ""
    level: Annotated[
        str,
        Meaning(
            "how bad the line says it is; with fatal the process ends",
            "fatal",
            values=(Level.FATAL, Level.ERROR, Level.WARNING),
        ),
    ] = Level.ERROR
    operation: Annotated[str, Meaning("what was tried, in small words, or empty", "start OOM watcher")] = ""
    error: Annotated[str, Meaning("how it failed", "not-found", values=tuple(each.value for each in ErrorClass))] = (
        ErrorClass.UNKNOWN
    )
    object_kind: Annotated[
        str, Meaning("kind of the thing: path, command, image, name, a Kubernetes kind, ..., or empty", "path")
    ] = ""
    object: Annotated[str, Meaning("the thing, or empty", "/dev/kmsg")] = ""
    peer: Annotated[str, Meaning("the other side: host:port, a host, or the path of a socket, or empty", "")] = ""
    host: Annotated[str, Meaning("host of the peer, or empty", "")] = ""
    port: Annotated[int, Meaning("port of the peer, 0 when unknown", 0)] = 0
    detail: Annotated[str, Meaning("the innermost reason, as printed", "no such file or directory")] = ""
    code: Annotated[
        str, Meaning("errno, HTTP status, SQLSTATE, gRPC code or exit status that proves the error, or empty", "")
    ] = ""
    by: Annotated[str, Meaning("peer when the other side refused, or empty", "", values=("", "peer"))] = ""
    state: Annotated[
        str, Meaning("retried, recovered (it works again), or empty", "", values=("", "retried", "recovered"))
    ] = ""
    count: Annotated[int, Meaning("how often it was said", 1)] = 1
    last: Annotated[bool, Meaning("it is the last that a process said before it ended", True)] = False
