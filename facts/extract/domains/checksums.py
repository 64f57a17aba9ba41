"""Packets whose checksum tcpdump calls wrong."""

import re
from collections import Counter
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.schema.domains.reachability import BadChecksumFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, ObservationKind

_WRONG = re.compile(
    r"(?P<source>(?:\d+\.){3}\d+|[A-Za-z][\w.-]*?)(?:\.[\w-]+)? > (?P<target>(?:\d+\.){3}\d+|[A-Za-z][\w.-]*?)(?:\.(?P<port>[\w-]+))?: .{0,120}?"
    r"(?:bad (?P<udp>udp|tcp|icmp6?) cksum|cksum 0x[0-9a-f]+ \((?P<tcp>incorrect))"
)


_LINE = 1_000
"""Bytes of a line that are looked at: a packet takes fewer."""

_SERVICES = {"domain": 53, "vxlan": 4789, "geneve": 6081, "otv": 8472}
"""Ports as tcpdump names them, of those that matter."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `bad_checksum` fact per source and target."""
    for observation in index.store.observations(ObservationKind.LOG):
        if b"cksum" not in observation.body:
            continue
        found = Counter[tuple[str, str, str, int]]()
        texts: dict[tuple[str, str, str, int], str] = {}
        lines = (line[:_LINE] for line in observation.body.splitlines() if b"cksum" in line)
        for line in filter(None, (_WRONG.search(line.decode(errors="replace")) for line in lines)):
            key = (line["source"], line["target"], line["udp"] or "tcp", _port(line["port"] or ""))
            found[key] += 1
            texts.setdefault(key, line[0])
        for (source, target, protocol, port), count in sorted(found.items()):
            fact = BadChecksumFact(
                node=observation.attribute("node"),
                source=source,
                target=target,
                port=port,
                protocol=protocol,
                count=count,
            )
            yield new_fact(fact, f"{observation.source} {source} > {target}", texts[source, target, protocol, port])


def _port(shown: str) -> int:
    return int(shown[:9]) if shown.isdecimal() else _SERVICES.get(shown, 0)
