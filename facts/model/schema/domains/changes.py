"""What changed in or beside what is in trouble, shortly before that began."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact

WHAT = (
    "image", "env", "command", "args", "probe", "resources", "ports", "volumes", "security", "scheduling", "account", "template",
    "replicas", "selector", "service-port", "config", "secret", "quota", "limits", "policy", "webhook", "mesh", "route", "node-cordon",
    "node-taint", "node-version", "node-reboot", "helm-revision", "gitops-revision", "experiment", "git",
)  # fmt: skip
"""What of an object can change."""


class ChangeFact(TypedFact, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A change of something in trouble, or of what that depends on or calls, within an hour before the trouble began."""

    KIND: ClassVar[FactKind] = FactKind(
        name="change", subject=("kind", "namespace", "name"), identity=("what", "field"), compared=False
    )

    kind: Annotated[str, Meaning("kind of what changed", "Deployment")] = ""
    namespace: Annotated[str, Meaning("its namespace, or empty", "shop")] = ""
    name: Annotated[str, Meaning("its name", "cart")] = ""
    what: Annotated[str, Meaning("what of it changed", "env", values=WHAT)] = ""
    action: Annotated[
        str, Meaning("how: created, changed or deleted", "changed", values=("created", "changed", "deleted"))
    ] = "changed"
    field: Annotated[str, Meaning("the field, in words", "env PAYMENT_ADDR")] = ""
    from_: Annotated[str, Meaning("its value before, or empty", "payment:50051")] = ""
    to: Annotated[str, Meaning("its value now, or empty", "payment:5051")] = ""
    when: Annotated[str, Meaning("when (RFC 3339), or empty", "2026-03-01T11:54:00Z")] = ""
    by: Annotated[str, Meaning("who wrote it (the field manager), or empty", "kubectl-edit")] = ""
    revision: Annotated[str, Meaning("revision that it is part of, or empty", "7")] = ""
    before_onset_seconds: Annotated[
        int, Meaning("how long before the trouble began, -1 when nobody knows when that was", 360, unit="seconds")
    ] = -1
    ago: Annotated[str, Meaning("the same in words", "6 minutes before")] = ""
    dependent_kind: Annotated[
        str, Meaning("kind of what is in trouble: itself, or what depends on it", "Deployment")
    ] = ""
    dependent_namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    dependent: Annotated[str, Meaning("its name", "cart")] = ""
    own: Annotated[bool, Meaning("it is itself what is in trouble", True)] = False
    former_ready: Annotated[
        int, Meaning("Pods of the former revision that are ready, -1 when there is no other revision", 2)
    ] = -1
    undo: Annotated[
        str, Meaning("command that takes it back, or empty", "kubectl rollout undo deployment cart -n shop")
    ] = ""
