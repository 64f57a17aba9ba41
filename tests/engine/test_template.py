"""Commands that people paste: names are filled in, and hostile names do no harm."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.template import fill, fill_command, placeholders, refused_values


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


HOSTILE = (
    "x; rm -rf /", "$(reboot)", "`reboot`", "a b", "a'b", 'a"b', "a\\b", "--flag\nrm", "--all", "-oProxyCommand=reboot",
    "~root", "*", "a&b", "a|b", ">x", "{a,b}", "!!", "root@evil", "/d;touch${IFS}x", "a\tb", "a\x00b", "é", "",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("command", ["kubectl describe pod {x}", "ssh host cat {x}", 'ssh {x} "grep {x} file"'])
def test_a_hostile_value_is_not_filled_in(command: str, value: str) -> None:
    """What a shell or a program could misread never reaches a command."""
    assert fill_command(command, {"x": value}, _lookup) == command.replace("{x}", "<x>")
    assert refused_values(command, {"x": value}, _lookup) == ((value,) if value else ())


@pytest.mark.parametrize(
    "value",
    ["web-0", "kube-system", "10.0.0.1", "fe80::1", "/var/lib/kubelet", "db.shop.svc", "500m", "user@1000.service",
     "registry.example/web:1.2@sha256:0a1b", "system:node:w1", "app=web,tier=front"],
)  # fmt: skip
def test_a_plain_name_is_filled_in(value: str) -> None:
    """Names, paths, addresses, images and selectors are plain words."""
    assert fill_command("show {x}", {"x": value}, _lookup) == f"show {value}"


@given(st.text(max_size=12))
def test_a_value_is_one_argument_for_two_shells(value: str) -> None:
    """Whatever is filled in stays the same word when a second shell reads it, and is no option."""
    filled = fill_command("show {x}", {"x": value}, _lookup).removeprefix("show ")
    if filled != "<x>":
        assert shlex.split(filled) == shlex.split(shlex.join(shlex.split(filled))) == [value]
        assert not value.startswith("-")


def test_an_ssh_destination_may_name_a_user() -> None:
    """The inventory may say user@host; the name of a node may not."""
    lookup = {("w1", "ssh"): "admin@10.0.0.1"}.get
    assert fill_command("ssh {node.ssh}", {"node": "w1"}, lambda *key: lookup(key, "")) == "ssh admin@10.0.0.1"
