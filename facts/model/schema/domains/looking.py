"""Looking itself."""

from typing import Annotated, ClassVar

from facts.model.reason import Reason
from facts.model.schema.kind import FactKind, Meaning, TypedFact


class DeniedFact(TypedFact, frozen=True, kw_only=True):
    """What the API server does not let the user of this look read, in one namespace or in the whole cluster."""

    KIND: ClassVar[FactKind] = FactKind(name="denied", subject=("=User", "", "user"), compared=False)

    user: Annotated[str, Meaning("who asked, as the API server calls them", "system:serviceaccount:shop:reader")] = ""
    namespace: Annotated[str, Meaning('namespace, "" for the whole cluster', "shop")] = ""
    verbs: Annotated[str, Meaning("verbs that are missing, with commas between", "get,list")] = ""
    resources: Annotated[
        str, Meaning("resources with their API groups, with commas between", "pods,deployments.apps,pods/log")
    ] = ""
    what: Annotated[str, Meaning("the first of the resources, and how many more", "pods and 2 more kinds")] = ""


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
    object: Annotated[
        str,
        Meaning(
            'what the reason is about: a file, a context, a program, a host, a moment, or ""',
            "/etc/kubernetes/admin.conf",
        ),
    ] = ""
    address: Annotated[str, Meaning('address that was tried, "" when there is none', "10.0.0.1:6443")] = ""
