"""What a node listens on and what it reaches: `ss`, `netstat`, connections that were tried, CNI configurations."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.machine_names import machine_names
from facts.cluster.network_reason import network_reason
from facts.model.schema.domains.machines import CniConfigFact
from facts.model.schema.domains.reachability import ConnectionFact, PortFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

PORTS = frozenset((22, 2379, 2380, 6443, 10248, 10250, 10256, 10257, 10259))
"""SSH, etcd, API server, kubelet, kube-proxy, controller manager, scheduler."""

_LISTENS = re.compile(r"^(?:LISTEN|tcp6?)\s+\d+\s+\d+\s+(\S+):(\d+)\s", re.MULTILINE)
_ANYWHERE = ("0.0.0.0", "[::]", "::", "*")  # noqa: S104 - what ss and netstat print
_TRIED = re.compile(r"/dev/tcp/([^/\s]+)/(\d+)")
_CONFIGS, _PLUGINS = "ls -1 /etc/cni/net.d", "ls -1 /opt/cni/bin"
_CONFIG = (".conf", ".conflist", ".json")


def extract(index: Index) -> Iterator[Fact]:
    """Yield `port`, `connection` and `cni_config` facts."""
    for observation in index.store.commands("ss", "netstat"):
        yield from _ports(observation)
    names = None
    for observation in index.store.commands("bash"):
        if tried := _TRIED.search(observation.attribute("command")):
            names = machine_names(index.store) if names is None else names
            yield _connection(observation, tried[1], int(tried[2]), names)
    plugins = {_node(one): len(_lines(one)) for one in index.store.commands(_PLUGINS)}
    for observation in index.store.commands(_CONFIGS):
        yield from _configs(observation, plugins.get(_node(observation), -1))


def _ports(observation: Observation) -> Iterator[Fact]:
    seen = set()
    for address, port in _LISTENS.findall(_text(observation)):
        place = "*" if address in _ANYWHERE else address
        if int(port) in PORTS and (port, place) not in seen:
            seen.add((port, place))
            attributes = PortFact(node=_node(observation), port=int(port), address=place)
            yield new_fact(attributes, f"{observation.source} port {port}", f"listens on {address}:{port}")


def _connection(observation: Observation, address: str, port: int, names: dict[str, str]) -> Fact:
    text = _text(observation)
    connected = observation.attribute("exit") == "0"
    reason = "" if connected else network_reason(text) or "other"
    attributes = ConnectionFact(
        from_=_node(observation),
        to=names.get(address, address),
        to_ip=address,
        port=port,
        state="ok" if connected else "failed",
        reason=reason,
    )
    proof = next((line for line in reversed(text.splitlines()) if line.strip()), "connected")
    return new_fact(attributes, f"{observation.source} connection", proof)


def _configs(observation: Observation, plugins: int) -> Iterator[Fact]:
    configs = sorted(name for name in _lines(observation) if name.endswith(_CONFIG))
    if len(configs) == 1 and plugins != 0:
        return
    attributes = CniConfigFact(node=_node(observation), configs=",".join(configs), total=len(configs), plugins=plugins)
    proof = f"/etc/cni/net.d: {', '.join(configs) or 'no configuration'}; {plugins} plugins"
    yield new_fact(attributes, f"{observation.source} cni", proof)


def _lines(observation: Observation) -> list[str]:
    return [line.strip() for line in _text(observation).splitlines() if line.strip()]


def _text(observation: Observation) -> str:
    return observation.body.decode(errors="replace")


def _node(observation: Observation) -> str:
    return observation.attribute("host") or observation.attribute("node")
