"""A report says why a name of the evidence is not in its commands."""

import json
from pathlib import Path

import pytest

from tests.facts.given import node
from tests.kb.rulebook import kbdiag


@pytest.mark.parametrize("name", ["-oProxyCommand=touch owned", "--all", "a b", "w1;reboot", "$(reboot)", "w" * 5000])
def test_a_name_that_is_refused_is_told_with_the_reason(tmp_path: Path, name: str) -> None:
    """No command holds it; the note beside the command does, cut where it is long."""
    (tmp_path / "nodes.json").write_text(
        json.dumps({"kind": "NodeList", "apiVersion": "v1", "items": [node(name, ready="False")]})
    )
    result = kbdiag("infer", tmp_path / "nodes.json", "-o", "json")
    first = json.loads(result.output)["hypotheses"][0]
    assert first["subject"]["name"] == name
    steps = [(step["run"], step.get("note", step.get("confirms"))) for step in (*first["verify"], *first["fix"])]
    refused = [run for run, note in steps if f"not filled in: {repr(name)[:50]}" in note and "could take it" in note]
    assert refused
    assert not any(name in run for run, _ in steps)
    assert all(len(note) < 500 for _, note in steps)
