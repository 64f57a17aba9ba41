"""The Service that a host in an object of Istio means."""

from facts.model.values import Subject


def service_of_host(host: str, namespace: str) -> Subject:
    """Return the Service that a host of an object in `namespace` means; a ServiceEntry when it is outside.

    >>> service_of_host("reviews", "shop"), service_of_host("pay.bank.svc.cluster.local", "shop").namespace
    (Subject(kind='Service', name='reviews', namespace='shop'), 'bank')
    """
    labels = host.lower().rstrip(".").split(".")
    if len(labels) == 1:
        return Subject("Service", labels[0], namespace)
    if len(labels) > 2 and labels[2] == "svc":
        return Subject("Service", labels[0], labels[1])
    return Subject("ServiceEntry", host)
