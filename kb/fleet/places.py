"""Where the snapshots of a fleet lie: files and folders come in, the path of each snapshot or bundle goes out.

What counts as one:

* a file that is named;
* in a folder, each archive (zip, or tar of any compression), told by its name or its first bytes. Folders beside
  archives are looked at likewise, other files are passed over;
* a folder that was unpacked from a snapshot of kbdiag;
* a folder that holds files and none of them is such an archive: a bundle, with all that lies below it.

A folder of nothing but folders is looked at likewise. Names that begin with a dot are left out. A path may be the URL
of any file system of fsspec.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from facts.model.errors import EvidenceError
from facts.snapshot.archive import holds_files
from facts.snapshot.snapshot_file import is_snapshot
from kb.fleet.remote import Remote, is_url

_ENDINGS = (".tar", ".tgz", ".zip", *(f".tar.{packed}" for packed in ("zst", "gz", "xz", "bz2")))


def find_snapshots(paths: Iterable[str], besides: Path | None = None) -> Iterator[str]:
    """Give the path of each snapshot and bundle at `paths`, in the order of `paths` and of the names in each folder.

    Only the names of one folder at a time are held. The file `besides` counts as not there, because the results are
    written to it. Raises EvidenceError for a path that does not exist, before the first is given; a folder that cannot
    be read counts as one, so that whoever reads it says so. Raises UsageError for a URL of a kind that is not installed.
    """
    trees: dict[str, _Tree] = {path: Remote(path) if is_url(path) else _Local(besides) for path in paths}
    kinds = {path: tree.kind(path) for path, tree in trees.items()}
    for path, kind in kinds.items():
        if not kind:
            raise EvidenceError(f"{path}: no such file or folder; give snapshots, bundles, or folders of them")
    for path, tree in trees.items():
        if kinds[path] == "folder":
            yield from _below(path, tree)
        else:
            yield path


def _below(folder: str, tree: "_Tree") -> Iterator[str]:
    try:
        files, folders = tree.entries(folder)
    except OSError:
        yield folder
        return
    is_shelf = any(_is_archive(path, tree) for path in files)
    if (files and not is_shelf) or tree.is_snapshot(folder):
        yield folder
        return
    for path in sorted([*files, *folders]):
        if path in folders:
            yield from _below(path, tree)
        elif _is_archive(path, tree):
            yield path


def _is_archive(path: str, tree: "_Tree") -> bool:
    return path.lower().endswith(_ENDINGS) or tree.is_archive(path)


class _Tree(Protocol):
    def kind(self, path: str) -> str: ...

    def entries(self, folder: str) -> tuple[list[str], set[str]]: ...

    def is_archive(self, path: str) -> bool: ...

    def is_snapshot(self, folder: str) -> bool: ...


class _Local:
    """The folders of this machine, without one file."""

    def __init__(self, besides: Path | None) -> None:
        self._name = besides.name if besides is not None else ""
        self._besides = besides

    def kind(self, path: str) -> str:
        """Return "file" or "folder"; "" when nothing is there."""
        place = Path(path)
        return "folder" if place.is_dir() else "file" if place.exists() else ""

    def entries(self, folder: str) -> tuple[list[str], set[str]]:
        """Return the plain files in `folder`, sorted, and the folders in it. A link to a folder is neither."""
        files: list[str] = []
        folders: set[str] = set()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.path)
                elif entry.is_file() and not self._is_besides(entry):
                    files.append(entry.path)
        return sorted(files), folders

    def _is_besides(self, entry: "os.DirEntry[str]") -> bool:
        return entry.name == self._name and self._besides is not None and self._besides.samefile(entry.path)

    def is_archive(self, path: str) -> bool:
        """Return True if the file at `path` holds files."""
        try:
            with Path(path).open("rb") as file:
                return holds_files(file)
        except OSError:
            return False

    def is_snapshot(self, folder: str) -> bool:
        """Return True if `folder` was unpacked from a snapshot."""
        return is_snapshot(folder)
