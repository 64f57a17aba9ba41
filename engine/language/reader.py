"""YAML to rules: every mistake is reported with its file, line and column, and all of a file at once."""

import re
import typing as t
from collections.abc import Iterable

import msgspec

from engine.language.condition import OPERATORS, All, Any, Condition, Not, Pattern, Test, patterns
from engine.language.expression import MINIMUM_LITERAL, ExpressionError, compiled, literals
from engine.language.own_tests import RuleTest, read_tests
from engine.language.rule import (
    EFFECTS,
    PRIORS,
    RISKS,
    SEVERITIES,
    STATUSES,
    STRENGTHS,
    AnyRule,
    Conclusion,
    Derivation,
    EvidenceItem,
    Explains,
    Localised,
    Signature,
    Step,
    SubjectTemplate,
)
from engine.language.template import placeholders
from engine.language.vocabulary import Vocabulary
from facts.model.document import Faults, Value, nearest, parse
from facts.model.values import Scalar, text_of

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_VARIABLE = re.compile(r"\?[a-z_][a-z0-9_]*")
_ORDERED = frozenset(("gt", "gte", "lt", "lte"))
_KEYS = (
    *("id", "title", "layer", "severity", "status", "symptom", "fallback", "subject", "affects", "when", "derive"),
    *("effect", "strength", "prior", "evidence", "explains", "cause", "verify", "fix", "lesson", "falsepositives"),
    *("references", "tests"),
)
_SIGNATURE_KEYS = ("subject", "cause", "fix", "lesson", "tests")
_SYMPTOM_KEYS = ("subject", "cause", "verify", "tests")
_DERIVATION_KEYS = {"id", "title", "layer", "status", "when", "derive", "references", "tests"}


class RuleFile(msgspec.Struct, frozen=True):
    """What one file holds: its rules, their tests by rule id, and its mistakes."""

    rules: tuple[AnyRule, ...]
    tests: dict[str, tuple[RuleTest, ...]]
    faults: tuple[str, ...]


def read_rules(text: str, path: str, vocabulary: Vocabulary) -> RuleFile:
    """Read the rules in the YAML `text`; `path` is what messages call it. Never raises: mistakes are in `faults`.

    Kinds that are not in the vocabulary are accepted here, since another rule may derive them; `check_references`
    looks at those when all rules are known.
    """
    faults = Faults(path)
    rules: list[AnyRule] = []
    tests: dict[str, tuple[RuleTest, ...]] = {}
    for document in parse(text, faults):
        known = len(faults.messages)
        rule, own = _rule(document, vocabulary)
        if rule is not None and len(faults.messages) == known:
            rules.append(rule)
            tests[rule.id] = own
    if not rules and not faults.messages:
        faults.add(1, 1, "there is no rule in this file", "a rule starts with id:")
    return RuleFile(tuple(rules), tests, tuple(faults.messages))


def _rule(document: Value, vocabulary: Vocabulary) -> tuple[AnyRule | None, tuple[RuleTest, ...]]:
    entries = document.mapping(_KEYS, ("id", "title", "layer", "when"))
    identity = entries["id"].text() if "id" in entries else ""
    if identity and not _ID.fullmatch(identity):
        entries["id"].fault(
            f"{identity} is not a rule id", "capitals and digits in words joined by hyphens: NODE-NOTREADY"
        )
    shared: dict[str, t.Any] = {
        "id": identity,
        "title": _localised(entries.get("title")),
        "layer": _layer(entries.get("layer"), vocabulary),
        "path": document.path,
        "when": _conditions(entries["when"], vocabulary) if "when" in entries else (),
        "status": _choice(entries.get("status"), STATUSES, "stable"),
        "references": tuple(item.text() for item in _list(entries.get("references"))),
    }
    rule = _derivation(entries, shared) if "derive" in entries else _signature(document, entries, shared, vocabulary)
    if rule is not None:
        _check_variables(rule, entries, vocabulary)
    return rule, read_tests(entries.get("tests"))


def _signature(
    document: Value, entries: dict[str, Value], shared: dict[str, t.Any], vocabulary: Vocabulary
) -> Signature | None:
    symptom = _flag(entries.get("symptom"))
    if document.is_mapping():
        for key in _SYMPTOM_KEYS if symptom else _SIGNATURE_KEYS:
            if key not in entries:
                document.fault(f"the key {key} is missing", "a signature needs it; a derivation has derive: instead")
    if symptom and "fix" in entries:
        entries["fix"].fault("a symptom has no fix of its own", "say in verify how to find its cause")
    subject = _subject(entries.get("subject"))
    if subject is None:
        return None
    return Signature(
        **shared,
        subject=subject,
        severity=_choice(entries.get("severity"), SEVERITIES, "medium"),
        symptom=symptom,
        fallback=_flag(entries.get("fallback")),
        effect=_choice(entries.get("effect"), EFFECTS, "down"),
        affects=_subject(entries.get("affects")),
        strength=_choice(entries.get("strength"), STRENGTHS, "strong"),
        prior=_choice(entries.get("prior"), PRIORS, "uncommon"),
        evidence=tuple(_evidence(item, vocabulary) for item in _list(entries.get("evidence"))),
        explains=tuple(_explains(item) for item in _list(entries.get("explains"))),
        cause=_localised(entries.get("cause")),
        verify=tuple(_step(item, ("run", "confirms", "strength")) for item in _list(entries.get("verify"))),
        fix=tuple(_step(item, ("run", "risk", "note")) for item in _list(entries.get("fix"))),
        lesson=_localised(entries.get("lesson")),
        falsepositives=tuple(item.text() for item in _list(entries.get("falsepositives"))),
    )


def _derivation(entries: dict[str, Value], shared: dict[str, t.Any]) -> Derivation | None:
    for key in sorted(entries.keys() - _DERIVATION_KEYS):
        entries[key].fault(f"a derivation has no {key}", "only a signature concludes a hypothesis")
    conclusion = _conclusion(entries["derive"])
    return None if conclusion is None else Derivation(**shared, concludes=conclusion)


def _layer(value: Value | None, vocabulary: Vocabulary) -> str:
    """Return the layer, or the variable that the evidence binds to one."""
    if value is None:
        return ""
    scalar = value.scalar()
    if isinstance(scalar, str) and _VARIABLE.fullmatch(scalar):
        return scalar
    return value.text(vocabulary.layers)


def _flag(value: Value | None) -> bool:
    return value is not None and value.flag()


def _list(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else tuple(value.items())


def _choice(value: Value | None, allowed: "tuple[str, ...] | dict[str, float]", default: str) -> str:
    return default if value is None else value.text(allowed) or default


def _localised(value: Value | None) -> Localised:
    if value is None:
        return {}
    if not value.is_mapping():
        return {"en": value.text()}
    texts = {language: text.text() for language, text in value.entries()}
    if "en" not in texts:
        value.fault("the English text is missing", "add en:")
    return texts


def _subject(value: Value | None) -> SubjectTemplate | None:
    if value is None:
        return None
    entries = value.mapping(("kind", "namespace", "name"), ("kind",))
    return SubjectTemplate(**{name: entry.text() for name, entry in entries.items()}) if "kind" in entries else None


def _conclusion(value: Value) -> Conclusion | None:
    entries = list(value.entries())
    if len(entries) != 1:
        value.fault("derive concludes exactly one fact", "derive: {kind: {attribute: ?variable}}")
        return None
    kind, attributes = entries[0]
    scalars = {name: entry.scalar() for name, entry in attributes.entries()}
    return Conclusion(kind, {name: scalar for name, scalar in scalars.items() if scalar is not None})


def _conditions(value: Value, vocabulary: Vocabulary) -> tuple[Condition, ...]:
    if value.is_mapping():
        value.fault("a list of conditions is expected here", "start each condition with a dash")
        return ()
    found = tuple(_condition(item, vocabulary) for item in value.items())
    if value.is_list() and not found:
        value.fault("at least one condition is needed")
    return tuple(condition for condition in found if condition is not None)


def _condition(value: Value, vocabulary: Vocabulary) -> Condition | None:
    entries = list(value.entries())
    if len(entries) != 1:
        if value.is_mapping():
            value.fault("one condition per dash", "put each fact on a line of its own, starting with a dash")
        return None
    name, body = entries[0]
    if name == "all":
        return All(_conditions(body, vocabulary))
    if name == "any":
        return Any(_conditions(body, vocabulary))
    if name == "not":
        return _negation(body, vocabulary)
    return _pattern(name, body, vocabulary)


def _negation(body: Value, vocabulary: Vocabulary) -> Condition | None:
    denied = _condition(body, vocabulary)
    if isinstance(denied, All | Not):
        body.fault(
            "not takes one fact, or an any of facts", "derive what belongs together as a fact of its own, and deny that"
        )
        return None
    return None if denied is None else Not(denied)


def _pattern(kind: str, body: Value, vocabulary: Vocabulary) -> Pattern:
    declared = vocabulary.kinds.get(kind)
    tests: list[Test] = []
    binds: list[tuple[str, str]] = []
    for attribute, value in body.entries():
        if declared is not None and not declared.open and attribute not in declared.attributes:
            value.fault_of_key(
                f"{kind} facts have no attribute {attribute}",
                nearest(attribute, declared.attributes) or f"they have {', '.join(declared.attributes)}",
            )
            continue
        known = len(tests)
        if kind == "log" and attribute in {"match", "about"}:
            _expression(value, attribute, tests, binds)
            if attribute == "match" and min(map(len, tests[-1].literals if tests else ()), default=0) < MINIMUM_LITERAL:
                value.fault(
                    f"the pattern has no fixed text of {MINIMUM_LITERAL} characters, so every line would have to be tried",
                    "add a word that the message always contains, to each side of an alternation",
                )
            continue
        _tests(attribute, value, tests, binds)
        if declared is not None and attribute in declared.attributes:
            for test in tests[known:]:
                _check_test(test, kind, declared.attributes[attribute].values, value, vocabulary)
                _check_type(test, kind, declared.attributes[attribute].type, value)
    return Pattern(kind, tuple(tests), tuple(binds), body.line)


def _tests(attribute: str, value: Value, tests: list[Test], binds: list[tuple[str, str]]) -> None:
    if not value.is_mapping():
        scalar = value.scalar()
        if isinstance(scalar, str) and _VARIABLE.fullmatch(scalar):
            binds.append((attribute, scalar[1:]))
        elif scalar is not None:
            tests.append(Test(attribute, "eq", scalar))
        return
    for operator, operand in value.mapping((*OPERATORS, "as")).items():
        if operator == "as":
            variable = operand.text()
            if _VARIABLE.fullmatch(variable):
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


def _evidence(value: Value, vocabulary: Vocabulary) -> EvidenceItem:
    entries = value.mapping(("if", "strength", "against", "says"), ("if", "strength", "says"))
    return EvidenceItem(
        conditions=_conditions(entries["if"], vocabulary) if "if" in entries else (),
        strength=_choice(entries.get("strength"), STRENGTHS, "weak"),
        says=_localised(entries.get("says")),
        against=entries["against"].scalar() is True if "against" in entries else False,
    )


def _explains(value: Value) -> Explains:
    entries = value.mapping(("signature", "where", "strength"), ("signature",))
    where = {name: entry.text() for name, entry in entries["where"].entries()} if "where" in entries else {}
    strength = entries["strength"].scalar() if "strength" in entries else 0.9
    if not isinstance(strength, float | int) or isinstance(strength, bool) or not 0 < strength <= 1:
        entries["strength"].fault("the strength of explains is a probability", "a number above 0 and up to 1")
        strength = 0.9
    return Explains(entries["signature"].text() if "signature" in entries else "", where, float(strength))


def _step(value: Value, keys: tuple[str, ...]) -> Step:
    entries = value.mapping(keys, ("run",))
    return Step(
        run=entries["run"].text() if "run" in entries else "",
        confirms=entries["confirms"].text() if "confirms" in entries else "",
        risk=_choice(entries.get("risk"), RISKS, "safe" if "risk" in keys else "read-only"),
        note=entries["note"].text() if "note" in entries else "",
        strength=_choice(entries.get("strength"), STRENGTHS, "strong"),
    )


def _check_variables(rule: AnyRule, entries: dict[str, Value], vocabulary: Vocabulary) -> None:
    """Report variables that a text, subject, explanation or conclusion uses and that no condition binds."""
    bound = vocabulary.implicit | {name for pattern in patterns(rule.when) for name in pattern.variables()}
    used = {"title": _in_texts(rule.title)}
    if isinstance(rule, Signature):
        used |= _used_by_signature(rule)
    else:
        used["derive"] = _variables(rule.concludes.attributes.values())
    for key, names in used.items():
        for name in sorted(names - bound):
            entries[key].fault(
                f"?{name} is bound nowhere in when", nearest(name, bound) or "bind it with attribute: ?" + name
            )
    for index, item in enumerate(rule.evidence if isinstance(rule, Signature) else ()):
        local = bound | {name for pattern in patterns(item.conditions) for name in pattern.variables()}
        for name in sorted(_in_texts(item.says) - local):
            list(entries["evidence"].items())[index].fault(
                f"?{name} is bound nowhere in when or if", nearest(name, local)
            )


def _used_by_signature(rule: Signature) -> dict[str, set[str]]:
    used = {
        "layer": _variables((rule.layer,)),
        "subject": _of_template(rule.subject),
        "explains": {name for item in rule.explains for name in _variables(item.where.values())},
        "cause": _in_texts(rule.cause),
        "lesson": _in_texts(rule.lesson),
    }
    if rule.affects is not None:
        used["affects"] = _of_template(rule.affects)
    for key, steps in (("verify", rule.verify), ("fix", rule.fix)):
        used[key] = {
            name for step in steps for text in (step.run, step.confirms, step.note) for name in placeholders(text)
        }
    return used


def _of_template(template: SubjectTemplate) -> set[str]:
    return _variables((template.kind, template.name, template.namespace))


def _variables(values: Iterable[Scalar]) -> set[str]:
    return {value[1:] for value in values if isinstance(value, str) and _VARIABLE.fullmatch(value)}


def _in_texts(texts: Localised) -> set[str]:
    return {name for text in texts.values() for name in placeholders(text)}
