"""The tests that a rule carries: what may stand in them, and what they expect."""

import pytest

from engine.language.own_tests import RuleTest, read_tests
from facts.model.document import Faults, parse


def _read(text: str) -> tuple[tuple[RuleTest, ...], list[str]]:
    faults = Faults("R.yaml")
    (document,) = parse(text, faults)
    return read_tests(dict(document.entries())), faults.messages


def test_a_text_must_fire_and_come_first() -> None:
    """Unless the test says otherwise; near and fixed expect silence."""
    tests, faults = _read("fires: [boom]\nnear: [hum]\nfixed: [calm]\n")
    assert faults == []
    assert [(test.group, test.text, test.fires, test.first) for test in tests] == [
        ("fires", "boom", True, True),
        ("near", "hum", False, False),
        ("fixed", "calm", False, False),
    ]


def test_the_groups_may_stand_under_tests() -> None:
    """It is the same."""
    assert _read("tests:\n  fires: [boom]\n")[0][0].text == _read("fires: [boom]\n")[0][0].text


def test_facts_are_given_with_what_is_unknown_and_what_is_expected() -> None:
    """Everything else that a test may say."""
    text = "fires:\n- {name: n, given: [{node: {name: w1, ready: false}}], unknown: [ssh], subject: {name: w1}, first: false}\n"
    ((test,), faults) = _read(text)
    assert faults == []
    assert (test.title, test.given, test.unknown) == ("n", (("node", {"name": "w1", "ready": False}),), ("ssh",))
    assert (test.expected, test.first) == ({"name": "w1"}, False)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("fires: [{name: n, text: boom}]", "n"),
        ("fires: [{text: boom}]", "boom"),
        ("fires: [{given: [{node: {}}, {pod: {}}]}]", "given node and pod"),
        (f"fires: [{'x' * 100}]", f"{'x' * 71}…"),
    ],
)
def test_a_test_without_a_name_is_called_by_its_beginning(text: str, title: str) -> None:
    """Its text, shortened, or the kinds of its facts."""
    assert [test.title for test in _read(text)[0]] == [title]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tests: [{fires: boom}]", "tests are no list any more"),
        ("tests: {fires: [a]}\nnear: [b]", "near stands under tests, or beside it"),
        ("fires: [{text: a, given: [{node: {}}]}]", "a test has either a text or given facts"),
        ("fires: [{name: n}]", "a test has either a text or given facts"),
        ("near: [{text: a, subject: {name: w1}}]", "a test under near expects silence, so it has no subject"),
        ("fixed: [{text: a, first: true}]", "a test under fixed expects silence, so it has no first"),
        ("fires: ['']", "the text is empty"),
        ("fires: [{text: [a]}]", "a text is expected here"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, fault: str) -> None:
    """What cannot be meant is not guessed."""
    (message,) = _read(text)[1]
    assert message.startswith("R.yaml:")
    assert fault in message
