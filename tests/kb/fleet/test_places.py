"""What counts as a snapshot or a bundle in a folder."""

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from facts.model.errors import EvidenceError
from facts.model.values import Snapshot
from facts.snapshot.snapshot_file import save_snapshot
from kb.fleet.places import find_snapshots


def packed(path: Path, mode: Literal["w", "w:gz", "w:bz2", "w:xz"]) -> Path:
    """Write a tar with one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, mode) as archive:
        entry = tarfile.TarInfo("pods.txt")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"NAME"))
    return path


def found(folder: Path, *names: str) -> list[str]:
    """Return what is found at `names` in `folder`, below it."""
    paths = [str(folder / name) for name in names or ("",)]
    return [str(Path(path).relative_to(folder)) for path in find_snapshots(paths)]


def test_each_archive_of_a_folder_is_one(tmp_path: Path) -> None:
    """The content tells an archive, in any order of writing; other files beside them are passed over."""
    packed(tmp_path / "c", "w:xz")
    packed(tmp_path / "b", "w:bz2")
    packed(tmp_path / "a", "w:gz")
    packed(tmp_path / "d", "w")
    save_snapshot(Snapshot(observed_at="2026-11-24T09:00:00Z"), tmp_path / "e")
    with zipfile.ZipFile(tmp_path / "f", "w") as archive:
        archive.writestr("pods.txt", "NAME")
    (tmp_path / "README").write_text("what these are")
    assert found(tmp_path) == ["a", "b", "c", "d", "e", "f"]


def test_a_folder_of_files_is_one_bundle(tmp_path: Path) -> None:
    """All below it belongs to it, a log that was compressed alone included."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "pods.txt").write_text("NAME")
    (tmp_path / "kubelet.log.1.gz").write_bytes(b"\x1f\x8b\x08\x00" + b"\0" * 6 + b"\x03\x00" + b"\0" * 8)
    packed(tmp_path / "logs" / "old.tgz", "w:gz")
    assert found(tmp_path) == ["."]


def test_folders_are_looked_at_beside_archives(tmp_path: Path) -> None:
    """Archives and folders come in the order of their names, hidden ones not at all."""
    packed(tmp_path / "2026-11-01.tgz", "w:gz")
    packed(tmp_path / "2026-12" / "b.tgz", "w:gz")
    packed(tmp_path / "2026-12" / "a.tgz", "w:gz")
    packed(tmp_path / ".trash" / "a.tgz", "w:gz")
    (tmp_path / "2026-11-15").mkdir()
    (tmp_path / "2026-11-15" / "nodes.txt").write_text("NAME")
    assert found(tmp_path) == ["2026-11-01.tgz", "2026-11-15", "2026-12/a.tgz", "2026-12/b.tgz"]


def test_a_damaged_archive_is_found(tmp_path: Path) -> None:
    """Its name tells what it should be, and so do the first bytes of one that breaks off."""
    (tmp_path / "a.tar.zst").write_bytes(b"")
    (tmp_path / "b").write_bytes(packed(tmp_path / "c", "w:gz").read_bytes()[:20])
    assert found(tmp_path) == ["a.tar.zst", "b", "c"]


def test_what_is_named_is_one(tmp_path: Path) -> None:
    """A file is taken as it is, each path once, in the order in which they were given."""
    (tmp_path / "b.log").write_text("no")
    (tmp_path / "a.log").write_text("no")
    assert found(tmp_path, "b.log", "a.log", "b.log") == ["b.log", "a.log"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A misspelt name is not an empty fleet."""
    with pytest.raises(EvidenceError, match="no such file or folder"):
        found(tmp_path, "nowhere")


def test_a_path_that_is_not_there_is_told_first(tmp_path: Path) -> None:
    """Not after hours of work on the others."""
    packed(tmp_path / "a.tgz", "w:gz")
    with pytest.raises(EvidenceError, match="nowhere"):
        next(find_snapshots([str(tmp_path), str(tmp_path / "nowhere")]))


def test_the_file_of_results_is_not_there(tmp_path: Path) -> None:
    """A folder of folders does not become a bundle because the results are written into it."""
    packed(tmp_path / "prod" / "a.tgz", "w:gz")
    results = tmp_path / "all.jsonl"
    results.touch()
    assert list(find_snapshots([str(tmp_path)], results)) == [str(tmp_path / "prod" / "a.tgz")]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """A folder that leads back to itself has an end."""
    packed(tmp_path / "a.tgz", "w:gz")
    (tmp_path / "again").symlink_to(tmp_path)
    assert found(tmp_path) == ["a.tgz"]
