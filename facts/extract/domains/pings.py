"""Results of ping, in the words of iputils, BSD (macOS) and busybox."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.machine_names import machine_names
from facts.model.schema.domains.reachability import PathMtuFact, PingFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation, Scalar, text_of

_START = re.compile(r"^PING (\S+?)(?: \(([0-9a-fA-F.:]+)\))?(?::| |$)", re.MULTILINE)
_LOSS = re.compile(r"(\d+(?:\.\d+)?)% packet loss")
_USUAL, _MAXIMUM = 56, 65_507
"""Bytes of data in a packet: what all send that are told nothing, and the most that one takes."""
_HEADERS = 28
"""Bytes of the headers of IPv4 and ICMP."""
_REPLY = re.compile(r"^\d+ bytes from ", re.MULTILINE)
_ROUND_TRIP = re.compile(r"(?:rtt|round-trip) [a-z/]+ = [\d.]+/([\d.]+)/")
_ADDRESS = re.compile(r"[0-9a-fA-F]*[.:][0-9a-fA-F.:]+")
_UNKNOWN_HOST = re.compile(
    r"ping6?: (?:cannot resolve |bad address ')?([\w.-]+)(?:'|: (?:Unknown host|Name or service not known|Temporary failure in name resolution))"
)
_REASONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("unknown-host", r"unknown host|name or service not known|failure in name resolution|bad address"),
        ("prohibited", r"prohibited|packet filtered|operation not permitted"),
        ("no-route", r"no route to host|network is unreachable|net unreachable"),
        ("unreachable", r"host unreachable|host is down|unreachable"),
    )
)


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `ping` fact per run of ping, and a `path_mtu` fact where small packets arrive and big ones get lost."""
    found = list(_runs(index))
    arrived: dict[tuple[Scalar, Scalar], int] = {}
    for fact, size in found:
        if fact.attributes["state"] == "ok":
            arrived[_way(fact)] = max(size, arrived.get(_way(fact), 0))
    lost: dict[tuple[Scalar, Scalar], tuple[int, Fact]] = {}
    for fact, size in found:
        if fact.attributes["state"] != "failed" or size <= max(arrived.get(_way(fact), _MAXIMUM), _USUAL):
            yield fact
        else:
            lost[_way(fact)] = min((size, fact), lost.get(_way(fact), (size, fact)), key=lambda each: each[0])
    for way, (size, fact) in lost.items():
        told = fact.attributes
        mtu = PathMtuFact(
            from_=text_of(told["from"]),
            to=text_of(told["to"]),
            to_ip=text_of(told["to_ip"]),
            passes=arrived[way] + _HEADERS,
            lost=size + _HEADERS,
        )
        yield new_fact(mtu, fact.source, fact.text)


def _way(fact: Fact) -> tuple[Scalar, Scalar]:
    return fact.attributes["from"], fact.attributes["to_ip"] or fact.attributes["to"]


def _runs(index: Index) -> Iterator[tuple[Fact, int]]:
    """Yield each run of ping as a fact, with the bytes that it sent in each packet."""
    names = None
    for observation in index.store.commands("ping", "ping6"):
        names = machine_names(index.store) if names is None else names
        text = observation.body.decode(errors="replace")
        starts = list(_START.finditer(text))
        bounds = [*(start.start() for start in starts), len(text)]
        for start, end in zip(starts, bounds[1:], strict=True):
            size = _size(observation)
            for fact in _ping(observation, names, start[1], start[2] or "", text[start.start() : end]):
                yield fact, size
        if not starts:
            unresolved = _UNKNOWN_HOST.search(text)
            target = observation.attribute("target") or (unresolved[1] if unresolved else "")
            if target:
                for fact in _ping(observation, names, target, "", text):
                    yield fact, _size(observation)


def _size(observation: Observation) -> int:
    told = re.search(r" -s (\d{1,5})\b", observation.attribute("command"))
    return int(told[1]) if told else _USUAL


def _ping(observation: Observation, names: dict[str, str], target: str, address: str, text: str) -> Iterator[Fact]:
    loss, replied = _LOSS.search(text), _REPLY.search(text) is not None
    reason = next((name for name, pattern in _REASONS if pattern.search(text)), "")
    if loss is None and not reason and not (replied and _START.search(text) is None):
        return
    lost = float(loss[1]) if loss else 0.0 if replied and not reason else 100.0
    state = "ok" if lost == 0 else "failed" if lost >= 100 else "lossy"
    address = address or (target if _ADDRESS.fullmatch(target) else "")
    mean = _ROUND_TRIP.search(text)
    role, host = observation.attribute("role"), observation.attribute("host")
    wanted = observation.attribute("target")
    attributes = PingFact(
        from_="host" if role == "host" else names.get(host, host),
        from_role=role if role in ("host", "vm") else "",
        to=names.get(address) or (wanted if wanted and not _ADDRESS.fullmatch(wanted) else target),
        to_ip=address,
        state=state,
        reason=(reason or "timeout") if state == "failed" else "",
        loss_percent=lost,
        rtt_ms=float(mean[1]) if mean else 0.0,
    )
    summary = next((line for line in text.splitlines() if "packet loss" in line), text.strip().partition("\n")[0])
    source = f"{observation.source} ping {host or role} to {attributes.to}"
    yield new_fact(attributes, source, f"ping {target}: {summary.strip()}")
