"""What a fleet has in common: results come in one by one, which cause is where and since when goes out."""

from collections.abc import Mapping

import msgspec

from engine.language.rule import SEVERITIES
from kb.fleet.result import Replayed, ReplayedHypothesis
from kb.report.report import CONFIDENT


class Place(msgspec.Struct, frozen=True):
    """A cause in one cluster, "" for snapshots that do not name theirs.

    `since` and `last` are the moments of the first and the last snapshot that shows it, None when no snapshot tells its
    moment; `snapshots` is their number. `is_open` says whether the newest snapshot of the cluster shows it, None when
    nobody can tell, because clusters without a name are many or because no moment is known. `title` is that of the last.
    """

    cluster: str
    title: str
    snapshots: int
    since: str | None
    last: str | None
    is_open: bool | None


class FleetCause(msgspec.Struct, frozen=True):
    """A root cause of confidence 0.5 and more, with the places in which it was found, the earliest first."""

    id: str
    severity: str
    layer: str
    places: tuple[Place, ...]

    @property
    def clusters(self) -> int:
        """The number of clusters that are known by name."""
        return sum(bool(place.cluster) for place in self.places)

    @property
    def open(self) -> int:
        """The number of clusters whose newest snapshot shows it."""
        return sum(place.is_open is True for place in self.places)

    @property
    def snapshots(self) -> int:
        """The number of snapshots that show it."""
        return sum(place.snapshots for place in self.places)

    @property
    def since(self) -> str | None:
        """The moment of the first snapshot that shows it."""
        return min((place.since for place in self.places if place.since), default=None)

    @property
    def last(self) -> str | None:
        """The moment of the last snapshot that shows it."""
        return max((place.last for place in self.places if place.last), default=None)


class Unread(msgspec.Struct, frozen=True):
    """A snapshot that could not be read, and why."""

    path: str
    why: str


class FleetSummary(msgspec.Struct, frozen=True):
    """A whole fleet: what is worst, and in most clusters, comes first. `unread` are the first of `unread_total`."""

    rules_digest: str
    snapshots: int
    clusters: int
    since: str | None
    last: str | None
    nothing_found: int
    unread_total: int
    unread: tuple[Unread, ...]
    causes: tuple[FleetCause, ...]


UNREAD_SHOWN = 50


class _Seen(msgspec.Struct):
    """A cause in a cluster, so far."""

    title: str = ""
    severity: str = ""
    layer: str = ""
    snapshots: int = 0
    since: str = ""
    last: str = ""


class Summing:
    """Adds results up. It takes memory for each cause in each cluster, not for each snapshot; order does not matter."""

    def __init__(self) -> None:
        self._digest = ""
        self._snapshots = self._nothing = 0
        self._unread: list[Unread] = []
        self._unread_total = 0
        self._newest: dict[str, str] = {}
        self._oldest = ""
        self._seen: dict[tuple[str, str], _Seen] = {}

    def add(self, result: Replayed) -> None:
        """Add a result."""
        self._digest = result.rules_digest
        self._snapshots += 1
        if result.error is not None:
            self._unread_total += 1
            self._unread = sorted([*self._unread, Unread(result.path, result.error)], key=_path)[:UNREAD_SHOWN]
        moment = result.observed_at or ""
        if moment:
            self._oldest = min(self._oldest or moment, moment)
        if result.error is None or result.cluster:
            self._newest[result.cluster] = max(self._newest.get(result.cluster, ""), moment)
        causes = {one.id: one for one in reversed(result.causes) if one.confidence >= CONFIDENT}
        self._nothing += result.error is None and not causes
        for cause in causes.values():
            self._add(cause, result.cluster, moment)

    def _add(self, cause: ReplayedHypothesis, cluster: str, moment: str) -> None:
        seen = self._seen.setdefault((cause.id, cluster), _Seen())
        seen.snapshots += 1
        if moment:
            seen.since = min(seen.since or moment, moment)
        # of two at the same moment the same one is taken, whatever came first
        if (moment, cause.title) >= (seen.last, seen.title):
            seen.title, seen.severity, seen.layer, seen.last = cause.title, cause.severity, cause.layer, moment

    def summary(self) -> FleetSummary:
        """Return what was added so far."""
        by_id: dict[str, dict[str, _Seen]] = {}
        for (identity, cluster), seen in sorted(self._seen.items(), key=_name):
            by_id.setdefault(identity, {})[cluster] = seen
        causes = [self._cause(identity, found) for identity, found in by_id.items()]
        return FleetSummary(
            rules_digest=self._digest,
            snapshots=self._snapshots,
            clusters=sum(bool(name) for name in self._newest),
            since=self._oldest or None,
            last=max(self._newest.values(), default="") or None,
            nothing_found=self._nothing,
            unread_total=self._unread_total,
            unread=tuple(self._unread),
            causes=tuple(sorted(causes, key=_worst)),
        )

    def _cause(self, identity: str, clusters: Mapping[str, _Seen]) -> FleetCause:
        first = next(iter(clusters.values()))
        places = [
            Place(
                cluster,
                seen.title,
                seen.snapshots,
                seen.since or None,
                seen.last or None,
                seen.last == self._newest.get(cluster) if cluster and seen.last else None,
            )
            for cluster, seen in clusters.items()
        ]
        return FleetCause(identity, first.severity, first.layer, tuple(sorted(places, key=_earliest)))


def _name(seen: tuple[tuple[str, str], _Seen]) -> tuple[str, str]:
    return seen[0]


def _path(unread: Unread) -> str:
    return unread.path


def _earliest(place: Place) -> tuple[str, str]:
    return (place.since or "~", place.cluster)


def _worst(cause: FleetCause) -> tuple[int, int, int, int, str]:
    return (-(cause.open > 0), SEVERITIES.index(cause.severity), -cause.clusters, -cause.snapshots, cause.id)
