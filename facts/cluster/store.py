"""All objects of a snapshot, each once: decoded, merged from what was seen several times, found by kind, namespace and name."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from facts.cluster.kinds import STRUCTS, collectors_of
from facts.cluster.moment import seconds_of, seconds_of_age
from facts.cluster.objects import CustomObject, Event, KubernetesObject, Metadata, Node, Pod
from facts.model.internal_error import internal_error
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, Snapshot, Subject

ObjectType = TypeVar("ObjectType", bound=KubernetesObject)
Key = tuple[str, str, str]
"""Kind, namespace and name."""

_ZONED = re.compile(rb"^\W?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))", re.MULTILINE)
_END = 4_000
"""Bytes at the end of a log in which its last moment is looked for."""

_FIDELITIES = {"table": 0, "describe": 1, "full": 2}


class Seen(msgspec.Struct, Generic[ObjectType], frozen=True):
    """One object, and where it was seen best. `kind` is the object's, also where a list leaves it out.

    A `declared` object is a manifest: what somebody wants, and nothing about what there is.
    """

    kind: str
    namespace: str
    name: str
    origin: str
    fidelity: int
    body: ObjectType
    declared: bool = False

    @property
    def full(self) -> bool:
        """Whether this is the whole object, so that a field that is not there is known to be unset."""
        return self.fidelity == _FIDELITIES["full"]

    @property
    def subject(self) -> Subject:
        """What facts and reports call this object."""
        return Subject(self.kind, self.name, self.namespace)

    @property
    def source(self) -> str:
        """Return the identity of the observation: where, which kind, which object."""
        return f"{self.origin} {self.kind} {'/'.join(part for part in (self.namespace, self.name) if part)}"


class _Head(msgspec.Struct):
    kind: str | None = None
    items: list[msgspec.Raw] | None = None


_HEAD = msgspec.json.Decoder(_Head)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Store:
    """The objects, commands and logs of a snapshot, and what is known about their completeness."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.events: list[Seen[Event]] = []
        self._objects: dict[type[KubernetesObject], dict[Key, Seen[Any]]] = defaultdict(dict)
        self._by_name: dict[tuple[str, str], list[Seen[Any]]] = defaultdict(list)
        self._scopes: dict[str, set[str]] = defaultdict(set)
        self._unread: dict[str, list[str]] = defaultdict(list)
        self._failed: list[Coverage] = []
        self._decoders = {kind: msgspec.json.Decoder(struct) for kind, struct in STRUCTS.items()}
        self._other = msgspec.json.Decoder(CustomObject)
        for coverage in snapshot.coverage:
            if coverage.state is CoverageState.COMPLETE:
                self._scopes[coverage.collector].add("*" if coverage.target in ("*", "") else coverage.target)
        for observation in snapshot.observations:
            if observation.kind is ObservationKind.OBJECTS:
                self._read(observation)
        self._join_namespaces()
        for objects in self._objects.values():
            for seen in objects.values():
                self._by_name[seen.kind, seen.name].append(seen)

    # --- looking things up ----------------------------------------------------------------------------------------

    def every(self, struct: type[ObjectType]) -> Collection[Seen[ObjectType]]:
        """Return all objects whose kind is held by `struct`."""
        return self._objects[struct].values()

    def of_kind(self, kind: str) -> list[Seen[Any]]:
        """Return all objects of one kind."""
        objects = self._objects[STRUCTS.get(kind, CustomObject)]
        return [seen for seen in objects.values() if seen.kind == kind]

    def find(self, struct: type[ObjectType], kind: str, namespace: str, name: str) -> Seen[ObjectType] | None:
        """Return one object, or None. Where a namespace is not known on either side, the name alone decides."""
        found = self.find_any(kind, namespace, name)
        return found if found is not None and isinstance(found.body, struct) else None

    def find_any(self, kind: str, namespace: str, name: str) -> Seen[Any] | None:
        """Return one object of whatever kind, or None."""
        objects = self._objects.get(STRUCTS.get(kind, CustomObject))
        if objects:
            seen = objects.get((kind, namespace, name)) or objects.get((kind, "", name))
            if seen is not None:
                return seen
        named = self._by_name.get((kind, name), [])
        return named[0] if not namespace and len(named) == 1 else None

    def complete(self, kind: str, namespace: str) -> bool:
        """Return whether all objects of `kind` in `namespace` ("" for all namespaces or none) were seen."""
        scopes = self._scopes.get(collectors_of(kind)[0], set()) | self._scopes.get(f"kind {kind}", set())
        return "*" in scopes or (namespace != "" and namespace in scopes)

    def observations(self, kind: ObservationKind) -> Iterator[Observation]:
        """Yield the observations of one kind."""
        return (observation for observation in self.snapshot.observations if observation.kind is kind)

    def commands(self, *commands: str) -> Iterator[Observation]:
        """Yield what the named commands printed; a command may carry arguments ("systemctl status kubelet")."""
        for observation in self.observations(ObservationKind.COMMAND):
            line = observation.attribute("command")
            if any(line == command or line.startswith(f"{command} ") for command in commands):
                yield observation

    @cached_property
    def now(self) -> float | None:
        """The moment of the snapshot, in seconds since the epoch: when it was taken, or the newest moment in it.

        Objects tell it, and where they do, the last lines of logs as well, which may have been fetched later.
        """
        moments = {self.snapshot.observed_at or None}
        for event in self.events:
            moments.update(moments_of(event.body))
        for pod in self.every(Pod):
            status = pod.body.status
            moments.update((pod.body.metadata.creation_timestamp, status.start_time))
            moments.update(condition.last_transition_time for condition in status.conditions)
            for container in (*status.container_statuses, *status.init_container_statuses):
                for state in (container.state, container.last_state):
                    if state.running:
                        moments.add(state.running.started_at)
                    if state.terminated:
                        moments.add(state.terminated.finished_at)
        for node in self.every(Node):
            for condition in node.body.status.conditions:
                moments.update((condition.last_transition_time, condition.last_heartbeat_time))
        told = [moment for moment in map(seconds_of, moments) if moment is not None]
        if not told or self.snapshot.observed_at:
            return max(told, default=None)
        return max(told + [moment for log in self.observations(ObservationKind.LOG) for moment in _end_of(log.body)])

    def age(self, moment: str | None) -> float | None:
        """Return the seconds from `moment` to the snapshot's moment; None when either is unknown."""
        then = seconds_of(moment)
        return None if then is None or self.now is None else self.now - then

    def age_of(self, seen: Seen[Any]) -> float | None:
        """Return how many seconds ago an object was created, by its timestamp or by the AGE of a table; None when unknown.

        The newest moment in the evidence may lie before its end, so the greater of both counts.
        """
        ages = (self.age(seen.body.metadata.creation_timestamp), seconds_of_age(seen.body.metadata.shown_age))
        return max((age for age in ages if age is not None), default=None)

    def coverage(self) -> tuple[Coverage, ...]:
        """Return the coverage of the snapshot, and a partial one for each origin of which something was unreadable."""
        unread = (
            Coverage(
                collector="evidence",
                target=origin,
                state=CoverageState.PARTIAL,
                why=f"{len(whys)} not readable as Kubernetes objects, the first: {whys[0]}",
                reason="other",
            )
            for origin, whys in sorted(self._unread.items())
        )
        return (*self.snapshot.coverage, *unread, *dict.fromkeys(self._failed))

    # --- reading --------------------------------------------------------------------------------------------------

    def _read(self, observation: Observation) -> None:
        try:
            head = _HEAD.decode(observation.body)
        except _UNREADABLE as error:
            self._unread[observation.source].append(str(error))
            return
        scope = observation.attribute("scope")
        scopes = "*" if scope == "cluster" else scope
        kind = head.kind or ""
        if head.items is None and not kind.endswith("List"):
            self._read_one(kind, observation.body, observation)
            return
        kinds = {kind.removesuffix("List")} - {""}
        for item in head.items or ():
            found = kind.removesuffix("List")
            if not found:
                try:
                    found = _HEAD.decode(item).kind or ""
                except _UNREADABLE as error:
                    self._unread[observation.source].append(str(error))
                    continue
                kinds.add(found)
            self._read_one(found, item, observation)
        if scopes:
            for found in kinds:
                self._scopes[f"kind {found}"].add(scopes)

    def _read_one(self, kind: str, raw: bytes | msgspec.Raw, observation: Observation) -> None:
        decoder: msgspec.json.Decoder[Any] = self._decoders.get(kind, self._other)
        try:
            body = decoder.decode(raw)
        except msgspec.ValidationError:
            try:
                body = msgspec.convert(_without_nulls(msgspec.json.decode(raw)), decoder.type, strict=False)
            except _UNREADABLE as error:
                self._unread[observation.source].append(f"{kind or 'object'}: {error}")
                return
        except _UNREADABLE as error:
            self._unread[observation.source].append(f"{kind or 'object'}: {error}")
            return
        try:
            self._add(kind, body, decoder.type, observation)
        except Exception as error:  # noqa: BLE001 - one object must not cost the others
            self._failed.append(internal_error(f"joining {kind or 'objects'}", observation.source, error))

    def _add(self, kind: str, body: Any, struct: type[KubernetesObject], observation: Observation) -> None:
        metadata: Metadata = body.metadata
        fidelity = _FIDELITIES.get(observation.attribute("fidelity"), _FIDELITIES["full"])
        declared = fidelity == _FIDELITIES["full"] and _is_manifest(body)
        seen = Seen(kind, metadata.namespace, metadata.name, observation.source, fidelity, body, declared)
        if isinstance(body, Event):
            self.events.append(seen)
            return
        objects = self._objects[struct]
        key = (kind, seen.namespace, seen.name)
        known = objects.get(key)
        objects[key] = seen if known is None else _merged(known, seen)

    def _join_namespaces(self) -> None:
        """Merge an object whose namespace the text does not tell with the one object that can be meant."""
        for objects in self._objects.values():
            bare = [key for key in objects if not key[1]]
            if not bare or len(bare) == len(objects):
                continue
            spaces: dict[tuple[str, str], list[Key]] = defaultdict(list)
            for key in objects:
                if key[1]:
                    spaces[key[0], key[2]].append(key)
            for key in bare:
                meant = spaces.get((key[0], key[2]), [])
                if len(meant) == 1:
                    objects[meant[0]] = _merged(objects[meant[0]], objects.pop(key))


def _end_of(log: bytes) -> list[float]:
    """Return the moment of the last line that has one with its time zone, as `kubectl logs --timestamps` writes it."""
    found = _ZONED.findall(log[-_END:])
    moment = seconds_of(found[-1].decode()) if found else None
    return [] if moment is None else [moment]


def moments_of(event: Event) -> tuple[str | None, ...]:
    """Return the moments at which an event was seen last, as far as its API version tells."""
    series = event.series.last_observed_time if event.series else None
    return (series, event.last_timestamp, event.deprecated_last_timestamp, event.event_time, event.first_timestamp)


def _merged(one: Seen[Any], two: Seen[Any]) -> Seen[Any]:
    """Return what both tell of one object: the better observation, with what only the other one tells.

    What was observed, however roughly, outranks what was declared, and takes from it only the fields that it lacks.
    """
    best, rest = (one, two) if _rank(one) > _rank(two) else (two, one)
    body = _aged(best.body, rest.body) if best.full else _filled(best.body, rest.body)
    namespace = best.namespace or rest.namespace
    return Seen(best.kind, namespace, best.name, best.origin, best.fidelity, body, best.declared)


def _aged(best: Any, rest: Any) -> Any:
    """Return `best` with the AGE that a table shows of it: an object tells when it was made, not when it was seen."""
    if not rest.metadata.shown_age:
        return best
    metadata = msgspec.structs.replace(best.metadata, shown_age=rest.metadata.shown_age)
    return msgspec.structs.replace(best, metadata=metadata)


def _rank(seen: Seen[Any]) -> tuple[bool, int, int]:
    return not seen.declared, seen.fidelity, _version(seen) if seen.full else 0


def _is_manifest(body: KubernetesObject) -> bool:
    """Return whether an object of a kind that has a status lacks it, and everything else that the API server adds."""
    metadata, status = body.metadata, getattr(body, "status", None)
    added = metadata.uid or metadata.resource_version or metadata.creation_timestamp or metadata.owner_references
    return isinstance(status, msgspec.Struct) and status == type(status)() and not added


def _version(seen: Seen[Any]) -> int:
    version = seen.body.metadata.resource_version
    # etcd's revisions are 64 bits wide; a longer number was not written by an API server
    return int(version) if version.isascii() and version.isdigit() and len(version) < 20 else 0


def _filled(best: Any, rest: Any) -> Any:
    """Return `best` with its unset fields taken from `rest`, a struct of the same type."""
    changes = {}
    for name in best.__struct_fields__:
        mine, other = getattr(best, name), getattr(rest, name)
        if mine == other or not other:
            continue
        if isinstance(mine, msgspec.Struct) and isinstance(other, msgspec.Struct):
            changes[name] = _filled(mine, other)
        elif not mine:
            changes[name] = other
    return msgspec.structs.replace(best, **changes) if changes else best


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
