"""Results of SSH connections, in the words of the OpenSSH client."""

import re
from collections.abc import Iterator

from facts.kubernetes.index import Index
from facts.machines.machine_names import machine_names
from facts.model import Fact, Observation, Scalar
from facts.new_fact import new_fact

_CONNECT = re.compile(r"connect to (?:host|address) (\S+?) port (\d+)")
_CONNECTING = re.compile(r"Connecting to (\S+)(?: \[([^\]]+)\])? port (\d+)")
_PEER = re.compile(r"(?:Connection (?:closed|reset|timed out) (?:by|with)|by) (\d[\d.]+|[0-9a-fA-F:]{3,}) port (\d+)")
_LOGIN = re.compile(r"(?:^|\s)(?:[\w.-]+@)?([\w.-]+)$")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+")
_AUTHENTICATED = re.compile(r"^(?:debug1: )?Authenticat(?:ed to|ion succeeded)", re.MULTILINE)
_NO_LOGIN = 255
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.MULTILINE))
    for reason, pattern in (
        ("hostkey-changed", r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed"),
        ("hostkey-unknown", r"Host key verification failed|No \S+ host key is known"),
        ("too-many-failures", r"Too many authentication failures"),
        ("no-key", r"(?s:no such identity: .*Permission denied)|(?s:Identity file \S+ not accessible.*Permission denied)"),
        ("auth", r"Permission denied \(|Permission denied, please try again|[Aa]uthentication failed"),
        ("sudo-denied", r"sudo: (?:a password is required|a terminal is required|no tty present)|is not in the sudoers file"),
        ("dns", r"Could not resolve hostname|Name or service not known|nodename nor servname"),
        ("refused", r"Connection refused"),
        ("timeout", r"(?:Connection|Operation) timed out|timed out during banner exchange|Timeout, server"),
        ("no-route", r"No route to host|Network is unreachable|Host is down"),
        ("reset", r"[Cc]onnection reset"),
        ("closed", r"Connection closed by|kex_exchange_identification|ssh_exchange_identification|Broken pipe"),
    )
)  # fmt: skip

_MORE = ("auth", "no-key", "closed", "other")
"""Reasons for which ssh says elsewhere what lies behind them."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `ssh` fact per connection whose outcome the output tells."""
    names = None
    for observation in index.store.commands("ssh"):
        names = machine_names(index.store) if names is None else names
        yield from _connection(observation, names)


def ending_of(text: str, exit_status: str) -> tuple[str, str, str] | None:
    """Return state and reason of a connection, as in the `ssh` fact, and the line that proves them.

    `text` is what ssh printed, `exit_status` its exit status or "". None when they do not tell.
    """
    found = next(((name, match) for name, pattern in _REASONS if (match := pattern.search(text))), None)
    passed = bool(_AUTHENTICATED.search(text)) or (exit_status.isdecimal() and int(exit_status) != _NO_LOGIN)
    if passed and not (found and found[0] == "sudo-denied"):
        return "ok", "", "connected"
    if found:
        return "failed", found[0], _line_of(text, found[1].start())
    if exit_status == str(_NO_LOGIN):
        return "failed", "other", _line_of(text, 0)
    return None


def untold(text: str, exit_status: str) -> str:
    """Return the lines of `text` that say more than the `ssh` fact does: why a key was not taken, a bad setting."""
    state, reason, proof = ending_of(text, exit_status) or ("", "", "")
    if state == "failed" and reason not in _MORE:
        return ""
    return "\n".join(line for line in text.splitlines() if line.strip() != proof)


def _connection(observation: Observation, names: dict[str, str]) -> Iterator[Fact]:
    text = observation.body.decode(errors="replace")
    ending = ending_of(text, observation.attribute("exit"))
    if ending is None:
        return
    state, reason, proof = ending
    host, address, port = _target(observation, text)
    attributes: dict[str, Scalar] = {
        "to": names.get(address) or names.get(host) or host or address,
        "to_ip": address,
        "port": port,
        "state": state,
        "reason": reason,
    }
    yield new_fact("ssh", attributes, f"{observation.source} ssh {attributes['to']}".strip(), proof)


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


def _line_of(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    return text[start:].partition("\n")[0].strip()
