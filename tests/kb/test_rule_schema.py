"""The JSON Schema for editors: it knows what the reader of rules knows."""

import json
import re
from typing import Any

import pytest
import yaml

from engine.language.reader import read_rules
from facts.model.document import Faults, parse
from facts.model.schema import KINDS
from kb.catalogue.catalogue import VOCABULARY
from kb.catalogue.rule_schema import rule_schema
from tests.kb.rulebook import DISK, POD, kbdiag

SHORT = """\
id: DEMO-BUCKET
title: There is no bucket
layer: workload
about: workload
says: ['(?P<bucket>[a-z]+) is no bucket', no such bucket]
in: application
cause: The bucket was never made.
fix: {safe: make it}
lesson: Make it first.
tests: {fires: no such bucket, near: a bucket}
"""
NESTED = """\
id: DEMO-BUCKET
title: There is no bucket
layer: workload
about: pod
when:
  - any:
      - {says: no such bucket, in: [kubelet, crio], node: ?node}
      - container: {exit_code: 78, namespace: ?namespace, workload_kind: ?workload_kind, workload: ?workload, pod: ?pod}
cause: The bucket was never made.
fix: [{disruptive: make it, note: soon}]
lesson: Make it first.
tests: {}
"""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float),
}  # fmt: skip


def problems(value: Any, schema: Any, root: Any) -> list[str]:
    """Validate `value`: as much of JSON Schema as the schema of rules uses."""
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if "anyOf" in schema:
        tried = [problems(value, one, root) for one in schema["anyOf"]]
        return [] if any(not found for found in tried) else min(tried, key=len)
    found: list[str] = []
    wanted = schema.get("type", [])
    types = tuple(one for name in ([wanted] if isinstance(wanted, str) else wanted) for one in _TYPES[name])
    if types and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
        return [f"{value!r} is no {wanted}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{value!r} is none of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{value!r} is not {schema['const']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{value!r} does not match {schema['pattern']}")
    if isinstance(value, list):
        found += [problem for item in value for problem in problems(item, schema.get("items", {}), root)]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            further = schema.get("additionalProperties", True)
            if name in known:
                found += problems(item, known[name], root)
            elif further is False:
                found.append(f"{name} is unknown")
            elif isinstance(further, dict):
                found += problems(item, further, root)
    return found


def plain(text: str) -> Any:
    """Return the rule document as plain values."""
    return parse(text, Faults("x.yaml"))[0].plain()


@pytest.mark.parametrize("text", [DISK, POD, SHORT, NESTED])
def test_sound_rules_are_valid(text: str) -> None:
    """The schema accepts what the reader accepts."""
    schema = rule_schema()
    assert read_rules(text, "x.yaml", VOCABULARY).faults == ()
    assert problems(plain(text), schema, schema) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("severity: critical", "severity: huge"),
        ("title: ", "titel: "),
        ("used_percent:", "used_per_cent:"),
        ("strength: moderate", "strength: medium"),
        ("risk: disruptive", "risk: none"),
        ("id: DEMO-DISK-FULL", "id: demo"),
        ("layer: node", "layer: nodes"),
    ],
)
def test_what_the_reader_refuses_is_invalid(right: str, wrong: str) -> None:
    """A mistake that the reader tells, the editor marks."""
    text = DISK.replace(right, wrong, 1)
    schema = rule_schema()
    assert read_rules(text, "x.yaml", VOCABULARY).faults != ()
    assert problems(plain(text), schema, schema) != []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("about: workload", "about: workloads"),
        ("in: application", "in: applications"),
        ("safe: make", "mild: make"),
        ("no such bucket]", "[no such bucket]]"),
    ],
)
def test_what_the_reader_refuses_of_a_short_rule_is_invalid(right: str, wrong: str) -> None:
    """The words of presets are known to the editor."""
    text = SHORT.replace(right, wrong, 1)
    schema = rule_schema()
    assert read_rules(text, "x.yaml", VOCABULARY).faults != ()
    assert problems(plain(text), schema, schema) != []


def test_every_attribute_has_its_meaning() -> None:
    """An editor shows what an attribute means while it is typed."""
    kinds = rule_schema()["$defs"]["fact"]["properties"]
    for name, kind in KINDS.items():
        assert {key: one["description"] for key, one in kinds[name]["properties"].items()} == {
            key: attribute.description for key, attribute in kind.attributes.items()
        }


def test_the_command_prints_it() -> None:
    """`kbdiag rules schema` is JSON, and plain enough for YAML too."""
    output = kbdiag("rules", "schema").output
    assert json.loads(output) == yaml.safe_load(output) == rule_schema()
