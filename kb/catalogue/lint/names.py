"""What a subject names is bound in every way to satisfy the rule, and attributes in commands exist."""

import re
from collections.abc import Iterator

from engine.language.condition import branches
from engine.language.rule import AnyRule, Signature
from facts.model.document import nearest
from kb.catalogue.catalogue import VOCABULARY
from kb.catalogue.lint import Mistake, Specimen

_ATTRIBUTE = re.compile(r"(?<![{$%\\])\{[a-z_][a-z0-9_]*\.([a-z_][a-z0-9_]*)\}")
_KEYED = frozenset(name for kind in VOCABULARY.kinds.values() if kind.key for name in kind.attributes)


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield names that stay empty, and attributes that nothing has."""
    rule = specimen.rule
    always = VOCABULARY.implicit | frozenset.intersection(
        *(frozenset(name for pattern in way.positive for name in pattern.variables()) for way in branches(rule.when))
    )
    for key, names in _used(rule).items():
        for name in sorted(names - always):
            yield Mistake(
                specimen.value(key), f"?{name} is not bound in every alternative of when", "bind it in each of them"
            )
    if not isinstance(rule, Signature):
        return
    for key, steps in (("verify", rule.verify), ("fix", rule.fix)):
        for place, step in enumerate(steps):
            for name in _ATTRIBUTE.findall(step.run):
                if name not in _KEYED:
                    hint = nearest(name, _KEYED) or f"there are {', '.join(sorted(_KEYED))}"
                    yield Mistake(specimen.value(key, place), f"nothing that has a name has the attribute {name}", hint)


def _used(rule: AnyRule) -> dict[str, set[str]]:
    if not isinstance(rule, Signature):
        return {}
    fields = (rule.subject.kind, rule.subject.name, rule.subject.namespace)
    return {"subject": {field[1:] for field in fields if field.startswith("?")}}
