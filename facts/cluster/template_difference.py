"""What differs between two Pod templates, in the words of somebody who edits them: env PAYMENT_ADDR, image, memory limit."""

from collections.abc import Iterator
from typing import Any

import msgspec

VALUE_CHARACTERS = 120
"""A longer value is cut."""

_UNIMPORTANT = frozenset(
    ("pod-template-hash", "controller-revision-hash", "kubectl.kubernetes.io/restartedAt", "creationTimestamp", "terminationMessagePath",
     "terminationMessagePolicy", "schedulerName", "dnsPolicy", "restartPolicy", "terminationGracePeriodSeconds")
)  # fmt: skip
"""What a restart or a default changes: no reason for anything."""

_KINDS = {
    "image": "image", "imagePullPolicy": "image", "env": "env", "envFrom": "env", "command": "command", "args": "args", "resources": "resources", "ports": "ports",
    "volumeMounts": "volumes", "volumeDevices": "volumes", "volumes": "volumes", "securityContext": "security", "livenessProbe": "probe", "readinessProbe": "probe",
    "startupProbe": "probe", "lifecycle": "command", "nodeSelector": "scheduling", "affinity": "scheduling", "tolerations": "scheduling", "nodeName": "scheduling",
    "topologySpreadConstraints": "scheduling", "priorityClassName": "scheduling", "runtimeClassName": "scheduling", "serviceAccountName": "account", "serviceAccount": "account",
    "imagePullSecrets": "image", "hostNetwork": "security", "workingDir": "command",
}  # fmt: skip
"""Field of a container or Pod => what of it changed."""

_LISTS = frozenset(("containers", "initContainers"))

Path = tuple[str, ...]


class Difference(msgspec.Struct, frozen=True, order=True):
    """`what` as a `change` fact has it, `field` in words, the values before and after ("" where there is none)."""

    what: str
    field: str
    before: str
    after: str


def template_difference(before: dict[str, Any], after: dict[str, Any]) -> tuple[Difference, ...]:
    """Return what differs between two Pod templates (`metadata` and `spec` as the API writes them), in order of the fields.

    >>> old, new = ({"spec": {"containers": [{"name": "app", "image": f"shop/web:{tag}"}]}} for tag in (1, 2))
    >>> template_difference(old, new)
    (Difference(what='image', field='image', before='shop/web:1', after='shop/web:2'),)
    """
    one, two = dict(_leaves(before, ())), dict(_leaves(after, ()))
    names = {path[1:3] for path in (*one, *two) if len(path) > 2 and path[1] in _LISTS}
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for path in sorted(one.keys() | two.keys()):
        if one.get(path) == two.get(path) or path[-1] in _UNIMPORTANT or "status" in path[:1]:
            continue
        what, field = _named(path, several=len(names) > 1)
        found.setdefault((what, field), []).append((one.get(path, ""), two.get(path, "")))
    return tuple(
        Difference(what, field, _cut(" ".join(filter(None, (old for old, _ in values)))), _cut(" ".join(filter(None, (new for _, new in values)))))
        for (what, field), values in sorted(found.items())
    )  # fmt: skip


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every scalar with its path; items of lists are named by their name, port or path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for place, item in enumerate(value):
            name = next(
                (str(item[key]) for key in ("name", "mountPath", "containerPort", "key") if item.get(key)), str(place)
            )
            rest = {key: inner for key, inner in item.items() if key != "name"} or {"": ""}
            yield from _leaves(rest, (*path, name))
    elif isinstance(value, list):
        if value:
            yield path, " ".join(map(str, value))
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _named(path: Path, *, several: bool) -> tuple[str, str]:
    """Return what changed and the field in words."""
    if path[0] == "metadata":
        return "template", f"{path[1].removesuffix('s')} {'.'.join(path[2:])}"
    inner = path[1:]
    container = ""
    if inner and inner[0] in _LISTS:
        container, inner = (inner[1] if len(inner) > 1 else ""), inner[2:]
    head = inner[0] if inner else ""
    if not head:
        return "template", f"container {container}"
    what, of = _KINDS.get(head, "template"), f" of container {container}" if several and container else ""
    if head == "env":
        return what, f"env {inner[1]}{of}"
    if head == "resources":
        return what, f"{' '.join(inner[1:])}{of}"
    if head in ("volumes", "volumeMounts"):
        return what, f"volume {inner[1] if len(inner) > 1 else ''}{of}"
    return what, f"{head} {'.'.join(inner[1:])}".strip() + of


def _cut(value: str) -> str:
    return value if len(value) <= VALUE_CHARACTERS else f"{value[:VALUE_CHARACTERS]}…"
