"""Who needs whom."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class DependencyFact(TypedFact, frozen=True, kw_only=True):
    """One subject needs another: what goes wrong with `to` is felt by `from`. Only what touches trouble gives a fact."""

    KIND: ClassVar[FactKind] = FactKind(
        name="dependency", subject=("from_kind", "from_namespace", "from_name"), compared=False
    )

    from_kind: Annotated[str, Meaning("kind of the subject that needs the other", "Deployment")] = ""
    from_namespace: Annotated[str, Meaning("its namespace or empty", "shop")] = ""
    from_name: Annotated[str, Meaning("its name", "web")] = ""
    to_kind: Annotated[str, Meaning("kind of the subject that is needed", "Node")] = ""
    to_namespace: Annotated[str, Meaning("its namespace or empty", "")] = ""
    to_name: Annotated[str, Meaning("its name", "w1")] = ""
    how: Annotated[
        str,
        Meaning(
            "how it needs the other",
            "runs-on",
            values=("runs-on", "made-of", "routes-to", "uses", "calls", "governed-by"),
        ),
    ] = ""
    strength: Annotated[float, Meaning("probability that `from` suffers when `to` does", 0.95, unit="probability")] = (
        0.9
    )
