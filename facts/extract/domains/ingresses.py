"""Ingresses that cannot work: class, backend or its port missing."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import Ingress, IngressBackend, Service
from facts.cluster.store import Seen
from facts.extract.domains.admission import service_problem
from facts.model.schema.domains.services import IngressFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_OLD_CLASS = "kubernetes.io/ingress.class"
_DEFAULT = "ingressclass.kubernetes.io/is-default-class"
_ADDRESS_SECONDS = 300.0


def extract(index: Index) -> Iterator[Fact]:
    """Yield an `ingress` fact for each problem of each Ingress."""
    for ingress in sorted(index.store.every(Ingress), key=lambda seen: (seen.namespace, seen.name)):
        problems = [*_class(index, ingress), *_backends(index, ingress), *_certificates(index, ingress)]
        for problem, detail in problems or _address(index, ingress):
            attributes = IngressFact(namespace=ingress.namespace, name=ingress.name, problem=problem, detail=detail)
            yield new_fact(attributes, ingress.source, f"{problem} {detail}")


def _class(index: Index, ingress: Seen[Ingress]) -> Iterator[tuple[str, str]]:
    name = ingress.body.spec.ingress_class_name
    if not index.store.complete("IngressClass", ""):
        return
    if name and not index.store.find_any("IngressClass", "", name):
        yield "class-missing", name
    if name or not ingress.full or _OLD_CLASS in (ingress.body.metadata.annotations or {}):
        return
    classes = index.store.of_kind("IngressClass")
    if not any((found.body.metadata.annotations or {}).get(_DEFAULT) == "true" for found in classes):
        yield "no-class", ""


def backend_services(ingress: Ingress) -> list[str]:
    """Return the names of all Services that an Ingress sends to, each once."""
    return list(dict.fromkeys(name for name, _ in _targets(ingress)))


def _targets(ingress: Ingress) -> dict[tuple[str, int | str], None]:
    """Return name and port, a number or a name, of all Services that an Ingress sends to, in their order."""
    spec = ingress.spec
    backends = [found for found in (spec.default_backend, spec.backend) if found]
    backends += [path.backend for rule in spec.rules for path in rule.http.paths]
    return {target: None for target in map(_target, backends) if target[0]}


def _target(backend: IngressBackend) -> tuple[str, int | str]:
    if backend.service:
        return backend.service.name, backend.service.port.number or backend.service.port.name
    return backend.service_name, backend.service_port


def _backends(index: Index, ingress: Seen[Ingress]) -> Iterator[tuple[str, str]]:
    problems = {"service-missing": "backend-missing", "no-endpoints": "backend-no-endpoints"}
    for name in backend_services(ingress.body):
        if problem := service_problem(index, ingress.namespace, name):
            yield problems[problem], name
    for name, port in _targets(ingress.body):
        service = index.store.find(Service, "Service", ingress.namespace, name)
        served = service.body.spec.ports if service is not None and service.full else ()
        if port and served and not any(str(port) in (str(each.port), each.name) for each in served):
            there = ", ".join(f"{each.port} ({each.name})" if each.name else str(each.port) for each in served)
            yield "backend-no-port", f"{name}:{port}, serves {there}"


def _certificates(index: Index, ingress: Seen[Ingress]) -> Iterator[tuple[str, str]]:
    """Yield TLS Secrets that the controller says are missing; Secrets themselves are never looked at."""
    for record in index.events_about.get(("Ingress", ingress.namespace, ingress.name), []):
        for tls in ingress.body.spec.tls:
            if tls.secret_name and tls.secret_name in record.message and "secret" in record.message.lower():
                yield "tls-secret-missing", tls.secret_name


def _address(index: Index, ingress: Seen[Ingress]) -> Iterator[tuple[str, str]]:
    age = index.store.age_of(ingress)
    if ingress.full and not ingress.body.status.load_balancer.ingress and age is not None and age > _ADDRESS_SECONDS:
        yield "no-address", ""
