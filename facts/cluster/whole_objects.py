"""Some objects of a snapshot with all their fields, for what extractors read of few objects only: templates, managers."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import CustomObject
from facts.model.values import Observation, ObservationKind

Key = tuple[str, str, str]
"""Kind, namespace and name."""

WholeObject = dict[str, Any]


class _Metadata(msgspec.Struct):
    name: str = ""
    namespace: str = ""


class _Head(msgspec.Struct):
    kind: str = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Kind(msgspec.Struct):
    kind: str = ""


class _List(_Kind):
    items: list[msgspec.Raw] | None = None


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def whole_objects(
    index: Index, kinds: Collection[str], wanted: Collection[Key] | None = None
) -> dict[Key, WholeObject]:
    """Return the objects of `kinds` as they were seen in full, only the `wanted` ones where these are given.

    Text that tells an object in part (tables, descriptions) gives none. Of an object seen twice the later one counts.
    """
    found: dict[Key, WholeObject] = {}
    for observation, listed in index.once(_listings):
        if not listed or listed in kinds:
            for key, raw in _items(observation, kinds):
                if wanted is None or key in wanted:
                    value = msgspec.json.decode(raw)
                    if isinstance(value, dict):
                        found[key] = value
    return found


def whole_custom_objects(index: Index, kinds: Collection[str]) -> dict[Key, WholeObject]:
    """Return the custom objects of `kinds`, in the order of their keys; {} at once when the snapshot has none."""
    present = {seen.kind for seen in index.store.every(CustomObject)}.intersection(kinds)
    return dict(sorted(whole_objects(index, present).items())) if present else {}


def partial_objects(index: Index, kind: str) -> dict[Key, WholeObject]:
    """Return the objects of `kind` of which only text tells, with the fields that it shows."""
    found: dict[Key, WholeObject] = {}
    for observation in index.snapshot.observations:
        if observation.kind is ObservationKind.OBJECTS and observation.attribute("fidelity") not in ("", "full"):
            for key, raw in _items(observation, (kind,)):
                value = msgspec.json.decode(raw)
                if isinstance(value, dict):
                    found[key] = value
    return found


def _listings(index: Index) -> tuple[tuple[Observation, str], ...]:
    """Return the observations of whole objects, each with the kind that all its objects have, "" when they may differ."""
    found = []
    for observation in index.snapshot.observations:
        if observation.kind is ObservationKind.OBJECTS and observation.attribute("fidelity") in ("", "full"):
            try:
                kind = msgspec.json.decode(observation.body, type=_Kind).kind
            except _UNREADABLE:
                continue  # the store has said so
            found.append((observation, kind.removesuffix("List")))
    return tuple(found)


def _items(observation: Observation, kinds: Collection[str]) -> Iterator[tuple[Key, msgspec.Raw | bytes]]:
    try:
        head = msgspec.json.decode(observation.body, type=_List)
        listed = head.kind.removesuffix("List")
        if head.items is None:
            if listed in kinds:
                yield _key(observation.body, listed), observation.body
            return
        for item in head.items:
            key = _key(item, listed)
            if key[0] in kinds:
                yield key, item
    except _UNREADABLE:
        return  # the store has said so


def _key(raw: msgspec.Raw | bytes, kind: str) -> Key:
    head = msgspec.json.decode(raw, type=_Head)
    return head.kind or kind, head.metadata.namespace, head.metadata.name


def section(whole: object, *path: str) -> WholeObject:
    """Return the mapping at `path` of a decoded object, {} where there is none."""
    value = whole
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def sections(value: object) -> list[WholeObject]:
    """Return the mappings of a list, [] of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
