"""Rule files: every mistake is told with its line and column, and a hint."""

import pytest

from engine.language.reader import read_rules
from engine.language.rule import Signature
from engine.match.program import compile_rules
from facts.model.errors import RuleError
from tests.engine.build import VOCABULARY, rules_of, signature


def _faults(text: str) -> tuple[str, ...]:
    return read_rules(text, "r.yaml", VOCABULARY).faults


def test_a_good_rule_has_no_faults() -> None:
    """The rule that the other tests break is sound."""
    assert _faults(signature("A-1", "  - machine: {name: ?m, state: down}")) == ()


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("  - machin: {name: ?m}\n  - machine: {name: ?m, stat: down}", "9:25: machine facts have no attribute stat"),
        ("  - machine: {name: ?m}\n  - link: {state: broken}", "9:19: link.state is never broken"),
        ("  - machine: {name: ?m, load: {above: 3}}", "8:32: unknown key above"),
        ("  - machine: {name: ?m}\n  - log: {match: '(?=x)abc'}", "9:18: this is not an RE2 pattern"),
        ("  - machine: {name: ?m}\n  - log: {match: '[a-z]+'}", "9:18: the pattern has no fixed text"),
        ("  - machine: {name: ?m}\n  - log: {source: demon, match: daemon}", "9:19: log.source is never demon"),
        ("  - machine: {name: ?m}\n  - not: {all: [machine: {name: x}]}", "9:10: not takes one fact"),
        ("  - machine: {name: ?m}\n    link: {state: ok}", "8:5: one condition per dash"),
        ("  - machine: {name: ?n}", "6:10: ?m is bound nowhere in when (bind it with attribute: ?m)"),
    ],
)
def test_a_mistake_is_told_with_its_place(when: str, expected: str) -> None:
    """The message has path, line, column and what is wrong."""
    assert any(expected in fault for fault in _faults(signature("A-1", when))), _faults(signature("A-1", when))


def test_all_mistakes_of_a_file_are_told() -> None:
    """Two faults in two documents are both reported, and the sound document between them is kept."""
    file = read_rules(
        "\n---\n".join(
            [
                signature("A-1", "  - machine: {nam: ?m, name: ?m}"),
                signature("B-1", "  - machine: {name: ?m}"),
                signature("C-1", "  - machine: {name: ?m}", layer="deap"),
            ]
        ),
        "r.yaml",
        VOCABULARY,
    )
    assert len(file.faults) == 2
    assert [rule.id for rule in file.rules] == ["B-1"]


def test_broken_yaml_is_one_fault() -> None:
    """A syntax error tells its line and does not raise."""
    assert len(_faults("id: A-1\nwhen: [\n")) == 1
    assert _faults("id: A-1\nwhen: [\n")[0].startswith("r.yaml:3:1: this is not YAML")


def test_an_empty_file_is_a_fault() -> None:
    """A rule file without a rule is a mistake, not silence."""
    assert _faults("# nothing\n") == ("r.yaml:1:1: there is no rule in this file (a rule starts with id:)",)


def test_a_key_twice_is_a_fault() -> None:
    """YAML would keep the last one silently."""
    assert any("the key id stands here twice" in fault for fault in _faults("id: A-1\nid: B-1\n"))


def test_a_question_mark_in_a_flow_mapping_is_a_variable() -> None:
    """PyYAML alone would refuse `{name: ?m}`; columns stay those of the file, prose keeps its question marks."""
    rule = rules_of(signature("A-1", "  - machine: {name: ?m, state: ?why}", more="falsepositives: [why ?not]"))[0]
    assert [variable for pattern in rule.patterns() for _, variable in pattern.binds] == ["m", "why"]
    assert isinstance(rule, Signature)
    assert rule.falsepositives == ("why ?not",)


def test_a_fact_kind_that_nobody_knows_is_refused_when_all_rules_are_known() -> None:
    """A kind may come from a derivation in another file, so it is judged at compile time, with its line."""
    rules = rules_of(signature("A-1", "  - machine: {name: ?m}\n  - ghost: {name: ?m}"))
    with pytest.raises(RuleError, match=r"rules\.yaml:9:\d+: there is no fact kind ghost"):
        compile_rules(rules, VOCABULARY)


def test_a_circle_through_not_is_refused() -> None:
    """What a rule denies must be finished before it runs; a circle never is."""
    document = "id: {0}\ntitle: t\nlayer: deep\nwhen:\n  - machine: {{name: ?m}}\n  - not: {{{1}: {{name: ?m}}}}\nderive: {{{2}: {{name: ?m}}}}\n"
    with pytest.raises(RuleError, match="in a circle"):
        compile_rules(
            rules_of(document.format("A-1", "good", "bad"), document.format("B-1", "bad", "good")), VOCABULARY
        )


def test_a_rule_of_denials_alone_is_refused() -> None:
    """Without a fact that must be there, nothing says whom the conclusion is about."""
    rules = rules_of(signature("A-1", "  - any:\n      - machine: {name: ?m}\n      - not: {link: {state: ok}}"))
    with pytest.raises(RuleError, match="negations alone"):
        compile_rules(rules, VOCABULARY)


def test_two_rules_of_one_id_are_refused() -> None:
    """Ids are what users search for and silence."""
    document = signature("A-1", "  - machine: {name: ?m}")
    with pytest.raises(RuleError, match="A-1 is also the id of"):
        compile_rules(rules_of(document, document), VOCABULARY)


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ("fires: [{first: false}]", "a test has either a text or given facts"),
        ("fires: [{text: a, given: [{machine: {name: w1}}]}]", "a test has either a text or given facts"),
        ("near: [{text: a, subject: {name: w1}}]", "a test under near expects silence, so it has no subject"),
        ("fixed: [{text: a, first: true}]", "a test under fixed expects silence, so it has no first"),
        ("fired: [a]", "unknown key fired"),
        ("fires: [[a]]", "a text is expected here"),
        ("fires: ['']", "the text is empty"),
    ],
)
def test_a_mistake_in_a_test_is_told(tests: str, expected: str) -> None:
    """A test says what happened, and only one that must fire says of whom and at which rank."""
    document = signature("A-1", "  - machine: {name: ?m}").replace("tests: {}", f"tests: {{{tests}}}")
    assert any(expected in fault for fault in _faults(document)), _faults(document)


def test_a_plain_text_must_fire_and_rank_first() -> None:
    """Only `first: false` lets another rule stand above."""
    tests = "tests: {fires: [down, {text: down too, first: false}], near: [up]}"
    document = signature("A-1", "  - machine: {name: ?m}").replace("tests: {}", tests)
    first, second, silent = read_rules(document, "r.yaml", VOCABULARY).tests["A-1"]
    assert (first.text, first.fires, first.first) == ("down", True, True)
    assert (second.fires, second.first) == (True, False)
    assert (silent.fires, silent.first) == (False, False)


def test_tests_stand_at_the_top_or_under_tests() -> None:
    """Both mean the same; both at once is a mistake."""
    document = signature("A-1", "  - machine: {name: ?m}")
    flat = document.replace("tests: {}", "fires: [down]\nnear: up")
    nested = document.replace("tests: {}", "tests:\n  fires: [down]\n  near: up")
    read = [
        [(test.group, test.text, test.first) for test in read_rules(text, "r.yaml", VOCABULARY).tests["A-1"]]
        for text in (flat, nested)
    ]
    assert read[0] == read[1] == [("fires", "down", True), ("near", "up", False)]
    assert "r.yaml:16:1: near stands under tests, or beside it (leave out tests:)" in _faults(document + "near: up\n")


def test_the_list_that_tests_were_before_is_refused() -> None:
    """The message says how tests are written now."""
    document = signature("A-1", "  - machine: {name: ?m}").replace(
        "tests: {}", "tests: [{name: a, evidence: b, expect: none}]"
    )
    (fault,) = _faults(document)
    assert fault.endswith("tests are no list any more (group them: fires: [...], near: [...], fixed: [...])")
