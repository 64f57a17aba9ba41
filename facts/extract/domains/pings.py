"""Results of ping, in the words of iputils, BSD (macOS) and busybox."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.machine_names import machine_names
from facts.model.schema.domains.reachability import PingFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

_START = re.compile(r"^PING (\S+?)(?: \(([0-9a-fA-F.:]+)\))?(?::| |$)", re.MULTILINE)
_LOSS = re.compile(r"(\d+(?:\.\d+)?)% packet loss")
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
    """Yield a `ping` fact per run of ping."""
    names = None
    for observation in index.store.commands("ping", "ping6"):
        names = machine_names(index.store) if names is None else names
        text = observation.body.decode(errors="replace")
        starts = list(_START.finditer(text))
        bounds = [*(start.start() for start in starts), len(text)]
        for start, end in zip(starts, bounds[1:], strict=True):
            yield from _ping(observation, names, start[1], start[2] or "", text[start.start() : end])
        if not starts:
            unresolved = _UNKNOWN_HOST.search(text)
            target = observation.attribute("target") or (unresolved[1] if unresolved else "")
            if target:
                yield from _ping(observation, names, target, "", text)


def _ping(observation: Observation, names: dict[str, str], target: str, address: str, text: str) -> Iterator[Fact]:
    loss = _LOSS.search(text)
    reason = next((name for name, pattern in _REASONS if pattern.search(text)), "")
    if loss is None and not reason:
        return
    lost = float(loss[1]) if loss else 100.0
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
