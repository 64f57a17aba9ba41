"""Reads the members of an archive that a stranger may have made: bounded, and nothing is ever written to disk."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from facts.model.errors import EvidenceError
from facts.snapshot.budget import Budget

MEMBER_LIMIT = 256 * 1024 * 1024
"""Bytes that one member may unpack to."""

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_XZ, _BZIP2 = b"\xfd7zXZ\x00", tuple(b"BZh%d1AY&SY" % level for level in range(1, 10))
_PACKED = (_GZIP, _ZSTD, _XZ, *_BZIP2)
_ENDINGS = (".gz", ".zst", ".gzip", ".zstd", ".xz", ".bz2")
_MEMORY = 128 * 1024 * 1024
"""Bytes that unpacking xz may need: the presets need 65 MiB at most."""
_EMPTY_ZIP = b"PK\x05\x06"
_UNREAD = {b"7z\xbc\xaf\x27\x1c": "7z x", b"Rar!\x1a\x07": "unrar x"}
"""The first bytes of archives that are only recognised, and what unpacks them."""
_CHUNK = 1024 * 1024


def is_archive(head: bytes) -> bool:
    """Return True if `head`, the first 512 bytes of a file, opens an archive or a compressed file."""
    return head.startswith((*_PACKED, _ZIP, _EMPTY_ZIP, *_UNREAD)) or _is_tar(head)


def open_archive(
    path: str | Path, body: bytes | None = None, budget: Budget | None = None
) -> Iterator[tuple[str, bytes]]:
    """Give the members of the archive at `path` as (name, bytes), in the order of their names.

    Takes zip, and tar that is compressed with gzip, zstd, xz, bzip2 or not at all, and a single compressed file, whose
    one member has the file's name without the ending; the content decides which it is. `body` are the bytes of the
    archive when it is not on disk. `budget` is that of the whole input; without, the archive has one of its own.

    Raises EvidenceError when the archive is truncated or damaged, when a member is a link or device, has an absolute
    path or one that leaves the archive, or when the budget is spent. Nothing is given in that case.
    """
    where = str(path)
    try:
        raw = Path(path).read_bytes() if body is None else body
        members = _members(raw, where, Budget(len(raw)) if budget is None else budget)
    except EvidenceError:
        raise
    except (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile) as error:
        why = str(error) or "it ends too early"
        raise EvidenceError(f"{where}: the archive is damaged or truncated ({why}); fetch it again") from error
    except (ValueError, RuntimeError, NotImplementedError, OverflowError) as error:
        raise EvidenceError(f"{where}: the archive cannot be read ({error}); unpack it and give the folder") from error
    yield from sorted(members.items())


def _members(raw: bytes, where: str, whole: Budget) -> dict[str, bytes]:
    for magic, tool in _UNREAD.items():
        if raw.startswith(magic):
            raise EvidenceError(
                f"{where}: this kind of archive is not read; unpack it with `{tool}` and give the folder"
            )
    budget = _Unpacking(where, whole)
    if raw.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip_members(raw, budget)
    if raw.startswith(_PACKED):
        with _decompressed(raw) as stream:
            head = stream.read(512)
            if not _is_tar(head):
                name = Path(where).name
                stem = name.rsplit(".", 1)[0] if name.lower().endswith(_ENDINGS) else name
                return {stem or "content": budget.read(stem, io.BufferedReader(_Rest(head, stream)))}
            return _tar_members(io.BufferedReader(_Rest(head, stream)), budget)
    return _tar_members(io.BytesIO(raw), budget)


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _decompressed(raw: bytes) -> IO[bytes]:
    if raw.startswith(_GZIP):
        return io.BufferedReader(gzip.GzipFile(fileobj=io.BytesIO(raw)), _CHUNK)
    if raw.startswith(_ZSTD):
        return io.BufferedReader(_Zstd(raw), _CHUNK)
    return io.BufferedReader(_Blocks(raw), _CHUNK)


class _Blocks(io.RawIOBase):
    """A stream of xz or bzip2, unpacked only as far as it is asked for; raises EOFError when it ends too early."""

    def __init__(self, raw: bytes) -> None:
        self._rest = raw
        self._new = _xz if raw.startswith(_XZ) else bz2.BZ2Decompressor
        self._decompressor: Any = self._new()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            if self._decompressor.eof:
                self._rest = self._decompressor.unused_data.lstrip(b"\0")  # xz pads its streams with zeros
                if not self._rest:
                    return 0
                self._decompressor = self._new()
            piece: bytes = self._decompressor.decompress(self._rest, len(buffer))
            self._rest = b""
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
            if not self._decompressor.eof:
                raise EOFError


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)


class _Zstd(io.RawIOBase):
    """A zstd stream that raises EOFError when it ends within a frame, which the library's own reader lets pass."""

    _PIECE = 512
    """Bytes fed at once: the few that a bomb needs for 128 KiB set how much comes out at once."""

    def __init__(self, raw: bytes) -> None:
        import zstandard

        self._raw, self._position, self._ready = raw, 0, b""
        self._fault = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
        self._frame: Any = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and (self._frame is not None or self._position < len(self._raw)):
            self._ready = self._next()
        piece, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self) -> bytes:
        piece = self._raw[self._position : self._position + self._PIECE]
        if not piece:
            raise EOFError
        self._position += len(piece)
        self._frame = self._frame or self._decompressor.decompressobj()
        try:
            ready: bytes = self._frame.decompress(piece)
        except self._fault as error:
            raise EOFError(str(error)) from error
        if self._frame.eof:
            self._position -= len(self._frame.unused_data)
            self._frame = None
        return ready


class _Rest(io.RawIOBase):
    """A stream whose head was already read."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = head, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Unpacking:
    """One archive at work: which of its members are admitted, and what they take of the budget of the input."""

    def __init__(self, where: str, budget: Budget) -> None:
        self._where, self._budget = where, budget

    def admit(self, name: str) -> str:
        """Return the member's path without a leading "./"; raise for one that points outside."""
        self._budget.spend_member(self._where)
        path = _inside(name)
        if path is None:
            raise self.refusal(name, "a path that leaves the archive; it is not to be trusted")
        return path

    def admit_link(self, name: str, target: str, folder: str) -> None:
        """Raise for a link that leaves the archive. One that stays is not followed: what it points to is a member."""
        if _inside(f"{folder}/{target}" if folder and not target.startswith("/") else target) is None:
            raise self.refusal(name, "a link that leaves the archive; it is not to be trusted")

    def read(self, name: str, stream: IO[bytes]) -> bytes:
        pieces, size = [], 0
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > MEMBER_LIMIT:
                raise self.refusal(name, f"larger than {MEMBER_LIMIT >> 20} MiB; cut it and give it as a file")
            self._budget.spend(len(piece), self._where)
            pieces.append(piece)
        return b"".join(pieces)

    def refusal(self, name: str, what: str) -> EvidenceError:
        return EvidenceError(f"{self._where}: member {name!r} is {what}")


def _inside(name: str) -> str | None:
    """Return `name` as a plain path below the root of the archive, or None when it leads out of it."""
    if name.startswith(("/", "\\")) or "\0" in name or name[1:2] == ":":
        return None
    path: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part == ".." and not path:
            return None
        if part == "..":
            path.pop()
        elif part not in ("", "."):
            path.append(part)
    return "/".join(path)


def _tar_members(stream: IO[bytes], budget: _Unpacking) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as archive:
        for entry in archive:
            name = budget.admit(entry.name)
            if entry.issym() or entry.islnk():
                budget.admit_link(entry.name, entry.linkname, name.rpartition("/")[0] if entry.issym() else "")
            elif not entry.isreg() and not entry.isdir():
                raise budget.refusal(entry.name, "a device or pipe; pack plain files only")
            if not entry.isreg():
                continue
            if entry.size > MEMBER_LIMIT:
                raise budget.refusal(entry.name, f"larger than {MEMBER_LIMIT >> 20} MiB; cut it and give it as a file")
            content = archive.extractfile(entry)
            members[name] = budget.read(entry.name, content) if content else b""
            if len(members[name]) != entry.size:
                raise EOFError(f"member {entry.name!r} ends too early")
    while stream.read(_CHUNK):  # the end of a compressed stream holds its checksum
        pass
    return members


def _zip_members(raw: bytes, budget: _Unpacking) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            name = budget.admit(entry.filename)
            if entry.is_dir():
                continue
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise budget.refusal(entry.filename, "a link; pack the file itself")
            if entry.flag_bits & 1:
                raise budget.refusal(entry.filename, "encrypted; pack it without a password")
            with archive.open(entry) as content:
                members[name] = budget.read(entry.filename, content)
    return members
