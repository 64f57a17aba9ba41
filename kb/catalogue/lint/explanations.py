"""An explanation names another signature, which exists, by variables that it has, and no two rules explain each other."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache

from engine.language.condition import patterns
from engine.language.rule import Signature
from facts.model.document import nearest
from kb.catalogue.lint import Mistake, Rules, Specimen

_WILD = frozenset("*?[")


def check(specimen: Specimen) -> Iterator[Mistake]:
    """Yield explanations that lead nowhere, or back."""
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
            for rule in signatures:
                back = any(_reaches(other.signature, specimen.rule.id) for other in rule.explains)
                if back and specimen.rule.id < rule.id:  # told once, not by both
                    yield Mistake(value, f"{rule.id} explains {specimen.rule.id} as well", "only one can be the cause")


@lru_cache(maxsize=4096)
def _reached(name: str, rules: Rules) -> list[str]:
    return [name] if name in rules else [identity for identity in sorted(rules) if _reaches(name, identity)]


def _reaches(name: str, identity: str) -> bool:
    return name == identity or (not _WILD.isdisjoint(name) and fnmatchcase(identity, name))
