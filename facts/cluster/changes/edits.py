"""Edits and creations of objects that are not rolled out: who wrote what when, and what stood there before."""

from collections.abc import Iterator
from typing import Any

import msgspec

from facts.cluster.changes.change import Change, Concern
from facts.cluster.field_managers import Write, applied, maker_of, writes_of
from facts.cluster.index import Index
from facts.cluster.whole_objects import WholeObject, section, whole_objects
from facts.model.shell import plain_command
from facts.model.values import Subject

_VALUE_CHARACTERS = 120

_FIELDS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    # kind => field that a write touches, and what of the object that is
    "Deployment": ((("spec", "replicas"), "replicas"),),
    "StatefulSet": ((("spec", "replicas"), "replicas"),),
    "Service": ((("spec", "selector"), "selector"), (("spec", "ports"), "service-port")),
    "ConfigMap": ((("data",), "config"), (("binaryData",), "config")),
    "Secret": ((("data",), "secret"),),
    "NetworkPolicy": ((("spec",), "policy"),),
    "CiliumNetworkPolicy": ((("spec",), "policy"),),
    "ResourceQuota": ((("spec",), "quota"),),
    "LimitRange": ((("spec",), "limits"),),
    "Ingress": ((("spec",), "route"),),
    "HTTPRoute": ((("spec",), "route"),),
    "VirtualService": ((("spec",), "mesh"),),
    "DestinationRule": ((("spec",), "mesh"),),
    "ServiceEntry": ((("spec",), "mesh"),),
    "PeerAuthentication": ((("spec",), "mesh"),),
    "AuthorizationPolicy": ((("spec",), "policy"),),
    "ValidatingWebhookConfiguration": ((("webhooks",), "webhook"),),
    "MutatingWebhookConfiguration": ((("webhooks",), "webhook"),),
    "Node": ((("spec", "unschedulable"), "node-cordon"), (("spec", "taints"), "node-taint")),
}

_OF_NAMESPACE = frozenset(
    ("NetworkPolicy", "CiliumNetworkPolicy", "ResourceQuota", "LimitRange", "VirtualService", "DestinationRule", "ServiceEntry", "PeerAuthentication",
     "AuthorizationPolicy", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
)  # fmt: skip
"""Kinds that act on a whole namespace, or on all: their creation is a change too."""


def changes(index: Index, concern: Concern) -> Iterator[Change]:
    """Yield the writes to what is concerned, and what was made in a namespace that is."""
    kinds = {kind for kind in _FIELDS if kind in _OF_NAMESPACE or concern.names(kind)}
    for (kind, namespace, name), whole in sorted(whole_objects(index, kinds).items(), key=lambda item: item[0]):
        subject = Subject(kind, name, namespace)
        if kind in _OF_NAMESPACE:
            if concern.in_namespace(namespace):
                yield from _made(subject, whole)
                yield from _written(subject, whole)
        elif concern.of(subject):
            yield from _written(subject, whole)


def _made(subject: Subject, whole: WholeObject) -> Iterator[Change]:
    created = section(whole, "metadata").get("creationTimestamp")
    if created:
        yield Change(
            subject=subject,
            what=_FIELDS[subject.kind][0][1],
            field=subject.kind,
            action="created",
            moment=str(created),
            manager=maker_of(whole),
            undo=_command("delete", subject),
            source=f"{subject} creation",
        )


def _written(subject: Subject, whole: WholeObject) -> Iterator[Change]:
    was = applied(whole)
    for path, what in _FIELDS[subject.kind]:
        touching = [write for write in writes_of(whole) if write.touches(*path)]
        if touching:
            yield _change(subject, whole, was, path, what, touching[-1])


def _change(
    subject: Subject, whole: WholeObject, was: WholeObject, path: tuple[str, ...], what: str, write: Write
) -> Change:
    now, then = _at(whole, path), _at(was, path)
    field = ".".join(path)
    if what in ("config", "secret"):
        owned = [each[-1] for each in write.paths if each[:1] == path and len(each) > 1]
        different = [
            key for key in owned if isinstance(then, dict) and isinstance(now, dict) and then.get(key) != now.get(key)
        ]
        keys = different if then and different else owned
        field = f"key {', '.join(keys[:5])}" if keys else field
        if what == "secret" or len(keys) != 1 or not isinstance(now, dict):
            now = then = None
        else:
            now, then = now.get(keys[0]), then.get(keys[0]) if isinstance(then, dict) else None
            if isinstance(now, str) and isinstance(then, str):
                then, now = _different_lines(then, now)
    before = _shown(then) if then is not None and then != now else ""
    undo = _undo(subject, what, before)
    return Change(
        subject=subject,
        what=what,
        field=field,
        before=before,
        after=_shown(now) if now is not None else "",
        moment=write.moment,
        manager=write.manager,
        undo=undo,
        source=f"{subject} managedFields {field}",
    )


def _undo(subject: Subject, what: str, before: str) -> str:
    if what == "replicas" and before.isdecimal():
        command = _command("scale", subject)
        return f"{command} --replicas={before}" if command else ""
    if what == "node-cordon":
        return plain_command("kubectl uncordon {}", subject.name)
    return _command("edit", subject)


def _command(verb: str, subject: Subject) -> str:
    words = (verb, subject.kind.lower(), subject.name)
    if not subject.namespace:
        return plain_command("kubectl {} {} {}", *words)
    return plain_command("kubectl {} {} {} -n {}", *words, subject.namespace)


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _shown(value: Any) -> str:
    if isinstance(value, dict) and all(not isinstance(each, dict | list) for each in value.values()):
        text = ",".join(f"{key}={each}" for key, each in sorted(value.items()))
    else:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _VALUE_CHARACTERS else f"{text[:_VALUE_CHARACTERS]}…"


def _different_lines(before: str, after: str) -> tuple[str, str]:
    """Return the lines in which two texts differ."""
    old, new = before.splitlines(), after.splitlines()
    gone, come = [line for line in old if line not in new], [line for line in new if line not in old]
    return " ".join(line.strip() for line in gone), " ".join(line.strip() for line in come)
