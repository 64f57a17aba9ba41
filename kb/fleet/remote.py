"""Snapshots that lie behind a URL of any file system of fsspec: listed here, and fetched by whoever diagnoses them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from facts.model.errors import EvidenceError, UsageError
from facts.snapshot.archive import holds_files
from facts.snapshot.snapshot_file import LIMITS, MANIFEST


def is_url(path: str) -> bool:
    """Return True if `path` names a file system, as s3://bucket/folder does."""
    return "://" in path


class Remote:
    """The folders of a file system, as `kb.fleet.places` looks at them; its paths are URLs.

    Raises UsageError where fsspec, or what it needs for this kind of URL, is not installed.
    """

    def __init__(self, url: str) -> None:
        self._system, _ = _opened(url)

    def kind(self, url: str) -> str:
        """Return "file" or "folder"; "" when nothing is there."""
        try:
            kind = self._system.info(url)["type"]
        except FileNotFoundError:
            return ""
        except Exception as error:
            raise _unreadable(url, error) from error
        return "folder" if kind == "directory" else "file"

    def entries(self, folder: str) -> tuple[list[str], set[str]]:
        """Return the files in `folder`, sorted, and the folders in it. Raises OSError."""
        files: list[str] = []
        folders: set[str] = set()
        for entry in self._system.ls(folder, detail=True):
            url = str(self._system.unstrip_protocol(entry["name"].rstrip("/")))
            name = url.rpartition("/")[2]
            if name.startswith(".") or url.rstrip("/") == folder.rstrip("/"):
                continue
            if entry["type"] == "directory":
                folders.add(url)
            else:
                files.append(url)
        return sorted(files), folders

    def is_archive(self, url: str) -> bool:
        """Return True if the file at `url` holds files."""
        try:
            with self._system.open(url, "rb") as file:
                return holds_files(file)
        except OSError:
            return False

    def is_snapshot(self, folder: str) -> bool:
        """Return True if `folder` was unpacked from a snapshot."""
        return bool(self._system.exists(f"{folder.rstrip('/')}/{MANIFEST}"))


@contextmanager
def fetched(path: str) -> Iterator[str]:
    """Give a local path for `path`: itself, or a copy of what lies at that URL, which is removed at the end.

    Raises EvidenceError when it cannot be fetched, or is larger than a snapshot may be.
    """
    if not is_url(path):
        yield path
        return
    with TemporaryDirectory(prefix="kbdiag-") as folder:
        place = str(Path(folder) / (path.rstrip("/").rpartition("/")[2] or "snapshot"))
        try:
            system, inner = _opened(path)
            is_folder = system.isdir(inner)
            size = system.du(inner) if is_folder else system.size(inner) or 0
            if size <= LIMITS.total:
                system.get(inner, place, recursive=is_folder)
        except UsageError:
            raise
        except Exception as error:
            raise _unreadable(path, error) from error
        if size > LIMITS.total:
            raise EvidenceError(f"{path}: larger than {LIMITS.total >> 20} MiB; cut it into parts")
        yield place


def _opened(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(f"{url}: a URL needs fsspec; pip install 'kbdiag[dask]'") from error
    try:
        system, inner = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{url}: {' '.join(str(error).split())}") from error
    return system, str(inner)


def _unreadable(url: str, error: Exception) -> EvidenceError:
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return EvidenceError(f"{url}: cannot be read ({' '.join(why.split())}); check the address and your credentials")
