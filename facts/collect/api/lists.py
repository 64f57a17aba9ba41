"""Lists one kind of object from an API server: paged, and from the start again when a page expired."""

import time

import msgspec

from facts.cluster.kinds import Kind, Query
from facts.collect.api.client import Connection
from facts.collect.api.discovery import Served
from facts.collect.api.error import ApiError
from facts.collect.api.permissions import Permissions
from facts.collect.api.place import Place, place_of, root_of
from facts.model.reason import Reason
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

PAGE_SIZE = 500
PAGE_LIMIT = 400
"""Pages that a list may have: 200,000 objects."""


class Listing(msgspec.Struct, frozen=True):
    """What a list gave: the pages, and how each target (the cluster, or the one namespace that was allowed) ended."""

    observations: tuple[Observation, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    failure: ApiError | None = None


class _Continue(msgspec.Struct, rename={"token": "continue"}):
    token: str = ""


class _Head(msgspec.Struct):
    kind: str
    metadata: _Continue = msgspec.field(default_factory=_Continue)


def list_kind(
    connection: Connection,
    kind: Kind,
    query: Query,
    namespace: str | None,
    permissions: Permissions,
    groups: Served,
    deadline: float,
) -> Listing:
    """List what `query` wants of `kind` in `namespace`, or with None in the whole cluster, before `deadline`.

    `deadline` is a moment of `time.monotonic`. An optional kind of a group that is not among the served `groups` has no
    objects. What the `permissions` surely do not allow is not asked for. Where the whole cluster is forbidden, the
    namespace of the context is listed instead, and both are covered: the cluster in part, the namespace as far as it
    went.
    """
    place = place_of(kind, query, namespace)
    api = groups.api_of(kind) if kind.optional else kind.api
    if not api:
        return Listing(coverage=(Coverage(kind.collector, place.target, CoverageState.COMPLETE),))
    if refusal := permissions.refusal(kind, query, namespace):
        why = f"{kind.plural}: {refusal.why}"
        return Listing(
            (), (Coverage(kind.collector, place.target, CoverageState.SKIPPED, why, reason="forbidden"),), refusal
        )
    listing = _list_place(connection, kind, query, place, api, deadline)
    forbidden = listing.failure is not None and listing.failure.reason == Reason.FORBIDDEN
    if not forbidden or namespace or not kind.namespaced or query.name:
        return listing
    narrow = _list_place(connection, kind, query, place_of(kind, query, connection.namespace), api, deadline)
    if not narrow.observations:
        return listing
    (wide,) = listing.coverage
    why = f"{wide.why}; only namespace {connection.namespace} was listed"
    partial = msgspec.structs.replace(wide, state=CoverageState.PARTIAL, why=why)
    return Listing(narrow.observations, (partial, *narrow.coverage), listing.failure)


def _list_place(connection: Connection, kind: Kind, query: Query, place: Place, api: str, deadline: float) -> Listing:
    started = time.monotonic()
    path = root_of(api) + place.path
    pages, failure = _pages(connection, path, query.selector, deadline)
    if failure and failure.reason == Reason.NOT_FOUND and kind.fallback:
        path = root_of(kind.fallback) + place.path
        pages, failure = _pages(connection, path, query.selector, deadline)
    if failure and failure.reason == Reason.NOT_FOUND and (kind.optional or query.name):
        failure = None
    if failure and failure.status in (404, 503) and kind.absent:
        return Listing((), (Coverage(kind.collector, place.target, CoverageState.SKIPPED, kind.absent),), failure)
    if failure is None:
        # A selection is never complete: an object that is not in it may well exist.
        state, why, reason = (CoverageState.PARTIAL if query.only else CoverageState.COMPLETE), query.only or None, ""
    else:
        state = CoverageState.PARTIAL if pages else CoverageState.FAILED
        why, reason = f"{kind.plural}: {failure.why}", failure.reason
    attributes = known(fidelity="full", scope=place.scope if failure is None else "")
    return Listing(
        tuple(Observation(ObservationKind.OBJECTS, path, page, attributes) for page in pages),
        (Coverage(kind.collector, place.target, state, why, round(time.monotonic() - started, 3), reason),),
        failure,
    )


def _pages(connection: Connection, path: str, selector: str, deadline: float) -> tuple[list[bytes], ApiError | None]:
    """Return the pages of a list, and what kept the rest back."""
    pages: list[bytes] = []
    token, restarted = "", False
    while len(pages) < PAGE_LIMIT:
        query: dict[str, str | int] = {"limit": PAGE_SIZE, "labelSelector": selector, "continue": token}
        try:
            body = connection.get(path, {name: value for name, value in query.items() if value}, deadline)
            token = msgspec.json.decode(body, type=_Head).metadata.token
        except ApiError as error:
            if error.reason != Reason.EXPIRED or restarted:
                return pages, error
            pages, token, restarted = [], "", True
            continue
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return pages, ApiError(
                Reason.WRONG_SERVICE, "the answer is no Kubernetes object: is there a login page or proxy before it?"
            )
        pages.append(body)
        if not token:
            return pages, None
    return pages, ApiError(Reason.OTHER, f"the list has more than {PAGE_LIMIT * PAGE_SIZE} objects")
