"""Commands that people paste: names are filled in, and hostile names do no harm."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.template import fill, fill_command, placeholders


def _lookup(name: str, attribute: str) -> str:
    return {("w1", "ip"): "10.0.0.1"}.get((name, attribute), "")


def test_names_and_their_attributes_are_filled_in() -> None:
    """{node} is the name, {node.ip} an attribute of the thing of that name."""
    assert fill_command("ping {node.ip} # {node}", {"node": "w1"}, _lookup) == "ping 10.0.0.1 # w1"


def test_what_is_not_known_is_marked() -> None:
    """An unknown value is a word in angle brackets, which a shell refuses to run."""
    assert fill("on {node}: {node.ip}", {"node": "w2"}, _lookup) == "on w2: <node-ip>"
    assert fill_command("ssh {node}", {}, _lookup) == "ssh <node>"


def test_brackets_around_what_is_not_known_are_left_out() -> None:
    """A bracketed name is an extra."""
    assert fill("the limit ({limit}) is reached", {}, lambda *_: "") == "the limit is reached"
    assert fill("the limit ({limit}) is reached", {"limit": "1Gi"}, lambda *_: "") == "the limit (1Gi) is reached"


def test_the_braces_of_the_shell_and_of_json_are_left_alone() -> None:
    """Only {word} and {word.word} are placeholders."""
    command = "kubectl get pod -o jsonpath='{.items[0]}' | awk '{print $1}' && echo ${HOME} {{x}}"
    assert placeholders(command) == set()
    assert fill_command(command, {"x": "1"}, _lookup) == command


@pytest.mark.parametrize("value", ["x; rm -rf /", "$(reboot)", "`reboot`", "a b", "a'b", "--flag\nrm"])
def test_a_hostile_value_stays_one_word(value: str) -> None:
    """The shell sees one argument, without control characters."""
    words = shlex.split(fill_command("kubectl describe pod {pod}", {"pod": value}, _lookup))
    assert words == ["kubectl", "describe", "pod", "".join(c for c in value if c.isprintable())]


@given(st.text(max_size=12))
def test_inside_quotes_nothing_unusual_is_filled_in(value: str) -> None:
    """A value cannot break out of the quotes of a template."""
    filled = fill_command('ssh host "grep {word} file"', {"word": value}, _lookup)
    assert shlex.split(filled)[:2] == ["ssh", "host"]
    assert len(shlex.split(filled)) == 3
