"""Whether NetworkPolicies let one Pod reach another: in come caller, callee and port, out goes the policy that denies.

The rules are those of networking.k8s.io/v1: a direction that no policy isolates is open; else some rule of some policy
that selects the Pod has to allow it. Policies of Cilium have other rules and are not judged.
"""

from ipaddress import ip_address, ip_network
from typing import Any

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import Labels, NetworkPolicy, Pod, labels_of
from facts.cluster.store import Seen
from facts.cluster.whole_objects import sections

DNS = 53


class Denial(msgspec.Struct, frozen=True):
    """The policy that isolates a Pod, and the direction (`ingress` of the callee, `egress` of the caller) it denies."""

    policy: Seen[NetworkPolicy]
    direction: str


def denial(index: Index, caller: Seen[Pod], callee: Seen[Pod], port: int) -> Denial | None:
    """Return what keeps `caller` from TCP port `port` (0: any) of `callee`, None when nothing does that is known."""
    if not index.network_policies or caller.body.spec.host_network or callee.body.spec.host_network:
        return None
    for pod, other, direction, side in ((callee, caller, "ingress", "from"), (caller, callee, "egress", "to")):
        isolating = _isolating(index, pod, direction)
        numbers = _numbers(callee, port)
        if isolating and not any(
            _allows(index, policy, rule, other, side, numbers)
            for policy in isolating
            for rule in sections((policy.body.spec or {}).get(direction))
        ):
            return Denial(min(isolating, key=lambda each: each.name), direction)
    return None


def closed_outwards(index: Index, caller: Seen[Pod], host: str, port: int) -> Denial | None:
    """Return the policy that keeps `caller` from a host that is no known Pod: no rule of its egress lets `port` out there.

    A private address or a name without a public domain may be a Service or a Pod that the evidence lacks. Then the port
    behind it and its labels are not known, and only an egress that lets nothing but DNS out is one that denies it.
    """
    isolating = _isolating(index, caller, "egress")
    if not isolating or caller.body.spec.host_network:
        return None
    rules = [rule for policy in isolating for rule in sections((policy.body.spec or {}).get("egress"))]
    outside = _is_outside(host)
    if any(_lets_out(rule, host, port) if outside else not _only_dns(rule) for rule in rules):
        return None
    return Denial(min(isolating, key=lambda each: each.name), "egress")


def _is_outside(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".svc", ".local", ".internal", ".lan")) and host.count(".") > 1


def _lets_out(rule: dict[str, Any], host: str, port: int) -> bool:
    if not _port_allowed(rule, {port} if port else set()):
        return False
    peers = sections(rule.get("to"))
    blocks = [block for peer in peers if isinstance(block := peer.get("ipBlock"), dict)]
    return not peers or any(_in_block(block, host) for block in blocks)


def _only_dns(rule: dict[str, Any]) -> bool:
    ports = [each.get("port") for each in sections(rule.get("ports"))]
    return bool(ports) and all(port in (DNS, "dns", "dns-tcp") for port in ports)


def lacks_dns(index: Index, caller: Seen[Pod]) -> Denial | None:
    """Return the policy that keeps a Pod from every name server: its egress is isolated, and no rule allows port 53."""
    isolating = _isolating(index, caller, "egress")
    rules = [rule for policy in isolating for rule in sections((policy.body.spec or {}).get("egress"))]
    if not isolating or any(_port_allowed(rule, {DNS}, names=("dns", "dns-tcp")) for rule in rules):
        return None
    return Denial(min(isolating, key=lambda each: each.name), "egress")


def _isolating(index: Index, pod: Seen[Pod], direction: str) -> list[Seen[NetworkPolicy]]:
    return [each for each in index.network_policies.get(pod.namespace, ()) if _isolates(each, pod, direction)]


def _isolates(policy: Seen[NetworkPolicy], pod: Seen[Pod], direction: str) -> bool:
    spec = policy.body.spec
    types = spec.get("policyTypes") if spec is not None else None
    if spec is None or not (policy.full or types):  # a table of policies shows neither types nor rules
        return False
    applies = (
        direction.capitalize() in types
        if isinstance(types, list) and types
        else direction == "ingress" or "egress" in spec
    )
    return applies and matches(spec.get("podSelector"), labels_of(pod.body))


def _allows(
    index: Index, policy: Seen[NetworkPolicy], rule: dict[str, Any], other: Seen[Pod], side: str, ports: set[int]
) -> bool:
    if not _port_allowed(rule, ports):
        return False
    peers = sections(rule.get(side))
    return not peers or any(_is_peer(index, policy.namespace, peer, other) for peer in peers)


def _is_peer(index: Index, namespace: str, peer: dict[str, Any], pod: Seen[Pod]) -> bool:
    block = peer.get("ipBlock")
    if isinstance(block, dict):
        return _in_block(block, pod.body.status.pod_ip)
    spaces, pods = peer.get("namespaceSelector"), peer.get("podSelector")
    if spaces is None and pod.namespace != namespace:
        return False
    if spaces is not None:
        seen = next((each for each in index.store.of_kind("Namespace") if each.name == pod.namespace), None)
        labels = {"kubernetes.io/metadata.name": pod.namespace, **(labels_of(seen.body) if seen else {})}
        if seen is None and spaces and not matches(spaces, labels):
            return True  # its labels are not known: nothing is denied on a guess
        if not matches(spaces, labels):
            return False
    if pods and not pod.full and not labels_of(pod.body):
        return True  # a table without labels: nothing is denied on a guess
    return pods is None or matches(pods, labels_of(pod.body))


def _in_block(block: dict[str, Any], address: str) -> bool:
    try:
        inside = ip_address(address) in ip_network(str(block.get("cidr", "")), strict=False)
        outside = any(ip_address(address) in ip_network(str(each), strict=False) for each in block.get("except") or ())
    except ValueError:
        return True
    return inside and not outside


def _port_allowed(rule: dict[str, Any], wanted: set[int], names: tuple[str, ...] = ()) -> bool:
    ports = sections(rule.get("ports"))
    if not ports or not wanted:
        return True
    for each in ports:
        port, end = each.get("port"), each.get("endPort")
        if port is None or (isinstance(port, str) and (port in names or not names)):
            return True  # a port by its name: taken for the one that is meant
        if isinstance(port, int) and any(port <= number <= (end or port) for number in wanted):
            return True
    return False


def _numbers(callee: Seen[Pod], port: int) -> set[int]:
    """Return the container ports that a call may reach: the one asked for, if the Pod declares it, else all."""
    declared = {each.container_port for container in callee.body.spec.containers for each in container.ports}
    return {port} if port in declared else declared


def matches(selector: object, labels: Labels) -> bool:
    """Return whether a LabelSelector matches `labels`; an empty one matches all, none matches nothing."""
    if not isinstance(selector, dict):
        return False
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expressed(each, labels) for each in sections(selector.get("matchExpressions")))


def _expressed(expression: dict[str, Any], labels: Labels) -> bool:
    value, values = labels.get(str(expression.get("key"))), expression.get("values") or ()
    operator = expression.get("operator")
    if operator == "In":
        return value in values
    if operator == "NotIn":
        return value not in values
    return (value is not None) if operator == "Exists" else value is None
