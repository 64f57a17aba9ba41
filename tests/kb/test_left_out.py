"""A rule of the user's that is broken is left out, loudly; the others are used. `--strict` stops instead."""

import json
from pathlib import Path

import pytest

from facts.model.errors import RuleError
from kb.catalogue.catalogue import load_catalogue
from tests.kb.rulebook import DISK, POD, Desk, kbdiag

BROKEN = POD.replace("DEMO-POD-DOWN", "DEMO-BROKEN")
FAULTS = {
    "no YAML": ("id: [", ": this is not YAML"),
    "a key that nobody knows": (BROKEN.replace("severity:", "sevrity:"), ":4:1: unknown key sevrity (did you mean severity?)"),
    "a kind that nobody makes": (
        BROKEN.replace("- log: {match: 'container of (?P<pod>[a-z0-9-]+) has died'}", "- lgo: {pod: ?pod}"),
        ":7:1: there is no fact kind lgo (",
    ),
    "a text that is compared as a number": (
        BROKEN.replace("  - log", "  - node: {ready: {gt: abc}}\n  - log"),
        ": node.ready is no number, so gt never holds (",
    ),
    "an id that stands twice": (POD, " is also the id of "),
    "bytes that are no text": ("id: \udcff", ": this is not UTF-8"),
}  # fmt: skip


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, desk: Desk) -> tuple[Path, str]:
    """Give a broken rule file among sound ones, and what is wrong with it."""
    text, told = FAULTS[request.param]
    path = desk.rules / "zz.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path, told


def test_a_broken_rule_costs_itself_only(desk: Desk, fault: tuple[Path, str]) -> None:
    """The diagnosis is that of the other rules; standard error names the file, the line and what to do."""
    path, told = fault
    result = desk.infer("-o", "json")
    assert result.exit_code == 0, result.output
    assert {one["id"] for one in json.loads(result.stdout)["hypotheses"]} == {"DEMO-DISK-FULL", "DEMO-POD-DOWN"}
    *mistakes, last = result.stderr.splitlines()
    assert mistakes
    assert all(line.startswith(f"kbdiag: left out: {path}:") for line in mistakes)
    assert any(told in line for line in mistakes)
    assert last == "kbdiag: the other rules are used; mend these (kbdiag rules lint), or stop at them with --strict"


def test_strict_stops_at_it(desk: Desk, fault: tuple[Path, str]) -> None:
    """With --strict there is no diagnosis, and the status is 2."""
    path, told = fault
    result = desk.infer("--strict")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"kbdiag: {path}:" in result.stderr
    assert told in result.stderr


@pytest.mark.parametrize("strict", [False, True])
def test_a_file_that_cannot_be_read_costs_itself_only(desk: Desk, *, strict: bool) -> None:
    """A link to nowhere is named, and the others are used; with --strict the status is 2."""
    (desk.rules / "zz.yaml").symlink_to("nowhere.yaml")
    result = desk.infer("-o", "json", *(["--strict"] if strict else []))
    assert result.exit_code == (2 if strict else 0)
    left_out = "" if strict else "left out: "
    assert (
        f"kbdiag: {left_out}{desk.rules}/zz.yaml:1:1: this cannot be read (No such file or directory;" in result.stderr
    )
    if not strict:
        assert len({one["id"] for one in json.loads(result.stdout)["hypotheses"]}) == 2


def test_a_rule_that_replaces_a_bundled_one_is_told(tmp_path: Path) -> None:
    """Standard error names the file and the rule; other rules are not named."""
    (tmp_path / "own.yaml").write_text(POD.replace("DEMO-POD-DOWN", "VM-STOPPED"))
    (tmp_path / "new.yaml").write_text(DISK)
    result = kbdiag("rules", "list", "--rules", tmp_path)
    assert result.exit_code == 0
    assert result.stderr == f"kbdiag: {tmp_path}/own.yaml: VM-STOPPED replaces the bundled rule of this id\n"


def test_rules_of_which_none_is_left_are_an_error(desk: Desk) -> None:
    """Without any rule there is nothing to diagnose with."""
    for path in desk.rules.rglob("*.yaml"):
        path.write_text("id: [")
    result = desk.infer()
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("command", [("rules", "list"), ("rules", "show", "DEMO-POD-DOWN"), ("kb", "graph")])
def test_other_commands_go_on_as_well(desk: Desk, command: tuple[str, ...]) -> None:
    """Whatever reads --rules says what it leaves out."""
    (desk.rules / "zz.yaml").write_text("id: [")
    result = kbdiag(*command, "--no-bundled-rules", "--rules", desk.rules)
    assert result.exit_code == 0, result.output
    assert f"kbdiag: left out: {desk.rules}/zz.yaml:" in result.stderr


def test_rules_that_deny_each_other_in_a_circle_are_left_out(tmp_path: Path) -> None:
    """Both of them; what stands beside them is used."""
    circle = """\
id: CIRCLE-{0}
title: a circle
layer: node
when:
  - node: {{name: ?node}}
  - not: {{made-{1}: {{node: ?node}}}}
derive: {{made-{0}: {{node: ?node}}}}
"""
    for one, other in (("a", "b"), ("b", "a")):
        text = circle.format(one, other).replace(f"CIRCLE-{one}", f"CIRCLE-{one.upper()}")
        (tmp_path / f"{one}.yaml").write_text(text.replace("made-", "made_"))
    (tmp_path / "disk.yaml").write_text(DISK)
    catalogue = load_catalogue([tmp_path], bundled=False, strict=False)
    assert list(catalogue.by_id) == ["DEMO-DISK-FULL"]
    assert "deny, in a circle" in " ".join(catalogue.left_out)
    with pytest.raises(RuleError, match="deny, in a circle"):
        load_catalogue([tmp_path], bundled=False).program()
