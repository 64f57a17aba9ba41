"""The file of results: what was written by half is dropped, what is whole is kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.model.errors import UsageError
from facts.model.values import Subject
from kb.fleet.result import Replayed, ReplayedHypothesis, line_of, result_of
from kb.fleet.result_file import ResultFile

DIGEST = "sha256:0"
CAUSE = ReplayedHypothesis(
    "VM-STOPPED", "VM w1 is not running", "vm", "critical", False, 0.99, 0.99, Subject("VM", "w1"), ()
)


def result(path: str) -> Replayed:
    """Return a result with one cause."""
    return Replayed(path, DIGEST, "2026-11-24T09:00:00Z", "prod", None, (CAUSE,))


WHOLE = "".join(line_of(result(f"s{number}")) for number in range(4)).encode()


@given(st.text(st.characters(), max_size=20), st.none() | st.text(max_size=20))
def test_a_line_is_read_as_it_was_written(path: str, error: str | None) -> None:
    """Law: a result, but for its seconds and bytes that are no UTF-8, survives its line."""
    one = Replayed(path, DIGEST, None, "", error, (CAUSE,), 1.5)
    line = line_of(one)
    assert line.index("\n") == len(line) - 1
    back = result_of(line.encode())
    assert back.path == path.encode("utf-8", "replace").decode()
    assert (back.hypotheses, back.seconds) == (one.hypotheses, 0.0)
    assert line_of(back) == line


@given(st.integers(0, len(WHOLE)))
def test_wherever_it_was_cut_it_becomes_whole(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """Law: a file that was cut at any byte, and gone on with, is the file of a run that was not interrupted."""
    path = tmp_path_factory.mktemp("cut") / "all.jsonl"
    path.write_bytes(WHOLE[:cut])
    with ResultFile(path, DIGEST, resume=True) as file:
        kept = [one.path for one in file.kept()]
        for number in range(4):
            assert file.holds(f"s{number}") == (f"s{number}" in kept)
            if not file.holds(f"s{number}"):
                file.add(result(f"s{number}"))
    assert path.read_bytes() == WHOLE


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Hours of work are not lost to a forgotten --resume."""
    path = tmp_path / "all.jsonl"
    path.write_bytes(WHOLE)
    with pytest.raises(UsageError, match="go on with --resume"):
        ResultFile(path, DIGEST, resume=False)
    assert path.read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"to do: milk\n" + WHOLE, "all.jsonl:1: not a result of kbdiag replay"),
        (WHOLE.replace(b"sha256:0", b"sha256:1", 1), "all.jsonl:1: is of other rules"),
        (WHOLE.replace(b"replay/v1", b"replay/v9"), "all.jsonl:1: not a result of kbdiag replay: its schema"),
    ],
)
def test_what_is_no_result_of_these_rules_is_not_gone_on_with(tmp_path: Path, content: bytes, message: str) -> None:
    """A file of anything else stays as it is."""
    path = tmp_path / "all.jsonl"
    path.write_bytes(content)
    with ResultFile(path, DIGEST, resume=True) as file, pytest.raises(UsageError, match=message):
        list(file.kept())
    assert path.read_bytes() == content
