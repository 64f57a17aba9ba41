"""Webhooks and aggregated APIs whose Service does not answer."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import ApiService, Service, WebhookConfiguration, condition_of
from facts.model.schema.domains.control_plane import ApiServiceFact, WebhookFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield `webhook` and `api_service` facts."""
    for configuration in index.store.every(WebhookConfiguration):
        for webhook in configuration.body.webhooks:
            service = webhook.client_config.service
            if service is None or webhook.failure_policy != "Fail":
                continue
            problem = service_problem(index, service.namespace, service.name)
            if problem:
                attributes = WebhookFact(
                    name=configuration.name, namespace=service.namespace, service=service.name, problem=problem
                )
                proof = f"webhook {webhook.name} calls Service {service.namespace}/{service.name}: {problem}"
                yield new_fact(attributes, configuration.source, proof)
    for api in index.store.every(ApiService):
        available = condition_of(api.body.status.conditions, "Available")
        if available.status == "False":
            service = api.body.spec.service
            unavailable = ApiServiceFact(
                name=api.name,
                namespace=service.namespace if service else "",
                service=service.name if service else "",
                reason=available.reason,
                message=available.message,
            )
            proof = f"condition Available=False {available.reason}: {available.message}"
            yield new_fact(unavailable, api.source, proof)


def service_problem(index: Index, namespace: str, name: str) -> str:
    """Return "service-missing", "no-endpoints", or "" when a Service has an answer or nothing is known of it."""
    service = index.store.find(Service, "Service", namespace, name)
    if service is None:
        return "service-missing" if index.store.complete("Service", namespace) else ""
    if not service.body.spec.selector or service.body.spec.type == "ExternalName":
        return ""
    return "no-endpoints" if index.backings.of(service).empty else ""
