"""Reads the commits of a repository that touch manifests, shortly before an incident, as objects of kind Commit.

The repository may be anybody's, and its configuration can name programs: hooks, monitors of the file system, pagers,
diff drivers, signature checks, remotes to fetch missing objects from. git is told to run none of them, reads no
configuration but the repository's own, and fetches nothing.
"""

import time
from datetime import datetime
from itertools import pairwise

import msgspec

from facts.cluster.moment import written
from facts.collect.collector import Collected
from facts.collect.git.manifest_changes import ManifestChange, manifest_changes
from facts.collect.machines.program import Ended, run_program
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

COLLECTOR = "git"
SECONDS = 20.0
"""How long git may take."""
COMMITS = 100
BEFORE, AFTER = 48 * 3600, 600
"""Seconds around the moment of the evidence in which commits are read."""
BYTES = 8 << 20
"""A longer log is cut behind its last whole commit."""

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # a list of protocols; there is none of this name, and it outranks any configuration
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_PAGER": "cat",
}
_SETTINGS = {
    "core.fsmonitor": "false", "core.hooksPath": "/dev/null", "core.pager": "cat", "core.attributesFile": "/dev/null", "core.sshCommand": "false",
    "core.gitProxy": "false", "core.askPass": "false", "credential.helper": "", "diff.external": "", "diff.submodule": "short", "diff.orderFile": "/dev/null",
    "log.showSignature": "false", "gpg.program": "false", "gpg.ssh.program": "false", "protocol.allow": "never", "gc.auto": "0", "maintenance.auto": "false",
}  # fmt: skip
_LOG = (
    "log", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color", "--no-decorate", "--no-notes", "--no-mailmap", "--no-renames",
    "--ignore-submodules=all", "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/", "--unified=300", "--patch", f"--max-count={COMMITS}",
    "--encoding=UTF-8", "--format=format:commit %H%ndate %cI%nsubject %s",
)  # fmt: skip


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """The abbreviated hash of a commit, and its moment (RFC 3339)."""

    name: str
    creation_timestamp: str


class Spec(msgspec.Struct, frozen=True):
    """What a commit says and changes."""

    repository: str
    subject: str
    changes: tuple[ManifestChange, ...]


class Commit(msgspec.Struct, frozen=True):
    """A commit as an object that the snapshot keeps."""

    metadata: Metadata
    spec: Spec
    kind: str = "Commit"


def read_commits(directory: str, moment: float) -> Collected:
    """Return the commits of `directory` around `moment` (seconds since the epoch) that touch YAML files.

    What could not be read is coverage. Each Commit has `spec.subject`, `spec.repository` and `spec.changes`.
    """
    started = time.monotonic()
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    window = [f"--since={int(moment - BEFORE)}", f"--until={int(moment + AFTER)}"]
    words = ["git", "--no-pager", "-C", directory, *settings, *_LOG, *window, "HEAD", "--", "*.yaml", "*.yml"]
    ended = run_program(words, SECONDS, environment=_ENVIRONMENT)
    if ended is None:
        return _ended(directory, CoverageState.SKIPPED, "git is not installed", "missing-tool", started)
    if ended.status != 0:
        return _ended(directory, CoverageState.FAILED, *_why(ended), started)
    cut = len(ended.output) > BYTES
    commits = [_commit(text, directory) for text in _commits(ended.output[:BYTES].decode(errors="replace"))]
    items = [commit for commit in (commits[:-1] if cut else commits) if commit.spec.changes]
    body = msgspec.json.encode({"apiVersion": "kbdiag/v1", "kind": "List", "items": items})
    observation = Observation(ObservationKind.OBJECTS, f"git log {directory}", body, known(fidelity="full", scope=""))
    state, why = (CoverageState.PARTIAL, "the log is longer than is read") if cut else (CoverageState.COMPLETE, None)
    return Collected((observation,) if items else (), (Coverage(COLLECTOR, directory, state, why, _since(started)),))


def _commits(log: str) -> list[str]:
    starts = [*_starts(log), len(log)]
    return [log[begin:end] for begin, end in pairwise(starts)]


def _starts(log: str) -> list[int]:
    """Return where commits begin; no line of a patch does so like this."""
    places, place = ([0] if log.startswith("commit ") else []), 0
    while (place := log.find("\ncommit ", place)) >= 0:
        place += 1
        places.append(place)
    return places


def _commit(text: str, directory: str) -> Commit:
    lines = text.split("\n")
    head = {word: rest for word, _, rest in (line.partition(" ") for line in lines[:3])}
    date = head.get("date")
    made = written(datetime.fromisoformat(date)) if date else ""
    return Commit(
        Metadata(head.get("commit", "")[:12], made),
        Spec(directory, head.get("subject", "")[:200], manifest_changes(lines[3:])),
    )


def _why(ended: Ended) -> tuple[str, str]:
    if ended.status is None:
        return "git log did not end in time", "timeout"
    return " ".join(ended.errors.decode(errors="replace").split())[:300] or "git log failed", "other"


def _ended(directory: str, state: CoverageState, why: str, reason: str, started: float) -> Collected:
    return Collected(coverage=(Coverage(COLLECTOR, directory, state, why, _since(started), reason),))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
