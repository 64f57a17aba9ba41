"""What the installed Python packages say of themselves, read from their folders: importing importlib.metadata costs every run more.

`*.dist-info` as https://packaging.python.org/en/latest/specifications/recording-installed-packages/ describes it.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_ENDINGS = (".dist-info", ".egg-info")


def mentions_entry_points(prefix: str, path: Sequence[str]) -> bool:
    """Return False when no package on the search `path` has entry points of a group that starts with `prefix`.

    True when one has, and where a part of `path` is no folder, so that its packages cannot be looked at.
    """
    mark = f"[{prefix}".encode()
    for folder in path:
        if os.path.isfile(folder):  # noqa: PTH113 - quick; an archive of packages
            return True
        if any(mark in _content(f"{package}/entry_points.txt") for package in _packages(folder)):
            return True
    return False


def installed_version(name: str, path: Sequence[str]) -> str:
    """Return the version of the package `name` by the first of its folders on the search `path`; "" when there is none."""
    for folder in path:
        for package in _packages(folder):
            if package.rpartition("/")[2].startswith(f"{name}-") and package.endswith(_ENDINGS[0]):
                head = _content(f"{package}/METADATA").partition(b"\n\n")[0]
                versions = [line for line in head.splitlines() if line.startswith(b"Version:")]
                if versions:
                    return versions[0].partition(b":")[2].strip().decode("ascii", "replace")
    return ""


def _packages(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder or ".") as entries:
            yield from sorted(entry.path for entry in entries if entry.name.endswith(_ENDINGS))
    except OSError:
        return


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""
