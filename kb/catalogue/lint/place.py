"""A rule lies where it is looked for: a signature in `<layer>/<ID>.yaml`, derivations of one domain in one file."""

from collections.abc import Iterator

from engine.language.rule import Derivation
from facts.model.schema import LAYERS
from kb.catalogue.catalogue import BUNDLED
from kb.catalogue.lint import Mistake, Specimen

DERIVATIONS, FAILURES = "derivations", "failures"
"""The folders of what belongs to no single layer."""


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield a file name or folder that says something else than the rule. A layer may have folders in it; one's own may be flat."""
    rule, path = specimen.rule, specimen.path
    folders = [folder.name for folder in path.resolve().parents]
    if isinstance(rule, Derivation):
        if path.resolve().is_relative_to(BUNDLED) and DERIVATIONS not in folders:
            yield Mistake(
                specimen.value("id"), "a derivation does not lie among the derivations", f"move it to {DERIVATIONS}/"
            )
        return
    if path.name != f"{rule.id}.yaml":
        yield Mistake(
            specimen.value("id"), f"{path.name} is not named after its rule", f"{rule.id}.yaml, one rule to a file"
        )
    wanted = rule.layer if rule.layer in LAYERS else FAILURES
    layer = next((name for name in folders if name in {*LAYERS, FAILURES}), "")
    if layer != wanted and (layer or path.resolve().is_relative_to(BUNDLED)):
        where = f"lies in the folder {layer or folders[0]}"
        yield Mistake(
            specimen.value("layer"), f"the rule is of layer {rule.layer} and {where}", f"move it to {wanted}/"
        )
