"""Where snapshots are saved: one file for each cluster."""

import re
from collections.abc import Sequence
from pathlib import Path

from facts.model.values import Snapshot

EXTENSION = ".tar.zst"


def paths_of(snapshots: Sequence[Snapshot], path: Path) -> list[Path]:
    """Return the file for each snapshot: `path` for one; of several, `path` with -CLUSTER before its extension.

    >>> paths_of([Snapshot(cluster="a"), Snapshot(cluster="b/c")], Path("out.tar.zst"))[1].name
    'out-b-c.tar.zst'
    """
    if len(snapshots) == 1:
        return [path]
    stem, dot, extension = path.name.partition(".")
    found: list[Path] = []
    for number, snapshot in enumerate(snapshots, 1):
        name = f"{stem}-{slug(snapshot.cluster) or number}"
        taken = path.with_name(f"{name}{dot}{extension}") in found
        found.append(path.with_name(f"{name}{f'-{number}' if taken else ''}{dot}{extension}"))
    return found


def default_path(snapshot: Snapshot) -> Path:
    """Return the file in the working directory that is named after the cluster and the moment.

    >>> default_path(Snapshot(cluster="admin@prod", observed_at="2026-11-23T10:04:00Z")).name
    'kbdiag-admin-prod-20261123-100400.tar.zst'
    """
    moment = re.sub(r"[^0-9T]", "", snapshot.observed_at).replace("T", "-")
    return Path("-".join(part for part in ("kbdiag", slug(snapshot.cluster), moment) if part) + EXTENSION)


def slug(name: str) -> str:
    """Return `name` as part of the name of a file."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")
