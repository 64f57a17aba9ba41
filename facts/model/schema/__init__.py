"""The contract between extractors and rules: every kind of fact, the layers, and the sources of text.

A rule that names a kind or attribute that is not here is an error with a hint; `kbdiag rules facts` prints this page.
Extractors emit facts about what is abnormal, and the little topology that rules need to join them.
"""

from facts.model.schema.components import COMPONENTS, GROUPS
from facts.model.schema.kind import Attribute, Below, FactKind, Meaning, TypedFact
from facts.model.schema.kinds import KINDS, STRUCTS, SYMPTOM_LAYERS, subject_of
from facts.model.schema.layers import LAYER_COVERAGE, LAYERS
from facts.model.schema.presets import PRESETS, Preset

__all__ = [
    "COMPONENTS",
    "GROUPS",
    "KINDS",
    "LAYERS",
    "LAYER_COVERAGE",
    "PRESETS",
    "STRUCTS",
    "SYMPTOM_LAYERS",
    "Attribute",
    "Below",
    "FactKind",
    "Meaning",
    "Preset",
    "TypedFact",
    "subject_of",
]
