"""`kbdiag facts` prints what rules can see."""

import json
from pathlib import Path

import pytest
import yaml

from kb.terminal import exit_status
from tests.kb.rulebook import kbdiag

pytestmark = pytest.mark.usefixtures("desk")

LINE = (
    "F0301 09:10:11.120000 673 kubelet.go:1405] Failed to start OOM watcher open /dev/kmsg: no such file or directory"
)


def test_table_shows_each_fact_with_its_line(tmp_path: Path) -> None:
    """One line with the attributes, one with the source and the proof."""
    (tmp_path / "kubelet.log").write_text(f"{LINE}\n")
    result = kbdiag("facts", "kubelet.log")
    assert result.exit_code == exit_status.OK
    first, second = result.output.splitlines()
    assert first.startswith(
        'failure  component=kubelet about_kind=Component about=kubelet layer=node level=fatal operation="start OOM watcher" error=not-found'
    )
    assert second == f"    kubelet.log:1: {LINE}"


def test_json_and_yaml_hold_the_same(tmp_path: Path) -> None:
    """Programs read the same facts in both."""
    (tmp_path / "kubelet.log").write_text(f"{LINE}\n")
    as_json = json.loads(kbdiag("facts", "-o", "json", "kubelet.log").output)
    assert as_json == yaml.safe_load(kbdiag("facts", "-o", "yaml", "kubelet.log").output)
    assert as_json["schema"] == "kbdiag/facts/v1"
    assert [fact["attributes"]["object"] for fact in as_json["facts"]] == ["/dev/kmsg"]


def test_kind_chooses(tmp_path: Path) -> None:
    """Only facts of the kinds that are asked for are printed; a kind that there is not is an error with a hint."""
    (tmp_path / "kubelet.log").write_text(f"{LINE}\n")
    assert kbdiag("facts", "--kind", "pod", "kubelet.log").output == ""
    wrong = kbdiag("facts", "--kind", "failur", "kubelet.log")
    assert wrong.exit_code == exit_status.BAD_USAGE
    assert "did you mean failure?" in wrong.stderr


def test_hostile_line_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Control characters are spelled out."""
    (tmp_path / "a.log").write_text("ERROR failed to open /x\x1b]0;y\x07: permission denied\n")
    assert "\x1b" not in kbdiag("facts", "a.log").output


def test_nothing_to_look_at_is_an_error(tmp_path: Path) -> None:
    """Evidence that holds nothing has its own exit status."""
    (tmp_path / "empty.log").write_text("")
    assert kbdiag("facts", "empty.log").exit_code == exit_status.NOTHING_OBSERVED
