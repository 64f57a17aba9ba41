"""Four hundred secrets in the evidence, and none in anything that kbdiag writes; three hundred look-alikes, all of them there."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.snapshot.redaction.redact import redact_text
from facts.snapshot.snapshot_file import load_snapshot
from kb.report.formats import format_names
from tests.facts.collect.test_kubernetes_collector import CRASHING, pod
from tests.facts.harmless import HARMLESS
from tests.facts.planted import KINDS, PLACES, Planted, all_leaks, leaks, may_stand, plant
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


EACH = 4
"""Secrets of each kind."""


def secrets() -> Iterator[tuple[Planted, str]]:
    """Give more than 400 secrets, each with a place."""
    places = list(PLACES)
    for number, kind in enumerate(KINDS):
        for seed in range(EACH):
            chosen = (places[(number + 5 * seed + turn) % len(places)] for turn in range(len(places)))
            yield plant(seed, kind), next(place for place in chosen if may_stand(kind, place))


def evidence(folder: Path) -> None:
    """Write files with all secrets into `folder`, those of one place packed into an archive, and the look-alikes."""
    folder.mkdir()
    for number, (planted, place) in enumerate(secrets()):
        body = PLACES[place](planted.text).encode()
        if place == "an archive":
            with tarfile.open(folder / f"{number:03d}.tar.gz", "w:gz") as archive:
                member = tarfile.TarInfo("bundle/logs/app.log")
                member.size = len(body)
                archive.addfile(member, io.BytesIO(body))
        else:
            (folder / f"{number:03d}.txt").write_bytes(body)
    (folder / "harmless.log").write_text("".join(f"2026-11-23T10:04:00Z app: {line}\n" for line in HARMLESS))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what kbdiag writes about all secrets: each report format, the proof, and the saved snapshot."""
    folder = tmp_path_factory.mktemp("secrets")
    evidence(folder / "evidence")
    saved = folder / "s.tar.zst"
    arguments = ("--no-bundled-rules", "--rules", write_rules(folder / "rules", QUOTING), "--engine", "reference")
    kbdiag("infer", folder / "evidence", *arguments, "--brief", "--save", saved)
    outputs = {
        output: kbdiag("infer", saved, *arguments, "-o", output, "--top", "5000").output for output in format_names()
    }
    proof = kbdiag("infer", saved, *arguments, "--why", "DEMO-QUOTE").output
    snapshot = load_snapshot(saved)
    kept = "\n".join(one.body.decode() for one in snapshot.observations)
    return {**outputs, "proof": proof, "snapshot": str(snapshot), "bodies": kept}


def test_more_than_four_hundred_of_sixty_kinds_are_planted() -> None:
    """The generator gives what this file promises."""
    planted = list(secrets())
    assert len(planted) >= 400
    assert len({one.kind for one, _ in planted}) >= 60
    assert {place for _, place in planted} == set(PLACES)
    assert len(PLACES) == 12
    assert len(HARMLESS) >= 300


@pytest.mark.parametrize("output", [*format_names(), "proof", "snapshot", "bodies"])
def test_no_secret_comes_out(told: dict[str, str], output: str) -> None:
    """Even a rule that quotes every line finds tokens only; a report may be pasted into a ticket."""
    planted = list(secrets())
    out = {one.kind: piece for one, piece in all_leaks([one for one, _ in planted], told[output])}
    assert "REDACTED-" in told[output]
    assert not out, f"{len(out)} of {len(planted)} secrets of {len(KINDS)} kinds came out of {output}: {out}"


def test_what_only_looks_like_a_secret_is_kept(told: dict[str, str]) -> None:
    """The snapshot has each line that a diagnosis needs, byte for byte."""
    touched = [line for line in HARMLESS if line not in told["bodies"]]
    assert not touched, f"{len(touched)} of {len(HARMLESS)} look-alikes were touched: {touched}"


def test_no_difference_quotes_a_secret(tmp_path: Path) -> None:
    """The same holds for `kbdiag diff`."""
    evidence(tmp_path / "evidence")
    (tmp_path / "after.log").write_text("all is well\n")
    rules = write_rules(tmp_path / "rules", QUOTING)
    arguments = ("--no-bundled-rules", "--rules", rules, "--engine", "reference")
    told = kbdiag("diff", tmp_path / "evidence", tmp_path / "after.log", "-o", "json", *arguments).output
    assert all_leaks([one for one, _ in secrets()], told) == []


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
    assert f"web-{len(planted) - 1}" in text
    assert all_leaks(planted, text) == []


@pytest.mark.parametrize("kind", list(KINDS)[::5])
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
