"""Packs files, given as path and content, in every way that archives come in."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import zstandard

Files = dict[str, bytes]


def tar(files: Files, extra: tuple[tarfile.TarInfo, ...] = ()) -> bytes:
    """Return an uncompressed tar, with the members without content in `extra` at its end."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as out:
        for name, body in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            out.addfile(entry, io.BytesIO(body))
        for entry in extra:
            out.addfile(entry)
    return packed.getvalue()


def zipped(files: Files) -> bytes:
    """Return a zip archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in files.items():
            out.writestr(name, body)
    return packed.getvalue()


PACKERS: dict[str, Callable[[Files], bytes]] = {
    "tar": tar,
    "tar.gz": lambda files: gzip.compress(tar(files), 1),
    "tar.xz": lambda files: lzma.compress(tar(files), preset=0),
    "tar.bz2": lambda files: bz2.compress(tar(files), 1),
    "tar.zst": lambda files: zstandard.compress(tar(files)),
    "zip": zipped,
}


def write_folder(files: Files, folder: Path) -> Path:
    """Write the files below `folder`."""
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder
