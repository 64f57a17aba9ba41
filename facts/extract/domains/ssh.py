"""Results of SSH connections, in the words of the OpenSSH client."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.machine_names import machine_names
from facts.cluster.ssh_outcome import ending_of
from facts.model.schema.domains.reachability import SshFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

_CONNECT = re.compile(r"connect to (?:host|address) (\S+?) port (\d{1,5})\b")
_CONNECTING = re.compile(r"Connecting to (\S+)(?: \[([^\]]+)\])? port (\d{1,5})\b")
_PEER = re.compile(
    r"(?:Connection (?:closed|reset|timed out) (?:by|with)|by) (\d[\d.]+|[0-9a-fA-F:]{3,}) port (\d{1,5})\b"
)
_LOGIN = re.compile(r"(?:^|\s)(?:[\w.-]+@)?([\w.-]+)$")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+")


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `ssh` fact per connection whose outcome the output tells."""
    names = None
    for observation in index.store.commands("ssh"):
        names = machine_names(index.store) if names is None else names
        yield from _connection(observation, names)


def _connection(observation: Observation, names: dict[str, str]) -> Iterator[Fact]:
    text = observation.body.decode(errors="replace")
    ending = ending_of(text, observation.attribute("exit"))
    if ending is None:
        return
    state, reason, proof = ending
    host, address, port = _target(observation, text)
    attributes = SshFact(
        to=names.get(address) or names.get(host) or host or address,
        to_ip=address,
        port=port,
        state=state,
        reason=reason,
    )
    yield new_fact(attributes, f"{observation.source} ssh {attributes.to}".strip(), proof)


def _target(observation: Observation, text: str) -> tuple[str, str, int]:
    """Return name, address and port that were tried; "" and 22 where the output does not tell."""
    host = observation.attribute("target").rpartition("@")[2]
    connecting, connect, peer = _CONNECTING.search(text), _CONNECT.search(text), _PEER.search(text)
    address, port = "", 22
    if connecting:
        host, address, port = host or connecting[1], connecting[2] or "", int(connecting[3])
    elif connect:
        host, port = host or connect[1], int(connect[2])
        address = connect[1]
    elif peer:
        address, port = peer[1], int(peer[2])
    if not host:
        login = _LOGIN.search(observation.attribute("command").partition(" ")[2])
        host = login[1] if login else ""
    if not _ADDRESS.fullmatch(address):
        address = host if _ADDRESS.fullmatch(host) else ""
    return host, address, port
