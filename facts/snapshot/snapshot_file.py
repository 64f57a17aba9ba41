"""Saves a snapshot as one file and loads it again; the file may come from a stranger.

The file is a tar, compressed with zstd (or gzip, when its name says so). Its first member is `kbdiag.json`: the schema,
when and where the snapshot was taken, the coverage, and for each observation the member that holds its body, with size
and SHA-256. Unpacked into a folder it can be loaded too. The same snapshot gives the same bytes.
"""

import gzip
import hashlib
import io
import json
import os
import re
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

import msgspec
import zstandard

from facts.model.errors import EvidenceError
from facts.model.values import Coverage, Observation, ObservationAttributes, ObservationKind, Snapshot

MANIFEST = "kbdiag.json"
SCHEMA = "kbdiag/snapshot/v"
FORMAT = 1
"""The format that is written, and the newest that is read; SCHEMA and it make up the `schema` of a manifest."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WINDOW_LIMIT = 128 << 20
"""Bytes of memory that a zstd frame may ask for."""
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
_FOLDER = {ObservationKind.OBJECTS: "objects", ObservationKind.LOG: "logs", ObservationKind.COMMAND: "commands"}
_EXTENSION = {ObservationKind.OBJECTS: ".json", ObservationKind.LOG: ".log", ObservationKind.COMMAND: ".txt"}


class Limits(msgspec.Struct, frozen=True):
    """What a snapshot may unpack to: bytes in all, bytes of one member and of the manifest, and number of members."""

    total: int = 2 << 30
    member: int = 512 << 20
    manifest: int = 128 << 20
    members: int = 200_000


LIMITS = Limits()


class _Entry(msgspec.Struct, frozen=True):
    kind: ObservationKind
    source: str
    attributes: dict[str, str]
    line: int
    member: str
    size: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True):
    schema: str
    version: str
    observed_at: str
    cluster: str
    origin: str
    coverage: tuple[Coverage, ...]
    observations: tuple[_Entry, ...]


class _Head(msgspec.Struct, frozen=True):
    schema: str


def save_snapshot(snapshot: Snapshot, path: str | Path, limits: Limits = LIMITS) -> None:
    """Write `snapshot` to the file `path`, whole or not at all, readable by its owner only.

    The file is compressed with gzip when `path` ends in .gz or .tgz, else with zstd. Raises EvidenceError when it
    cannot be written, or when the snapshot is so large that `limits` would keep it from being loaded.
    """
    target = Path(path)
    members = _members_of(snapshot)
    sizes = [len(body) for _, body in members]
    packed = sum(sizes) + 2 * _BLOCK * len(sizes) + tarfile.RECORDSIZE
    if packed > limits.total or max(sizes) > limits.member or sizes[0] > limits.manifest or len(sizes) > limits.members:
        raise EvidenceError(f"{path}: the snapshot is larger than one file may be; collect one namespace instead")
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                _write(file, members, gzipped=target.name.endswith((".gz", ".tgz")))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink()
            raise
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error


def load_snapshot(path: str | Path, limits: Limits = LIMITS) -> Snapshot:
    """Return the snapshot in `path`: a file that `save_snapshot` wrote, or the folder it was unpacked into.

    Raises EvidenceError, one line, for anything that is missing, truncated, changed, foreign, newer or hostile.
    """
    try:
        return _load(Path(path), limits)
    except EvidenceError as error:
        raise EvidenceError(f"{path}: {error}") from error
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError, tarfile.HeaderError) as error:
        raise EvidenceError(f"{path}: truncated or damaged ({error}); copy or collect it again") from error
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error


def is_snapshot(path: str | Path) -> bool:
    """Return True if the file or folder `path` looks like a snapshot, from its first bytes. Never raises."""
    place = Path(path)
    try:
        if place.is_dir():
            with (place / MANIFEST).open("rb") as file:
                return SCHEMA.encode() in file.read(_BLOCK)
        if not place.is_file():
            return False
        with place.open("rb") as file, _decompressed(file) as stream:
            head = stream.read(2 * _BLOCK)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError):
        return False
    return head[:100].rstrip(b"\0").removeprefix(b"./") == MANIFEST.encode() and SCHEMA.encode() in head[_BLOCK:]


# --- writing ---------------------------------------------------------------------------------------------------------


def _members_of(snapshot: Snapshot) -> list[tuple[str, bytes]]:
    """Return the manifest and the bodies, each with the name of its member."""
    named = [(_member_name(number, one), one) for number, one in enumerate(snapshot.observations, 1)]
    entries = tuple(
        _Entry(
            kind=one.kind,
            source=one.source,
            attributes=dict(sorted(cast(dict[str, str], one.attributes).items())),
            line=one.line,
            member=name,
            size=len(one.body),
            sha256=hashlib.sha256(one.body).hexdigest(),
        )
        for name, one in named
    )
    manifest = _Manifest(
        schema=f"{SCHEMA}{FORMAT}",
        version=_version(),
        observed_at=snapshot.observed_at,
        cluster=snapshot.cluster,
        origin=snapshot.origin,
        coverage=snapshot.coverage,
        observations=entries,
    )
    # Names of files may hold bytes that are no UTF-8; Python keeps them as surrogates, and JSON shall not fail on them.
    text = json.dumps(msgspec.to_builtins(manifest), ensure_ascii=False, indent=1).encode("utf-8", "replace")
    return [(MANIFEST, text), *((name, one.body) for name, one in named)]


def _member_name(number: int, observation: Observation) -> str:
    """Name a member after its source, for those who unpack the file; the number keeps names apart and in order."""
    extension = _EXTENSION[observation.kind]
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", observation.source).removesuffix(extension)[-60:].strip("-.")
    return f"{_FOLDER[observation.kind]}/{number:06d}-{slug or 'unnamed'}{extension}"


def _version() -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version("kbdiag")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _write(file: IO[bytes], members: Iterable[tuple[str, bytes]], *, gzipped: bool) -> None:
    stream: Any
    if gzipped:
        stream = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
    else:
        stream = zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False)
    with stream, tarfile.open(fileobj=stream, mode="w|", format=tarfile.USTAR_FORMAT) as archive:
        for name, body in members:
            entry = tarfile.TarInfo(name)  # owner, group and time are 0
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))


# --- reading ---------------------------------------------------------------------------------------------------------


def _decompressed(file: IO[bytes]) -> Any:
    head = file.read(4)
    file.seek(0)
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)
    if head == _ZSTD:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW_LIMIT).stream_reader(file)
    return file


class _Bounded:
    """A stream that is given up where it passes a limit, and that takes memory only for what is really there."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._limit, self._left = stream, limit, limit

    def read(self, size: int) -> bytes:
        """Return `size` bytes, or fewer at the end of the stream."""
        pieces: list[bytes] = []
        while size and (piece := self._stream.read(min(size, _CHUNK))):
            size -= len(piece)
            self._left -= len(piece)
            if self._left < 0:
                raise EvidenceError(f"unpacks to more than {self._limit} bytes; it is not to be trusted")
            pieces.append(piece)
        return b"".join(pieces)


def _load(place: Path, limits: Limits) -> Snapshot:
    if place.is_dir():
        return _load_folder(place.resolve(), limits)
    if not place.is_file():
        raise EvidenceError("no such file; name a snapshot that `kbdiag collect` wrote")
    with place.open("rb") as file, _decompressed(file) as stream:
        return _load_archive(_Bounded(stream, limits.total), limits)


def _load_archive(stream: _Bounded, limits: Limits) -> Snapshot:
    members = _tar_members(stream, limits)
    name, body = next(members, ("", b""))
    if name != MANIFEST:
        raise EvidenceError(f"not a snapshot: {MANIFEST} is not its first member; give it to `kbdiag infer`")
    manifest = _read_manifest(body)
    wanted = {entry.member for entry in manifest.observations}
    bodies: dict[str, bytes] = {}
    for name, body in members:
        if name in bodies or name == MANIFEST:
            raise EvidenceError(f"member {name!r} is there twice; it is not to be trusted")
        if name in wanted:
            bodies[name] = body
    return _snapshot_of(manifest, bodies.get)


def _tar_members(stream: _Bounded, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Give the plain files of a tar one by one.

    Only what `save_snapshot` writes is accepted: the reader of tarfile follows extended headers, and those may ask for
    any amount of memory.
    """
    count = 0
    while (block := stream.read(_BLOCK)) and block.strip(b"\0"):
        count += 1
        if count > limits.members:
            raise EvidenceError(f"has more than {limits.members} members; it is not to be trusted")
        try:
            entry = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            if count > 1:
                raise
            raise EvidenceError("not a snapshot: no tar archive; give it to `kbdiag infer`") from error
        name = _inside(entry.name.removeprefix("./"))
        if entry.isdir():
            continue
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise EvidenceError(f"member {name!r} is not a plain file; pack plain files with `tar --format=ustar`")
        limit = limits.manifest if name == MANIFEST else limits.member
        if not 0 <= entry.size <= limit:
            raise EvidenceError(f"member {name!r} claims {entry.size} bytes of {limit}; it is not to be trusted")
        body = stream.read(entry.size)
        if len(body) < entry.size:
            raise EOFError(f"member {name!r} ends after {len(body)} of {entry.size} bytes")
        stream.read(-entry.size % _BLOCK)
        yield name, body
    while stream.read(_CHUNK):  # at its end a compressed stream holds the checksum over all of it
        pass


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or set(name) & set("\\:\0"):
        raise EvidenceError(f"member {name!r} points out of the snapshot; it is not to be trusted")
    return name


def _load_folder(folder: Path, limits: Limits) -> Snapshot:
    left = limits.total

    def read(name: str, limit: int = limits.member) -> bytes | None:
        nonlocal left
        place = folder / name
        if place.resolve() != place:
            raise EvidenceError(f"{name!r} is behind a link, which no snapshot has; it is not to be trusted")
        try:
            status = place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        left -= status.st_size
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit or left < 0:
            raise EvidenceError(f"{name!r} is too large or no plain file; it is not to be trusted")
        return place.read_bytes()

    body = read(MANIFEST, limits.manifest)
    if body is None:
        raise EvidenceError(f"not a snapshot: it has no {MANIFEST}; give it to `kbdiag infer`")
    return _snapshot_of(_read_manifest(body), read)


def _read_manifest(body: bytes) -> _Manifest:
    try:
        schema = msgspec.json.decode(body, type=_Head).schema
        number = re.fullmatch(rf"{re.escape(SCHEMA)}([0-9]{{1,9}})", schema)
        if number is None:
            raise EvidenceError(f"not a snapshot: its schema is {schema[:40]!r}; give it to `kbdiag infer`")
        if int(number[1]) > FORMAT:
            raise EvidenceError(f"needs kbdiag with snapshot format {number[1]}; upgrade kbdiag")
        manifest = msgspec.json.decode(body, type=_Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EvidenceError(f"{MANIFEST} is not as it should be ({error}); copy or collect it again") from error
    if len({entry.member for entry in manifest.observations}) < len(manifest.observations):
        raise EvidenceError(f"{MANIFEST} names a member twice; it is not to be trusted")
    return manifest


def _snapshot_of(manifest: _Manifest, body_of: Callable[[str], bytes | None]) -> Snapshot:
    observations = []
    for entry in manifest.observations:
        body = body_of(_inside(entry.member))
        if body is None:
            raise EvidenceError(f"member {entry.member!r} is missing; copy or collect it again")
        if len(body) != entry.size or hashlib.sha256(body).hexdigest() != entry.sha256:
            raise EvidenceError(f"member {entry.member!r} is not what was saved; copy or collect it again")
        observations.append(
            Observation(entry.kind, entry.source, body, cast(ObservationAttributes, entry.attributes), entry.line)
        )
    return Snapshot(tuple(observations), manifest.coverage, manifest.observed_at, manifest.cluster, manifest.origin)
