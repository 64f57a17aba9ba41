"""The kinds of facts: each struct says what rules, lint and reports need to know."""

import msgspec
import pytest

from facts.model.schema import KINDS, LAYERS, STRUCTS, TypedFact, subject_of
from facts.model.schema.kind import example_of
from facts.model.schema.new_fact import new_fact
from facts.model.values import text_of
from tests.facts.given import check


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_of_a_kind_is_a_fact_of_it(kind: str) -> None:
    """The examples of all attributes together are a fact with the declared types and values."""
    check(new_fact(example_of(STRUCTS[kind]), "an example", "an example"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_kind_names_are_attributes(kind: str) -> None:
    """Scope, key, subject, identity and well name attributes of the kind."""
    declared = KINDS[kind]
    subject = [part for part in declared.subject if not part.startswith("=")]
    names = {declared.scope, declared.key, *subject, *(declared.identity or ()), *declared.well} - {""}
    assert names - set(declared.attributes) == set()


@pytest.mark.parametrize("kind", sorted(name for name, kind in KINDS.items() if kind.symptom))
def test_a_symptom_is_a_sentence_about_the_example(kind: str) -> None:
    """A symptom names attributes of its kind, and belongs to a layer."""
    example = new_fact(example_of(STRUCTS[kind]), "an example")
    words = KINDS[kind].symptom.format_map({name: text_of(value) for name, value in example.attributes.items()})
    assert "{" not in words
    assert KINDS[kind].layer in LAYERS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_has_a_subject(kind: str) -> None:
    """A fact whose kind names its subject has one."""
    example = new_fact(example_of(STRUCTS[kind]), "an example")
    assert subject_of(kind, example.attributes).kind
    assert bool(subject_of(kind, example.attributes).name) is bool(KINDS[kind].subject[2])


def test_numbers_with_a_measure_have_a_unit() -> None:
    """An attribute whose name ends in a measure says its unit, and its text does not say it again."""
    measures = ("_mb", "_gb", "_ms", "_percent", "_seconds")
    missing = [
        f"{kind}.{name}"
        for kind, declared in KINDS.items()
        for name, attribute in declared.attributes.items()
        if name.endswith(measures) and not attribute.unit
    ]
    assert missing == []


def test_an_int_is_a_float_where_the_kind_wants_one() -> None:
    """Rules compare numbers of one type."""
    fact = new_fact(STRUCTS["load"](one_minute=8, cpus=4), "uptime")
    assert [type(fact.attributes[name]) for name in ("one_minute", "cpus")] == [float, int]


def test_a_struct_is_checked_where_it_is_made() -> None:
    """An attribute that the kind does not have is an error, as mypy says already."""
    with pytest.raises(TypeError, match="Unexpected keyword argument"):
        STRUCTS["vm"](nmae="prod-worker1")


def test_a_reserved_word_of_python_is_an_attribute_for_rules() -> None:
    """`from` in a rule is `from_` in Python."""
    ping = example_of(STRUCTS["ping"])
    assert isinstance(ping, TypedFact)
    assert new_fact(ping, "ping.txt").attributes["from"] == msgspec.structs.asdict(ping)["from_"]
