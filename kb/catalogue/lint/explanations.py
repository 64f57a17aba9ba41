"""An explanation names another signature, which exists, by variables that it has, and no two rules explain each other.

What a signature says of a subject explains the symptoms of that subject without an entry (engine.judge.causes).
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from engine.language.condition import patterns
from engine.language.rule import AnyRule, Explains, Signature
from facts.model.document import nearest
from kb.catalogue.catalogue import VOCABULARY
from kb.catalogue.lint import Mistake, Rules, Specimen

_WILD = frozenset("*?[")


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield explanations that lead nowhere, or back, or where every cause leads anyway."""
    rules = specimen.rules
    for place, explains in enumerate(specimen.rule.explains if isinstance(specimen.rule, Signature) else ()):
        value = specimen.value("explains", place)
        reached = [rules[identity] for identity in _reached(explains.signature, rules)]
        signatures = [rule for rule in reached if isinstance(rule, Signature)]
        if explains.signature == specimen.rule.id:
            yield Mistake(value, f"{specimen.rule.id} explains itself", "name the signature that it is the cause of")
        elif not reached:
            yield Mistake(
                value,
                f"there is no rule {explains.signature}",
                nearest(explains.signature, rules) or "see kbdiag rules list",
            )
        elif not signatures:
            yield Mistake(
                value, f"{explains.signature} is a derivation, which concludes no hypothesis", "name a signature"
            )
        else:
            known = {"cluster"} | {
                name for rule in signatures for pattern in patterns(rule.when) for name in pattern.variables()
            }
            for name in sorted(set(explains.where) - known):
                hint = nearest(name, known) or f"it has {', '.join(sorted(known))}"
                yield Mistake(value, f"{explains.signature} has no variable {name}", hint)
            if all(_is_known(specimen.rule, rule, explains) for rule in signatures):
                yield Mistake(
                    value,
                    f"{explains.signature} is a symptom of the same subject, so this is known",
                    "leave the entry out",
                )
            for rule in signatures:
                back = any(_reaches(other.signature, specimen.rule.id) for other in rule.explains)
                if back and specimen.rule.id < rule.id:  # told once, not by both
                    yield Mistake(value, f"{rule.id} explains {specimen.rule.id} as well", "only one can be the cause")


def _is_known(cause: AnyRule, effect: Signature, explains: Explains) -> bool:
    """Return whether the engine links the two by their subject, so that the entry adds nothing."""
    if not isinstance(cause, Signature) or cause.symptom or cause.fallback or not effect.symptom:
        return False
    subject = cause.subject
    names = {part[1:] for part in (subject.kind, subject.namespace, subject.name) if part.startswith("?")}
    same = subject == effect.subject and explains.where == {name: f"?{name}" for name in names}
    depths = [VOCABULARY.layers.index(rule.layer) for rule in (cause, effect) if rule.layer in VOCABULARY.layers]
    return same and subject.name != "" and len(depths) == 2 and depths[0] <= depths[1]


@lru_cache(maxsize=4096)
def _reached(name: str, rules: Rules) -> list[str]:
    return [name] if name in rules else [identity for identity in sorted(rules) if _reaches(name, identity)]


def _reaches(name: str, identity: str) -> bool:
    return name == identity or (not _WILD.isdisjoint(name) and fnmatchcase(identity, name))
