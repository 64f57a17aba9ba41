"""A rule lies where it is looked for: one to a file, `<layer>/<ID>.yaml`."""

from collections.abc import Iterator

from facts.model.schema import LAYERS
from kb.catalogue.catalogue import BUNDLED
from kb.catalogue.lint import Mistake, Specimen


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield a file name or folder that says something else than the rule. A layer may have folders in it; one's own may be flat."""
    rule, path = specimen.rule, specimen.path
    if path.name != f"{rule.id}.yaml":
        yield Mistake(
            specimen.value("id"), f"{path.name} is not named after its rule", f"{rule.id}.yaml, one rule to a file"
        )
    folders = [folder.name for folder in path.resolve().parents]
    layer = next((name for name in folders if name in LAYERS), "")
    if layer != rule.layer and (layer or path.resolve().is_relative_to(BUNDLED)):
        where = f"lies in the folder {layer or folders[0]}"
        yield Mistake(
            specimen.value("layer"), f"the rule is of layer {rule.layer} and {where}", f"move it to {rule.layer}/"
        )
