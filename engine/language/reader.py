"""YAML to rules: every mistake is reported with its file, line and column, and all of a file at once."""

import re
import typing as t
from collections.abc import Iterable

import msgspec

from engine.language.condition import Condition, patterns
from engine.language.own_tests import EXPECTATIONS, RuleTest, read_tests
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
from engine.language.when import VARIABLE, Reading, read_conditions, read_says
from facts.model.document import Faults, Value, nearest, parse
from facts.model.values import Scalar

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_KEYS = (
    *(
        "id",
        "title",
        "layer",
        "severity",
        "status",
        "symptom",
        "fallback",
        "yields",
        "about",
        "subject",
        "affects",
        "says",
    ),
    *("in", "when", "derive"),
    *("effect", "strength", "prior", "evidence", "explains", "cause", "verify", "fix", "lesson", "falsepositives"),
    *("references", "tests", *EXPECTATIONS),
)
_SIGNATURE_KEYS = ("subject", "cause", "fix", "lesson", "fires")
_SYMPTOM_KEYS = ("subject", "cause", "verify", "fires")
_INSTEAD = {"subject": "about", "fires": "tests"}
"""The keys that give what a missing one would give."""
_DERIVATION_KEYS = {
    "id",
    "title",
    "layer",
    "status",
    "says",
    "in",
    "when",
    "derive",
    "references",
    "tests",
    *EXPECTATIONS,
}


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
    entries = document.mapping(_KEYS, ("id", "title", "layer"))
    identity = entries["id"].text() if "id" in entries else ""
    if identity and not _ID.fullmatch(identity):
        entries["id"].fault(
            f"{identity} is not a rule id", "capitals and digits in words joined by hyphens: NODE-NOTREADY"
        )
    preset = vocabulary.presets.get(entries["about"].text(vocabulary.presets)) if "about" in entries else None
    reading = Reading(vocabulary, preset.joins if preset is not None else {})
    shared: dict[str, t.Any] = {
        "id": identity,
        "title": _localised(entries.get("title")),
        "layer": _layer(entries.get("layer"), vocabulary),
        "path": document.path,
        "when": _when(document, entries, reading),
        "status": _choice(entries.get("status"), STATUSES, "stable"),
        "references": tuple(item.text() for item in _list(entries.get("references"))),
    }
    rule = _derivation(entries, shared) if "derive" in entries else _signature(document, entries, shared, reading)
    if rule is not None:
        _check_variables(rule, entries, vocabulary)
    return rule, read_tests(entries)


def _when(document: Value, entries: dict[str, Value], reading: Reading) -> tuple[Condition, ...]:
    short: dict[str, Value] = {key: entries[key] for key in ("says", "in") if key in entries}
    if "when" in entries:
        for key, value in short.items():
            value.fault_of_key(f"a rule has either when or {key}", "put it into when, as a condition: - says: ...")
        return read_conditions(entries["when"], reading)
    if "says" not in entries:
        if document.is_mapping():
            document.fault("the key when is missing", "messages alone may stand under says")
        return ()
    condition = read_says(short, reading)
    return () if condition is None else (condition,)


def _signature(
    document: Value, entries: dict[str, Value], shared: dict[str, t.Any], reading: Reading
) -> Signature | None:
    symptom = _flag(entries.get("symptom"))
    about = entries.get("about")
    if about is not None and "subject" in entries:
        about.fault_of_key("a rule has either about or subject", "leave one of them out")
    if document.is_mapping():
        for key in _SYMPTOM_KEYS if symptom else _SIGNATURE_KEYS:
            if key not in entries and _INSTEAD.get(key) not in entries:
                document.fault(f"the key {key} is missing", "a signature needs it; a derivation has derive: instead")
    if symptom and "fix" in entries:
        entries["fix"].fault("a symptom has no fix of its own", "say in verify how to find its cause")
    subject = _subject(entries.get("subject")) or _preset_subject(about, reading.vocabulary)
    if subject is None:
        return None
    return Signature(
        **shared,
        subject=subject,
        severity=_choice(entries.get("severity"), SEVERITIES, "medium"),
        symptom=symptom,
        fallback=_flag(entries.get("fallback")),
        yields=_flag(entries.get("yields")),
        effect=_choice(entries.get("effect"), EFFECTS, "down"),
        affects=_subject(entries.get("affects")),
        strength=_choice(entries.get("strength"), STRENGTHS, "strong"),
        prior=_choice(entries.get("prior"), PRIORS, "uncommon"),
        evidence=tuple(_evidence(item, reading) for item in _list(entries.get("evidence"))),
        explains=tuple(_explains(item) for item in _list(entries.get("explains"))),
        cause=_localised(entries.get("cause")),
        verify=_checks(entries.get("verify")),
        fix=tuple(_remedy(item) for item in _list(entries.get("fix"))),
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
    if isinstance(scalar, str) and VARIABLE.fullmatch(scalar):
        return scalar
    return value.text(vocabulary.layers)


def _flag(value: Value | None) -> bool:
    return value is not None and value.flag()


def _list(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else value.members()


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


def _preset_subject(about: Value | None, vocabulary: Vocabulary) -> SubjectTemplate | None:
    preset = vocabulary.presets.get(str(about.plain())) if about is not None else None
    return None if preset is None else SubjectTemplate(preset.kind, preset.name, preset.namespace)


def _conclusion(value: Value) -> Conclusion | None:
    entries = list(value.entries())
    if len(entries) != 1:
        value.fault("derive concludes exactly one fact", "derive: {kind: {attribute: ?variable}}")
        return None
    kind, attributes = entries[0]
    scalars = {name: entry.scalar() for name, entry in attributes.entries()}
    return Conclusion(kind, {name: scalar for name, scalar in scalars.items() if scalar is not None})


def _evidence(value: Value, reading: Reading) -> EvidenceItem:
    """Return an item: `if` and `strength`, or the conditions behind their strength, `moderate: [...]`."""
    entries = value.mapping(("if", "strength", "against", "says", *STRENGTHS), ("says",))
    strengths = [strength for strength in STRENGTHS if strength in entries]
    if value.is_mapping() and ("if" in entries, "strength" in entries, len(strengths)) not in {(1, 1, 0), (0, 0, 1)}:
        value.fault("an item has its conditions behind their strength", f"{', '.join(STRENGTHS)}: [...]")
    conditions = entries.get(strengths[0] if strengths else "if")
    return EvidenceItem(
        conditions=() if conditions is None else read_conditions(conditions, reading),
        strength=strengths[0] if strengths else _choice(entries.get("strength"), STRENGTHS, "weak"),
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


def _checks(value: Value | None) -> tuple[Step, ...]:
    """Return the steps of `verify`: a mapping from commands to what confirms the cause, or a list of steps."""
    if value is not None and value.is_mapping():
        entries = dict(value.entries())
        if not entries.keys() & {"run", "confirms"}:
            return tuple(Step(run=run, confirms=confirms.text(), risk="read-only") for run, confirms in entries.items())
    return tuple(_check(item) for item in _list(value))


def _check(value: Value) -> Step:
    entries = value.mapping(("run", "confirms", "strength"), ("run",))
    return Step(
        run=_text(entries, "run"),
        confirms=_text(entries, "confirms"),
        risk="read-only",
        strength=_choice(entries.get("strength"), STRENGTHS, "strong"),
    )


def _remedy(value: Value) -> Step:
    """Return a step of the fix: `run` and `risk`, or the command behind its risk, `safe: COMMAND`."""
    entries = value.mapping(("run", "risk", "note", *RISKS))
    risks = [risk for risk in RISKS if risk in entries]
    if len(risks) + ("run" in entries) != 1 or (risks and "risk" in entries):
        value.fault("one command is expected here, behind its risk", f"{', '.join(RISKS)}: the command")
    risk = risks[0] if risks else _choice(entries.get("risk"), RISKS, "safe")
    return Step(run=_text(entries, risks[0] if risks else "run"), risk=risk, note=_text(entries, "note"))


def _text(entries: dict[str, Value], key: str) -> str:
    return entries[key].text() if key in entries else ""


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
            place = entries.get(key) or entries["about"]
            place.fault(f"?{name} is bound nowhere in when", nearest(name, bound) or "bind it with attribute: ?" + name)
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
    return {value[1:] for value in values if isinstance(value, str) and VARIABLE.fullmatch(value)}


def _in_texts(texts: Localised) -> set[str]:
    return {name for text in texts.values() for name in placeholders(text)}
