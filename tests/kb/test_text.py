"""The text report: fits, reads, and never calls healthy what was not seen."""

from pathlib import Path

import pytest

from tests.kb.rulebook import DISK, Desk, kbdiag, write_rules
from tests.kb.test_cli import run


def test_the_first_lines_say_it_all(desk: Desk) -> None:
    """The second line names the root cause and its blast radius."""
    lines = desk.infer().output.splitlines()
    assert lines[1] == "The disk of w1 is full. 2 Pods suffer."
    assert lines[3] == " node ✗   workload ✗"


def test_a_root_cause_has_its_proof_its_check_and_its_fix(desk: Desk) -> None:
    """What a reader needs stands under the root cause, in the order in which it is needed."""
    output = desk.infer().output
    parts = [
        "1  DEMO-DISK-FULL",
        "because   no space left on w1 for pod demo/web-1",
        "incident.log:1",
        "check     ssh w1 df -h /var/lib/containerd",
        "confirms: 100 percent",
        "fix       ssh w1 sudo crictl rmi --prune",
        "disruptive",
        "lesson    Watch the disk.",
    ]
    places = [output.index(part) for part in parts]
    assert places == sorted(places)


def test_effects_stand_under_their_cause(desk: Desk) -> None:
    """What is explained is no heading of its own."""
    headings = [line for line in desk.infer().output.splitlines() if line[:1].isdigit()]
    assert len(headings) == 1


def test_a_title_stands_once(desk: Desk) -> None:
    """The second line has it, so the heading of the first cause does not."""
    assert desk.infer().output.count("The disk of w1 is full") == 1


def test_what_suffers_is_a_tree_on_request(desk: Desk) -> None:
    """--tree names each effect with its rule."""
    output = desk.infer("--tree").output
    assert "suffers   " in output
    assert output.count("DEMO-POD-DOWN") == 2


def test_brief_gives_a_line_to_each_cause(desk: Desk) -> None:
    """--brief is for those who only want the list."""
    lines = desk.infer("--brief").output.splitlines()
    assert lines[3] == " >99%  critical  The disk of w1 is full  DEMO-DISK-FULL"
    assert "fix" not in "\n".join(lines)


def test_causes_beyond_the_top_are_a_line_each(desk: Desk) -> None:
    """They are listed as further causes, not as unlikely ones."""
    other = DISK.replace("DEMO-DISK-FULL", "DEMO-DISK-LOST").replace("is full", "is lost")
    write_rules(desk.rules, other)
    output = desk.infer("--top", "1").output
    assert "Also\n >99%  critical  The disk of w1 is lost  DEMO-DISK-LOST\n" in output


def test_equal_causes_are_one_entry(desk: Desk) -> None:
    """Thirty nodes with the same trouble are one entry that names the others."""
    desk.evidence.write_text("".join(f"no space left on w{number} for pod demo/web\n" for number in range(30)))
    output = desk.infer().output
    assert output.count("1  DEMO-DISK-FULL") == 1
    assert "also      29 more: Node w1, Node w10, " in output


def test_nothing_found_is_not_healthy(desk: Desk) -> None:
    """Silence says what was not seen."""
    desk.evidence.write_text("all is well\n")
    output = desk.infer().output
    assert "Nothing found. That is not the same as healthy: not everything was seen." in output
    assert "Not seen" in output


def test_what_no_rule_explains_is_shown(desk: Desk) -> None:
    """A crashing Pod that no rule speaks of is told as a symptom, with all Pods of its workload in one line."""
    rows = [
        f"demo  web-5d9c7bd6f4-{tail}  0/1  CrashLoopBackOff  7 (2m ago)  9m" for tail in ("2m8kz", "jx5wq", "t7lhn")
    ]
    desk.evidence.write_text("\n".join(["NAMESPACE  NAME  READY  STATUS  RESTARTS  AGE", *rows]) + "\n")
    output = desk.infer().output
    assert "Something is wrong, but no rule says why." in output
    assert " Pod demo/web-5d9c7bd6f4-2m8kz is CrashLoopBackOff and 2 more of" in output
    assert "workload ✗" in output


def test_what_could_not_be_looked_at_is_told_with_its_reason(desk: Desk, tmp_path: Path) -> None:
    """A file that cannot be read is under "Not seen", with the reason."""
    (tmp_path / "empty.log").touch()
    result = kbdiag(
        "infer",
        tmp_path / "empty.log",
        desk.evidence,
        "--no-bundled-rules",
        "--rules",
        desk.rules,
        "--engine",
        "reference",
    )
    assert " evidence empty.log: empty" in result.output


def test_what_failed_for_one_reason_is_told_once(desk: Desk, tmp_path: Path) -> None:
    """Thirty files that are empty are one line."""
    for number in range(30):
        (tmp_path / f"empty-{number:02}.log").touch()
    empty = sorted(tmp_path.glob("empty-*"))
    result = kbdiag(
        "infer", *empty, desk.evidence, "--no-bundled-rules", "--rules", desk.rules, "--engine", "reference"
    )
    told = " ".join(result.output.split())
    assert "evidence empty-02.log, evidence empty-03.log and 26 more: empty" in told


def test_weak_causes_are_one_line_each(tmp_path: Path, desk: Desk) -> None:
    """A guess is called one, and listed apart from what is likely."""
    weak = (
        DISK.replace("DEMO-DISK-FULL", "DEMO-DISK-SLOW").replace("is full", "is slow").replace("conclusive", "moderate")
    ).replace("no space left on", "slow writes on")
    desk.evidence.write_text(f"{desk.evidence.read_text()}slow writes on w1 for pod demo/web-1\n")
    write_rules(desk.rules, weak)
    output = desk.infer().output
    assert "Less likely\n  34%  critical  The disk of w1 is slow  DEMO-DISK-SLOW\n" in output


def test_no_certain_cause_is_said_in_the_headline(desk: Desk) -> None:
    """When all are guesses, the first is shown in full and called the likeliest."""
    path = next(desk.rules.rglob("DEMO-DISK*"))
    path.write_text(DISK.replace("strength: conclusive", "strength: moderate"))
    desk.evidence.write_text("no space left on w1 for pod demo/web-1\n")
    lines = desk.infer().output.splitlines()
    assert lines[1] == "No cause is certain; the likeliest: The disk of w1 is full."


@pytest.mark.parametrize("columns", [80, 60])
def test_every_line_fits_the_terminal(desk: Desk, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is wider than the terminal, long evidence included."""
    desk.evidence.write_text(f"{'long ' * 60}no space left on w1 for pod demo/web-1 {'x' * 300}\n")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = desk.infer().output.splitlines()
    assert len(lines) > 10
    assert max(map(len, lines)) <= columns


def test_a_pipe_has_eighty_columns_and_no_colour(desk: Desk) -> None:
    """What goes into a pipe is plain text of 80 columns."""
    done = run("infer", desk.evidence, "--no-bundled-rules", "--rules", desk.rules)
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_colour_can_be_asked_for_and_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """--color always colours a pipe too; never does not."""
    assert "\x1b[" in desk.infer("--color", "always").output
    assert "\x1b[" not in desk.infer("--color", "never").output


def test_markup_in_evidence_is_text(desk: Desk) -> None:
    """Brackets that look like markup are printed as they are."""
    desk.evidence.write_text("[bold red]x[/] no space left on w1 for pod demo/web-1\n")
    assert "[bold red]x[/] no space left" in desk.infer("--color", "always").output


def test_no_trailing_blanks(desk: Desk) -> None:
    """Lines end where their text ends."""
    assert [line for line in desk.infer().output.splitlines() if line != line.rstrip()] == []


def test_the_fixed_words_are_translated(desk: Desk) -> None:
    """--lang ko gives labels, headline, severities and risks in Korean, aligned by the width of their letters."""
    lines = desk.infer("--lang", "ko").output.splitlines()
    assert lines[1] == "w1 노드의 디스크가 가득 찼다. 이 때문에 Pod 2개에 영향이 있다."
    output = "\n".join(lines)
    for words in (
        "치명적",
        "   근거      no space left",
        "   조치      ssh w1",
        "중단 발생",
        "보지 못한 것",
    ):
        assert words in output
    assert "because" not in output


def test_every_phrase_keeps_its_places() -> None:
    """A translation has the same {names} as the English text."""
    import string

    from kb.terminal.phrases import _KOREAN

    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert [text for text, korean in _KOREAN.items() if places(text) != places(korean)] == []
