"""Asks an API server which groups it serves, so that a kind that nobody installed is not asked for."""

from collections.abc import Mapping

import msgspec

from facts.cluster.kinds import Kind
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError


class _Version(msgspec.Struct, frozen=True, rename="camel"):
    group_version: str = ""


class _Group(msgspec.Struct, frozen=True, rename="camel"):
    name: str = ""
    versions: tuple[_Version, ...] = ()


class _Groups(msgspec.Struct, frozen=True):
    groups: tuple[_Group, ...] = ()


class Served(msgspec.Struct, frozen=True):
    """The versions of each group that the server serves, the preferred one first; None when that is not known."""

    versions: Mapping[str, tuple[str, ...]] | None = None

    def api_of(self, kind: Kind) -> str:
        """Return the group and version in which to list `kind`, "" when the server does not serve its group."""
        if self.versions is None or not kind.group:
            return kind.api
        versions = self.versions.get(kind.group, ())
        return kind.api if kind.api in versions else versions[0] if versions else ""


def served(connection: Connection, deadline: float) -> Served:
    """Return what the server serves, before `deadline` (of `time.monotonic`); without an answer nothing is known."""
    try:
        answer = msgspec.json.decode(connection.get("/apis", {}, deadline), type=_Groups)
    except (ApiError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Served()
    return Served({group.name: tuple(each.group_version for each in group.versions) for group in answer.groups})
