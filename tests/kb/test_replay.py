"""`kbdiag replay`: many snapshots, each in its row."""

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.kb.clusters import CRASH
from tests.kb.rulebook import kbdiag, write_rules
from tests.kb.test_cli import KBDIAG, ROOT
from tests.kb.test_diff import crashing, snapshot
from tests.made_cluster import node


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a folder with a broken snapshot, a healthy one, one that is damaged, and a bundle."""
    folder = tmp_path / "fleet"
    (folder / "d-bundle").mkdir(parents=True)
    snapshot(folder, "a.tar.zst", crashing("shop-6f7c8d9b5-aaaaa"), at="2026-11-24T09:00:00Z")
    snapshot(folder, "b.tar.zst", node("w1", "10.0.0.1"), at="2026-11-25T09:00:00Z")
    (folder / "c.tar.zst").write_bytes((folder / "a.tar.zst").read_bytes()[:200])
    listed = {"kind": "List", "items": [crashing("shop-6f7c8d9b5-bbbbb")]}
    (folder / "d-bundle" / "pods.json").write_text(json.dumps(listed))
    return folder


def arguments(folder: Path, *more: str | Path) -> list[str]:
    """Return the arguments for a replay with one rule."""
    rules = folder.parent / "rules"
    if not rules.exists():
        write_rules(rules, CRASH)
    given = ("replay", folder, "--no-bundled-rules", "--rules", rules, "--engine", "reference", *more)
    return [str(one) for one in given]


def replay(folder: Path, *more: str | Path) -> Result:
    """Replay `folder` in this process."""
    return kbdiag(*arguments(folder, "--workers", "1", *more))


def lines(text: str) -> list[dict[str, Any]]:
    """Return the results among lines of output."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_each_snapshot_has_a_row(fleet: Path) -> None:
    """The first cause, nothing, or why it could not be read; the status is that of a look."""
    result = replay(fleet)
    assert result.exit_code == 0
    head, *rows, last = result.output.splitlines()
    assert head.split() == ["OBSERVED", "CLUSTER", "SURE", "CAUSE", "SNAPSHOT"]
    assert [row.split()[1] for row in rows] == ["prod", "prod", "-", "-"]
    assert "DEMO-CRASH" in rows[0]
    assert "nothing found" in rows[1]
    assert "not read" in rows[2]
    assert "c.tar.zst: the archive is damaged or truncated" in rows[2]
    assert "DEMO-CRASH" in rows[3]
    assert rows[3].endswith("d-bundle")
    assert last == "kbdiag: 1 of 4 could not be read; their results say why"


def test_a_line_says_what_infer_says(fleet: Path) -> None:
    """Hypotheses, moment and cluster are those of the report on the same snapshot."""
    (first, *_) = lines(replay(fleet, "-o", "jsonl").output)
    rules = ("--no-bundled-rules", "--rules", fleet.parent / "rules", "--engine", "reference")
    report = json.loads(kbdiag("infer", fleet / "a.tar.zst", "-o", "json", *rules).output)
    assert first["schema"] == "kbdiag/replay/v1"
    assert first["rules_digest"] == report["rules_digest"]
    assert (first["observed_at"], first["cluster"]) == (report["observed_at"], "prod")
    assert first["hypotheses"] == [{name: one[name] for name in first["hypotheses"][0]} for one in report["hypotheses"]]


def test_a_bundle_has_its_newest_moment(fleet: Path) -> None:
    """What no snapshot says, the objects tell."""
    assert lines(replay(fleet, "-o", "jsonl").output)[3]["observed_at"] == "2026-11-24T09:00:00Z"


def test_the_number_of_workers_does_not_matter(fleet: Path) -> None:
    """One process and two give the same bytes."""
    alone = replay(fleet, "-o", "jsonl").output
    assert kbdiag(*arguments(fleet, "-o", "jsonl", "--workers", "2")).output == alone
    assert len(lines(alone)) == 4


def test_an_interrupted_run_goes_on(fleet: Path, tmp_path: Path) -> None:
    """A line that was written by half is written again; the file is that of a run without interruption."""
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    assert replay(fleet, "-o", "jsonl", "--output-file", whole).exit_code == 0
    cut.write_bytes(whole.read_bytes()[:-100])
    result = replay(fleet, "-o", "jsonl", "--output-file", cut, "--resume")
    assert (result.exit_code, lines(result.output)) == (0, [])
    assert cut.read_bytes() == whole.read_bytes()


def test_nothing_that_can_be_read_is_status_1(fleet: Path) -> None:
    """A damaged snapshot alone is no look, and neither is a folder without any."""
    damaged = replay(fleet / "c.tar.zst")
    assert damaged.exit_code == 1
    (fleet / "empty").mkdir()
    nothing = replay(fleet / "empty")
    assert nothing.exit_code == 1
    assert "there is no snapshot and no bundle" in nothing.output


def test_a_severity_can_fail(fleet: Path) -> None:
    """The cause is of severity high; what was kept of an earlier run counts as well."""
    assert replay(fleet, "--fail-on", "high").exit_code == 3
    assert replay(fleet, "--fail-on", "critical").exit_code == 0
    kept = ("-o", "jsonl", "--output-file", fleet.parent / "all.jsonl")
    assert replay(fleet, *kept).exit_code == 0
    assert replay(fleet, *kept, "--resume", "--fail-on", "high").exit_code == 3


def test_a_summary_takes_the_place_of_the_rows(fleet: Path) -> None:
    """One cause, in a named cluster and in a bundle without a name."""
    output = replay(fleet, "--summary").output
    assert output.startswith("1 cause in 4 snapshots of 1 cluster, ")
    assert "DEMO-CRASH  high             1    0          2  2026-11-24 09:00" in output
    page = replay(fleet, "-o", "html").output
    assert page.startswith("<!DOCTYPE html>")
    assert "<code>DEMO-CRASH</code>" in page


def test_a_summary_can_be_had_of_what_was_kept(fleet: Path, tmp_path: Path) -> None:
    """The results go to the file, the summary to standard output; a second run diagnoses nothing and says the same."""
    kept = ("-o", "jsonl", "--output-file", tmp_path / "all.jsonl", "--summary")
    first = replay(fleet, *kept)
    assert len(lines((tmp_path / "all.jsonl").read_text())) == 4
    assert replay(fleet, *kept, "--resume").output == first.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--resume",), "--resume goes on with a file"),
        (("--summary", "-o", "jsonl"), "--summary takes the place of the results"),
    ],
)
def test_options_that_do_not_go_together_are_told(fleet: Path, options: tuple[str, ...], message: str) -> None:
    """Bad usage is status 2, before anything is diagnosed."""
    result = replay(fleet, *options)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("crew", [(), ("--dask",)])
def test_ctrl_c_ends_it_and_its_workers(fleet: Path, crew: tuple[str, ...]) -> None:
    """The whole group gets the signal, as in a terminal: status 130, no traceback, no process left behind, whole lines."""
    for number in range(300):
        os.link(fleet / "a.tar.zst", fleet / f"x{number}.tar.zst")
    command = [*KBDIAG, *arguments(fleet, "-o", "jsonl", "--workers", "2", *crew)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - one thread here
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        rest, complaint = process.stdout.read(), process.stderr.read()  # they end with the last process that holds them
    assert process.returncode == 130
    assert b"Traceback" not in complaint
    assert rest == b"" or rest.endswith(b"\n")
    assert len(rest.splitlines()) < 303
