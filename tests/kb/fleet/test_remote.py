"""Snapshots behind a URL are found and diagnosed as those in a folder."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from facts.model.errors import EvidenceError, UsageError
from kb.fleet.places import find_snapshots
from kb.fleet.remote import fetched
from tests.kb.fleet.test_dask_crew import arguments
from tests.kb.rulebook import kbdiag
from tests.kb.test_diff import crashing, snapshot


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a folder with a snapshot, a damaged one, a bundle, and a file that is none of these."""
    folder = tmp_path / "fleet"
    (folder / "c-bundle" / "logs").mkdir(parents=True)
    first = snapshot(folder, "a.tar.zst", crashing("shop-6f7c8d9b5-aaaaa"))
    (folder / "b.tar.zst").write_bytes(first.read_bytes()[:100])
    listed = {"kind": "List", "items": [crashing("shop-6f7c8d9b5-bbbbb")]}
    (folder / "c-bundle" / "pods.json").write_text(json.dumps(listed))
    (folder / "c-bundle" / "logs" / "web.log").write_text("started\n")
    (folder / "README").write_text("what these are")
    return folder


@pytest.fixture
def memory(fleet: Path) -> Iterator[str]:
    """Return the URL of a copy of the fleet in fsspec's memory."""
    system: Any = fsspec.filesystem("memory")
    system.put(str(fleet), "/fleet", recursive=True)
    yield "memory://fleet"
    system.rm("/fleet", recursive=True)


def replayed(folder: Path, *paths: str) -> list[dict[str, Any]]:
    """Return the results of the snapshots at `paths`, each path by its last name."""
    command, _, *options = arguments(folder, "--workers", "1")
    results = [json.loads(line) for line in kbdiag(command, *paths, *options).stdout.splitlines()]
    return [result | {"path": result["path"].rpartition("/")[2]} for result in results]


def test_a_url_gives_what_the_folder_gives(fleet: Path, memory: str) -> None:
    """But for the paths, the lines of a folder, of its file:// URL and of a copy elsewhere are the same."""
    whole = replayed(fleet, str(fleet))
    assert [result["path"] for result in whole] == ["a.tar.zst", "b.tar.zst", "c-bundle"]
    assert [len(result["hypotheses"]) for result in whole] == [1, 0, 1]
    assert replayed(fleet, f"file://{fleet}") == whole
    assert replayed(fleet, memory) == whole


def test_a_path_of_a_result_is_a_url_that_can_be_given_again(memory: str) -> None:
    """What is found is named with its file system."""
    assert list(find_snapshots([memory])) == [
        "memory:///fleet/a.tar.zst", "memory:///fleet/b.tar.zst", "memory:///fleet/c-bundle",
    ]  # fmt: skip
    assert list(find_snapshots(["memory:///fleet/a.tar.zst"])) == ["memory:///fleet/a.tar.zst"]


def test_a_copy_is_removed(memory: str) -> None:
    """A fleet that is larger than the disk can be replayed."""
    with fetched(f"{memory}/c-bundle") as place:
        assert (Path(place) / "logs" / "web.log").read_text() == "started\n"
    assert not Path(place).exists()


def test_a_url_where_nothing_is(memory: str) -> None:
    """It is told as a path is, when it is looked for and when it went away since."""
    with pytest.raises(EvidenceError, match="no such file or folder"):
        list(find_snapshots([f"{memory}/gone"]))
    with pytest.raises(EvidenceError, match="cannot be read"), fetched(f"{memory}/gone"):
        pass


def test_a_kind_of_url_that_nobody_knows_is_bad_usage() -> None:
    """A misspelt protocol is one line."""
    with pytest.raises(UsageError, match=r"^s4://bucket: Protocol not known: s4"):
        list(find_snapshots(["s4://bucket"]))


def test_without_fsspec_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default install has none."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"pip install 'kbdiag\[dask\]'"):
        list(find_snapshots(["s3://bucket"]))
