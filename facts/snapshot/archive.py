"""Reads the members of an archive that a stranger may have made: bounded, and nothing is ever written to disk."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import msgspec

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


def holds_files(file: IO[bytes]) -> bool:
    """Return True if `file` is a zip or a tar, compressed or not, rather than one file that was compressed alone.

    One that is damaged at its start counts as well, so that whoever opens it says so.
    """
    head = file.read(512)
    if head.startswith((_ZIP, _EMPTY_ZIP, *_UNREAD)) or _is_tar(head):
        return True
    if not head.startswith(_PACKED):
        return False
    file.seek(0)
    try:
        return _is_tar(_stream(file, head).read(512))
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, _zstd_error()):
        return True


def _stream(file: IO[bytes], head: bytes) -> Any:
    """Return the unpacked content of the compressed `file`, which begins with `head`; only what is asked for is read."""
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)
    if head.startswith(_XZ):
        return lzma.LZMAFile(file)
    if head.startswith(_BZIP2):
        return bz2.BZ2File(file)
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file)


def _zstd_error() -> type[Exception]:
    import zstandard

    fault: type[Exception] = zstandard.ZstdError
    return fault


class Member(msgspec.Struct, frozen=True, order=True):
    """A file of an archive: its path below the root, and its bytes, or `why` it was not read; "" is the whole archive."""

    name: str
    body: bytes | None = None
    why: str = ""


def open_archive(path: str | Path, body: bytes | None = None, budget: Budget | None = None) -> list[Member]:
    """Return the members of the archive at `path` in the order of their names, with what was not read, and why.

    Takes zip, and tar that is compressed with gzip, zstd, xz, bzip2 or not at all, and a single compressed file, whose
    one member has the file's name without the ending; the content decides which it is. `body` are the bytes of the
    archive when it is not on disk. `budget` is that of the whole input; without, the archive has one of its own.

    A member that is hostile (a path or link that leaves the archive, a device) or too large costs only itself. Where
    the archive is damaged, ends too early, or the budget is spent, what came before is kept.
    Raises EvidenceError when no member can be read.
    """
    where = str(path)
    unpacking = _Unpacking(where, budget)
    try:
        raw = Path(path).read_bytes() if body is None else body
        unpacking.take(raw)
    except EvidenceError as error:
        unpacking.refused[""] = str(error).removeprefix(f"{where}: ")
    except (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile) as error:
        unpacking.refused[""] = (
            f"the archive is damaged or truncated ({str(error) or 'it ends too early'}); fetch it again"
        )
    except (ValueError, RuntimeError, NotImplementedError, OverflowError) as error:
        unpacking.refused[""] = f"the archive cannot be read ({error}); unpack it and give the folder"
    if unpacking.refused and not unpacking.members:
        name, why = min(unpacking.refused.items())
        raise EvidenceError(f"{where}: member {name!r} is {why}" if name else f"{where}: {why}")
    return sorted(
        [Member(name, content) for name, content in unpacking.members.items()]
        + [Member(name, None, f"member {name!r} is {why}" if name else why) for name, why in unpacking.refused.items()],
        key=lambda member: (member.name, member.why),
    )


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
    """One archive at work: its members so far, what was refused and why, and what they take of the budget."""

    def __init__(self, where: str, budget: Budget | None) -> None:
        self._where, self._budget = where, budget
        self.members: dict[str, bytes] = {}
        self.refused: dict[str, str] = {}

    def take(self, raw: bytes) -> None:
        """Unpack the archive `raw`. Raises at damage, and when the budget is spent."""
        self._spent = Budget(len(raw)) if self._budget is None else self._budget
        for magic, tool in _UNREAD.items():
            if raw.startswith(magic):
                raise EvidenceError(
                    f"{self._where}: this kind of archive is not read; unpack it with `{tool}` and give the folder"
                )
        if raw.startswith((_ZIP, _EMPTY_ZIP)):
            self._take_zip(raw)
        elif raw.startswith(_PACKED):
            with _decompressed(raw) as stream:
                head = stream.read(512)
                whole = io.BufferedReader(_Rest(head, stream))
                if _is_tar(head):
                    self._take_tar(whole)
                else:
                    self._read(name_within(self._where), whole)
        else:
            self._take_tar(io.BytesIO(raw))

    def _take_tar(self, stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as archive:
            for entry in archive:
                name = self._admit(entry.name)
                if name is None or entry.isdir():
                    continue
                if entry.issym() or entry.islnk():
                    self._admit_link(entry)
                elif not entry.isreg():
                    self.refused[entry.name] = "a device or pipe; pack plain files only"
                elif entry.size > MEMBER_LIMIT:
                    self.refused[entry.name] = _TOO_LARGE
                else:
                    content = archive.extractfile(entry)
                    self._read(name, content or io.BytesIO(), entry.size)
        while stream.read(_CHUNK):  # the end of a compressed stream holds its checksum
            pass

    def _take_zip(self, raw: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                name = self._admit(entry.filename)
                if name is None or entry.is_dir():
                    continue
                if stat.S_ISLNK(entry.external_attr >> 16):
                    self.refused[entry.filename] = "a link; pack the file itself"
                elif entry.flag_bits & 1:
                    self.refused[entry.filename] = "encrypted; pack it without a password"
                else:
                    with archive.open(entry) as content:
                        self._read(name, content)

    def _admit(self, name: str) -> str | None:
        """Return the member's path without a leading "./"; None for one that points outside, which is refused."""
        self._spent.spend_member(self._where)
        path = _inside(name)
        if path is None:
            self.refused[name] = "a path that leaves the archive; it is not to be trusted"
        return path

    def _admit_link(self, entry: tarfile.TarInfo) -> None:
        """Refuse a link that leaves the archive. One that stays is not followed: what it points to is a member."""
        folder = entry.name.rpartition("/")[0] if entry.issym() else ""
        target = entry.linkname
        if _inside(f"{folder}/{target}" if folder and not target.startswith("/") else target) is None:
            self.refused[entry.name] = "a link that leaves the archive, so it is not followed"

    def _read(self, name: str, stream: IO[bytes], announced: int | None = None) -> None:
        """Keep what `stream` gives as the member `name`, up to the limits; of a stream that breaks off, what came."""
        pieces: list[bytes] = []
        size = 0
        try:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > MEMBER_LIMIT:
                    self.refused[name] = _TOO_LARGE
                    return
                self._spent.spend(len(piece), self._where)
                pieces.append(piece)
        except Exception:
            if pieces:
                self.members[name] = b"".join(pieces)
            raise
        self.members[name] = b"".join(pieces)
        if announced is not None and size != announced:
            raise EOFError(f"member {name!r} ends too early")


_TOO_LARGE = f"larger than {MEMBER_LIMIT >> 20} MiB; cut it and give it as a file"


def name_within(packed: str | Path) -> str:
    """Return the name of the one file in the compressed file `packed`: its own name without the ending."""
    name = Path(packed).name
    return (name.rsplit(".", 1)[0] if name.lower().endswith(_ENDINGS) else name) or "content"


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
