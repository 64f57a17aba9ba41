"""Three hundred secrets in the evidence, and none in anything that kbdiag writes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.snapshot.redaction.redact import redact_text
from facts.snapshot.snapshot_file import load_snapshot
from kb.report.formats import format_names
from tests.facts.collect.test_kubernetes_collector import CRASHING, pod
from tests.facts.planted import KINDS, PLACES, Planted, leaks, plant
from tests.kb.clusters import CRASH, clusters
from tests.kb.rulebook import kbdiag, write_rules

QUOTING = """\
id: DEMO-QUOTE
title: "It says {said}"
layer: workload
severity: low
subject: {kind: Cluster, name: ?said}
when:
  - log: {match: '(?P<said>.*(?:REDACTED|password|token|secret|key|http|kind|level|starting|payload|data|blob|message|machine|login|name|host).*)'}
strength: conclusive
prior: common
cause: "{said}"
verify:
  - run: echo {said}
    confirms: "{said}"
fix:
  - run: echo {said}
    risk: read-only
    note: "{said}"
lesson: "{said}"
tests:
  fires: [{text: abcdefg, subject: {name: abcdefg}}]
  fixed: [a]
"""


def secrets() -> Iterator[tuple[Planted, str]]:
    """Give more than 300 secrets, each with a place."""
    places = list(PLACES)
    for number, kind in enumerate(KINDS):
        for seed in range(10):
            yield plant(seed, kind), places[(number + seed) % len(places)]


def evidence(folder: Path) -> list[Planted]:
    """Write files with all secrets into `folder`, and return the secrets."""
    folder.mkdir()
    planted = list(secrets())
    for number, (one, place) in enumerate(planted):
        (folder / f"{number:03d}.txt").write_text(PLACES[place](one.text))
    return [one for one, _ in planted]


def test_more_than_three_hundred_of_more_than_twenty_kinds_are_planted() -> None:
    """The generator gives what this file promises."""
    planted = list(secrets())
    assert len(planted) >= 300
    assert len({one.kind for one, _ in planted}) >= 20
    assert {place for _, place in planted} == set(PLACES)


@pytest.mark.parametrize("output", format_names())
def test_no_report_of_files_quotes_a_secret(tmp_path: Path, output: str) -> None:
    """Even a rule that quotes every line finds tokens only; a report may be pasted into a ticket."""
    planted = evidence(tmp_path / "evidence")
    rules = write_rules(tmp_path / "rules", QUOTING)
    arguments = ("--no-bundled-rules", "--rules", rules, "--engine", "reference")
    told = kbdiag("infer", tmp_path / "evidence", *arguments, "-o", output, "--top", "500").output
    told += kbdiag("infer", tmp_path / "evidence", *arguments, "--why", "DEMO-QUOTE").output
    assert "REDACTED-" in told
    assert [leak for one in planted for leak in leaks(one, told)] == []


def test_no_saved_snapshot_of_files_holds_a_secret(tmp_path: Path) -> None:
    """--save writes what was read after redaction."""
    planted = evidence(tmp_path / "evidence")
    rules = write_rules(tmp_path / "rules", CRASH)
    saved = tmp_path / "s.tar.zst"
    kbdiag(
        "infer", tmp_path / "evidence", "--no-bundled-rules", "--rules", rules, "--engine", "reference", "--save", saved
    )
    text = str(load_snapshot(saved))
    assert [leak for one in planted for leak in leaks(one, text)] == []


def test_no_difference_quotes_a_secret(tmp_path: Path) -> None:
    """The same holds for `kbdiag diff`."""
    planted = evidence(tmp_path / "evidence")
    (tmp_path / "after.log").write_text("all is well\n")
    rules = write_rules(tmp_path / "rules", QUOTING)
    arguments = ("--no-bundled-rules", "--rules", rules, "--engine", "reference")
    told = kbdiag("diff", tmp_path / "evidence", tmp_path / "after.log", "-o", "json", *arguments).output
    assert [leak for one in planted for leak in leaks(one, told)] == []


def test_no_live_snapshot_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the API server gives, in objects, events and logs, is redacted before anything keeps it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    planted = [one for one, _ in secrets()]
    pods, events, configs = [], [], []
    for number, one in enumerate(planted):
        item = pod(f"web-{number}", owner=f"web-{number}", **CRASHING)
        item["metadata"]["annotations"] = {
            "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"note": one.text})
        }
        item["spec"]["containers"][0] |= {"args": ["sh", "-c", one.text], "env": [{"name": "NOTE", "value": one.text}]}
        pods.append(item)
        events.append(
            {"metadata": {"name": f"e-{number}", "namespace": "demo"}, "type": "Warning", "message": one.text}
        )
        configs.append({"metadata": {"name": f"c-{number}", "namespace": "demo"}, "data": {"app.conf": one.text}})
    objects = {"/api/v1/pods": pods, "/api/v1/events": events, "/api/v1/configmaps": configs}
    with clusters(tmp_path, prod=objects) as (config, _):
        result = kbdiag("collect", "--kubeconfig", config, "--no-ssh", "-o", "x.tar.zst")
    assert result.exit_code == 0
    text = str(load_snapshot("x.tar.zst"))
    assert "web-299" in text
    assert [leak for one in planted for leak in leaks(one, text)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_message_and_no_traceback_holds_a_secret(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that quotes what it met, and the traceback of a bug, are redacted too."""
    one = plant(5, kind)
    monkeypatch.setenv("KBDIAG_DEBUG", "1")

    def explode(*_: object, **__: object) -> None:
        raise RuntimeError(one.text)

    monkeypatch.setattr("facts.read.evidence.read_evidence", explode)
    (tmp_path / "x").write_text("x")
    result = kbdiag(
        "infer",
        tmp_path / "x",
        "--engine",
        "reference",
        "--no-bundled-rules",
        "--rules",
        write_rules(tmp_path / "r", CRASH),
    )
    assert "Traceback" in result.stderr
    assert leaks(one, result.stderr) == []


def test_text_without_secrets_is_the_same_text() -> None:
    """The common case costs nothing but a look."""
    text = "pod demo/web-1 is well"
    assert redact_text(text) is text
