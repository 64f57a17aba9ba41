"""What a list of Kubernetes objects is worth: its observation, and which collector it stands in for."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from facts.cluster.kinds import collectors_of, is_cluster_kind
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind
from facts.snapshot.setting import Setting


def list_observation(items: Sequence[dict[str, Any]], source: str, line: int, fidelity: str) -> Observation:
    """Return `items`, objects as far as a text tells them, as one observation: a v1 List."""
    body = msgspec.json.encode({"apiVersion": "v1", "kind": "List", "items": items})
    return Observation(ObservationKind.OBJECTS, source, body, {"fidelity": fidelity, "scope": ""}, line)


def list_coverage(seen: Iterable[tuple[str, str]], setting: Setting, why: str = "") -> tuple[Coverage, ...]:
    """Return the coverage of a list in which (kind, namespace) were `seen`.

    A list as kubectl prints it holds all objects of a namespace as a rule, so it is complete, unless `why` says what
    else it is. When the command above it names a namespace, or all of them, that is the target.
    """
    found: set[Coverage] = set()
    for kind, namespace in seen:
        target = "*" if is_cluster_kind(kind) else namespace
        if setting.namespace and not is_cluster_kind(kind):
            target = setting.namespace
        reason = why or ("" if target else "the text does not tell the namespace")
        state = CoverageState.PARTIAL if reason else CoverageState.COMPLETE
        for collector in collectors_of(kind):
            found.add(Coverage(collector, target or "*", state, reason or None))
    return tuple(sorted(found, key=lambda one: (one.collector, one.target)))
