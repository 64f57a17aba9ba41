"""Commands that people paste: names are filled in, and hostile names do no harm."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.template import fill, fill_command, missing_names, placeholders, refused_values


def _lookup(name: str, attribute: str) -> str:
    return {("w1", "ip"): "10.0.0.1"}.get((name, attribute), "")


def test_names_and_their_attributes_are_filled_in() -> None:
    """{node} is the name, {node.ip} an attribute of the thing of that name."""
    assert fill_command("ping {node.ip} # {node}", {"node": "w1"}, _lookup) == "ping 10.0.0.1 # w1"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Node {node} is down", "The node is down"),
        ("Swap is on at node {node}, so it stops", "Swap is on at the node, so it stops"),
        ("{workload_kind} {workload} is down", "The workload is down"),
        ("{workload} cannot start: {reason}", "The workload cannot start"),
        ("the limit ({limit}) is reached", "the limit is reached"),
        ("memory runs out[ on {node}]", "memory runs out"),
        ("memory runs out[ on {node} of {zone}] soon", "memory runs out soon"),
        ("the file /etc/{file} is gone", "the file /etc/… is gone"),
        ("[preflight] failed", "[preflight] failed"),
    ],
)
def test_a_text_reads_well_without_what_is_not_known(text: str, filled: str) -> None:
    """No unfilled placeholder is ever shown."""
    assert fill(text, {}, _lookup) == filled


def test_an_optional_part_is_shown_when_all_of_it_is_known() -> None:
    """The brackets go, the part stays."""
    assert fill("runs out[ on {node}] now", {"node": "w1"}, _lookup) == "runs out on w1 now"
    assert fill("the limit ({limit}) is reached", {"limit": "1Gi"}, _lookup) == "the limit (1Gi) is reached"


def test_a_command_without_its_name_is_a_comment() -> None:
    """It does nothing when it is pasted, and says what is missing."""
    assert fill_command("kubectl delete pod {pod}", {}, _lookup) == "# kubectl delete pod …"
    assert missing_names("kubectl delete pod {pod} -n {namespace}", {"pod": "a"}, _lookup) == ("namespace",)


@pytest.mark.parametrize(
    ("known", "missing"),
    [({}, ("workload",)), ({"workload": "web"}, ("workload kind",)), ({"workload_kind": "Deployment"}, ("workload",))],
)
def test_the_kind_of_what_has_no_name_is_not_missed_too(known: dict[str, str], missing: tuple[str, ...]) -> None:
    """One noun says it; a kind that is missing alone is told."""
    assert missing_names("kubectl get {workload_kind}/{workload}", known, _lookup) == missing


def test_a_remote_command_stands_alone_when_its_machine_is_not_known() -> None:
    """It is to be run on the machine."""
    assert fill_command("ssh {node.ssh} sudo swapoff -a", {}, _lookup) == "sudo swapoff -a"
    assert fill_command("ssh {node.ssh} 'sudo swapoff -a && reboot'", {}, _lookup) == "sudo swapoff -a && reboot"
    assert fill_command("ssh {node.ssh} cat {file}", {}, _lookup) == "# cat …"
    assert fill_command("ssh {node.ssh} \"awk '{print \\$1}' /a; ls\" | sort", {}, _lookup) == (
        "(awk '{print $1}' /a; ls) | sort"
    )


def test_what_the_reader_has_to_put_in_makes_a_comment() -> None:
    """A shell would take `<name>` for a file to read and one to write."""
    assert fill_command("kubectl delete pod <name> --now", {}, _lookup) == "# kubectl delete pod <name> --now"


@pytest.mark.parametrize("command", ["grep -rn -- {flag} /etc", "sed 's/ ?{flag}//' f", "ssh w 'grep -- {flag} f'"])
def test_behind_the_end_of_the_options_nothing_is_one(command: str) -> None:
    """A flag is looked for as it is written; its other characters have to be plain as ever."""
    assert fill_command(command, {"flag": "--confg"}, _lookup) == command.replace("{flag}", "--confg")
    assert refused_values(command, {"flag": "--a;b"}, _lookup) == ("--a;b",)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("namespace", "Shop"), ("pod", "a,b"), ("pod", "web-"), ("workload", "a/b"), ("workload_kind", "pods,secrets"),
     ("policy_namespace", "a.b"), ("node", "a..b"), ("vm", "../../x"), ("port", "1:2"), ("path", "/a/../../etc")],
)  # fmt: skip
def test_what_no_thing_of_its_kind_is_called_is_not_filled_in(variable: str, value: str) -> None:
    """A program may read several names, a path or a change of a label in it."""
    command = f"kubectl label node {{{variable}}} a=b"
    assert fill_command(command, {variable: value}, _lookup) == "# kubectl label node … a=b"
    assert refused_values(command, {variable: value}, _lookup) == (value,)


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
    assert fill_command(command, {"x": value}, _lookup) == fill_command(command, {}, _lookup)
    assert fill_command(command, {"x": value}, _lookup).startswith("# ")
    assert refused_values(command, {"x": value}, _lookup) == ((value,) if value else ())


@pytest.mark.parametrize("value", ["/x", "a/b", "a=b", "--all", "..", "ghcr.io/x/y:1"])
def test_a_manager_of_vms_is_given_names_only(value: str) -> None:
    """Whatever the rule calls the VM."""
    assert fill_command("tart stop {a} && tart run {a}", {"a": value}, _lookup) == "# tart stop … && tart run …"
    assert fill_command("tart stop {a}", {"a": "Prod_worker1"}, _lookup) == "tart stop Prod_worker1"


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
    if filled != "# show …":
        assert shlex.split(filled) == shlex.split(shlex.join(shlex.split(filled))) == [value]
        assert not value.startswith("-")


def test_an_ssh_destination_may_name_a_user() -> None:
    """The inventory may say user@host; the name of a node may not."""
    lookup = {("w1", "ssh"): "admin@10.0.0.1"}.get
    assert fill_command("ssh {node.ssh}", {"node": "w1"}, lambda *key: lookup(key, "")) == "ssh admin@10.0.0.1"
