"""The JSON Schema of a rule file, so that an editor completes kinds and attributes and marks mistakes while they are typed."""

from typing import Any

from engine.language.condition import OPERATORS
from engine.language.own_tests import EXPECTATIONS
from engine.language.rule import EFFECTS, PRIORS, RISKS, SEVERITIES, STATUSES, STRENGTHS
from facts.model.schema import COMPONENTS, GROUPS, KINDS, LAYERS, PRESETS, Attribute

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_VARIABLE: Schema = {"type": "string", "pattern": r"^\?[a-z_][a-z0-9_]*$"}
_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$"


def rule_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of one rule document."""
    strength = {"enum": list(STRENGTHS)}
    text: Schema = {
        "anyOf": [
            _TEXT,
            {"type": "object", "properties": {"en": _TEXT}, "required": ["en"], "additionalProperties": _TEXT},
        ]
    }
    conditions = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}
    subject = _object({"kind": _TEXT, "namespace": _TEXT, "name": _TEXT}, "kind")
    properties: Schema = {
        "id": {"type": "string", "pattern": _ID},
        "title": text,
        "layer": {"anyOf": [{"enum": list(LAYERS)}, _VARIABLE]},
        "severity": {"enum": list(SEVERITIES)},
        "status": {"enum": list(STATUSES)},
        "symptom": {"type": "boolean"},
        "fallback": {"type": "boolean"},
        "yields": {"type": "boolean"},
        "effect": {"enum": list(EFFECTS)},
        "about": {"enum": list(PRESETS), "description": _meanings()},
        "subject": subject,
        "affects": subject,
        "says": _says()["properties"]["says"],
        "in": _says()["properties"]["in"],
        "when": conditions,
        "derive": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {"type": "object", "additionalProperties": _SCALAR},
        },
        "strength": strength,
        "prior": {"enum": list(PRIORS)},
        "evidence": _list(_evidence(conditions, text)),
        "explains": _list(
            _object(
                {
                    "signature": _TEXT,
                    "where": {"type": "object", "additionalProperties": _TEXT},
                    "strength": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                },
                "signature",
            )
        ),
        "cause": text,
        "verify": _verify(),
        "fix": _list(_remedy()),
        "lesson": text,
        "falsepositives": _list(_TEXT),
        "references": _list(_TEXT),
        "tests": _object(_tests()),
        **_tests(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kbdiag rule",
        **_object(properties, "id", "title", "layer"),
        "oneOf": [{"required": ["when"]}, {"required": ["says"]}],
        "if": {"not": {"required": ["derive"]}},
        "then": {
            "if": {"properties": {"symptom": {"const": True}}, "required": ["symptom"]},
            "then": {
                "required": ["cause", "verify"],
                "not": {"required": ["fix"]},
            },
            "else": {"required": ["cause", "fix", "lesson"]},
            "allOf": [
                {"oneOf": [{"required": ["about"]}, {"required": ["subject"]}]},
                {"oneOf": [{"required": ["tests"]}, {"required": ["fires"]}]},
            ],
        },
        "$defs": {
            "condition": {"anyOf": [{"$ref": "#/$defs/fact"}, {"$ref": "#/$defs/says"}]},
            "fact": _fact(),
            "says": _says(),
        },
    }


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _list(items: Schema) -> Schema:
    """Return the schema of a list, of which one member may stand alone."""
    return {"anyOf": [{"type": "array", "items": items}, items]}


def _evidence(conditions: Schema, text: Schema) -> Schema:
    """Return the schema of an item of the evidence, long or with the conditions behind their strength."""
    further: Schema = {"against": {"type": "boolean"}, "says": text}
    long = _object({"if": conditions, "strength": {"enum": list(STRENGTHS)}, **further}, "if", "strength", "says")
    short = (_object({strength: conditions, **further}, strength, "says") for strength in STRENGTHS)
    return {"anyOf": [long, *short]}


def _verify() -> Schema:
    """Return the schema of checks: steps, or a mapping from commands to what confirms the cause."""
    step = _object({"run": _TEXT, "confirms": _TEXT, "strength": {"enum": list(STRENGTHS)}}, "run")
    commands: Schema = {
        "type": "object",
        "properties": {"run": {"not": {}}, "confirms": {"not": {}}},
        "additionalProperties": _TEXT,
    }
    return {"anyOf": [*_list(step)["anyOf"], commands]}


def _remedy() -> Schema:
    """Return the schema of a step of the fix, long or with the command behind its risk."""
    long = _object({"run": _TEXT, "risk": {"enum": list(RISKS)}, "note": _TEXT}, "run")
    return {"anyOf": [long, *(_object({risk: _TEXT, "note": _TEXT}, risk) for risk in RISKS)]}


def _meanings() -> str:
    return "; ".join(f"{word}: {preset.doc}" for word, preset in PRESETS.items())


def _says() -> Schema:
    """Return the schema of messages of the subject, and of what else the `log` fact must be."""
    log = _kind("log")
    message: Schema = {"type": "string", "format": "regex"}
    sources = sorted(COMPONENTS)
    further = {name: schema for name, schema in log["properties"].items() if name not in {"match", "text"}}
    said: Schema = {
        "says": _list(message) | {"description": "RE2 patterns; a text of the subject holds any of them"},
        "in": {
            "anyOf": [{"enum": [*GROUPS, *sources]}, {"type": "array", "items": {"enum": sources}}],
            "description": "a group of sources, a source, or a list of sources",
        },
    }
    return {"type": "object", "properties": said | further, "required": ["says"]}


def _fact() -> Schema:
    """Kinds that derivations conclude are not known here, so any other name may stand for a fact."""
    several = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}
    kinds: Schema = {name: _kind(name) for name in KINDS}
    combined: Schema = {"all": several, "any": several, "not": {"$ref": "#/$defs/condition"}}
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": combined | kinds,
        "additionalProperties": {"type": "object"},
    }


def _kind(name: str) -> Schema:
    kind = KINDS[name]
    properties = {attribute: _operand(declared, attribute) for attribute, declared in kind.attributes.items()}
    if name == "log":
        properties["source"] = _operand(
            Attribute(str, kind.attributes["source"].description, tuple(sorted(COMPONENTS))), "source"
        )
        properties["about"] = {"type": "string", "format": "regex", "description": kind.attributes["about"].description}
        properties["match"] = {"type": "string", "format": "regex", "description": kind.attributes["match"].description}
    return {"type": "object", "description": kind.doc, "properties": properties, "additionalProperties": kind.open}


def _operand(declared: Attribute, name: str) -> Schema:
    exact: Schema = {"enum": list(declared.values)} if declared.values else {"type": _TYPES[declared.type]}
    if name in {"ready", "status"}:
        exact = _SCALAR if not declared.values else {"anyOf": [exact, {"type": "boolean"}]}
    number = {"type": ["number", "string"]}
    tests: Schema = {
        "eq": exact,
        "not": {"anyOf": [exact, {"type": "array", "items": exact}]},
        "in": {"type": "array", "items": exact},
        **dict.fromkeys(("gt", "gte", "lt", "lte"), number),
        "match": {"type": "string", "format": "regex"},
        "exists": {"type": "boolean"},
        "as": _VARIABLE,
    }
    ordered = {operator: tests[operator] for operator in (*OPERATORS, "as")}
    return {"description": declared.description, "anyOf": [exact, _VARIABLE, _object(ordered)]}


def _tests() -> Schema:
    given = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": {"type": "object", "additionalProperties": _SCALAR},
    }
    silent: Schema = {"name": _TEXT, "text": _TEXT, "given": _list(given), "unknown": _list(_TEXT)}
    loud: Schema = silent | {
        **{key: {"type": "object", "additionalProperties": _SCALAR} for key in ("subject", "derives")},
        "first": {"type": "boolean"},
    }
    return {
        group: _list({"anyOf": [_SCALAR, _object(loud if group == "fires" else silent)]}) | {"description": expected}
        for group, expected in EXPECTATIONS.items()
    }
