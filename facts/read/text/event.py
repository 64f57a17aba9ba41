"""Events as kubectl prints them, in its two tables: of `kubectl get events`, and at the end of `kubectl describe`."""

import re
from typing import Any

from facts.cluster.moment import seconds_of_age

MESSAGE_LINES = 20
"""Lines that a message may take: the API cuts a message off after 1024 bytes."""

AGE = r"(?:(?:\d+[smhdwy])+|<unknown>|<invalid>)(?:[ \t]+\(x\d+(?:[ \t]+over[ \t]+(?:\d+[smhdwy])+)?\))?"
"""Pattern of an age: 5m, 5m (x12 over 30m)."""


def event(
    kind: str,
    name: str,
    namespace: str,
    type_: str,
    reason: str,
    message: str,
    *,
    age: str = "",
    component: str = "",
    host: str = "",
) -> dict[str, Any]:
    """Return a v1 Event. `age` is as printed, and holds the count; `kind` and `name` are "" when the object is unknown."""
    times = re.search(r"\(x(\d{1,9})\b", age)
    metadata = {"name": "", "namespace": namespace} if namespace else {"name": ""}
    if seconds_of_age(age) is not None:
        metadata["shownAge"] = age.split(" ", 1)[0]
    involved = {field: value for field, value in (("kind", kind), ("name", name), ("namespace", namespace)) if value}
    if not kind:
        involved = {}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata,
        "involvedObject": involved,
        "type": type_,
        "reason": reason,
        "message": message,
        "count": int(times[1]) if times else 1,
        "source": {field: value for field, value in (("component", component), ("host", host)) if value},
    }
