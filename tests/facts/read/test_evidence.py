"""Evidence of any kind becomes one snapshot, and nothing in it is lost."""

import gzip
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.model.errors import EvidenceError
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot
from facts.read.evidence import read_evidence
from facts.snapshot.snapshot_file import save_snapshot
from tests.archives.packing import tar
from tests.facts.reading import coverage, logs, objects, read

POD = b'{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "demo"}}'


def test_folder_is_read_with_all_that_is_in_it(tmp_path: Path) -> None:
    """Files of a folder keep their place in it as their source, whatever the folder is called."""
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "kubelet.log").write_text("one\n")
    (tmp_path / "pod.json").write_bytes(POD)
    snapshot = read_evidence([tmp_path])
    assert [one.source for one in snapshot.observations] == ["nodes/kubelet.log", "pod.json"]


def test_archive_and_folder_give_the_same(tmp_path: Path) -> None:
    """An archive is read like the folder that was packed."""
    folder = tmp_path / "evidence"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "kubelet.log").write_text("one\n")
    (folder / "pod.json").write_bytes(POD)
    packed = tmp_path / "evidence.bin"
    packed.write_bytes(gzip.compress(tar({"a/kubelet.log": b"one\n", "pod.json": POD})))
    assert read_evidence([folder]).observations == read_evidence([packed]).observations


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """When two files would have the same source, both have the path with which they were given."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "kubelet.log").write_text(f"{name}\n")
    snapshot = read_evidence([tmp_path / "a", tmp_path / "b"])
    assert [one.source for one in snapshot.observations] == [str(tmp_path / name / "kubelet.log") for name in "ab"]


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    """An object in a file called like a log is an object, and an archive needs no ending."""
    (tmp_path / "kubelet.log").write_bytes(POD)
    assert objects(read_evidence([tmp_path / "kubelet.log"]))[0]["metadata"]["name"] == "web"


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    """A path that does not exist is named in one line."""
    with pytest.raises(EvidenceError, match="no such file or folder") as error:
        read_evidence([tmp_path / "nowhere"])
    assert "\n" not in str(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_is_an_error_when_named(tmp_path: Path) -> None:
    """What was asked for and cannot be read stops the run."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0)
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_evidence([secret])


def test_what_a_folder_holds_unreadably_is_coverage(tmp_path: Path) -> None:
    """A pipe, a dead link and a broken archive in a folder do not stop the run, nor are they passed over in silence."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "broken.gz").write_bytes(gzip.compress(bytes(1000))[:-9])
    (tmp_path / "ok.log").write_text("fine\n")
    snapshot = read_evidence([tmp_path])
    assert coverage(snapshot) == [("evidence", name, "failed") for name in ("broken.gz", "dead", "pipe")]
    assert [one.body for one in snapshot.observations] == [b"fine\n"]


def test_empty_and_binary_files_are_skipped(tmp_path: Path) -> None:
    """Files that hold no text are named in the coverage, with the reason."""
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    why = {one.target: (one.state, one.why) for one in read_evidence([tmp_path]).coverage}
    assert why == {
        "empty": (CoverageState.SKIPPED, "empty"),
        "photo.png": (CoverageState.SKIPPED, "binary, not text"),
    }


def test_own_snapshot_is_merged(tmp_path: Path) -> None:
    """A snapshot among the arguments brings its observations, coverage, time and cluster."""
    seen = Observation(ObservationKind.LOG, "kubelet.log", b"one\n", {"component": "kubelet"})
    covered = Coverage("kubernetes/pods", "*", CoverageState.COMPLETE)
    saved = Snapshot((seen,), (covered,), observed_at="2026-11-23T10:04:00Z", cluster="prod", origin="prod")
    save_snapshot(saved, tmp_path / "snapshot.tar.gz")
    (tmp_path / "more.log").write_text("two\n")
    merged = read_evidence([tmp_path / "more.log", tmp_path / "snapshot.tar.gz"])
    assert {one.body for one in merged.observations} == {b"one\n", b"two\n"}
    assert (merged.coverage, merged.observed_at, merged.cluster) == ((covered,), "2026-11-23T10:04:00Z", "prod")
    assert {one.body for one in read_evidence([tmp_path]).observations} == {b"one\n", b"two\n"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be-mark"])
def test_marked_encodings_are_decoded(encoding: str) -> None:
    """Text that PowerShell redirected is read like any other."""
    text = "Größe: 1\r\nzwei\r\n"
    body = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    assert logs(read(body))[0].body.decode() == "Größe: 1\nzwei\n"


def test_colours_are_removed() -> None:
    """Escape sequences of a terminal neither hide a table nor stay in a log."""
    table = (
        "\x1b[1mNAME\x1b[0m   READY   STATUS    RESTARTS   AGE\nweb    1/1     \x1b[32mRunning\x1b[0m   0          5m\n"
    )
    assert objects(read(table))[0]["metadata"]["name"] == "web"
    assert logs(read("\x1b[31merror\x1b[0m: boom\n"))[0].body == b"error: boom\n"


def test_partly_seen_gives_way_to_completely_seen(tmp_path: Path) -> None:
    """A single object beside the whole list of its namespace does not make the list partial."""
    (tmp_path / "pod.json").write_bytes(POD)
    (tmp_path / "pods.json").write_bytes(b'{"kind": "PodList", "apiVersion": "v1", "items": [' + POD + b"]}")
    assert coverage(read_evidence([tmp_path])) == [("kubernetes/pods", "demo", "complete")]


# --- laws ------------------------------------------------------------------------------------------------------------

LINES = st.one_of(
    st.sampled_from(
        [
            "$ kubectl get pods -n demo",
            "NAME   READY   STATUS    RESTARTS   AGE",
            "web-1  0/1     Error     3          5m",
            "Name:   web-1",
            "Namespace:  demo",
            "Containers:",
            "  web:",
            "    State:   Waiting",
            "Events:",
            "  Warning  BackOff  5m (x3 over 9m)  kubelet  Back-off",
            "PING 10.0.0.1 (10.0.0.1): 56 data bytes",
            "--- 10.0.0.1 ping statistics ---",
            "{",
            '  "kind": "Pod"',
            "}",
            "[{",
            "apiVersion: v1",
            "kind: Pod",
            "metadata:",
            "  name: web",
            "---",
            "● kubelet.service - kubelet",
            "Nov 23 10:04:01 worker1 kubelet[812]: E1123 boom",
            "[preflight] Running pre-flight checks",
            "ssh: connect to host 10.0.0.9 port 22: Connection refused",
            "Filesystem  Size  Used Avail Use% Mounted on",
            "",
            "   ",
        ]
    ),
    st.text(st.characters(exclude_characters="\n\r\0\x1b", exclude_categories=["Cs"]), max_size=30),
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)


@given(st.one_of(st.binary(max_size=400), TEXTS.map(str.encode)))
@settings(max_examples=300, deadline=None)
def test_reading_never_fails(body: bytes) -> None:
    """Whatever a file holds, reading it raises nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(body)
        snapshot = read_evidence([folder])
    assert isinstance(snapshot, Snapshot)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_line_is_lost(text: str) -> None:
    """Each line that is no prompt and in no section is in a log, on the line of the file that the log says."""
    snapshot = read(text)
    lines = text.encode().split(b"\n")
    for log in logs(snapshot):
        body = log.body.removesuffix(b"\n").split(b"\n")
        assert lines[log.line - 1 : log.line - 1 + len(body)] == body


@given(TEXTS, st.integers(0, 25))
@settings(max_examples=500, deadline=None)
def test_a_line_of_no_format_is_in_a_body(text: str, place: int) -> None:
    """A line that belongs to no format is in the body of an observation wherever it stands."""
    lines = text.split("\n")
    lines.insert(place, "zqx marker zqx")
    assert any(b"zqx marker zqx" in one.body for one in read("\n".join(lines)).observations)


@given(st.lists(st.text("abc xyz:-=", min_size=1, max_size=20), min_size=1, max_size=20))
@settings(deadline=None)
def test_plain_text_is_kept_whole(lines: list[str]) -> None:
    """Text that is nothing special is one log, byte for byte."""
    text = "\n".join(lines)
    assert [one.body for one in logs(read(text))] == ([text.encode()] if text.strip() else [])


@given(st.permutations(["a.log", "b.json", "c.txt"]))
@settings(deadline=None, max_examples=6)
def test_order_of_arguments_does_not_matter(order: list[str]) -> None:
    """The same files in another order give the same snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.log").write_text("one\n")
        (Path(folder) / "b.json").write_bytes(POD)
        (Path(folder) / "c.txt").write_text(
            "$ kubectl get nodes\nNAME  STATUS  ROLES  AGE  VERSION\nw1  Ready  <none>  5d  v1.31.0\n"
        )
        straight = read_evidence([Path(folder) / name for name in sorted(order)])
        assert read_evidence([Path(folder) / name for name in order]) == straight
