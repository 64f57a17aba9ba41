"""What of a mesh keeps one Pod from another: in come caller, callee and port, out goes the object in the way.

Mutual TLS: a Pod with a sidecar and a STRICT PeerAuthentication refuses plain text, which is all that a caller without
a sidecar speaks, or one whose DestinationRule says so. The narrowest PeerAuthentication counts: of the port, of the
workload, of the namespace, of the root namespace. Authorization: with one ALLOW policy that selects the callee, some
rule of some ALLOW policy has to match the caller; a DENY rule that matches always wins.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from facts.cluster.index import Index
from facts.cluster.mesh.hosts import service_of_host
from facts.cluster.objects import CustomObject, Pod, labels_of
from facts.cluster.policy_verdict import matches
from facts.cluster.store import Seen
from facts.cluster.whole_objects import Key, WholeObject, partial_objects, section, sections, whole_custom_objects
from facts.model.values import Subject

_KINDS = frozenset(("PeerAuthentication", "DestinationRule", "AuthorizationPolicy"))
_ROOT = "istio-system"
_PLAIN, _MUTUAL = frozenset(("DISABLE", "SIMPLE")), frozenset(("ISTIO_MUTUAL", "MUTUAL"))


class Obstacle(msgspec.Struct, frozen=True):
    """Why a call cannot succeed, the object that says so, and the direction of a NetworkPolicy.

    `problem` is mtls-required (the caller has no sidecar), mtls-disabled (its DestinationRule turns TLS off),
    mtls-unanswered (its DestinationRule wants TLS of a callee without a sidecar), unauthorized, or denied.
    """

    problem: str
    policy: Subject
    direction: str = ""


class MeshObstacles:
    """The rules of a mesh, read when first asked for."""

    def __init__(self, index: Index) -> None:
        """Take the joined index."""
        self._index = index

    @cached_property
    def _objects(self) -> dict[Key, WholeObject]:
        whole = whole_custom_objects(self._index, _KINDS)
        if any(seen.kind == "PeerAuthentication" for seen in self._index.store.every(CustomObject)):
            whole = partial_objects(self._index, "PeerAuthentication") | whole
        return whole

    def of_connection(self, caller: Seen[Pod], callee: Seen[Pod], service: Subject, port: int) -> Obstacle | None:
        """Return what keeps the two from a connection, None when nothing does that is known."""
        if not self._objects or is_ambient(caller) or is_ambient(callee):
            return None
        client, server = has_sidecar(caller), has_sidecar(callee)
        strict = None if is_alone(callee) else self._strict(callee, port)
        if strict is not None and is_alone(caller):
            return Obstacle("mtls-required", strict)
        rule, mode = self._client_mode(caller, service, port) if client else (None, "")
        if rule is not None and strict is not None and mode in _PLAIN:
            return Obstacle("mtls-disabled", rule)
        if rule is not None and not server and mode in _MUTUAL:
            return Obstacle("mtls-unanswered", rule)
        return None

    def of_namespace(self, caller: Seen[Pod], namespace: str) -> Obstacle | None:
        """Return the PeerAuthentication by which all Pods of a namespace refuse a caller without a sidecar."""
        if not self._objects or is_ambient(caller) or not is_alone(caller):
            return None
        there = self._index.pods.by_namespace.get(namespace, [])
        if there and all(is_alone(pod) for pod in there):
            return None
        for place in (namespace, _ROOT):
            for (kind, space, name), whole in self._objects.items():
                spec = section(whole, "spec")
                if (kind, space) == ("PeerAuthentication", place) and not section(spec, "selector"):
                    mode = section(spec, "mtls").get("mode")
                    return Obstacle("mtls-required", Subject(kind, name, space)) if mode == "STRICT" else None
        return None

    def of_request(self, caller: Seen[Pod], callee: Seen[Pod]) -> Obstacle | None:
        """Return the AuthorizationPolicy that forbids the caller, None when nobody knows one."""
        if not self._objects or not has_sidecar(callee):
            return None
        allowing = []
        for subject, spec in self._selecting("AuthorizationPolicy", callee):
            rules = sections(spec.get("rules"))
            if spec.get("action", "ALLOW") == "ALLOW":
                allowing.append((subject, any(_is_from(rule, caller) for rule in rules)))
            elif spec["action"] == "DENY" and any(_is_from(rule, caller) and rule.keys() <= {"from"} for rule in rules):
                return Obstacle("unauthorized", subject)
        if allowing and not any(allowed for _, allowed in allowing):
            return Obstacle("unauthorized", allowing[0][0])
        return None

    def _selecting(self, kind: str, pod: Seen[Pod]) -> Iterator[tuple[Subject, WholeObject]]:
        for (found, namespace, name), whole in self._objects.items():
            spec = section(whole, "spec")
            selector = section(spec, "selector")
            chosen = not selector or matches(selector, labels_of(pod.body))
            if found == kind and namespace in (pod.namespace, _ROOT) and chosen:
                yield Subject(kind, name, namespace), spec

    def _strict(self, callee: Seen[Pod], port: int) -> Subject | None:
        """Return the PeerAuthentication by which `callee` takes mutual TLS only."""
        found = sorted(
            (not section(spec, "selector"), subject.namespace != callee.namespace, subject, _mode(spec, callee, port))
            for subject, spec in self._selecting("PeerAuthentication", callee)
        )
        for _, _, subject, mode in found:
            if mode not in ("", "UNSET"):
                return subject if mode == "STRICT" else None
        return None

    def _client_mode(self, caller: Seen[Pod], service: Subject, port: int) -> tuple[Subject | None, str]:
        for namespace in dict.fromkeys((caller.namespace, service.namespace, _ROOT)):
            for (kind, space, name), whole in self._objects.items():
                host = str(section(whole, "spec").get("host") or "")
                if kind == "DestinationRule" and space == namespace and _is_host(host, space, service):
                    policy = section(whole, "spec", "trafficPolicy")
                    modes = [
                        section(each, "tls").get("mode")
                        for each in sections(policy.get("portLevelSettings"))
                        if section(each, "port").get("number") == port
                    ]
                    mode = next(filter(None, modes), section(policy, "tls").get("mode"))
                    return Subject(kind, name, space), str(mode or "")
        return None, ""


def has_sidecar(pod: Seen[Pod]) -> bool:
    """Return whether Istio's proxy is among the containers of a Pod, or among its native sidecars."""
    spec = pod.body.spec
    return any(container.name == "istio-proxy" for container in (*spec.containers, *spec.init_containers))


def is_alone(pod: Seen[Pod]) -> bool:
    """Return whether a Pod is known to have no sidecar: by its containers, or by a table that counts one of them."""
    if pod.body.spec.containers:
        return not has_sidecar(pod)
    return len(pod.body.status.container_statuses) == 1


def is_ambient(pod: Seen[Pod]) -> bool:
    """Return whether the node's ztunnel speaks for a Pod, so that it is in the mesh without a sidecar."""
    annotations = pod.body.metadata.annotations or {}
    return annotations.get("ambient.istio.io/redirection") == "enabled"


def _mode(spec: WholeObject, callee: Seen[Pod], port: int) -> str:
    """Return the mode for a port of a Service: that of the container's port if it is the only one, or has the number."""
    levels = section(spec, "portLevelMtls")
    declared = {each.container_port for container in callee.body.spec.containers for each in container.ports}
    number = port if str(port) in levels or len(declared) != 1 else next(iter(declared))
    return str(section(levels, str(number)).get("mode") or section(spec, "mtls").get("mode") or "")


def _is_host(host: str, namespace: str, service: Subject) -> bool:
    if host.startswith("*"):
        return f"{service.name}.{service.namespace}.svc.cluster.local".endswith(host[1:])
    return service_of_host(host, namespace) == service


def _is_from(rule: WholeObject, caller: Seen[Pod]) -> bool:
    """Return whether a rule of an AuthorizationPolicy may be meant for `caller`; what is not known counts as so."""
    sources = sections(rule.get("from"))
    return not sources or any(_is_source(section(each, "source"), caller) for each in sources)


def _is_source(source: WholeObject, caller: Seen[Pod]) -> bool:
    account = caller.body.spec.service_account_name or "default"
    known = has_sidecar(caller) or is_ambient(caller)
    names = {
        "principals": f"cluster.local/ns/{caller.namespace}/sa/{account}" if known else "",
        "namespaces": caller.namespace if known else "",
    }
    for field, name in names.items():
        wanted = source.get(field)
        if isinstance(wanted, list) and not any(_is_like(name, str(each)) for each in wanted):
            return False
        unwanted = source.get(f"not{field.capitalize()}")
        if isinstance(unwanted, list) and any(_is_like(name, str(each)) for each in unwanted):
            return False
    return True


def _is_like(name: str, pattern: str) -> bool:
    """Return whether a name matches as Istio matches: with a * at the start or the end, and * for any name there is."""
    if pattern == "*":
        return bool(name)
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
