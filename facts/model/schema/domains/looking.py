"""Looking itself."""

from typing import Annotated, ClassVar

from facts.model.reason import Reason
from facts.model.schema.kind import FactKind, Meaning, TypedFact


class CollectorFact(TypedFact, frozen=True, kw_only=True):
    """Looking failed, or was only partly possible: often the best clue there is."""

    KIND: ClassVar[FactKind] = FactKind(name="collector", subject=("=Collector", "", "name"), compared=False)

    name: Annotated[
        str,
        Meaning(
            "what was to be looked at: kubernetes/api, kubernetes/pods, kubernetes/kubelet, ssh, vm, ...",
            "kubernetes/api",
        ),
    ] = ""
    target: Annotated[str, Meaning("for whom: a context, a namespace, a node, or *", "lab")] = ""
    state: Annotated[str, Meaning("how it ended", "failed", values=("partial", "failed", "skipped"))] = ""
    reason: Annotated[
        str,
        Meaning(
            "why in one word",
            "refused",
            values=tuple(Reason),
        ),
    ] = ""
    why: Annotated[
        str, Meaning("why, as the library or server said it", "dial tcp 10.0.0.1:6443: connect: connection refused")
    ] = ""
    address: Annotated[str, Meaning('address that was tried, "" when there is none', "10.0.0.1:6443")] = ""
