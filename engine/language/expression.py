"""Regular expressions of rules: RE2 (linear time whatever an author writes), and the literals they cannot match without."""

from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]

import re2

MINIMUM_LITERAL = 3
"""Characters of fixed text that an expression needs, so that a log is searched for all of them in one pass."""


class ExpressionError(ValueError):
    """The text is not an expression that RE2 understands; the reader of rules turns it into a fault."""


@lru_cache(maxsize=4096)
def compiled(expression: str) -> re2._Regexp:
    """Return the compiled RE2 expression; raises ExpressionError with RE2's reason."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        raise ExpressionError(reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def literals(expression: str) -> frozenset[str]:
    """Return lower-case literals of which every match contains at least one; empty when there are none.

    For an alternation each side must have one. The longest run of fixed characters is taken.
    """
    try:
        tree = _parser.parse(expression)
    except (ValueError, OverflowError, RecursionError, _parser.error):
        return frozenset()
    return _of_sequence(list(tree))


Required = tuple[tuple[str, ...], ...]
"""Lower-case texts that a match contains: at least one text of each group."""


@lru_cache(maxsize=8192)
def required(expression: str) -> Required:
    """Return all fixed text that every match of `expression` contains, the longest first; a superset of `literals`.

    >>> required("(?i)failed to (?:pull|unpack) image .*: denied")
    (('failed to ',), (': denied',), (' image ',), ('pull', 'unpack'))
    """
    try:
        groups = _groups(list(_parser.parse(expression)))
    except (ValueError, OverflowError, RecursionError, _parser.error):
        return ()
    return tuple(sorted(set(groups), key=lambda group: (-min(map(len, group)), group)))


def _groups(items: list[tuple[object, object]]) -> list[tuple[str, ...]]:
    groups: list[tuple[str, ...]] = []
    run = ""
    for operator, argument in [*items, (None, None)]:
        if operator is _constants.LITERAL and isinstance(argument, int) and argument < 128:
            run += chr(argument).lower()
            continue
        if run:
            groups.append((run,))
        run = ""
        if operator is _constants.SUBPATTERN and isinstance(argument, tuple):
            groups += _groups(list(argument[-1]))
        elif operator is _constants.BRANCH and isinstance(argument, tuple):
            sides = [_groups(list(side)) for side in argument[1]]
            if all(sides):
                best = [max(side, key=lambda group: min(map(len, group))) for side in sides]
                groups.append(tuple(sorted({text for group in best for text in group})))
        elif operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and isinstance(argument, tuple):
            groups += _groups(list(argument[2])) if argument[0] > 0 else []
    return groups


def _of_sequence(items: list[tuple[object, object]]) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    run = ""
    for operator, argument in [*items, (None, None)]:
        if operator is _constants.LITERAL and isinstance(argument, int):
            run += chr(argument).lower() if argument < 128 else chr(argument)
            continue
        best = _better(best, frozenset({run}) if run else frozenset())
        run = ""
        best = _better(best, _of_item(operator, argument))
    return best


def _of_item(operator: object, argument: object) -> frozenset[str]:
    if operator is _constants.SUBPATTERN and isinstance(argument, tuple):
        return _of_sequence(list(argument[-1]))
    if operator is _constants.BRANCH and isinstance(argument, tuple):
        sides = [_of_sequence(list(side)) for side in argument[1]]
        return frozenset().union(*sides) if all(sides) else frozenset()
    if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and isinstance(argument, tuple) and argument[0] > 0:
        return _of_sequence(list(argument[2]))
    return frozenset()


def _better(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    return max((one, other), key=lambda found: min(map(len, found), default=0))
