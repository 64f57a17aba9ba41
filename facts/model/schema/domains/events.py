"""Events."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class EventFact(TypedFact, frozen=True, kw_only=True):
    """A Warning event whose object is not healthy now, or is not in the evidence."""

    KIND: ClassVar[FactKind] = FactKind(
        name="event",
        coverage="kubernetes/events",
        scope="namespace",
        subject=("object_kind", "namespace", "object"),
        identity=("reason",),
    )

    namespace: Annotated[str, Meaning("namespace of the object", "demo")] = ""
    object_kind: Annotated[str, Meaning("kind of the object", "Pod")] = ""
    object: Annotated[str, Meaning("name of the object", "web-7d4b9c8f6d-x2x4n")] = ""
    reason: Annotated[
        str, Meaning("reason: FailedMount, BackOff, FailedScheduling, Unhealthy, FailedCreate, ...", "BackOff")
    ] = ""
    message: Annotated[str, Meaning("message", "Back-off restarting")] = ""
    type: Annotated[str, Meaning("Warning or Normal", "Warning")] = ""
    count: Annotated[int, Meaning("how often", 4)] = 0
    component: Annotated[str, Meaning("who reported it: kubelet, default-scheduler, ...", "kubelet")] = ""
    node: Annotated[str, Meaning("node of the reporter, or empty", "")] = ""
    workload_kind: Annotated[
        str, Meaning("kind at the top of the object's owner chain, or of the object", "Deployment")
    ] = ""
    workload: Annotated[str, Meaning("name at the top of the object's owner chain, or of the object", "web")] = ""
