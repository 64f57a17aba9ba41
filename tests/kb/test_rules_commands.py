"""`kbdiag rules`: list, show, test, facts."""

from pathlib import Path

import pytest

from engine.language.reader import read_rules
from facts.model.schema import KINDS
from kb.catalogue.catalogue import VOCABULARY
from tests.kb.rulebook import DISK, POD, Desk, kbdiag, write_rules


def test_passing_tests_are_counted(desk: Desk) -> None:
    """The summary is one line, and the status is 0."""
    result = kbdiag("rules", "test", desk.rules, "--no-bundled-rules")
    assert (result.exit_code, result.output) == (0, "5 passed, 0 failed, of 2 rules\n")


def test_a_failing_test_is_told_with_its_place(tmp_path: Path) -> None:
    """What was expected and what came, at the line of the test; the status is 1."""
    rules = write_rules(tmp_path, DISK, POD.replace("container of web-1 has started", "container of web-1 has died"))
    result = kbdiag("rules", "test", rules, "--no-bundled-rules", "--engine", "reference")
    assert result.exit_code == 1
    place = f"{rules}/workload/DEMO-POD-DOWN.yaml:19"
    why = "silence was expected, it concluded DEMO-POD-DOWN/demo/web-1 (0.99)"
    assert result.output.splitlines() == [
        f"failed  {place}: DEMO-POD-DOWN: container of web-1 has died: {why}",
        "4 passed, 1 failed, of 2 rules",
    ]


def test_a_rule_that_does_not_fire_in_its_test_says_what_came_closest(tmp_path: Path) -> None:
    """The condition, the fact of the test that nearly met it, and the attribute that differs."""
    condition = "  - log: {match: 'container of (?P<pod>[a-z0-9-]+) has died'}"
    rule = POD.replace(condition, "  - pod: {pod: ?pod, status: Failed}")
    rule = rule.replace("    - container of web-1 has died", "    - given: [{pod: {pod: web-1, status: Running}}]")
    rules = write_rules(tmp_path, rule)
    output = kbdiag("rules", "test", rules, "--no-bundled-rules", "--engine", "reference").output
    assert "got nothing; false: no fact fits pod {status: Failed, pod: ?pod} (" in output
    assert ") | nearly: given 1: status is 'Running', you want Failed" in output


def test_verbose_names_the_tests_that_pass(desk: Desk) -> None:
    """With -v every test has its line."""
    output = kbdiag("rules", "test", desk.rules, "-v", "--no-bundled-rules").output
    assert [line.split(": ", 1)[1] for line in output.splitlines()[:-1]] == [
        "DEMO-DISK-FULL: no space left on w1 for pod demo/web-1",
        "DEMO-DISK-FULL: there was no space left on w1 for a moment",
        "DEMO-DISK-FULL: there is room",
        "DEMO-POD-DOWN: container of web-1 has died",
        "DEMO-POD-DOWN: container of web-1 has started",
    ]


def test_one_rule_can_be_tested_by_its_id(desk: Desk) -> None:
    """A file and an id choose whose tests run; the rules around them are at work all the same."""
    one = desk.rules / "node" / "DEMO-DISK-FULL.yaml"
    assert kbdiag("rules", "test", one, "--no-bundled-rules").output == "3 passed, 0 failed, of 1 rule\n"


def test_an_unknown_target_is_bad_usage(desk: Desk) -> None:
    """A target that is neither path nor id has a hint."""
    result = kbdiag("rules", "test", desk.rules, "DEMO-POD-DWN", "--no-bundled-rules")
    assert result.exit_code == 2
    assert (
        result.output == "kbdiag: DEMO-POD-DWN: there is no such file, folder or rule (did you mean DEMO-POD-DOWN?)\n"
    )


def test_rules_with_mistakes_are_not_tested(desk: Desk) -> None:
    """The mistakes are told instead, with status 2."""
    (desk.rules / "broken.yaml").write_text("id: [")
    result = kbdiag("rules", "test", desk.rules, "--no-bundled-rules")
    assert result.exit_code == 2
    assert result.output.startswith(f"kbdiag: {desk.rules}/broken.yaml:")


def test_rules_are_listed_by_layer(desk: Desk) -> None:
    """One line each, the deeper layer first; --layer chooses."""
    arguments = ("rules", "list", "--no-bundled-rules", "--rules", desk.rules)
    assert kbdiag(*arguments).output.splitlines() == [
        "DEMO-DISK-FULL  node      critical  The disk of {node} is full",
        "DEMO-POD-DOWN   workload  high      Pod {pod} is down",
    ]
    assert kbdiag(*arguments, "--layer", "node").output.splitlines()[0].startswith("DEMO-DISK-FULL")
    assert kbdiag(*arguments, "--layer", "vm").output == ""


def test_a_rule_is_shown_as_a_page(desk: Desk) -> None:
    """The page says what the rule concludes, from what, how sure, and how to mend it."""
    output = kbdiag("rules", "show", "DEMO-DISK-FULL", "--no-bundled-rules", "--rules", desk.rules).output
    parts = [
        "DEMO-DISK-FULL ",
        "The disk of {node} is full",
        "DEMO-DISK-FULL.yaml",
        "Nothing can be written on {node} any more",
        "when      log {match: 'no space left on",
        "weight    conclusive (x3000), prior common (0.05)",
        "for       filesystem {used_percent: {gt: 95}, node: ?node}",
        "explains  DEMO-POD-DOWN where pod is ?pod (95%)",
        "check     ssh {node} df -h /var/lib/containerd",
        "fix       ssh {node} sudo crictl rmi --prune",
        "lesson    Watch the disk.",
    ]
    places = [output.index(part) for part in parts]
    assert places == sorted(places)
    assert max(len(line) for line in output.splitlines() if not line.endswith(".yaml")) <= 80


def test_a_rule_that_is_not_there_has_a_hint(desk: Desk) -> None:
    """A misspelt id is bad usage."""
    result = kbdiag("rules", "show", "DEMO-POD", "--no-bundled-rules", "--rules", desk.rules)
    assert result.exit_code == 2
    assert "did you mean DEMO-POD-DOWN?" in result.output


def test_the_reference_names_every_fact_kind_and_attribute() -> None:
    """The page is printed from the schema."""
    output = kbdiag("rules", "facts").output
    for name, kind in KINDS.items():
        section = output.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
        assert [attribute for attribute in kind.attributes if f"\n| {attribute} | " not in section] == []


@pytest.mark.parametrize("text", [DISK, POD])
def test_the_rules_of_these_tests_are_sound(text: str) -> None:
    """The reader finds no fault in what the tests write."""
    assert read_rules(text, "x.yaml", VOCABULARY).faults == ()
