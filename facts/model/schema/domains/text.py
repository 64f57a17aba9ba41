"""Lines of text."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class LogFact(TypedFact, frozen=True, kw_only=True):
    """A line that matches the pattern of a `log` condition: of a log, an event, a status message. Named groups become attributes."""

    KIND: ClassVar[FactKind] = FactKind(name="log", coverage="logs", subject=("=Log", "", "source"), open=True)

    source: Annotated[
        str,
        Meaning(
            "component that printed it (see facts.model.schema.COMPONENTS); a line of unknown source fits every condition",
            "kubelet",
        ),
    ] = ""
    match: Annotated[
        str, Meaning("RE2 pattern; the line, joined with its continuation lines, must contain it", "no such file")
    ] = ""
    about: Annotated[
        str,
        Meaning(
            "RE2 pattern that the rest must contain: the text around, its file, or the names of its Pod and container",
            "",
        ),
    ] = ""
    text: Annotated[str, Meaning("the line", "open /dev/kmsg: no such file or directory")] = ""
    node: Annotated[str, Meaning("node it is about or comes from, or empty", "worker1")] = ""
    namespace: Annotated[str, Meaning("namespace of the Pod or object, or empty", "")] = ""
    pod: Annotated[str, Meaning("name of the Pod, or empty", "")] = ""
    container: Annotated[str, Meaning("name of the container, or empty", "")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload, or empty", "")] = ""
    workload: Annotated[str, Meaning("name of the workload, or empty", "")] = ""
    object_kind: Annotated[str, Meaning("kind of the object that an event is about, or empty", "")] = ""
    object: Annotated[str, Meaning("name of the object that an event is about, or empty", "")] = ""
