"""Finds what a snapshot must be rid of when something fails on it: one observation, or one object of a list."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import msgspec

from facts.model.values import Observation, ObservationKind, Snapshot


def without_culprit(snapshot: Snapshot, fails: Callable[[Snapshot], bool]) -> tuple[Snapshot, str] | None:
    """Return `snapshot` without the smallest part with which it `fails`, and the source of that part; None if it has none.

    The part is the last observation of the shortest beginning that fails, and in a list of objects one object. It takes
    about log2 of their number tries.
    """
    observations = snapshot.observations

    def failing(kept: Sequence[Observation]) -> bool:
        return fails(msgspec.structs.replace(snapshot, observations=tuple(kept)))

    place = _first(len(observations), lambda count: failing(observations[:count]))
    if place is None:
        return None
    culprit = observations[place]
    before, after = observations[:place], observations[place + 1 :]
    kept = (*before, *after)
    if (objects := _objects(culprit)) is not None:
        head, items = objects
        which = _first(len(items), lambda count: failing((*before, _list(culprit, head, items[:count]))))
        if which is not None:
            kept = (*before, _list(culprit, head, [*items[:which], *items[which + 1 :]]), *after)
    return msgspec.structs.replace(snapshot, observations=kept), culprit.source


def _first(length: int, fails: Callable[[int], bool]) -> int | None:
    """Return the place of the last member of the shortest failing beginning; None when no member is to blame.

    That is so when all of them do not fail, and when nothing at all fails as well.
    """
    if not length or not fails(length) or fails(0):
        return None
    return bisect_left(range(1, length), True, key=fails)


def _objects(observation: Observation) -> tuple[dict[str, msgspec.Raw], list[msgspec.Raw]] | None:
    if observation.kind is not ObservationKind.OBJECTS:
        return None
    try:
        head = msgspec.json.decode(observation.body, type=dict[str, msgspec.Raw])
        return head, msgspec.json.decode(head["items"], type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
        return None


def _list(observation: Observation, head: dict[str, msgspec.Raw], items: Sequence[msgspec.Raw]) -> Observation:
    return msgspec.structs.replace(observation, body=msgspec.json.encode(head | {"items": list(items)}))
