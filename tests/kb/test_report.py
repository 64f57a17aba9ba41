"""The report keeps the contract `kbdiag/report/v1`, in every format."""

import json

import pytest
import yaml

from kb.report.formats import format_names
from kb.report.report import FACTS_SHOWN, SUBJECTS_SHOWN
from tests.kb.rulebook import Desk

KEYS = [
    "schema", "version", "rules_digest", "observed_at", "source", "layers", "symptoms", "hypotheses", "next_checks", "coverage",
    "clusters", "changes",
]  # fmt: skip
HYPOTHESIS_KEYS = [
    "rank", "id", "title", "layer", "severity", "symptom", "confidence", "belief", "caused_by", "explains", "subject", "subjects",
    "subjects_total", "cause", "evidence", "unknown", "verify", "fix", "lesson", "cluster",
]  # fmt: skip


def test_the_keys_are_those_of_the_contract(desk: Desk) -> None:
    """Names and order of all keys are fixed; programs rely on them."""
    report = json.loads(desk.infer("-o", "json").output)
    assert list(report) == KEYS
    assert report["schema"] == "kbdiag/report/v1"
    assert report["rules_digest"].startswith("sha256:")
    assert report["observed_at"] is None
    first = report["hypotheses"][0]
    assert list(first) == HYPOTHESIS_KEYS
    assert list(first["evidence"][0]) == ["says", "for", "strength", "facts", "facts_total"]
    assert list(first["evidence"][0]["facts"][0]) == ["kind", "source", "text"]
    assert first["unknown"] == [
        {"says": "df shows that w1 is full", "needs": "ssh", "why": "was not part of the evidence"}
    ]
    assert first["verify"] == [{"run": "ssh w1 df -h /var/lib/containerd", "confirms": "100 percent"}]
    assert first["fix"][0] == {
        "run": "ssh w1 sudo crictl rmi --prune", "risk": "disruptive", "note": "images come back when they are needed",
    }  # fmt: skip


def test_cause_and_effect_name_each_other(desk: Desk) -> None:
    """`explains` of the cause and `caused_by` of the effect are the two ends of one link."""
    cause, effect, _ = json.loads(desk.infer("-o", "json").output)["hypotheses"]
    assert cause["explains"] == ["DEMO-POD-DOWN/demo/web-1", "DEMO-POD-DOWN/demo/web-2"]
    assert effect["caused_by"] == ["DEMO-DISK-FULL/w1"]
    assert effect["belief"] == cause["belief"] == cause["confidence"] > 0.9 > effect["confidence"]


def test_subjects_are_those_that_the_rule_affects(desk: Desk) -> None:
    """All activations count, each subject once and sorted; what is beyond the limit is counted."""
    lines = [f"no space left on w1 for pod demo/web-{number:03}" for number in range(SUBJECTS_SHOWN + 7)]
    desk.evidence.write_text("\n".join([*lines, lines[0]]))
    first = json.loads(desk.infer("-o", "json").output)["hypotheses"][0]
    assert [one["name"] for one in first["subjects"]] == [f"web-{number:03}" for number in range(SUBJECTS_SHOWN)]
    assert first["subjects_total"] == SUBJECTS_SHOWN + 7
    assert len(first["evidence"][0]["facts"]) == FACTS_SHOWN
    assert first["evidence"][0]["facts_total"] == SUBJECTS_SHOWN + 7


def test_evidence_that_holds_is_told_with_its_source(desk: Desk) -> None:
    """An evidence item that holds is an entry of its own after that of `when`."""
    with desk.evidence.open("a") as file:
        file.write(
            "root@w1:~# df -h /\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/vda1        20G   20G   12M 100% /\n"
        )
    first = json.loads(desk.infer("-o", "json").output)["hypotheses"][0]
    assert [entry["says"] for entry in first["evidence"]] == ["The disk of w1 is full", "df shows that w1 is full"]
    assert first["unknown"] == []


def test_layers_tell_failing_from_unknown(desk: Desk) -> None:
    """A layer with a finding fails; one that nobody looked at is unknown, not ok."""
    layers = {one["layer"]: one["state"] for one in json.loads(desk.infer("-o", "json").output)["layers"]}
    assert (layers["node"], layers["workload"], layers["vm"]) == ("failing", "failing", "unknown")


def test_a_layer_that_was_seen_whole_is_ok(desk: Desk) -> None:
    """The complete list of nodes, all Ready, makes the layer ok."""
    desk.evidence.write_text("NAME   STATUS   ROLES    AGE   VERSION\nw1     Ready    <none>   10d   v1.30.2\n")
    layers = {one["layer"]: one["state"] for one in json.loads(desk.infer("-o", "json").output)["layers"]}
    assert layers["node"] == "ok"


def test_the_same_evidence_gives_the_same_bytes(desk: Desk) -> None:
    """Nothing in a report depends on when it is made."""
    assert desk.infer("-o", "json").output == desk.infer("-o", "json").output


def test_yaml_and_json_are_the_same_report(desk: Desk) -> None:
    """Two formats, one content."""
    assert yaml.safe_load(desk.infer("-o", "yaml").output) == json.loads(desk.infer("-o", "json").output)


@pytest.mark.parametrize("name", format_names())
def test_no_format_prints_what_steers_a_terminal(desk: Desk, name: str) -> None:
    """Control characters, C1 controls and bidirectional overrides of the evidence reach no terminal."""
    desk.evidence.write_text("\x1b]0;owned\x07 \u009b31m \u202e no space left on w1 for pod demo/web-1 \x08\x7f\n")
    result = desk.infer("-o", name)
    assert result.exit_code == 0
    assert "no space left on w1" in result.output
    assert [one for one in result.output if not one.isprintable() and one != "\n"] == []


def test_every_format_is_a_file(desk: Desk) -> None:
    """The formats are found in their folder, text and JSON among them."""
    assert {"json", "text", "yaml"} <= set(format_names())
