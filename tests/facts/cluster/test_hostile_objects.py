"""Objects of any shape: facts stay as declared, and nothing is raised."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from facts.cluster.kinds import STRUCTS
from facts.model.values import Observation, ObservationKind, Snapshot
from tests.facts.given import checked, crashing, endpoint_slice, event, node, pod, service, workload

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.sampled_from(["", "x", "True", "Pending", "2026-03-01T12:00:00Z", "Ünïcode"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
    max_leaves=4,
)
SEEDS = (crashing(), pod(), node(), event("Pod", "a", "BackOff"), workload(status={}), service(), endpoint_slice())


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """Return an object of which some field holds something else, below the name that says what it is."""
    thing = json.loads(json.dumps(draw(st.sampled_from(SEEDS))))
    if draw(st.booleans()):
        thing["kind"] = draw(st.sampled_from(sorted(STRUCTS)))
    place: Any = thing
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        if key == "kind" or not isinstance(place[key], dict | list) or draw(st.integers(0, 3)) == 0:
            if key != "kind":
                place[key] = draw(JSON)
            break
        place = place[key]
    return dict(thing)


@settings(max_examples=300, deadline=None)
@given(st.lists(broken(), max_size=3), st.sampled_from(["full", "describe", "table"]))
def test_objects_of_any_shape_are_read_or_reported(things: list[dict[str, Any]], fidelity: str) -> None:
    """A snapshot may be hostile; what cannot be understood becomes coverage."""
    body = json.dumps({"kind": "List", "items": things}).encode()
    checked(Snapshot((Observation(ObservationKind.OBJECTS, "x.json", body, {"fidelity": fidelity}),)))
