"""`kbdiag infer`: what goes in, what comes out, and with which status."""

import json
from pathlib import Path

import pytest

from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from tests.kb.rulebook import DISK, INCIDENT, Desk, kbdiag, write_rules
from tests.kb.test_cli import run


def hypotheses(text: str) -> list[str]:
    """Return the keys of the hypotheses of a JSON report."""
    return [f"{one['id']}/{one['subject']['name']}" for one in json.loads(text)["hypotheses"]]


def test_the_root_cause_comes_first(desk: Desk) -> None:
    """A node whose disk is full explains its Pods, and ranks above them."""
    result = desk.infer("-o", "json")
    assert result.exit_code == 0
    assert hypotheses(result.output) == ["DEMO-DISK-FULL/w1", "DEMO-POD-DOWN/web-1", "DEMO-POD-DOWN/web-2"]


def test_piped_evidence_is_read_without_a_dash(desk: Desk) -> None:
    """`cat incident.log | kbdiag infer` gives what `kbdiag infer incident.log` gives."""
    rules = ("--no-bundled-rules", "--rules", desk.rules, "-o", "json")
    with desk.evidence.open() as file:
        redirected = run("infer", *rules, stdin=file)
    piped = run("infer", *rules, stdin=None, input=INCIDENT)
    dashed = run("infer", "-", *rules, stdin=None, input=INCIDENT)
    for done in (redirected, piped, dashed):
        assert done.returncode == 0
        assert hypotheses(done.stdout)[0] == "DEMO-DISK-FULL/w1"


def test_an_empty_pipe_is_no_diagnosis(desk: Desk) -> None:
    """Nothing piped in is an error, not a healthy cluster, and no reason to go and ask another cluster."""
    done = run("infer", "--no-bundled-rules", "--rules", desk.rules, stdin=None, input="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kbdiag: standard input is empty; ")


def test_evidence_without_content_is_no_diagnosis(desk: Desk, tmp_path: Path) -> None:
    """When nothing could be read the report says so, and the status is 1."""
    (tmp_path / "binary").write_bytes(b"\0\1\2\3" * 100)
    done = run("infer", tmp_path / "binary", "--no-bundled-rules", "--rules", desk.rules)
    assert done.returncode == 1
    assert "not the same as healthy" in done.stdout
    assert done.stderr.startswith("kbdiag: nothing could be observed: evidence binary")


def test_evidence_and_a_live_cluster_exclude_each_other(desk: Desk) -> None:
    """A context beside files is bad usage."""
    result = desk.infer("--context", "prod")
    assert result.exit_code == 2
    assert result.output == "kbdiag: evidence was given, and a live cluster was asked for; give one of them\n"


def live_snapshot() -> Snapshot:
    """Return what a collector might bring from a live cluster."""
    log = Observation(ObservationKind.LOG, "logs/kubelet", INCIDENT.encode(), {"component": "kubelet", "node": "w1"})
    return Snapshot(
        observations=(log,),
        coverage=(
            Coverage("kubernetes/nodes", "*", CoverageState.COMPLETE, None, 0.2),
            Coverage("ssh", "w1", CoverageState.FAILED, "no answer in 10 s", 10.0, "timeout"),
        ),
        observed_at="2026-11-23T10:04:00Z",
        cluster="prod",
        origin="context prod",
    )


def test_a_saved_snapshot_gives_the_same_diagnosis(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a live run tells, its saved snapshot tells again, byte for byte but for the name of the source."""
    monkeypatch.setattr("facts.collect.collect.collect", lambda _: live_snapshot())
    arguments = ("--no-bundled-rules", "--rules", desk.rules, "--engine", "reference", "-o", "json")
    saved = tmp_path / "prod.tar.zst"
    live = kbdiag("infer", "--context", "prod", "--save", saved, *arguments)
    replayed = kbdiag("infer", saved, *arguments)
    assert live.exit_code == replayed.exit_code == 0
    first, second = json.loads(live.output), json.loads(replayed.output)
    assert first.pop("source") == {"cluster": "prod", "origin": "context prod"}
    assert second.pop("source") == {"cluster": "prod", "origin": str(saved)}
    assert json.dumps(first) == json.dumps(second)
    assert first["observed_at"] == "2026-11-23T10:04:00Z"


@pytest.mark.parametrize("name", ["--all", "Demo", "a.b", "a/b", "web-", "", "x" * 64, "demo\n"])
def test_what_names_no_namespace_is_refused(name: str) -> None:
    """A name that Kubernetes would not allow is one line, with status 2, before a cluster is asked."""
    result = kbdiag("infer", "-n", "demo", f"--namespace={name}")
    assert result.stderr.startswith("kbdiag: -n '")
    assert result.stderr.count("\n") == 1
    assert result.exit_code == 2


@pytest.mark.parametrize(("names", "status"), [(("dmo",), 1), (("demo",), 0), (("demo", "dmo"), 1)])
def test_a_namespace_that_no_cluster_has_is_no_diagnosis(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], status: int
) -> None:
    """Where the server tells that there is no such namespace, one line says so, with status 1."""
    missing = Coverage("kubernetes/namespaces", "dmo", CoverageState.FAILED, "not found", 0.1, "not-found")
    seen = live_snapshot()
    monkeypatch.setattr(
        "facts.collect.collect.collect",
        lambda _: Snapshot(seen.observations, (*seen.coverage, missing), cluster="prod"),
    )
    chosen = [f"--namespace={name}" for name in names]
    result = kbdiag("infer", *chosen, "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference")
    said = "kbdiag: there is no namespace dmo; see kubectl get namespaces\n"
    assert (result.stderr, result.exit_code) == (said if status else "", status)


def test_a_save_that_fails_keeps_the_diagnosis(desk: Desk, tmp_path: Path) -> None:
    """A place that cannot be written to costs the file: the report is the same, then one line tells, with status 2."""
    told = desk.infer()
    place = tmp_path / "missing" / "saved.tar.zst"
    result = desk.infer("--save", str(place))
    assert result.stdout == told.stdout
    assert result.stderr.startswith(f"kbdiag: --save {place}: cannot be written (No such file or directory)")
    assert result.stderr.count("\n") == 1
    assert (told.exit_code, result.exit_code) == (0, 2)


def test_a_save_that_fails_keeps_the_proof(desk: Desk, tmp_path: Path) -> None:
    """The proof of a hypothesis is printed, too, before the status tells of the file."""
    arguments = ("-o", "json", "--why-not", "DEMO-DISK-FULL")
    told = desk.infer(*arguments)
    result = desk.infer(*arguments, "--save", str(tmp_path / "missing" / "saved.tar.zst"))
    assert told.stdout
    assert (result.stdout, result.exit_code) == (told.stdout, 2)


def test_a_cluster_that_cannot_be_reached_is_no_diagnosis(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When no collector saw anything, and no rule knows why, the status is 1 and the reason is told."""
    refused = Coverage("kubernetes/api", "prod", CoverageState.FAILED, "connection refused", 0.1, "refused")
    monkeypatch.setattr("facts.collect.collect.collect", lambda _: Snapshot(coverage=(refused,)))
    result = kbdiag("infer", "-A", "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference")
    assert result.exit_code == 1
    assert result.stderr.startswith("kbdiag: nothing could be observed: connection refused; check ")


def test_a_failure_to_look_can_be_the_diagnosis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that says why the API is out of reach is a diagnosis, which is printed; nothing was observed all the same."""
    rule = DISK.replace("DEMO-DISK-FULL", "DEMO-API-DOWN").replace(
        "  - log: {match: 'no space left on (?P<node>[a-z0-9-]+) for pod (?P<namespace>[a-z]+)/(?P<pod>[a-z0-9-]+)'}",
        "  - collector: {name: kubernetes/api, state: failed, target: ?node, address: ?namespace, why: ?pod}",
    )
    rules = write_rules(tmp_path / "rules", rule)
    refused = Coverage("kubernetes/api", "prod", CoverageState.FAILED, "connection refused", 0.1, "refused")
    monkeypatch.setattr("facts.collect.collect.collect", lambda _: Snapshot(coverage=(refused,)))
    result = kbdiag("infer", "-A", "--no-bundled-rules", "--rules", rules, "--engine", "reference", "-o", "json")
    assert result.exit_code == 1
    assert hypotheses(result.stdout) == ["DEMO-API-DOWN/prod"]


@pytest.mark.parametrize(("severity", "status"), [("critical", 3), ("low", 3)])
def test_fail_on_is_reached_by_worse_causes(desk: Desk, severity: str, status: int) -> None:
    """A critical cause reaches every threshold."""
    assert desk.infer("--fail-on", severity).exit_code == status


def test_fail_on_looks_at_causes_not_at_what_they_explain(desk: Desk) -> None:
    """With the critical cause out of sight, the explained Pods reach no threshold."""
    assert desk.infer("--layer", "workload", "--fail-on", "low").exit_code == 0


def test_layer_limits_the_report(desk: Desk) -> None:
    """Only hypotheses of the layer are shown; their ranks start at 1."""
    report = json.loads(desk.infer("--layer", "workload", "-o", "json").output)
    assert [(one["rank"], one["id"]) for one in report["hypotheses"]] == [(1, "DEMO-POD-DOWN"), (2, "DEMO-POD-DOWN")]


def test_an_unlikely_cause_is_left_out(desk: Desk) -> None:
    """--min-confidence drops causes below it, and keeps what likely causes explain."""
    assert len(hypotheses(desk.infer("-o", "json", "--min-confidence", "0.9").output)) == 3
    assert hypotheses(desk.infer("-o", "json", "--min-confidence", "1").output) == []


def test_why_goes_down_to_the_line(desk: Desk) -> None:
    """The proof names the prior, the strength, and the file and line of the evidence."""
    output = desk.infer("--why", "DEMO-DISK-FULL").output
    assert "prior common: 0.05" in output
    assert "incident.log:3: no space left on w1 for pod demo/web-2" in output
    assert "df shows that w1 is full (moderate for: unknown)" in output


def test_why_not_names_the_condition_that_failed(desk: Desk) -> None:
    """A rule that did not fire is explained at its first broken condition, and whether it is unknown or false."""
    desk.evidence.write_text("all is well\n")
    output = desk.infer("--why-not", "DEMO-POD-DOWN").output
    assert output.startswith("DEMO-POD-DOWN did not fire: ")
    assert "unknown: log {match: 'container of" in output


def test_why_of_a_rule_that_did_not_fire_says_why_not(desk: Desk) -> None:
    """There is an answer either way."""
    desk.evidence.write_text("all is well\n")
    assert desk.infer("--why", "DEMO-POD-DOWN").output.startswith("DEMO-POD-DOWN did not fire: ")


def test_why_of_an_unknown_rule_gives_a_hint(desk: Desk) -> None:
    """A misspelt id is bad usage."""
    result = desk.infer("--why", "DEMO-POD-DWN")
    assert (result.exit_code, result.output) == (
        2,
        "kbdiag: there is no rule DEMO-POD-DWN (did you mean DEMO-POD-DOWN?)\n",
    )


def test_why_as_json(desk: Desk) -> None:
    """The proof can be read by programs."""
    proof = json.loads(desk.infer("--why", "DEMO-DISK-FULL/w1", "-o", "json").output)
    assert proof[0]["text"].startswith("DEMO-DISK-FULL/w1: The disk of w1 is full")
    assert proof[0]["parts"][1]["parts"][0]["text"].startswith("incident.log:1: ")


def test_titles_are_translated(desk: Desk) -> None:
    """--lang takes the translation where there is one, and English where there is none."""
    report = json.loads(desk.infer("--lang", "ko", "-o", "json").output)
    assert report["hypotheses"][0]["title"] == "w1 노드의 디스크가 가득 찼다"
    assert report["hypotheses"][1]["title"] == "Pod web-1 is down"


def test_both_engines_give_the_same_report(desk: Desk) -> None:
    """The engine changes nothing but the time it takes."""
    pytest.importorskip("durable")
    reports = [
        kbdiag(
            "infer", desk.evidence, "--no-bundled-rules", "--rules", desk.rules, "-o", "json", "--engine", engine
        ).output
        for engine in ("durable", "reference")
    ]
    assert reports[0] == reports[1]


def test_the_bundled_incident_is_diagnosed() -> None:
    """The incident that ships with kbdiag is read whole, and the rules that ship with it find the stopped VM."""
    done = run("infer", "kb/incidents/vm-stopped", "-o", "json")
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout)["hypotheses"][0]
    assert (first["id"], first["subject"]["name"]) == ("VM-STOPPED", "prod-worker1")


def test_the_report_goes_to_a_file_without_colour(desk: Desk, tmp_path: Path) -> None:
    """In a pipe there is no escape sequence; --color always puts them there."""
    plain = run("infer", desk.evidence, "--no-bundled-rules", "--rules", desk.rules)
    coloured = run("infer", desk.evidence, "--no-bundled-rules", "--rules", desk.rules, "--color", "always")
    assert "\x1b" not in plain.stdout
    assert "\x1b[" in coloured.stdout


def test_the_profile_goes_to_standard_error(desk: Desk) -> None:
    """Each stage has a line there; the report is the same as without."""
    rules = ("--no-bundled-rules", "--rules", desk.rules, "-o", "json")
    plain, profiled = run("infer", desk.evidence, *rules), run("infer", desk.evidence, *rules, "--profile")
    assert profiled.stdout == plain.stdout
    head, *stages = profiled.stderr.splitlines()
    assert head.split() == ["STAGE", "WALL", "s", "CPU", "s", "PEAK", "MB"]
    names = ["rules", "redact", "read", "extract", "match", "chain", "judge", "report", "all"]
    assert [line.split()[0] for line in stages] == names
