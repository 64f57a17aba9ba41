"""Who wrote which fields of an object when, from `metadata.managedFields`, and the values before as far as they are kept.

kubectl apply keeps what it applied in an annotation; what somebody wrote by another way later differs from it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.moment import seconds_of

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_MACHINES = frozenset(
    ("kubelet", "kube-controller-manager", "kube-scheduler", "kube-apiserver", "cloud-controller-manager", "cilium-agent", "cilium-operator",
     "calico-node", "flanneld", "kubeadm", "k3s", "clusterapi-controller", "endpointslice-controller", "before-first-apply", "istiod", "pilot-discovery")
)  # fmt: skip
"""Field managers that write all the time, on nobody's order."""

JUST_MADE = 5.0
"""Seconds after its creation in which an object is still being made."""

Path = tuple[str, ...]


class Write(msgspec.Struct, frozen=True):
    """One manager's last write: the fields that it owns, as paths such as ("spec", "selector", "app")."""

    manager: str
    moment: str
    paths: tuple[Path, ...]

    def touches(self, *head: str) -> bool:
        """Return whether a field at or below the path `head` is among them."""
        return any(path[: len(head)] == head for path in self.paths)


def writes_of(whole: dict[str, Any]) -> tuple[Write, ...]:
    """Return who wrote to an object after it was made, oldest first; status and what controllers write is left out."""
    metadata = whole.get("metadata") or {}
    created = seconds_of(metadata.get("creationTimestamp"))
    found = []
    for entry in metadata.get("managedFields") or ():
        moment = seconds_of(entry.get("time"))
        if entry.get("subresource") == "status" or entry.get("manager") in _MACHINES or moment is None:
            continue
        if created is not None and moment - created <= JUST_MADE:
            continue
        paths = tuple(path for path in _paths(entry.get("fieldsV1") or {}, ()) if path[:1] != ("status",))
        if paths:
            found.append(Write(str(entry.get("manager", "")), entry["time"], paths))
    return tuple(sorted(found, key=lambda write: (write.moment, write.manager)))


def maker_of(whole: dict[str, Any]) -> str:
    """Return the manager that made an object, "" when that is not known."""
    entries = [each for each in (whole.get("metadata") or {}).get("managedFields") or () if each.get("time")]
    first: dict[str, Any] = min(entries, key=lambda each: str(each["time"]), default={})
    return str(first.get("manager", ""))


def applied(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the object as kubectl apply wrote it last, {} when nothing tells."""
    annotations = (whole.get("metadata") or {}).get("annotations") or {}
    try:
        value = msgspec.json.decode(annotations.get(_LAST_APPLIED) or "{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _paths(fields: Any, path: Path) -> Iterator[Path]:
    """Yield the leaves of a fieldsV1: `f:name` is a field, `k:{"name":"x"}` an item of a list, `v:x` one of a set."""
    if not isinstance(fields, dict):
        return
    inner = {key: value for key, value in fields.items() if key != "."}
    if not inner:
        yield path
    for key, value in inner.items():
        yield from _paths(value, (*path, _name(key)))


def _name(key: str) -> str:
    kind, _, rest = key.partition(":")
    if kind == "f":
        return rest
    try:
        item = msgspec.json.decode(rest)
    except msgspec.MsgspecError:
        return rest
    return str(next(iter(item.values()), rest)) if isinstance(item, dict) else str(item)
