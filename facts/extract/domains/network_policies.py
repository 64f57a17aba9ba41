"""Network policies of namespaces in which something does not work."""

import re
from collections.abc import Iterator
from typing import Any

from facts.cluster.index import Index
from facts.cluster.objects import Labels, NetworkPolicy, Service, labels_of
from facts.cluster.policy_verdict import matches
from facts.cluster.service_health import selector_text
from facts.cluster.store import Seen
from facts.cluster.whole_objects import sections
from facts.extract.domains.services import nearly_selected
from facts.model.schema.domains.services import NetworkPolicyFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, ObservationKind

_DROPS = re.compile(rb"policy[- ](?:verdict:none|denied)|\bDROPPED\b|calico-packet: .*DROP", re.IGNORECASE)
_CILIUM = frozenset(("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"))
_DNS = 53


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `network_policy` fact per policy of a namespace with a Pod or Service in trouble, or dropped packets.

    Of a namespace without a single Pod in the evidence nobody knows how it is: its policies were cut out by hand.
    """
    policies = sorted(index.store.every(NetworkPolicy), key=lambda seen: (seen.kind, seen.namespace, seen.name))
    if not policies:
        return
    namespaces, drops = _namespaces_in_trouble(index), _drops(index)
    for policy in policies:
        space = policy.namespace
        unseen = bool(space) and space not in index.pods.by_namespace and not index.store.complete("Pod", space)
        absent = _absent(index, policy)
        if absent or unseen or space in namespaces or (space.encode() in drops if space else namespaces or drops):
            yield from (
                _policy(index, policy, spec, absent)
                for spec in (policy.body.spec, *policy.body.specs)
                if spec is not None
            )


def _absent(index: Index, policy: Seen[NetworkPolicy]) -> Labels:
    """Return the labels of the only Pods that a policy lets in, when its namespace is seen completely and has none.

    Every peer has to be a selector of Pods of the same namespace, and the policy has to select a Pod that is there.
    """
    spec, space = policy.body.spec or {}, policy.namespace
    pods = index.pods.by_namespace.get(space, [])
    if policy.kind != "NetworkPolicy" or _effect(spec, "ingress", cilium=False) != "restricts":
        return {}
    if not index.store.complete("Pod", space) or not all(pod.full or labels_of(pod.body) for pod in pods):
        return {}
    if not any(matches(spec.get("podSelector"), labels_of(pod.body)) for pod in pods):
        return {}
    peers = [peer for rule in _rules(spec, "ingress") for peer in sections(rule.get("from")) or [{}]]
    wanted: Labels = {}
    for peer in peers:
        selector = peer.get("podSelector")
        labels = selector.get("matchLabels") if isinstance(selector, dict) else None
        if set(peer) != {"podSelector"} or not isinstance(labels, dict) or not labels:
            return {}
        if any(matches(selector, labels_of(pod.body)) for pod in pods):
            return {}
        wanted = wanted or {str(key): str(value) for key, value in labels.items()}
    return wanted


def _namespaces_in_trouble(index: Index) -> set[str]:
    found = {pod.seen.namespace for pod in index.pods.troubled}
    found |= {
        service.namespace
        for service in index.store.every(Service)
        if service.namespace not in found and service.body.spec.selector and index.backings.of(service).empty
    }
    return found


def _drops(index: Index) -> bytes:
    """Return all log lines about packets that a policy dropped."""
    return b"\n".join(
        line
        for observation in index.store.observations(ObservationKind.LOG)
        if _DROPS.search(observation.body)
        for line in observation.body.splitlines()
        if _DROPS.search(line)
    )


def _policy(index: Index, policy: Seen[NetworkPolicy], spec: dict[str, Any], absent: Labels) -> Fact:
    cilium = policy.kind in _CILIUM
    selector = spec.get("endpointSelector" if cilium else "podSelector")
    labels = selector.get("matchLabels") if isinstance(selector, dict) else None
    chosen = isinstance(selector, dict) and bool(selector)
    named = {str(key): str(value) for key, value in labels.items()} if isinstance(labels, dict) else {}
    ingress, egress = (_effect(spec, side, cilium=cilium) for side in ("ingress", "egress"))
    near, near_labels = nearly_selected(index, policy.namespace, absent) if absent else ("", {})
    attributes = NetworkPolicyFact(
        namespace=policy.namespace,
        name=policy.name,
        kind=policy.kind,
        selects=selector_text(named) or ("expressions" if chosen else "*"),
        ingress=ingress,
        egress=egress,
        allows_dns=egress in ("none", "allow-all") or any(map(_allows_dns, _rules(spec, "egress"))),
        admits_nobody=selector_text(absent),
        near=near,
        near_labels=selector_text({key: value for key, value in near_labels.items() if key in absent}),
    )
    return new_fact(
        attributes,
        policy.source,
        f"selects {attributes.selects}: ingress {ingress}, egress {egress}",
    )


def _rules(spec: dict[str, Any], side: str) -> list[dict[str, Any]]:
    rules = spec.get(side)
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _effect(spec: dict[str, Any], side: str, *, cilium: bool) -> str:
    """Return what a policy does to one direction: none, deny-all, restricts or allow-all.

    A NetworkPolicy isolates for ingress always, for egress when it has egress rules, unless policyTypes says other; a
    Cilium policy isolates for each direction of which it has a section.
    """
    rules = _rules(spec, side)
    if cilium:
        if side not in spec and f"{side}Deny" not in spec:
            return "none"
        if side not in spec:
            return "restricts"
        return _strictness(rules, [rule for rule in rules if _reaches_everybody(rule, side)], empty_denies=True)
    types = spec.get("policyTypes")
    applies = side.capitalize() in types if isinstance(types, list) and types else side == "ingress" or "egress" in spec
    return _strictness(rules, [rule for rule in rules if not rule], empty_denies=False) if applies else "none"


def _strictness(rules: list[dict[str, Any]], open_rules: list[dict[str, Any]], *, empty_denies: bool) -> str:
    if not rules or (empty_denies and not any(rules)):
        return "deny-all"
    return "allow-all" if open_rules else "restricts"


def _reaches_everybody(rule: dict[str, Any], side: str) -> bool:
    entities = rule.get("fromEntities" if side == "ingress" else "toEntities")
    return isinstance(entities, list) and "all" in entities and "toPorts" not in rule


def _allows_dns(rule: dict[str, Any]) -> bool:
    if "toPorts" in rule:
        ports = [port for group in sections(rule["toPorts"]) for port in sections(group.get("ports"))]
    elif "ports" in rule:
        ports = sections(rule["ports"])
    else:
        return True
    return any(str(port.get("port", _DNS)) in (str(_DNS), "dns", "dns-tcp", "0") or _in_range(port) for port in ports)


def _in_range(port: dict[str, Any]) -> bool:
    start, end = port.get("port"), port.get("endPort")
    return isinstance(start, int) and isinstance(end, int) and start <= _DNS <= end
