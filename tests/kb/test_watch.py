"""`kbdiag watch`: quiet while nothing changes, a line for each change, and a clean end."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from kb.live.observe import read_snapshot
from tests.kb.clusters import CRASH, clusters, crashing, well
from tests.kb.rulebook import Desk, kbdiag, write_rules
from tests.kb.test_cli import KBDIAG, ROOT

AT = r"2[0-9]{3}-[0-9]{2}-[0-9]{2} [0-9:]{8}  "


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "KBDIAG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def watch(desk: Desk, *arguments: str | Path) -> Result:
    """Watch with the rules of the desk."""
    return kbdiag(
        "watch", "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference", "--interval", "0.01s", *arguments
    )


def test_it_is_quiet_while_nothing_changes(desk: Desk) -> None:
    """Three looks at the same evidence are one line: how it stands."""
    result = watch(desk, desk.evidence, "--count", "3")
    assert result.exit_code == 0
    assert re.fullmatch(AT + "The disk of w1 is full. 2 Pods suffer\\.\n", result.output)


def test_what_changes_is_told_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cause clears, its effects in one line; then it is quiet again."""
    states = iter([desk.evidence.read_text(), "all is well\n", "all is well\n"])
    read = read_snapshot

    def changing(paths: tuple[str, ...], git: tuple[str, ...]) -> object:
        desk.evidence.write_text(next(states))
        return read(paths, git)

    monkeypatch.setattr("kb.commands.watch.read_snapshot", changing)
    lines = [re.sub(AT, "", line) for line in watch(desk, desk.evidence, "--count", "3").output.splitlines()]
    assert lines[1:] == ["- DEMO-DISK-FULL/w1  The disk of w1 is full (critical, 99%)", "- 2 effects"]


def test_evidence_that_goes_away_is_told_and_not_fatal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read for a while does not end the watch, and clears nothing."""
    read, looks = read_snapshot, iter([True, False, True])

    def flaky(paths: tuple[str, ...], git: tuple[str, ...]) -> object:
        return read(paths if next(looks) else ("/no/such",), git)

    monkeypatch.setattr("kb.commands.watch.read_snapshot", flaky)
    result = watch(desk, desk.evidence, "--count", "3")
    assert result.exit_code == 0
    assert "? DEMO-DISK-FULL/w1" in result.output
    assert " - DEMO" not in result.output


def test_missing_evidence_is_told_at_once(desk: Desk) -> None:
    """A wrong path at the start is an error."""
    result = watch(desk, "/no/such", "--count", "3")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)


def test_each_change_is_a_line_of_json(desk: Desk) -> None:
    """The first look tells all that is there as appeared."""
    lines = [json.loads(line) for line in watch(desk, desk.evidence, "--count", "2", "-o", "json").output.splitlines()]
    causes = [one for one in lines if one["what"] == "hypothesis"]
    assert [(one["change"], one["key"], one["effect"]) for one in causes] == [
        ("appeared", "DEMO-DISK-FULL/w1", False),
        ("appeared", "DEMO-POD-DOWN/demo/web-1", True),
        ("appeared", "DEMO-POD-DOWN/demo/web-2", True),
    ]
    assert all(re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", one["at"]) for one in lines)


def test_a_live_cluster_is_looked_at_again(tmp_path: Path) -> None:
    """What crashes between two looks appears with the second."""
    rules = write_rules(tmp_path / "rules", CRASH)
    with clusters(tmp_path, prod=well()) as (config, servers):
        server = servers["prod"]
        stored = server._stored

        def second(ask: object) -> object:
            if sum(one.path == "/api/v1/pods" for one in server.asks) > 1:
                server.objects.update(crashing())
            return stored(ask)  # type: ignore[arg-type]

        server._stored = second  # type: ignore[method-assign, assignment]
        result = kbdiag(
            "watch", "--no-bundled-rules", "--rules", rules, "--engine", "reference", "--kubeconfig", config, "--no-ssh",
            "--interval", "0.01s", "--count", "2",
        )  # fmt: skip
    first, *changes = [re.sub(AT, "", line) for line in result.output.splitlines()]
    assert first == "prod: nothing found"
    assert any(re.match(r"\+ prod: DEMO-CRASH/demo/web", line) for line in changes)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--interval", "soon"), "Invalid value for '--interval': 'soon' is no time; write 30s, 5m or 1h"),
        (("-",), "standard input can be read once only; name files or folders to watch"),
        (("x", "--context", "y"), "evidence was given, and a live cluster was asked for; give one of them"),
    ],
)
def test_bad_usage_is_one_line(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    """With status 2."""
    result = watch(desk, *arguments)
    assert result.exit_code == 2
    assert result.output.startswith(f"kbdiag: {told}")


def test_an_interrupt_ends_it_cleanly(desk: Desk) -> None:
    """Ctrl-C between two looks: status 0, and not a word."""
    with subprocess.Popen(
        [
            *KBDIAG, "watch", str(desk.evidence), "--no-bundled-rules", "--rules", str(desk.rules), "--engine", "reference",
            "--interval", "1h",
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "The disk of w1 is full" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")
