"""Nodes and Pods that use most of their CPU or memory: `kubectl top` and the metrics API."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from facts.cluster.index import Index
from facts.cluster.objects import Metrics, Node, Pod, Quantity
from facts.cluster.quantity import parse_quantity
from facts.cluster.store import Store
from facts.model.schema.domains.capacity import UsageFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

_MUCH = 80.0
_UNKNOWN = -1.0
_Amounts = Mapping[str, Quantity]


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `usage` fact for each node and Pod that uses 80 percent or more of its CPU or memory."""
    for seen in index.store.every(Metrics):
        if seen.kind == "NodeMetrics":
            used, of = seen.body.usage or {}, _allocatable(index.store, seen.name)
        else:
            used = _sum([container.usage or {} for container in seen.body.containers])
            of = _limits(index.store, seen.namespace, seen.name)
        kind = seen.kind.removesuffix("Metrics")
        yield from _usage(kind, seen.namespace, seen.name, _percents(used, of), seen.source, f"uses {_shown(used)}")
    for observation in index.store.commands("kubectl top"):
        yield from _top(index.store, observation)


def _top(store: Store, observation: Observation) -> Iterator[Fact]:
    header: list[str] = []
    source = observation.source
    for line in observation.body.decode(errors="replace").splitlines():
        cells = line.split()
        if "NAME" in cells and any(cell.startswith("CPU") for cell in cells):
            header = cells
            continue
        row = dict(zip(header, cells, strict=False))
        if not header or len(cells) < len(header):
            continue
        name, namespace = row["NAME"], row.get("NAMESPACE", observation.attribute("namespace"))
        used = {"cpu": row.get("CPU(cores)", ""), "memory": row.get("MEMORY(bytes)", "")}
        if "CPU%" in header or "MEMORY%" in header or "CPU(%)" in header:
            shown = (row.get("CPU%", row.get("CPU(%)", "")), row.get("MEMORY%", row.get("MEMORY(%)", "")))
            percents = (_percent(shown[0]), _percent(shown[1]))
            yield from _usage("Node", "", name, percents, source, line)
        else:
            pod = store.find(Pod, "Pod", namespace, name)
            limits = _limits(store, pod.namespace, pod.name) if pod else {}
            yield from _usage("Pod", pod.namespace if pod else namespace, name, _percents(used, limits), source, line)


def _percent(cell: str) -> float:
    number = cell.removesuffix("%")
    return float(number) if number.isdecimal() else _UNKNOWN


def _usage(
    kind: str, namespace: str, name: str, percents: tuple[float, float], source: str, text: str
) -> Iterator[Fact]:
    if max(percents) < _MUCH:
        return
    attributes = UsageFact(
        kind=kind, namespace=namespace, name=name, cpu_percent=percents[0], memory_percent=percents[1]
    )
    yield new_fact(attributes, source, text)


def _percents(used: _Amounts, of: _Amounts) -> tuple[float, float]:
    return (_share(used.get("cpu"), of.get("cpu")), _share(used.get("memory"), of.get("memory")))


def _share(used: Quantity | None, of: Quantity | None) -> float:
    now, limit = parse_quantity(used), parse_quantity(of)
    if now is None or limit is None or limit <= 0:
        return _UNKNOWN
    return round(float(now / limit * 100), 1)


def _allocatable(store: Store, name: str) -> _Amounts:
    node = store.find(Node, "Node", "", name)
    return (node.body.status.allocatable or {}) if node else {}


def _limits(store: Store, namespace: str, name: str) -> _Amounts:
    """Return the limits of all containers together; a resource of which one container has no limit has none."""
    pod = store.find(Pod, "Pod", namespace, name)
    limits = [container.resources.limits or {} for container in pod.body.spec.containers] if pod else []
    return {resource: total for resource, total in _sum(limits).items() if all(resource in each for each in limits)}


def _sum(amounts: list[dict[str, Quantity]]) -> dict[str, Quantity]:
    sums: dict[str, Fraction] = {}
    for each in amounts:
        for resource, written in each.items():
            sums[resource] = sums.get(resource, Fraction()) + (parse_quantity(written) or Fraction())
    return {resource: float(total) for resource, total in sums.items()}


def _shown(used: _Amounts) -> str:
    return ", ".join(f"{resource} {amount}" for resource, amount in sorted(used.items()))
