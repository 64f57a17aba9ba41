"""Results as Parquet hold what their lines hold."""

import json
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from facts.model.errors import UsageError
from kb.fleet import parquet_file
from kb.fleet.parquet_file import ParquetFile
from kb.fleet.replay import failed
from kb.fleet.result import line_of
from tests.kb.fleet.test_result_file import DIGEST, result

RESULTS = [result("a"), failed("b", DIGEST, "truncated"), result("c")]


def test_rows_are_the_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All fields, in the same order, over several groups of rows."""
    monkeypatch.setattr(parquet_file, "_ROWS", 2)
    path = tmp_path / "all.parquet"
    with ParquetFile(path) as file:
        for one in RESULTS:
            file.add(one)
    rows = parquet.read_table(path).to_pylist()
    expected = [json.loads(line_of(one)) for one in RESULTS]
    for one in expected:
        for hypothesis in one["hypotheses"]:
            hypothesis["subject"].setdefault("namespace", None)
    assert rows == expected
    assert parquet.ParquetFile(path).num_row_groups == 2


def test_a_run_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    """A file that is there is whole."""

    def interrupted() -> None:
        with ParquetFile(tmp_path / "all.parquet") as file:
            file.add(RESULTS[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Hours of work are not lost."""
    path = tmp_path / "all.parquet"
    path.touch()
    with pytest.raises(UsageError, match="is there already"):
        ParquetFile(path)


def test_without_pyarrow_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default install has none."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'kbdiag\[parquet\]'"):
        ParquetFile(tmp_path / "all.parquet")
