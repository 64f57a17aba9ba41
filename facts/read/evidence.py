"""Reads evidence of any kind, files, folders, archives or standard input, into one snapshot."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import msgspec
import re2

from facts.model.errors import EvidenceError
from facts.model.internal_error import internal_error
from facts.model.plugins import Plugins
from facts.model.values import Coverage, CoverageState, Snapshot
from facts.read.layouts import no_evidence, setting_of_file
from facts.read.prose.prose import without_prose
from facts.read.text.reading import DocumentReader, Reading, SectionReader, reader_name
from facts.read.text.sections import plain_text, read_text
from facts.snapshot.archive import is_archive, name_within, open_archive
from facts.snapshot.budget import Budget
from facts.snapshot.redaction.redact import redact, redact_snapshot

READERS = Plugins("facts.read.formats", "kbdiag.readers")

_HEAD = 4096
_DEPTH = 8
"""Archives within archives that are unpacked."""


class _File(msgspec.Struct, frozen=True):
    """A file still to be read. `name` says where it is below what was given, `path` how it was given."""

    name: str
    path: str
    body: bytes | None
    """None when it could not be read, and `why` says why."""
    why: str = ""


_DESCRIPTION = re2.compile(rb"(?m)^ *(?:Args|Command|Annotations|Environment|Data|Message):")
STANDARD_INPUT = "stdin"
"""What facts and reports call what was piped in."""


def read_evidence(paths: Sequence[str | Path], stdin: bytes | None = None) -> Snapshot:
    """Return all that `paths` hold: files, folders (with all that is in them), archives, or "-" for `stdin`.

    Content decides how a file is read; its name only tells what is nowhere else, such as the Pod of a log. Snapshots
    of kbdiag among the paths are merged in. What is empty or binary, or lies unreadable in a folder, becomes coverage
    of the collector "evidence". The order of `paths` does not matter.
    Secrets are redacted.

    Raises EvidenceError when a path does not exist or cannot be read, and for an archive that is damaged or hostile.
    """
    by_path: dict[str, _File] = {}
    snapshots: list[Snapshot] = []
    budget = Budget()
    for found in _all_given(sorted(map(str, paths)), stdin or b"", budget):
        if isinstance(found, Snapshot):
            snapshots.append(found)
        else:
            by_path[found.path] = found
    files = [by_path[path] for path in sorted(by_path)]
    names = Counter(file.name for file in files)
    readings = [_read_file(file, file.name if names[file.name] == 1 else file.path) for file in files]
    parts = sorted(snapshots, key=lambda one: (one.observed_at, one.origin, one.cluster)) + readings
    clusters = {part.cluster for part in parts if part.cluster}
    return redact_snapshot(
        Snapshot(
            observations=tuple(one for part in parts for one in part.observations),
            coverage=_merge(one for part in parts for one in part.coverage),
            observed_at=max((snapshot.observed_at for snapshot in snapshots), default=""),
            cluster=clusters.pop() if len(clusters) == 1 else "",
            origin=", ".join(sorted(STANDARD_INPUT if str(path) == "-" else str(path) for path in paths)),
        )
    )


def _all_given(paths: Sequence[str], stdin: bytes, budget: Budget) -> Iterator[_File | Snapshot]:
    """Give what lies at all `paths`. One that cannot be read costs only itself, unless all are so: that is raised."""
    failures: list[EvidenceError] = []
    for path in paths:
        if path != "-" and not Path(path).exists():
            raise EvidenceError(
                f"{path}: no such file or folder; give files, folders, archives, or - for standard input"
            )
    for path in paths:
        try:
            if path == "-":
                yield from list(_unpacked(STANDARD_INPUT, STANDARD_INPUT, stdin, budget))
            else:
                yield from list(_given(Path(path), budget))
        except EvidenceError as error:
            failures.append(error)
            yield _File(Path(path).name, path, None, str(error).removeprefix(f"{path}: "))
    if failures and len(failures) == len(paths):
        raise failures[0]


def _given(path: Path, budget: Budget) -> Iterator[_File | Snapshot]:
    """Give what lies at `path`; the files of an archive or folder are named as they lie in it."""
    try:
        if path.is_dir():
            yield from _below(path, budget)
        else:
            yield from _of_file(path.name, path, budget)
    except OSError as error:
        why = error.strerror or str(error)
        raise EvidenceError(
            f"{path}: cannot be read ({why}); give files, folders, archives, or - for standard input"
        ) from error


def _below(folder: Path, budget: Budget) -> Iterator[_File | Snapshot]:
    """Give the files below `folder`; what is unreadable among them is given as such."""
    from facts.snapshot.snapshot_file import is_snapshot, load_snapshot

    if is_snapshot(folder):
        yield load_snapshot(folder)
        return
    for entry in sorted(folder.iterdir()):
        inner = entry.is_dir() and not entry.is_symlink()
        if not inner and not entry.is_file():  # reading a pipe or a device could take for ever
            yield _File(entry.name, str(entry), None, "neither a file nor a folder")
            continue
        try:
            found = list(_below(entry, budget) if inner else _of_file(entry.name, entry, budget))
        except (OSError, EvidenceError) as error:
            yield _File(entry.name, str(entry), None, getattr(error, "strerror", None) or str(error))
            continue
        for one in found:
            yield (
                msgspec.structs.replace(one, name=f"{entry.name}/{one.name}")
                if inner and isinstance(one, _File)
                else one
            )


def _of_file(name: str, path: Path, budget: Budget) -> Iterator[_File | Snapshot]:
    from facts.snapshot.snapshot_file import is_snapshot, load_snapshot

    if path.is_file() and is_snapshot(path):
        yield load_snapshot(path)
    else:
        yield from _unpacked(name, str(path), path.read_bytes(), budget)


def _unpacked(name: str, path: str, body: bytes, budget: Budget) -> Iterator[_File]:
    """Yield the members of an archive, or a plain file as it is."""
    if not is_archive(body[:512]):
        yield _File(name, path, body)
        return
    budget.admit(len(body))
    for file in _members("", path, body, budget):
        yield file if file.name else msgspec.structs.replace(file, name=name)


def _members(name: str, path: str, body: bytes, budget: Budget, depth: int = 0) -> Iterator[_File]:
    """Yield the members of an archive; an archive among them is unpacked too, and when it cannot be read, costs only itself.

    A file that was compressed alone stands where the compressed file stood.
    """
    for member in open_archive(path, body, budget):
        alone = member.name == name_within(path) and bool(name)
        below = name.rpartition("/")[0] if alone else name
        inner = "/".join(part for part in (below, member.name) if part)
        where = f"{path.rpartition('/')[0] if alone else path}/{member.name}" if member.name else path
        if member.body is None:
            yield _File(inner, where, None, member.why)
        elif not is_archive(member.body[:512]):
            yield _File(inner, where, member.body)
        elif depth >= _DEPTH:
            yield _File(inner, where, None, f"an archive within {_DEPTH} others; unpack it and give the folder")
        else:
            budget.give_back(len(member.body))
            try:
                yield from list(_members(inner, where, member.body, budget, depth + 1))
            except EvidenceError as error:
                yield _File(inner, where, None, str(error).removeprefix(f"{where}: "))


def _read_file(file: _File, source: str) -> Reading:
    """Return what a file holds; an internal error becomes coverage that names the file."""
    try:
        return _read_body(file, source)
    except Exception as error:  # noqa: BLE001 - one file must not cost the others
        return Reading(coverage=(internal_error("reading", source, error),))


def _read_body(file: _File, source: str) -> Reading:
    if file.body is None:
        return _skipped(source, file.why, CoverageState.FAILED)
    if not file.body or file.body.isspace():
        return _skipped(source, "empty")
    text = plain_text(file.body)
    if _is_binary(text):
        return _skipped(source, "binary, not text")
    if why := no_evidence(file.path, text):
        return _skipped(source, f"not evidence: {why}")
    if _DESCRIPTION.search(text):
        text = redact(text)  # its lines become members of lists, where a secret that takes several is not seen as such
    setting = setting_of_file(file.path)
    documents, sections = _readers()
    start = text[:_HEAD].lstrip()
    skipped: list[Coverage] = []
    for document in documents:
        try:
            reading = document.read_document(text, source, setting) if document.recognises(start) else None
        except Exception as error:  # noqa: BLE001 - one file must not cost the diagnosis; it is still a text
            skipped.append(internal_error(f"reader {reader_name(document)}", source, error))
            continue
        if reading is not None:
            return reading
    text, prose = without_prose(text)
    if prose:
        skipped += _skipped(source, f"not evidence: prose ({', '.join(prose)})").coverage
    reading = read_text(text, source, setting, sections) if text and not text.isspace() else Reading()
    return msgspec.structs.replace(reading, coverage=(*reading.coverage, *skipped)) if skipped else reading


def _is_binary(text: bytes) -> bool:
    return b"\0" in text[: 64 * 1024]


def _skipped(source: str, why: str, state: CoverageState = CoverageState.SKIPPED) -> Reading:
    return Reading(coverage=(Coverage("evidence", source, state, why),))


def _merge(found: Iterable[Coverage]) -> tuple[Coverage, ...]:
    """Drop repetitions, and what was partly seen in one file and completely in another."""
    coverage = set(found)
    complete = {(one.collector, one.target) for one in coverage if one.state is CoverageState.COMPLETE}
    kept = {
        one for one in coverage if one.state is not CoverageState.PARTIAL or (one.collector, one.target) not in complete
    }
    return tuple(
        sorted(kept, key=lambda one: (one.collector, one.target, one.state, one.why or "", one.seconds, one.reason))
    )


@lru_cache(maxsize=1)
def _readers() -> tuple[tuple[DocumentReader, ...], tuple[SectionReader, ...]]:
    """Find the readers in the folder, in the order of their names."""
    modules = READERS.load_all().values()
    documents = [cast(DocumentReader, module) for module in modules if hasattr(module, "read_document")]
    sections = [cast(SectionReader, module) for module in modules if hasattr(module, "read_section")]
    return tuple(documents), tuple(sections)
