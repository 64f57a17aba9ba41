"""Lists Helm releases by the labels of their Secrets alone: the server sends metadata, and no data travels."""

import time
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.collect.api.lists import Listing
from facts.collect.api.permissions import Permissions
from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

COLLECTOR = "helm/releases"
"""Not among kubernetes/...: who may not list Secrets is well advised, and no rule shall call that a fault."""
ACCEPT = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
"""The server answers with metadata only, or refuses with 406: no other form is accepted."""
_QUERY: dict[str, str | int] = {"fieldSelector": "type=helm.sh/release.v1", "labelSelector": "owner=helm", "limit": 500}
_PAGES = 40
_LIST = "PartialObjectMetadataList"


class _Metadata(msgspec.Struct, omit_defaults=True):
    name: str = ""
    namespace: str = ""
    labels: dict[str, str] = {}


class _Release(msgspec.Struct):
    metadata: _Metadata
    kind: str = "Release"


class _ListMetadata(msgspec.Struct, rename={"token": "continue"}):
    token: str = ""


class _Page(msgspec.Struct):
    kind: str = ""
    metadata: _ListMetadata = msgspec.field(default_factory=_ListMetadata)
    items: tuple[_Release, ...] = ()


class _Kept(msgspec.Struct):
    kind: str
    items: tuple[_Release, ...]


def list_releases(connection: Connection, namespace: str | None, permissions: Permissions, deadline: float) -> Listing:
    """Return the latest revision of each release in `namespace`, or in all, before `deadline` (of `time.monotonic`).

    Helm keeps each revision in a Secret, whose labels name the release, its status and the revision. A user who may not
    list Secrets is not asked to, and that is no fault.
    """
    started, target = time.monotonic(), namespace or "*"
    if not permissions.allow("list", "", "secrets"):
        why = "the user may not list Secrets, which is how Helm keeps releases"
        return Listing((), (Coverage(COLLECTOR, target, CoverageState.SKIPPED, why),))
    inside = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
    asking = msgspec.structs.replace(connection, headers={**connection.headers, "accept": ACCEPT})
    try:
        releases = _latest(_releases(asking, f"/api/v1{inside}/secrets", deadline))
    except ApiError as error:
        denied = error.reason in ("forbidden", "not-found") or error.status == 406
        state = CoverageState.SKIPPED if denied else CoverageState.FAILED
        why = f"Helm releases: {error.why}"
        return Listing((), (Coverage(COLLECTOR, target, state, why, _since(started), "" if denied else error.reason),))
    attributes = known(fidelity="full", scope=namespace or "cluster")
    body = msgspec.json.encode(_Kept("ReleaseList", releases))
    return Listing(
        (Observation(ObservationKind.OBJECTS, "helm releases", body, attributes),),
        (Coverage(COLLECTOR, target, CoverageState.COMPLETE, seconds=_since(started)),),
    )


def _releases(connection: Connection, path: str, deadline: float) -> Iterator[_Release]:
    token = ""
    for _ in range(_PAGES):
        body = connection.get(path, {**_QUERY, **({"continue": token} if token else {})}, deadline)
        try:
            page = msgspec.json.decode(body, type=_Page)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ApiError(Reason.OTHER, "the answer is no list of metadata") from None
        if page.kind != _LIST:
            raise ApiError(
                Reason.OTHER, f"the server sent {page.kind[:40] or 'something'} instead of metadata; it was dropped"
            )
        yield from page.items
        token = page.metadata.token
        if not token:
            return


def _latest(releases: Iterator[_Release]) -> tuple[_Release, ...]:
    """Return the newest revision of each release, with its status and version only."""
    found: dict[tuple[str, str], tuple[int, _Release]] = {}
    for release in releases:
        labels = release.metadata.labels
        name, version = labels.get("name", ""), labels.get("version", "")
        revision = int(version) if version.isascii() and version.isdigit() else 0
        key = (release.metadata.namespace, name)
        if name and (key not in found or found[key][0] < revision):
            kept = {"status": labels.get("status", ""), "version": str(revision)}
            found[key] = (revision, _Release(_Metadata(name, release.metadata.namespace, kept)))
    return tuple(release for _, release in (found[key] for key in sorted(found)))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
