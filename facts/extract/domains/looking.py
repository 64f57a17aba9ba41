"""Looking itself: collectors that failed, or could look only partly."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.network_reason import network_reason
from facts.model.schema import KINDS
from facts.model.schema.domains.looking import CollectorFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import CoverageState, Fact

_SOURCES = ("kubernetes/", "ssh", "vm", "ping")
_REASONS = KINDS["collector"].attributes["reason"].values
_ADDRESS = re.compile(r"(?:https?://|dial tcp )([\w.-]+(?::\d+)?)|((?:\d{1,3}\.){3}\d{1,3}(?::\d+)?)")
_CERTIFICATE = re.compile(r"x509|certificate|tls handshake", re.IGNORECASE)
_EXPIRED = re.compile(r"certificate has expired|token .*expired", re.IGNORECASE)
_ANSWERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        ("unauthorized", r"unauthorized|\b401\b"),
        ("forbidden", r"forbidden|\b403\b"),
        ("throttled", r"too many requests|\b429\b"),
        ("not-found", r"\b404\b|not found"),
        ("server-error", r"\b50\d\b"),
    )
)
"""What a server answers instead of what was asked for."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `collector` fact per look at the cluster, its nodes or its VMs that did not end well."""
    for coverage in index.snapshot.coverage:
        if coverage.state is CoverageState.COMPLETE or not coverage.collector.startswith(_SOURCES):
            continue
        why = coverage.why or ""
        reason = coverage.reason if coverage.reason in _REASONS else _reason(why)
        if coverage.state is CoverageState.PARTIAL and not coverage.reason and reason == "other":
            continue  # a selection that somebody made, not a look that went wrong
        address = _ADDRESS.search(why)
        attributes = CollectorFact(
            name=coverage.collector,
            target=coverage.target,
            state=coverage.state.value,
            reason=reason,
            why=why,
            address=(address[1] or address[2]) if address else "",
        )
        source = f"coverage {coverage.collector} {coverage.target}"
        yield new_fact(attributes, source, f"{coverage.state.value}: {why}".rstrip(": "))


def _reason(why: str) -> str:
    if _EXPIRED.search(why):
        return "expired"
    if _CERTIFICATE.search(why):
        return "certificate"
    answer = next((reason for reason, pattern in _ANSWERS if pattern.search(why)), "other")
    return network_reason(why) or answer
