"""Faults that an Istio VirtualService injects: in come VirtualServices, out goes an injection per host and kind of fault.

`spec.http[].fault` has an `abort` (httpStatus or grpcStatus) or a `delay` (fixedDelay), each with a percentage, and acts
on the calls that `match` selects; without `match` on all.
"""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.injections.injection import Injection, in_words
from facts.cluster.mesh.hosts import service_of_host
from facts.cluster.whole_objects import Key, WholeObject, section, sections
from facts.model.values import Subject

KINDS = frozenset(("VirtualService",))


def injections(index: Index, objects: dict[Key, WholeObject]) -> Iterator[Injection]:
    """Yield the faults; one of 0 percent is none."""
    del index
    for (kind, namespace, name), whole in objects.items():
        if kind not in KINDS:
            continue
        spec = section(whole, "spec")
        for route in sections(spec.get("http")):
            for action in ("abort", "delay"):
                fault = section(route, "fault", action)
                percent = _percent(fault)
                if not fault or percent == 0:
                    continue
                for target in _targets(spec, route, namespace):
                    yield Injection(
                        subject=Subject(kind, name, namespace),
                        tool="istio",
                        action=action,
                        target=target,
                        detail=_detail(fault, percent),
                        since=str(section(whole, "metadata").get("creationTimestamp") or ""),
                        partly=percent < 100 or _selects(route),
                        source=f"{kind} {namespace}/{name}",
                    )


def _percent(fault: WholeObject) -> float:
    """Return the percentage; Istio takes 100 where none is given, and `percent` in old versions."""
    value = section(fault, "percentage").get("value", 0.0) if "percentage" in fault else fault.get("percent", 100)
    return float(value) if isinstance(value, int | float) else 0.0


def _detail(fault: WholeObject, percent: float) -> str:
    rest = {key: value for key, value in fault.items() if key not in ("percentage", "percent")}
    return f"{in_words(rest)} for {percent:g} % of the calls"


def _selects(route: WholeObject) -> bool:
    """Return whether a route is for some calls only: by header, method or path, other than all paths."""
    every = {"uri": {"prefix": "/"}}
    return bool(sections(route.get("match"))) and not any(
        {key: value for key, value in each.items() if key in ("uri", "headers", "method", "sourceLabels")}
        in ({}, every)
        for each in sections(route.get("match"))
    )


def _targets(spec: WholeObject, route: WholeObject, namespace: str) -> list[Subject]:
    """Return the Services that a route leads to, else those that the VirtualService is for."""
    hosts = [str(section(each, "destination").get("host") or "") for each in sections(route.get("route"))]
    named = spec.get("hosts")
    hosts = [host for host in hosts if host] or [str(host) for host in (named if isinstance(named, list) else [])]
    return sorted({service_of_host(host, namespace) for host in hosts if host and "*" not in host})
