"""Archives are read as far as they go, and what is not read is told."""

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from facts.model.errors import EvidenceError
from facts.snapshot import archive, budget
from facts.snapshot.archive import Member, is_archive, open_archive
from tests.archives.packing import tar, zipped

MEMBERS = {"b/two.log": b"two\n", "a/one.log": b"one\n", "empty.txt": b""}


ALL = sorted(Member(name, body) for name, body in MEMBERS.items())


def refused(body: bytes) -> dict[str, str]:
    """Return what `open_archive` does not read of an archive that also holds MEMBERS."""
    members = open_archive("x", body)
    assert [member for member in members if member.body is not None] == ALL
    return {member.name: member.why for member in members if member.body is None}


def told(body: bytes) -> str:
    """Return what `open_archive` says of an archive as a whole."""
    try:
        return next(member.why for member in open_archive("x", body) if not member.name)
    except EvidenceError as error:
        return str(error).removeprefix("x: ")


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


PACKED = {
    "tar": tar(MEMBERS),
    "tar.gz": gzip.compress(tar(MEMBERS)),
    "tar.zst": zstandard.compress(tar(MEMBERS)),
    "tar.xz": lzma.compress(tar(MEMBERS)),
    "tar.bz2": bz2.compress(tar(MEMBERS)),
    "zip": zipped(MEMBERS),
}


@pytest.mark.parametrize("ending", PACKED)
def test_members_come_in_the_order_of_their_names(tmp_path: Path, ending: str) -> None:
    """Whatever the archive is called and packed with, its files come sorted and without folders."""
    path = tmp_path / "evidence"
    path.write_bytes(PACKED[ending])
    assert open_archive(path) == ALL


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("kubelet.log.gz", gzip.compress),
        ("kubelet.log.zst", zstandard.compress),
        ("kubelet.log.xz", lzma.compress),
        ("kubelet.log.bz2", bz2.compress),
    ],
)
def test_single_compressed_file_is_one_member(name: str, pack: Callable[..., bytes]) -> None:
    """A compressed file that holds no tar is a member named as the file without its ending."""
    assert open_archive(f"logs/{name}", pack(b"one line\n")) == [Member("kubelet.log", b"one line\n")]


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_truncated_archive_says_so(ending: str, keep: float) -> None:
    """An archive that ends too early gives what came before, and one line that says that it is cut; or only that line."""
    body = PACKED[ending]
    cut = body[: 700 if ending == "tar" else int(len(body) * keep)]
    assert told(cut).startswith("the archive is damaged or truncated")


def test_what_stands_before_the_damage_is_kept() -> None:
    """A download that broke off in its last file still has the first."""
    whole = tar({"a.log": b"one\n", "b.log": bytes(4096)})
    first, damage = sorted(open_archive("x", whole[:2000]), key=lambda member: member.body is None)[:2]
    assert (first, damage.body) == (Member("a.log", b"one\n"), None)


@pytest.mark.parametrize("name", ["../up.log", "/etc/passwd", "a/../../up.log", "C:/windows.log", "..\\up.log"])
@pytest.mark.parametrize("pack", [tar, zipped])
def test_member_outside_the_archive_is_left_out(name: str, pack: Callable[..., bytes]) -> None:
    """A path that leads out of the archive is told, and costs only itself; alone, it is the error."""
    told = refused(pack({name: b"boo", **MEMBERS}))
    assert ["leaves the archive" in why for why in told.values()] == [True]
    with pytest.raises(EvidenceError, match="leaves the archive"):
        open_archive("x", pack({name: b"boo"}))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (link("a/link", "/etc/passwd"), "leaves the archive"),
        (link("a/link", "../../etc/passwd"), "leaves the archive"),
        (link("a/hard", "../x", tarfile.LNKTYPE), "leaves the archive"),
        (link("a/pipe", "", tarfile.FIFOTYPE), "device or pipe"),
        (link("a/disk", "", tarfile.BLKTYPE), "device or pipe"),
    ],
)
def test_links_out_and_devices_are_left_out(entry: tarfile.TarInfo, why: str) -> None:
    """Links to the outside and anything that is neither file nor folder are told, and the rest is read."""
    assert why in refused(tar(MEMBERS, (entry,)))[entry.name]


def test_link_inside_the_archive_is_not_followed() -> None:
    """A link that stays inside, as sosreport packs them, is left out: what it points to is a member itself."""
    inside = link("c/link", "../a/one.log")
    assert open_archive("x", tar(MEMBERS, (inside,))) == ALL


@pytest.mark.parametrize("pack", [lzma.compress, bz2.compress])
def test_streams_after_each_other_are_one_file(pack: Callable[[bytes], bytes]) -> None:
    """What was packed in pieces and joined, as rotated logs are, is read to its end."""
    assert open_archive("a.log", pack(b"one\n") + pack(b"two\n")) == [Member("a.log", b"one\ntwo\n")]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    """A small archive that unpacks to far more than its own size is stopped on the way; what came before is kept."""
    monkeypatch.setattr(budget, "RATIO_FREE", 1 << 20)
    bomb = pack(tar({**MEMBERS, "zeros": bytes(32 << 20)}))
    members = open_archive("x", bomb)
    assert {"a/one.log", "b/two.log"} <= {member.name for member in members if member.body is not None}
    assert sum(len(member.body or b"") for member in members) < 4 << 20
    assert "unpacks to more than" in members[0].why


def test_oversized_member_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of one member holds in every format; alone, it is the error."""
    monkeypatch.setattr(archive, "MEMBER_LIMIT", 1000)
    for pack in (tar, zipped):
        assert "larger than" in refused(pack({"big": bytes(2000), **MEMBERS}))["big"]
    with pytest.raises(EvidenceError, match="larger than"):
        open_archive("x", gzip.compress(bytes(2000)))


def test_too_many_members_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of members is bounded."""
    monkeypatch.setattr(budget, "COUNT_LIMIT", 2)
    members = open_archive("x", tar(MEMBERS))
    assert (len(members), members[0].why) == (3, "more than 2 members; unpack it and give a folder of it")


def test_text_is_no_archive() -> None:
    """Only the content makes an archive."""
    assert [is_archive(body[:512]) for body in PACKED.values()] == [True] * len(PACKED)
    assert not is_archive(b"plain text")


@pytest.mark.parametrize(("magic", "tool"), [(b"7z\xbc\xaf\x27\x1c", "7z x"), (b"Rar!\x1a\x07\x00", "unrar x")])
def test_archives_that_are_not_read_say_what_unpacks_them(magic: bytes, tool: str) -> None:
    """Their first bytes are enough to tell the user what to do."""
    with pytest.raises(EvidenceError, match=tool):
        open_archive("x", magic + bytes(100))
