"""The command line as a process: help is quick, errors are one line, pipes and interrupts are quiet."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from kb.cli import FOLDER, Folder
from kb.terminal import exit_status
from tests.kb.rulebook import Desk, kbdiag

ROOT = Path(__file__).resolve().parents[2]
KBDIAG = [sys.executable, "-m", "kb"]


def run(*arguments: str | Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run kbdiag as a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*KBDIAG, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **{"stdin": subprocess.DEVNULL, **settings},
    )


def test_help_lists_the_files_of_the_folder() -> None:
    """Every file in kb/commands is a command, with the first sentence of its docstring."""
    output = kbdiag("--help").output
    for path in FOLDER.glob("[a-z]*.py"):
        assert path.stem in output
        assert path.read_text(encoding="utf-8").splitlines()[0].strip('".')[:40] in output


def test_a_file_is_a_command_and_a_folder_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file in the folder is found without an import of the others."""
    package = tmp_path / "freshly_made"
    (package / "more").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "broken_one.py").write_text('"""Cannot be imported."""\nraise RuntimeError\n')
    (package / "hello.py").write_text('"""Greet."""\nimport click\n@click.command\ndef command(): click.echo("hi")\n')
    (package / "more" / "__init__.py").write_text('"""Greet more."""\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    from click.testing import CliRunner

    folder = Folder(package, "freshly_made", name="x")
    assert CliRunner().invoke(folder, ["hello"]).output == "hi\n"
    listed = CliRunner().invoke(folder, ["--help"]).output
    assert [line.split() for line in listed.splitlines()[-3:]] == [
        ["broken-one", "Cannot", "be", "imported"],
        ["hello", "Greet"],
        ["more", "Greet", "more"],
    ]


def test_help_imports_nothing_heavy() -> None:
    """Neither help nor version load what only a diagnosis needs."""
    for argument in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "kb", argument],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
        assert "click" in loaded
        assert loaded & {"msgspec", "yaml", "rich", "kubernetes", "engine", "zstandard"} == set()


def test_bad_usage_is_one_line() -> None:
    """An unknown option ends with status 2, and says where help is."""
    done = run("infer", "--bogus")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kbdiag: No such option '--bogus' (see kbdiag infer --help)\n"


def test_missing_evidence_is_one_line(desk: Desk) -> None:
    """A path that does not exist ends with status 1."""
    done = run("infer", "/no/such/file", "--no-bundled-rules", "--rules", desk.rules)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kbdiag: /no/such/file: ")
    assert done.stderr.count("\n") == 1


def test_bad_rules_are_one_line_per_mistake(desk: Desk) -> None:
    """With --strict all mistakes of all rules are told with their place, with status 2."""
    (desk.rules / "a.yaml").write_text("id: lower\ntitel: x\n")
    done = run("infer", desk.evidence, "--no-bundled-rules", "--strict", "--rules", desk.rules)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) > 2
    assert all(line.startswith(f"kbdiag: {desk.rules}/a.yaml:") for line in lines)


def test_a_bug_is_one_line_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody expects is told in one line, with status 70; the traceback comes with KBDIAG_DEBUG."""

    def explode(*_: object, **__: object) -> None:
        raise KeyError("first\nsecond")

    monkeypatch.setattr("kb.report.diagnose.build_report", explode)
    result = desk.infer()
    assert result.exit_code == 70
    assert result.output.startswith("kbdiag: internal error: KeyError: ")
    assert "please report" in result.output
    assert result.output.count("\n") == 1
    monkeypatch.setenv("KBDIAG_DEBUG", "1")
    assert "Traceback" in desk.infer().output


def _infer_into(output: int | IO[str], desk: Desk) -> "subprocess.CompletedProcess[str]":
    """Run `kbdiag infer` as a process that writes its report to `output`."""
    return subprocess.run(
        [*KBDIAG, "infer", str(desk.evidence), "--no-bundled-rules", "--rules", str(desk.rules)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


def test_a_full_disk_is_no_bug(desk: Desk) -> None:
    """Where the report finds no room, one line says so, and asks nobody to report a bug."""
    with Path("/dev/full").open("w") as full:
        done = _infer_into(full, desk)
    assert done.stderr == "kbdiag: No space left on device; make room and run it again\n"
    assert done.returncode == 2


def test_errors_do_not_steer_the_terminal() -> None:
    """A hostile file name is spelled out."""
    assert "\x1b" not in kbdiag("infer", "no\x1b[2Jsuch").output


def test_a_closed_pipe_is_quiet(desk: Desk) -> None:
    """`kbdiag infer | head -1` tells nothing on standard error."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = _infer_into(writing, desk)
    finally:
        os.close(writing)
    assert done.stderr == ""


def test_an_interrupt_is_quiet(desk: Desk) -> None:
    """Ctrl-C while standard input is read ends with 130, without a word of a traceback."""
    with subprocess.Popen(
        [*KBDIAG, "infer", "-", "--no-bundled-rules", "--rules", str(desk.rules), "--engine", "reference"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background has interrupts ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - one thread here
    ) as process:
        # More than a pipe holds: when the write returns, kbdiag is reading.
        assert process.stdin is not None
        process.stdin.write("x" * 200_000)
        process.stdin.flush()
        # An interrupt between two reads is noticed after the second, which never comes: the user presses again.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.returncode == exit_status.INTERRUPTED
    assert told.strip() == ""


def test_a_bare_call_shows_help() -> None:
    """`kbdiag` alone prints the help, and is no success."""
    result = kbdiag()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_closed_standard_output_is_one_line() -> None:
    """A command whose standard output is closed says so in one line, and is no internal error."""
    command = [sys.executable, "-c", "from kb.cli import main; main()", "rules", "list"]
    done = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *command], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "kbdiag: standard output is closed; nothing can be printed\n")
