"""Looking itself: collectors that failed, or could look only partly."""

import re
from collections.abc import Iterable, Iterator

from facts.cluster.index import Index
from facts.cluster.network_reason import network_reason
from facts.model.reason import Reason
from facts.model.schema.domains.looking import CollectorFact, DeniedFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Coverage, CoverageState, Fact

_SOURCES = ("kubernetes/", "ssh", "vm", "ping")
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


_DENIED = re.compile(
    r'User "(?P<user>[^"]+)" cannot (?P<verb>\w+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]+)")?'
)
"""What an API server answers with 403: `forbiddenMessage` in k8s.io/apiserver, endpoints/handlers/responsewriters."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `collector` fact per look at the cluster, its nodes or its VMs that did not end well, and what was denied."""
    yield from _denied(index.snapshot.coverage)
    for coverage in index.snapshot.coverage:
        if coverage.state is CoverageState.COMPLETE or not coverage.collector.startswith(_SOURCES):
            continue
        why = coverage.why or ""
        reason = str(coverage.reason) if coverage.reason in set(Reason) else _reason(why)
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
            object=coverage.object,
        )
        source = f"coverage {coverage.collector} {coverage.target}"
        yield new_fact(attributes, source, f"{coverage.state.value}: {why}".rstrip(": "))


def _denied(coverages: Iterable[Coverage]) -> Iterator[Fact]:
    """Yield a `denied` fact for each user and namespace in which looks were forbidden."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for coverage in coverages:
        match = _DENIED.search(coverage.why or "") if coverage.reason == Reason.FORBIDDEN else None
        if match is None or (match["verb"], match["resource"]) == ("get", "configmaps"):
            continue  # of ConfigMaps a few well-known ones are read, which nobody need allow
        namespace = match["namespace"] or ("" if coverage.target == "*" or match["verb"] != "get" else coverage.target)
        resource = f"{match['resource']}.{match['group']}".rstrip(".")
        found.setdefault((match["user"], namespace), {}).setdefault(resource, set()).add(match["verb"])
    for (user, namespace), resources in sorted(found.items()):
        verbs = sorted({verb for each in resources.values() for verb in each})
        first, *others = sorted(resources, key=lambda name: (name != "pods", "." in name, name))
        more = f" and {len(others)} more kind{'s' * (len(others) > 1)}" if others else ""
        attributes = DeniedFact(
            user=user,
            namespace=namespace,
            verbs=",".join(verbs),
            resources=",".join((first, *others)),
            what=first + more,
        )
        where = f"in the namespace {namespace}" if namespace else "at the cluster scope"
        yield new_fact(
            attributes,
            f"coverage {user} {namespace or '*'}",
            f"403: {user} cannot {' or '.join(verbs)} {first}{more} {where}",
        )


def _reason(why: str) -> str:
    if _EXPIRED.search(why):
        return "expired"
    if _CERTIFICATE.search(why):
        return "certificate"
    answer = next((reason for reason, pattern in _ANSWERS if pattern.search(why)), "other")
    return network_reason(why) or answer
