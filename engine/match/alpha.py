"""The alpha stage: one fact against one pattern, everything but joins."""

from engine.language.condition import Pattern, Test
from engine.language.expression import compiled
from facts.model.values import Fact, Scalar, text_of


def bindings_of(pattern: Pattern, fact: Fact) -> dict[str, str] | None:
    """Return the variables that `fact` binds if it passes all tests of `pattern`, else None.

    The kind is taken for granted. An attribute that the fact lacks fails every test but `exists: false`. The
    `match` and `about` of a log pattern were done by the scanner, whose named groups are attributes of the fact.
    """
    bindings: dict[str, str] = {}
    for test in pattern.tests:
        if pattern.kind == "log" and test.attribute in {"match", "about", "source"}:
            if test.attribute == "source" and not _has_source(fact, test):
                return None
            continue
        if test.operator == "match":
            found = compiled(str(test.value)).search(text_of(fact.attributes.get(test.attribute, "")))
            if found is None:
                return None
            bindings.update({name: value or "" for name, value in found.groupdict().items()})
        elif not _passes(test, fact.attributes.get(test.attribute)):
            return None
    for attribute, variable in pattern.binds:
        if attribute not in fact.attributes:
            if variable not in bindings:
                return None
            continue
        value = text_of(fact.attributes[attribute])
        if bindings.setdefault(variable, value) != value:
            return None
    return bindings


def _has_source(fact: Fact, test: Test) -> bool:
    sources = str(fact.attributes.get("source", "")).split()
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    meets = not sources or any(source in wanted for source in sources)
    return meets if test.operator != "not" else not sources or not any(source in wanted for source in sources)


def _passes(test: Test, value: Scalar | None) -> bool:
    if test.operator == "exists":
        return (value is not None and value != "") is bool(test.value)
    if value is None:
        return False
    if isinstance(test.value, tuple):
        return any(_equal(value, member) for member in test.value) is (test.operator == "in")
    if test.operator in {"eq", "not"}:
        return _equal(value, test.value) is (test.operator == "eq")
    try:
        number, bound = float(value), float(test.value)
    except ValueError:
        return False
    return {"gt": number > bound, "gte": number >= bound, "lt": number < bound, "lte": number <= bound}[test.operator]


def _equal(value: Scalar, wanted: Scalar) -> bool:
    # YAML reads True as a boolean, where the status of a condition is the text "True".
    if isinstance(wanted, bool) and isinstance(value, str):
        return value.lower() == text_of(wanted)
    return text_of(value) == text_of(wanted)
