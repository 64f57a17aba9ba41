"""What objects are called, and what they speak of: kind, namespace and name of each."""

from collections.abc import Iterator
from typing import Any

import msgspec


def names_in(body: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield kind, namespace and name of what the objects in `body` are and speak of; hosts of Ingresses as "Host"."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    if not isinstance(document, dict):
        return
    listed = document.get("items")
    kind = str(document.get("kind") or "").removesuffix("List")
    for item in listed if isinstance(listed, list) else [document]:
        if isinstance(item, dict):
            yield from _of_object(item, str(item.get("kind") or kind))


def _of_object(item: dict[str, Any], kind: str) -> Iterator[tuple[str, str, str]]:
    metadata, spec = _map(item, "metadata"), _map(item, "spec")
    namespace = str(metadata.get("namespace") or "")
    yield kind, namespace, str(metadata.get("name") or "")
    for owner in _maps(metadata, "ownerReferences"):
        yield str(owner.get("kind") or ""), namespace, str(owner.get("name") or "")
    yield "Node", "", str(spec.get("nodeName") or "")
    for about in (_map(item, "involvedObject"), _map(item, "regarding")):
        yield str(about.get("kind") or ""), str(about.get("namespace") or ""), str(about.get("name") or "")
    for address in _maps(_map(item, "status"), "addresses"):
        if address.get("type") not in ("InternalIP", "ExternalIP"):
            yield "Node", "", str(address.get("address") or "")
    if kind == "Ingress":
        for rule in _maps(spec, "rules"):
            yield "Host", "", str(rule.get("host") or "")


def _map(value: dict[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _maps(value: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
