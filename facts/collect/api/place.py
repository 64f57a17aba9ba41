"""Where a kind is listed: its path on the API server, and how much of the kind the list holds."""

from urllib.parse import quote

import msgspec

from facts.cluster.kinds import Kind, Query


class Place(msgspec.Struct, frozen=True):
    """Where a list is: its path below the group, whom it covers, and whether it is all there is of the kind there.

    `target` is "*" or a namespace; `scope` is "cluster", a namespace, or "" for a selection.
    """

    path: str
    target: str
    scope: str


def place_of(kind: Kind, query: Query, namespace: str | None) -> Place:
    """Return where `query` finds `kind` when `namespace` is looked at, or with None the whole cluster."""
    inside = quote(namespace or "", safe="")
    if query.name:
        path = f"/namespaces/{query.namespace}/{kind.plural}/{query.name}"
        return Place(path, query.namespace if namespace else "*", "")
    if namespace and kind.name == "Namespace":
        return Place(f"/namespaces/{inside}", namespace, "")
    scope = "" if query.selector else (namespace or "cluster")
    if namespace and kind.namespaced:
        return Place(f"/namespaces/{inside}/{kind.plural}", namespace, scope)
    return Place(f"/{kind.plural}", "*", "" if query.selector else "cluster")


def root_of(api: str) -> str:
    """Return the path of a group and version: /api/v1, /apis/apps/v1."""
    return f"/apis/{api}" if "/" in api else f"/api/{api}"
