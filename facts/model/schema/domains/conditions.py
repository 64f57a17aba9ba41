"""Conditions of objects of any kind."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class ConditionFact(TypedFact, frozen=True, kw_only=True):
    """A condition that says that an object does not work: of custom resources, and of kinds without facts of their own."""

    KIND: ClassVar[FactKind] = FactKind(
        name="condition",
        layer="platform",
        subject=("kind", "namespace", "name"),
        symptom="{kind} {name}: {type} is {status}",
        identity=("type",),
    )

    kind: Annotated[str, Meaning("kind of the object", "ExternalSecret")] = ""
    namespace: Annotated[str, Meaning("its namespace, or empty", "shop")] = ""
    name: Annotated[str, Meaning("its name", "payment-keys")] = ""
    type: Annotated[
        str, Meaning("the condition: Ready, Synced, Available, Healthy, Accepted, Programmed, Degraded, ...", "Ready")
    ] = ""
    status: Annotated[str, Meaning("its status: False, or True of one that tells of a fault", "False")] = ""
    reason: Annotated[str, Meaning("its reason", "SecretSyncedError")] = ""
    message: Annotated[str, Meaning("its message", "could not get secret data from provider")] = ""
    age: Annotated[float, Meaning("since when, -1 when not known", 340.0, unit="seconds")] = -1.0
