"""The snapshot file: what was saved is what is loaded, and nothing else is ever loaded."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from facts.model.errors import EvidenceError
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from facts.snapshot.snapshot_file import Limits, is_snapshot, load_snapshot, save_snapshot

TEXT = st.text(max_size=20)
OBSERVATIONS = st.builds(
    Observation,
    kind=st.sampled_from(ObservationKind),
    source=TEXT | st.sampled_from(["/api/v1/pods", "../../etc/passwd", "kubelet.log", "a" * 300]),
    body=st.binary(max_size=1500),
    attributes=st.dictionaries(TEXT, TEXT, max_size=3),
    line=st.integers(),
)
COVERAGE = st.builds(
    Coverage,
    collector=TEXT,
    target=TEXT,
    state=st.sampled_from(CoverageState),
    why=st.none() | TEXT,
    seconds=st.floats(allow_nan=False, allow_infinity=False),
    reason=TEXT,
)
SNAPSHOTS = st.builds(
    Snapshot,
    observations=st.lists(OBSERVATIONS, max_size=5).map(tuple),
    coverage=st.lists(COVERAGE, max_size=3).map(tuple),
    observed_at=TEXT,
    cluster=TEXT,
    origin=TEXT,
)
SMALL = Snapshot(
    observations=(
        Observation(ObservationKind.OBJECTS, "/api/v1/pods", b'{"kind":"PodList","items":[]}', {"scope": "cluster"}),
        Observation(ObservationKind.LOG, "kubelet.log", b"one\ntwo\n", {"component": "kubelet", "node": "w1"}, line=7),
    ),
    coverage=(Coverage("kubernetes/pods", "*", CoverageState.PARTIAL, "page 2 failed", 0.25, "timeout"),),
    observed_at="2026-11-23T10:04:00Z",
    cluster="prod",
    origin="context prod",
)


def _refusal(path: Path, limits: Limits | None = None) -> str:
    """Return the message with which `path` is refused; it must be one line that starts with the path."""
    with pytest.raises(EvidenceError) as caught:
        load_snapshot(path, limits or Limits())
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert len(message.splitlines()) == 1
    return message.removeprefix(f"{path}: ")


# --- what is saved is what is loaded ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["s.tar.zst", "s.tar.gz"])
@given(snapshot=SNAPSHOTS)
def test_loading_gives_what_was_saved(name: str, snapshot: Snapshot) -> None:
    """Law: load(save(s)) == s, and saving the same snapshot again gives the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        save_snapshot(snapshot, path)
        first = path.read_bytes()
        assert load_snapshot(path) == snapshot
        save_snapshot(load_snapshot(path), path)
        assert path.read_bytes() == first


@given(snapshot=SNAPSHOTS)
def test_a_folder_unpacked_by_tar_gives_the_same(snapshot: Snapshot) -> None:
    """Law: unpacking the file with a stock tool and loading the folder gives the same snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.tar.gz")
        save_snapshot(snapshot, path)
        with tarfile.open(path) as archive:
            archive.extractall(Path(folder, "s"), filter="data")
        assert load_snapshot(Path(folder, "s")) == snapshot


@pytest.mark.parametrize("name", ["s.tar.zst", "s.tar.gz"])
@given(data=st.data())
def test_a_damaged_file_is_refused_or_gives_the_same(name: str, data: st.DataObject) -> None:
    """Law: flipping bits of any byte, or cutting the file anywhere, never gives another snapshot or another error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        save_snapshot(SMALL, path)
        raw = bytearray(path.read_bytes())
        position = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[position] ^= data.draw(st.integers(1, 255))
        else:
            del raw[position:]
        path.write_bytes(raw)
        is_snapshot(path)
        loaded = None
        with contextlib.suppress(EvidenceError):
            loaded = load_snapshot(path)
        assert loaded in (None, SMALL)


def test_a_name_that_is_no_text_does_not_keep_a_snapshot_from_being_saved(tmp_path: Path) -> None:
    """Python keeps undecodable bytes of a file name as surrogates; they become question marks."""
    odd = Snapshot((Observation(ObservationKind.LOG, "a\udcff.log", b"x"),))
    save_snapshot(odd, tmp_path / "s.tar.zst")
    assert load_snapshot(tmp_path / "s.tar.zst").observations[0].source == "a?.log"


def test_the_manifest_comes_first_and_members_are_named_after_their_source(tmp_path: Path) -> None:
    """The file can be looked at with stock tools."""
    save_snapshot(SMALL, tmp_path / "s.tgz")
    with tarfile.open(tmp_path / "s.tgz") as archive:
        assert archive.getnames() == ["kbdiag.json", "objects/000001-api-v1-pods.json", "logs/000002-kubelet.log"]
        manifest = json.load(archive.extractfile("kbdiag.json") or io.BytesIO())
        assert {(entry.mtime, entry.uid, entry.gid, entry.uname) for entry in archive} == {(0, 0, 0, "")}
    assert manifest["schema"] == "kbdiag/snapshot/v1"
    assert manifest["observations"][1]["sha256"] == hashlib.sha256(b"one\ntwo\n").hexdigest()


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    """A snapshot tells much about a cluster."""
    save_snapshot(SMALL, tmp_path / "s.tar.zst")
    assert (tmp_path / "s.tar.zst").stat().st_mode & 0o777 == 0o600


def test_a_kill_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    """The file is replaced in one step, when all of it is on disk."""
    path = tmp_path / "s.tar.zst"
    save_snapshot(SMALL, path)
    program = (
        "import os, signal, sys, facts.snapshot.snapshot_file as s, facts.model.values as m\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "s.save_snapshot(m.Snapshot(cluster='other'), sys.argv[1])\n"
    )
    root = Path(__file__).parents[3]
    ended = subprocess.run([sys.executable, "-c", program, path], check=False, cwd=root)
    assert ended.returncode == -signal.SIGKILL
    assert load_snapshot(path) == SMALL


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is one line, and no temporary file stays."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvidenceError, match=r"s\.tar\.zst: cannot be written \(No space left on device\)"):
        save_snapshot(SMALL, tmp_path / "s.tar.zst")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    """The place to write to must exist."""
    with pytest.raises(EvidenceError, match="cannot be written"):
        save_snapshot(SMALL, tmp_path / "none" / "s.tar.zst")


def test_what_could_not_be_loaded_again_is_not_written(tmp_path: Path) -> None:
    """The limits of loading hold for saving too."""
    for limits in (Limits(total=10_000), Limits(member=20), Limits(members=2), Limits(manifest=300)):
        with pytest.raises(EvidenceError, match="larger than one file may be"):
            save_snapshot(SMALL, tmp_path / "s.tar.zst", limits)
    assert list(tmp_path.iterdir()) == []


# --- recognising -----------------------------------------------------------------------------------------------------


def test_a_snapshot_is_recognised_by_its_content(tmp_path: Path) -> None:
    """The name of a file does not matter."""
    save_snapshot(SMALL, tmp_path / "s.tar.zst")
    save_snapshot(SMALL, tmp_path / "s.tar.gz")
    with tarfile.open(tmp_path / "s.tar.gz") as archive:
        archive.extractall(tmp_path / "s", filter="data")
    (tmp_path / "s.tar.zst").rename(tmp_path / "kubelet.log")
    assert is_snapshot(tmp_path / "kubelet.log")
    assert is_snapshot(tmp_path / "s.tar.gz")
    assert is_snapshot(tmp_path / "s")
    assert load_snapshot(tmp_path / "kubelet.log") == SMALL


@pytest.mark.parametrize("content", [b"", b"x", b"\x1f\x8b", b"\x28\xb5\x2f\xfd\0", b'{"kind":"List"}', b"kbdiag.json"])
def test_other_files_are_no_snapshots(tmp_path: Path, content: bytes) -> None:
    """Whatever a file holds, asking never raises, and loading gives one line."""
    (tmp_path / "f").write_bytes(content)
    assert not is_snapshot(tmp_path / "f")
    _refusal(tmp_path / "f")


def test_a_file_that_is_not_there_is_no_snapshot(tmp_path: Path) -> None:
    """A missing path, an empty folder and a pipe are refused without being waited for."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none", tmp_path, tmp_path / "pipe"):
        assert not is_snapshot(path)
        _refusal(path)


# --- hostile files ---------------------------------------------------------------------------------------------------


def _manifest(**changes: Any) -> dict[str, Any]:
    entry = {
        "kind": "log",
        "source": "x",
        "attributes": {},
        "line": 1,
        "member": "logs/1.log",
        "size": 3,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
    }
    manifest = {"schema": "kbdiag/snapshot/v1", "version": "0", "observed_at": "", "cluster": "", "origin": ""}
    return {**manifest, "coverage": [], "observations": [{**entry, **changes}]}


def _pack(path: Path, manifest: object, *members: tuple[str, bytes] | tarfile.TarInfo) -> Path:
    """Write a snapshot by hand; a member is a file, or a bare header."""
    with (
        path.open("wb") as raw,
        zstandard.ZstdCompressor().stream_writer(raw) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as archive,
    ):
        for member in (("kbdiag.json", json.dumps(manifest).encode()), *members):
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                entry = tarfile.TarInfo(member[0])
                entry.size = len(member[1])
                archive.addfile(entry, io.BytesIO(member[1]))
    return path


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


GOOD = ("logs/1.log", b"abc")


def test_the_hand_made_snapshot_is_good(tmp_path: Path) -> None:
    """What the following tests break loads when it is not broken; members that nobody names do not matter."""
    loaded = load_snapshot(_pack(tmp_path / "s", _manifest(), GOOD, ("README", b"see")))
    assert loaded.observations == (Observation(ObservationKind.LOG, "x", b"abc"),)


def test_a_newer_format_asks_for_an_upgrade(tmp_path: Path) -> None:
    """The message names the format that is needed, even when the rest of the manifest cannot be understood."""
    assert _refusal(_pack(tmp_path / "s", {"schema": "kbdiag/snapshot/v2", "new": 1})) == (
        "needs kbdiag with snapshot format 2; upgrade kbdiag"
    )


@pytest.mark.parametrize("name", ["/etc/cron.d/x", "../x", "logs/../../x", "C:\\x", "logs\\..\\x"])
def test_names_that_point_out_of_the_snapshot_are_refused(tmp_path: Path, name: str) -> None:
    """Path traversal, in the archive or in the manifest."""
    assert "points out of the snapshot" in _refusal(_pack(tmp_path / "s", _manifest(), GOOD, (name, b"abc")))
    assert "points out of the snapshot" in _refusal(_pack(tmp_path / "s", _manifest(member=name), GOOD))


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_links_devices_and_other_special_members_are_refused(tmp_path: Path, kind: bytes) -> None:
    """A snapshot holds plain files only."""
    assert "is not a plain file" in _refusal(
        _pack(tmp_path / "s", _manifest(), _special("logs/1.log", kind, "kbdiag.json"))
    )


def test_extended_headers_are_refused_unread(tmp_path: Path) -> None:
    """A long-name header may ask for any amount of memory."""
    assert "is not a plain file" in _refusal(_pack(tmp_path / "s", _manifest(), ("a" * 300, b""), GOOD))


@pytest.mark.parametrize(
    ("manifest", "members", "message"),
    [
        (_manifest(), [], "member 'logs/1.log' is missing"),
        (_manifest(), [GOOD, GOOD], "is there twice"),
        (_manifest(), [GOOD, ("kbdiag.json", b"{}")], "is there twice"),
        (_manifest(), [("logs/1.log", b"abd")], "is not what was saved"),
        (_manifest(size=4), [GOOD], "is not what was saved"),
        (_manifest(sha256="0" * 64), [GOOD], "is not what was saved"),
        (_manifest(kind="virus"), [GOOD], "is not as it should be"),
        (_manifest(line="1"), [GOOD], "is not as it should be"),
        ({**_manifest(), "observations": _manifest()["observations"] * 2}, [GOOD], "names a member twice"),
        ({"schema": "other/v1"}, [], "its schema is 'other/v1'"),
        ({"schema": "kbdiag/snapshot/v0x"}, [], "its schema is"),
        ({"schema": None}, [], "is not as it should be"),
        ({}, [], "is not as it should be"),
        ([1], [], "is not as it should be"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    tmp_path: Path, manifest: object, members: list[tuple[str, bytes]], message: str
) -> None:
    """Each way in which manifest and members can disagree has its message."""
    assert message in _refusal(_pack(tmp_path / "s", manifest, *members))


def test_a_deeply_nested_manifest_is_refused(tmp_path: Path) -> None:
    """Nesting cannot exhaust the stack."""
    deep = b'{"schema":"kbdiag/snapshot/v1","x":' + b"[" * 200_000
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "kbdiag.json").write_bytes(deep)
    assert "is not as it should be" in _refusal(tmp_path / "s")


def test_a_foreign_archive_is_no_snapshot(tmp_path: Path) -> None:
    """A tar whose first member is something else is left to the readers."""
    with tarfile.open(tmp_path / "bundle.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("cluster-info.json"))
    assert not is_snapshot(tmp_path / "bundle.tar.gz")
    assert "kbdiag.json is not its first member" in _refusal(tmp_path / "bundle.tar.gz")


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(total=64 << 10), "unpacks to more than 65536 bytes"),
        (Limits(member=1 << 10), "claims 1048576 bytes of 1024"),
        (Limits(members=2), "has more than 2 members"),
        (Limits(manifest=100), "of 100; it is not to be trusted"),
    ],
)
def test_a_bomb_is_given_up_at_the_limit(tmp_path: Path, limits: Limits, message: str) -> None:
    """A small file that unpacks to much stops early."""
    path = _pack(tmp_path / "s", _manifest(), ("zeros", bytes(1 << 20)), GOOD)
    assert path.stat().st_size < 1000
    assert message in _refusal(path, limits)


def _header(claim: Callable[[tarfile.TarInfo], None]) -> bytes:
    entry = tarfile.TarInfo("kbdiag.json")
    claim(entry)
    return entry.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    ("size", "message"), [(100 << 20, "ends after 0 of"), (-512, "claims -512"), (1 << 60, "claims")]
)
def test_a_header_that_lies_about_its_size_takes_no_memory(tmp_path: Path, size: int, message: str) -> None:
    """Sizes that are negative, enormous, or larger than the file."""
    (tmp_path / "s.gz").write_bytes(gzip.compress(_header(lambda entry: setattr(entry, "size", size))))
    assert message in _refusal(tmp_path / "s.gz")


def test_a_folder_with_a_link_or_a_pipe_is_refused(tmp_path: Path) -> None:
    """In a folder too, bodies are plain files inside it."""
    (tmp_path / "s" / "logs").mkdir(parents=True)
    (tmp_path / "s" / "kbdiag.json").write_text(json.dumps(_manifest()))
    body = tmp_path / "s" / "logs" / "1.log"
    (tmp_path / "secret").write_bytes(b"abc")
    body.symlink_to(tmp_path / "secret")
    assert "is behind a link" in _refusal(tmp_path / "s")
    body.unlink()
    os.mkfifo(body)
    assert "no plain file" in _refusal(tmp_path / "s")
    body.unlink()
    assert "is missing" in _refusal(tmp_path / "s")
    body.write_bytes(b"abc")
    assert load_snapshot(tmp_path / "s").observations[0].body == b"abc"
