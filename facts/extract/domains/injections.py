"""Faults that somebody injects on purpose, and who suffers from them."""

from collections.abc import Iterator

from facts.cluster.dependencies import Dependency
from facts.cluster.index import Index
from facts.cluster.injections import chaos_mesh, feature_flags, litmus, virtual_services
from facts.cluster.injections.injection import Injection
from facts.cluster.whole_objects import whole_custom_objects
from facts.model.schema.domains.injections import InjectionFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_TOOLS = (chaos_mesh, feature_flags, litmus, virtual_services)
_KINDS = frozenset(kind for tool in _TOOLS for kind in tool.KINDS)

_STRENGTH, _PARTLY = 0.95, 0.6
"""The probability that a target suffers: from a fault of all its calls, and from one of some."""


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `injection` fact for each fault and target, and a `dependency` of the target on what injects it."""
    objects = whole_custom_objects(index, _KINDS)
    for tool in _TOOLS:
        for injection in tool.injections(index, objects):
            yield from _facts(injection)


def _facts(injection: Injection) -> Iterator[Fact]:
    subject, target = injection.subject, injection.target
    fact = InjectionFact(
        kind=subject.kind,
        namespace=subject.namespace,
        name=subject.name,
        tool=injection.tool,
        action=injection.action,
        detail=injection.detail,
        partly=injection.partly,
        target_kind=target.kind,
        target_namespace=target.namespace,
        target=target.name,
        since=injection.since,
    )
    since = f" since {injection.since}" if injection.since else ""
    text = f"{injection.action} of {target if target.name else 'something'}{since}: {injection.detail}".rstrip(": ")
    yield new_fact(fact, injection.source, text)
    if target.name:
        strength = _PARTLY if injection.partly else _STRENGTH
        yield Dependency(target, subject, "governed-by", strength, injection.source, text).fact()
