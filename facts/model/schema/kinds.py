"""All kinds of facts: the structs in the folder `domains`, and the structs of other packages."""

from facts.model.plugins import Plugins
from facts.model.schema.kind import FactKind, TypedFact, kind_of
from facts.model.schema.layers import LAYERS
from facts.model.values import Scalar, Subject

DOMAINS = Plugins("facts.model.schema.domains", "kbdiag.facts")


def _structs() -> dict[str, type[TypedFact]]:
    structs: dict[str, type[TypedFact]] = {}
    for module in DOMAINS.load_all().values():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, TypedFact) and "KIND" in vars(value):
                structs[value.KIND.name] = value
    return dict(sorted(structs.items(), key=lambda item: _depth(item[1].KIND)))


def _depth(kind: FactKind) -> int:
    return LAYERS.index(kind.layer) if kind.layer else len(LAYERS)


STRUCTS: dict[str, type[TypedFact]] = _structs()
"""The struct of each kind of fact, those of the deepest layer first."""

KINDS: dict[str, FactKind] = {name: kind_of(struct) for name, struct in STRUCTS.items()}
"""The kinds of facts that extractors make and rules may use, those of the deepest layer first: a name is looked up in this order."""

SYMPTOM_LAYERS: dict[str, str] = {name: kind.layer for name, kind in KINDS.items() if kind.symptom}
"""The layer in which a fact of a kind with a symptom shows that something is wrong, whether or not a rule says why."""


def subject_of(kind: str, attributes: dict[str, Scalar]) -> Subject:
    """Return the subject of a fact of `kind`, as the schema maps it. A kind that is not declared gives the Cluster."""
    declared = KINDS.get(kind)
    if declared is None:
        return Subject("Cluster")
    parts = [name[1:] if name.startswith("=") else str(attributes.get(name, "")) for name in declared.subject]
    return Subject(kind=parts[0] or "Cluster", namespace=parts[1], name=parts[2])
