"""Conditions as they stand in a rule file, short and long, to values."""

import re
from collections.abc import Mapping

import msgspec

from engine.language.condition import OPERATORS, All, Any, Condition, Not, Pattern, Test
from engine.language.expression import MINIMUM_LITERAL, ExpressionError, compiled, literals
from engine.language.vocabulary import Vocabulary
from facts.model.document import Value, nearest
from facts.model.values import Scalar, text_of

VARIABLE = re.compile(r"\?[a-z_][a-z0-9_]*")
_ORDERED = frozenset(("gt", "gte", "lt", "lte"))


class Reading(msgspec.Struct, frozen=True):
    """What the conditions of a rule are read with: the words, and the joins of its preset (`about:`).

    `joins` maps attributes of a `log` fact to the variables of the subject that every `says` binds.
    """

    vocabulary: Vocabulary
    joins: Mapping[str, str] = {}


def read_conditions(value: Value, reading: Reading) -> tuple[Condition, ...]:
    """Return the conditions of a list; mistakes become faults of the document."""
    if value.is_mapping():
        value.fault("a list of conditions is expected here", "start each condition with a dash")
        return ()
    found = tuple(_condition(item, reading) for item in value.items())
    if value.is_list() and not found:
        value.fault("at least one condition is needed")
    return tuple(condition for condition in found if condition is not None)


def _condition(value: Value, reading: Reading) -> Condition | None:
    entries = list(value.entries())
    if any(name == "says" for name, _ in entries):
        return read_says(dict(entries), reading)
    if len(entries) != 1:
        if value.is_mapping():
            value.fault("one condition per dash", "put each fact on a line of its own, starting with a dash")
        return None
    name, body = entries[0]
    if name == "all":
        return All(read_conditions(body, reading))
    if name == "any":
        items = read_conditions(body, reading)
        return Any(tuple(way for item in items for way in (item.items if isinstance(item, Any) else (item,))))
    if name == "not":
        return _negation(body, reading)
    return _pattern(name, body, reading.vocabulary)


def _negation(body: Value, reading: Reading) -> Condition | None:
    denied = _condition(body, reading)
    if isinstance(denied, All | Not):
        body.fault(
            "not takes one fact, or an any of facts", "derive what belongs together as a fact of its own, and deny that"
        )
        return None
    return None if denied is None else Not(denied)


def read_says(entries: dict[str, Value], reading: Reading) -> Condition | None:
    """Return the `log` conditions that `says:` and the keys beside it stand for: any of its messages.

    The text is one of the subject: the preset's joins are bound where the condition has no such key of its own.
    """
    said = entries["says"]
    messages = said.members()
    if not messages:
        said.fault("at least one message is needed")
    tests: list[Test] = []
    binds = [join for join in reading.joins.items() if join[0] not in entries]
    for name, value in entries.items():
        if name == "in":
            tests += _sources(value, reading.vocabulary)
            if "source" in entries:
                value.fault_of_key("in and source say the same", "leave one of them out")
        elif name in {"match", "all", "any", "not"}:
            value.fault_of_key(
                f"{name} does not stand beside says", "says holds the patterns; start another condition with a dash"
            )
        elif name != "says":
            _attribute("log", name, value, reading.vocabulary, tests, binds)
    return _any_of([_message(message, tests, binds) for message in messages])


def _any_of(found: list[Pattern]) -> Condition | None:
    return found[0] if len(found) == 1 else Any(tuple(found)) if found else None


def _message(message: Value, tests: list[Test], binds: list[tuple[str, str]]) -> Pattern:
    own, groups = list(tests), list(binds)
    if message.is_mapping() or message.is_list():
        message.fault("a message is expected here", "quote it if it holds a colon and a blank")
    else:
        _scanned("match", message, own, groups)
    return Pattern("log", tuple(own), tuple(groups), message.line)


def _sources(value: Value, vocabulary: Vocabulary) -> list[Test]:
    """Return the tests of `in:`: a group of sources, a source, or a list of sources."""
    if not value.is_list():
        name = value.text((*vocabulary.groups, *sorted(vocabulary.components)))
        if name in vocabulary.groups:
            return [Test("source", operator, sources) for operator, sources in vocabulary.groups[name].items()]
        return [Test("source", "eq", name)]
    sources = tuple(item.text(sorted(vocabulary.components)) for item in value.items())
    return [Test("source", "in", sources)]


def _pattern(kind: str, body: Value, vocabulary: Vocabulary) -> Pattern:
    tests: list[Test] = []
    binds: list[tuple[str, str]] = []
    for attribute, value in body.entries():
        _attribute(kind, attribute, value, vocabulary, tests, binds)
    return Pattern(kind, tuple(tests), tuple(binds), body.line)


def _attribute(
    kind: str, name: str, value: Value, vocabulary: Vocabulary, tests: list[Test], binds: list[tuple[str, str]]
) -> None:
    """Add the tests and variables of one attribute of a condition to `tests` and `binds`."""
    declared = vocabulary.kinds.get(kind)
    if declared is not None and not declared.open and name not in declared.attributes:
        value.fault_of_key(
            f"{kind} facts have no attribute {name}",
            nearest(name, declared.attributes) or f"they have {', '.join(declared.attributes)}",
        )
        return
    if kind == "log" and name in {"match", "about"}:
        _scanned(name, value, tests, binds)
        return
    known = len(tests)
    _tests(name, value, tests, binds)
    if declared is not None and name in declared.attributes:
        for test in tests[known:]:
            _check_test(test, kind, declared.attributes[name].values, value, vocabulary)
            _check_type(test, kind, declared.attributes[name].type, value)


def _scanned(attribute: str, value: Value, tests: list[Test], binds: list[tuple[str, str]]) -> None:
    """Add an expression that scans text."""
    known = len(tests)
    _expression(value, attribute, tests, binds)
    found = tests[-1].literals if len(tests) > known else ()
    if attribute == "match" and min(map(len, found), default=0) < MINIMUM_LITERAL:
        value.fault(
            f"the pattern has no fixed text of {MINIMUM_LITERAL} characters, so every line would have to be tried",
            "add a word that the message always contains, to each side of an alternation",
        )


def _tests(attribute: str, value: Value, tests: list[Test], binds: list[tuple[str, str]]) -> None:
    if not value.is_mapping():
        scalar = value.scalar()
        if isinstance(scalar, str) and VARIABLE.fullmatch(scalar):
            binds.append((attribute, scalar[1:]))
        elif scalar is not None:
            tests.append(Test(attribute, "eq", scalar))
        return
    for operator, operand in value.mapping((*OPERATORS, "as")).items():
        if operator == "as":
            variable = operand.text()
            if VARIABLE.fullmatch(variable):
                binds.append((attribute, variable[1:]))
            else:
                operand.fault("as takes a variable", "as: ?name")
        elif operator == "in" or (operator == "not" and operand.is_list()):
            members = tuple(member for item in operand.items() if (member := item.scalar()) is not None)
            tests.append(Test(attribute, operator, members))
        elif operator == "match":
            _expression(operand, attribute, tests, binds)
        elif (scalar := operand.scalar()) is not None:
            tests.append(Test(attribute, operator, scalar))


def _expression(operand: Value, attribute: str, tests: list[Test], binds: list[tuple[str, str]]) -> None:
    expression = str(operand.plain())
    try:
        groups = compiled(expression).groupindex
    except ExpressionError as error:
        operand.fault(f"this is not an RE2 pattern: {error}", "RE2 has no lookaround and no backreferences")
        return
    if attribute != "about":
        binds.extend((group, group) for group in sorted(groups))
    tests.append(Test(attribute, "match", expression, tuple(sorted(literals(expression)))))


def _check_test(test: Test, kind: str, allowed: tuple[str, ...], value: Value, vocabulary: Vocabulary) -> None:
    if kind == "log" and test.attribute == "source":
        allowed = tuple(sorted(vocabulary.components))
    if allowed and test.operator in {"eq", "in", "not"}:
        for wanted in test.value if isinstance(test.value, tuple) else (test.value,):
            if str(wanted) not in allowed:
                value.fault(
                    f"{kind}.{test.attribute} is never {wanted or 'empty'}",
                    nearest(str(wanted), allowed) or f"it is one of {', '.join(allowed)}",
                )


def _check_type(test: Test, kind: str, declared: type, value: Value) -> None:
    """Report an operand that no value of the attribute can meet: a condition with it would never hold, without a word."""
    operands = test.value if isinstance(test.value, tuple) else (test.value,)
    name = f"{kind}.{test.attribute}"
    if test.operator in _ORDERED:
        if declared not in (int, float):
            value.fault(f"{name} is no number, so {test.operator} never holds", "compare it with in, not or match")
        elif not all(_is_number(operand) for operand in operands):
            value.fault(f"{test.operator} compares numbers, and {text_of(operands[0])} is none", "write a number")
    elif test.operator == "exists":
        if not isinstance(test.value, bool):
            value.fault("exists is true or false", "exists: true")
    elif test.operator in {"eq", "in", "not"} and (
        (declared in (int, float) and not all(_is_number(operand) for operand in operands))
        or (declared is bool and not all(isinstance(operand, bool) for operand in operands))
    ):
        wanted = "a number" if declared is not bool else "true or false"
        value.fault(f"{name} is {wanted}, never {text_of(operands[0])}", f"write {wanted}")


def _is_number(operand: Scalar) -> bool:
    return isinstance(operand, int | float) and not isinstance(operand, bool)
