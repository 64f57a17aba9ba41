"""Faults between workloads: Services, addresses and policies."""

from tests.cascades.cluster import App, Cluster
from tests.cascades.objects import Object, moment
from tests.cascades.spread import crash, starve, suffer
from tests.cascades.truth import Truth


def _called(cluster: Cluster) -> App:
    return cluster.random.choice([app for app in cluster.business if cluster.callers(app)])


def _all(*names: str) -> frozenset[str]:
    return frozenset(names)


def selector(cluster: Cluster) -> Truth:
    """Let a Service select nobody."""
    app = _called(cluster)
    app.selector = {"app": f"{app.name}-v2"}
    starve(cluster, app)
    subjects = (("Service", app.namespace, app.service_name), (app.kind, app.namespace, app.name))
    decided = (_all("services.json", "pods.json"), _all("services", "logs", "pods.json", "workloads.json"))
    return Truth(subjects, "SERVICE-SELECTOR-MISMATCH|CALL-SELECTOR-MATCHES-NOTHING|CHANGE-SELECTOR", decided)


def target_port(cluster: Cluster) -> Truth:
    """Lead a Service to a port on which nobody listens."""
    app = _called(cluster)
    app.target_port = app.port + 1
    starve(cluster, app)
    subjects = (("Service", app.namespace, app.service_name),)
    return Truth(
        subjects, "SERVICE-TARGET-PORT|CALL-WRONG-PORT|SERVICE-PORT-NOT-LISTENED", (_all("services.json", "pods.json"),)
    )


def asleep(cluster: Cluster) -> Truth:
    """Scale a workload to zero."""
    app = _called(cluster)
    app.replicas = 0
    cluster.pods = [pod for pod in cluster.pods if pod.app is not app]
    starve(cluster, app)
    subjects = (("Service", app.namespace, app.service_name), (app.kind, app.namespace, app.name))
    rules = "SERVICE-SCALED-TO-ZERO|CALL-SCALED-TO-ZERO|WIRING-ASLEEP"
    return Truth(
        subjects,
        rules,
        (_all("workloads.json", "services.json", "logs"),),
    )


def _wire(cluster: Cluster) -> tuple[App, str]:
    wires = [(app, name) for app in cluster.business for name in app.calls]
    return cluster.random.choice(wires)


def address_port(cluster: Cluster) -> Truth:
    """Give a caller the wrong port of a Service."""
    caller, name = _wire(cluster)
    address, port = caller.env[name].rsplit(":", 1)
    caller.env[name] = f"{address}:{int(port) + 1}"
    suffer(cluster, caller, name, "timeout")
    return _of_caller(cluster, caller, name)


def address_name(cluster: Cluster) -> Truth:
    """Misspell the name of a Service in a caller's setting."""
    caller, name = _wire(cluster)
    address = caller.env[name]
    service = caller.calls[name].service_name
    caller.env[name] = (
        address.replace(service, f"{service[:-1]}", 1)
        if len(service) > 3
        else address.replace(service, f"{service}s", 1)
    )
    suffer(cluster, caller, name, "nohost")
    return _of_caller(cluster, caller, name)


def _of_caller(cluster: Cluster, caller: App, name: str) -> Truth:
    subjects = ((caller.kind, caller.namespace, caller.name),)
    rules = "WIRING-WRONG-ADDRESS|CALL-WRONG-PORT|CALL-NO-SUCH-SERVICE|CHANGE-ENV|APP-HOST-NOT-FOUND"
    decided = [_all("services.json", "pods.json", "logs"), _all("services", "logs", "pods.json")]
    return Truth(subjects, rules, tuple(decided))


def policy(cluster: Cluster) -> Truth:
    """Make a NetworkPolicy that admits somebody else only."""
    app = _called(cluster)
    body: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": f"{app.name}-ingress",
            "namespace": app.namespace,
            "creationTimestamp": moment(cluster.minutes),
        },
        "spec": {
            "podSelector": {"matchLabels": app.labels},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "gateway"}}}]}],
        },
    }
    cluster.extra.append(("policies", body))
    starve(cluster, app, "timeout")
    subjects = (
        ("NetworkPolicy", app.namespace, f"{app.name}-ingress"),
        ("Service", app.namespace, app.service_name),
        (app.kind, app.namespace, app.name),
        *((caller.kind, caller.namespace, caller.name) for caller in cluster.callers(app)),
    )
    rules = "CALL-DENIED-BY-NETWORKPOLICY|WIRING-DENIED|NETWORK-POLICY-.*"
    return Truth(subjects, rules, (_all("policies", "logs", "pods.json", "services.json"),))


def dns_asleep(cluster: Cluster) -> Truth:
    """Scale CoreDNS to zero."""
    dns = cluster.named("coredns")
    dns.replicas = 0
    cluster.pods = [pod for pod in cluster.pods if pod.app is not dns]
    _no_names(cluster)
    subjects = (("Deployment", "kube-system", "coredns"), ("Service", "kube-system", "kube-dns"))
    rules = "DNS-COREDNS-SCALED-ZERO|SERVICE-SCALED-TO-ZERO"
    return Truth(subjects, rules, (_all("workloads", "services.json", "pods"), _all("workloads.table")))


def dns_corefile(cluster: Cluster) -> Truth:
    """Write a word into the Corefile that CoreDNS does not know."""
    dns = cluster.named("coredns")
    for pod in cluster.pods_of(dns):
        crash(cluster, pod)
        cluster.log(pod, "/etc/coredns/Corefile:11 - Error during parsing: Unknown directive 'forwrd'")
    _no_names(cluster)
    return Truth(
        (("Deployment", "kube-system", "coredns"), ("ConfigMap", "kube-system", "coredns")),
        "DNS-COREFILE-ERROR",
        (_all("logs"),),
    )


def _no_names(cluster: Cluster) -> None:
    for app in cluster.business:
        if app.calls:
            suffer(cluster, app, cluster.random.choice(list(app.calls)), "dns")


FAULTS = (selector, target_port, asleep, address_port, address_name, policy, dns_asleep, dns_corefile)
