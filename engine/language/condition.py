"""The conditions of rules as values: patterns over facts, combined by all, any and not."""

import msgspec

from facts.model.values import Scalar

OPERATORS: tuple[str, ...] = ("eq", "not", "in", "gt", "gte", "lt", "lte", "match", "exists")
"""The tests that a pattern may make of an attribute; `match` is an RE2 pattern, `exists` asks for a non-empty value."""


Sought = tuple[str, str]
"""What to scan text for: an expression, and the one that its surroundings must contain ("" for any)."""


class Test(msgspec.Struct, frozen=True, omit_defaults=True):
    """One test of one attribute of a fact."""

    __test__ = False  # for pytest: this is no test case

    attribute: str
    operator: str
    value: Scalar | tuple[Scalar, ...]
    literals: tuple[str, ...] = ()
    """For an expression that scans text: the literals of which every match contains one, found once, when it is read."""


class Pattern(msgspec.Struct, frozen=True, tag="fact", omit_defaults=True):
    """Facts of `kind` that pass all `tests`; `binds` maps attributes to the variables that they bind."""

    kind: str
    tests: tuple[Test, ...] = ()
    binds: tuple[tuple[str, str], ...] = ()
    """(attribute, variable) pairs, in the order of the file."""
    line: int = 0

    def sought(self) -> Sought:
        """Return what a pattern over text scans for."""
        named = {test.attribute: str(test.value) for test in self.tests if test.operator == "match"}
        return named.get("match", ""), named.get("about", "")

    def variables(self) -> frozenset[str]:
        """Return the variables that a match binds, named groups of its regular expressions included."""
        return frozenset(variable for _, variable in self.binds)


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of `items` holds; the same variable joins them."""

    items: tuple["Condition", ...]


class Any(msgspec.Struct, frozen=True, tag="any"):
    """At least one of `items` holds."""

    items: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """`item` does not hold, and the collectors that would have seen it ran completely."""

    item: "Condition"


Condition = Pattern | All | Any | Not


class Branch(msgspec.Struct, frozen=True):
    """One way to satisfy a condition: facts that must be there, and patterns that must not match."""

    positive: tuple[Pattern, ...]
    negative: tuple[Pattern, ...]


def branches(conditions: tuple[Condition, ...]) -> tuple[Branch, ...]:
    """Return the disjunctive normal form of the conjunction of `conditions`.

    `not` of `all` is not a conjunction of patterns and must have been rejected before; `not` of `any` is the
    conjunction of the negations.
    """
    ways: list[Branch] = [Branch((), ())]
    for condition in conditions:
        ways = [
            Branch(way.positive + more.positive, way.negative + more.negative)
            for way in ways
            for more in _branches(condition)
        ]
    return tuple(ways)


def _branches(condition: Condition) -> tuple[Branch, ...]:
    match condition:
        case Pattern():
            return (Branch((condition,), ()),)
        case All(items):
            return branches(items)
        case Any(items):
            return tuple(way for item in items for way in _branches(item))
        case Not(item):
            return (Branch((), _denied(item)),)


def _denied(condition: Condition) -> tuple[Pattern, ...]:
    match condition:
        case Pattern():
            return (condition,)
        case Any(items):
            return tuple(pattern for item in items for pattern in _denied(item))
        case _:
            raise ValueError("not takes one fact or an any of facts")


def patterns(conditions: tuple[Condition, ...]) -> tuple[Pattern, ...]:
    """Return every pattern in `conditions`, in the order of the file."""
    found: list[Pattern] = []
    for condition in conditions:
        match condition:
            case Pattern():
                found.append(condition)
            case All(items) | Any(items):
                found.extend(patterns(items))
            case Not(item):
                found.extend(patterns((item,)))
    return tuple(found)
