"""Services, Ingresses and network policies."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class ServiceFact(TypedFact, frozen=True, kw_only=True):
    """A Service with a selector and no ready endpoint, or with another fault of its own (headless without Pods by choice, ExternalName: none)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="service",
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "name"),
        symptom="Service {namespace}/{name}: {problem}",
        layer="service",
        well={"problem": ""},
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "web")] = ""
    type: Annotated[str, Meaning("ClusterIP, NodePort, LoadBalancer", "ClusterIP")] = ""
    selector: Annotated[str, Meaning("selector as key=value,key=value", "app=web")] = ""
    ready_endpoints: Annotated[int, Meaning("ready addresses", 0)] = 0
    not_ready_endpoints: Annotated[int, Meaning("addresses that are not ready", 1)] = 0
    matching_pods: Annotated[
        int, Meaning("Pods that the selector matches; -1 when the Pods of its namespace were not all seen", 1)
    ] = 0
    near_workload: Annotated[
        str,
        Meaning(
            "workload whose labels nearly match the selector (same key, other value; same value, other key), or empty",
            "",
        ),
    ] = ""
    near_labels: Annotated[str, Meaning("the labels of that workload as key=value,key=value", "")] = ""
    problem: Annotated[
        str,
        Meaning(
            "what is wrong",
            "pods-not-ready",
            values=(
                "no-endpoints",
                "selector-mismatch",
                "pods-not-ready",
                "target-port",
                "no-external-ip",
                "scaled-to-zero",
            ),
        ),
    ] = ""


class ServicePodFact(TypedFact, frozen=True, kw_only=True):
    """A Pod that is not ready and that the selector of a Service without ready endpoints matches."""

    KIND: ClassVar[FactKind] = FactKind(
        name="service_pod",
        layer="service",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
        compared=False,
    )

    namespace: Annotated[str, Meaning("namespace of both", "demo")] = ""
    service: Annotated[str, Meaning("name of the Service", "web")] = ""
    pod: Annotated[str, Meaning("name of the Pod", "web-7d4b9c8f6d-x2x4n")] = ""
    workload_kind: Annotated[str, Meaning("kind of the Pod's workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the Pod's workload", "web")] = ""
    node: Annotated[str, Meaning("node of the Pod, or empty", "worker1")] = ""


class ServicePortFact(TypedFact, frozen=True, kw_only=True):
    """A port of a Service that reaches nothing."""

    KIND: ClassVar[FactKind] = FactKind(
        name="service_port",
        layer="service",
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
        identity=("port", "target_port"),
    )

    namespace: Annotated[str, Meaning("namespace of the Service", "demo")] = ""
    service: Annotated[str, Meaning("name of the Service", "web")] = ""
    port: Annotated[int, Meaning("port of the Service", 80)] = 0
    target_port: Annotated[str, Meaning("targetPort as written, a number or a name", "web")] = ""
    container_ports: Annotated[str, Meaning("ports that the Pods declare, comma separated", "8080 (http)")] = ""


class ServiceStrangerFact(TypedFact, frozen=True, kw_only=True):
    """A workload that the selector of a Service matches beside another one, and whose Pods do not declare the port to which it leads."""

    KIND: ClassVar[FactKind] = FactKind(
        name="service_stranger",
        layer="service",
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
        identity=("workload_kind", "workload"),
    )

    namespace: Annotated[str, Meaning("namespace of the Service", "demo")] = ""
    service: Annotated[str, Meaning("name of the Service", "web")] = ""
    selector: Annotated[str, Meaning("its selector as key=value,key=value", "app=shop")] = ""
    target_port: Annotated[str, Meaning("port to which it leads", "8080")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload that has no such port", "Deployment")] = ""
    workload: Annotated[str, Meaning("its name", "worker")] = ""
    right: Annotated[str, Meaning("the workload that has it", "web")] = ""
    label: Annotated[
        str,
        Meaning("a label as key=value that all Pods of the right workload have and no other Pod, or empty", "role=web"),
    ] = ""


class LocalTrafficFact(TypedFact, frozen=True, kw_only=True):
    """A Service whose nodes answer only for Pods of their own, and nodes that have none."""

    KIND: ClassVar[FactKind] = FactKind(
        name="local_traffic",
        layer="service",
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
        identity=("node_port",),
        compared=False,
    )

    namespace: Annotated[str, Meaning("namespace of the Service", "ingress-nginx")] = ""
    service: Annotated[str, Meaning("name of the Service", "ingress-nginx-controller")] = ""
    type: Annotated[str, Meaning("NodePort or LoadBalancer", "NodePort", values=("NodePort", "LoadBalancer"))] = ""
    node_port: Annotated[int, Meaning("port of the nodes, 0 when unknown", 30443)] = 0
    nodes: Annotated[str, Meaning("nodes with a ready Pod of the Service, comma separated", "worker1")] = ""
    without: Annotated[
        str, Meaning("other nodes that the evidence knows, comma separated, or empty", "worker2, worker3")
    ] = ""


class WrittenEndpointFact(TypedFact, frozen=True, kw_only=True):
    """An address of a Service that no Pod has and that does not answer: a Service without a selector leads where somebody wrote."""

    KIND: ClassVar[FactKind] = FactKind(
        name="written_endpoint",
        layer="service",
        coverage="kubernetes/services",
        scope="namespace",
        subject=("=Service", "namespace", "service"),
        identity=("address", "port"),
    )

    namespace: Annotated[str, Meaning("namespace of the Service", "shop")] = ""
    service: Annotated[str, Meaning("name of the Service", "warehouse")] = ""
    address: Annotated[str, Meaning("the address", "192.0.2.40")] = ""
    port: Annotated[int, Meaning("its port, 0 when unknown", 5432)] = 0
    error: Annotated[str, Meaning("how a call failed", "timeout")] = ""
    direct: Annotated[bool, Meaning("the call was to the address itself, and not to the Service", False)] = False
    sure: Annotated[bool, Meaning("the Service is known to have no selector", True)] = False


class IngressFact(TypedFact, frozen=True, kw_only=True):
    """An Ingress that cannot work: class or backend missing."""

    KIND: ClassVar[FactKind] = FactKind(
        name="ingress",
        coverage="kubernetes/ingresses",
        scope="namespace",
        subject=("=Ingress", "namespace", "name"),
        symptom="Ingress {namespace}/{name}: {problem} {detail}",
        layer="service",
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "front")] = ""
    problem: Annotated[
        str,
        Meaning(
            "what is wrong",
            "class-missing",
            values=(
                "no-class",
                "class-missing",
                "backend-missing",
                "backend-no-endpoints",
                "backend-no-port",
                "tls-secret-missing",
                "no-address",
            ),
        ),
    ] = ""
    detail: Annotated[str, Meaning("the name that is missing, for a port with those that are served", "ngnix")] = ""


class NetworkPolicyFact(TypedFact, frozen=True, kw_only=True):
    """A NetworkPolicy or CiliumNetworkPolicy that isolates Pods of a namespace in which something does not work."""

    KIND: ClassVar[FactKind] = FactKind(
        name="network_policy",
        layer="policy",
        coverage="kubernetes/networkpolicies",
        scope="namespace",
        subject=("kind", "namespace", "name"),
        identity=("ingress", "egress"),
    )

    namespace: Annotated[str, Meaning("its namespace", "api")] = ""
    name: Annotated[str, Meaning("its name", "deny")] = ""
    kind: Annotated[
        str, Meaning("NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy", "NetworkPolicy")
    ] = ""
    selects: Annotated[str, Meaning("selector as key=value,..., * for all Pods of the namespace", "*")] = ""
    ingress: Annotated[
        str, Meaning("what it does to ingress", "deny-all", values=("none", "deny-all", "restricts", "allow-all"))
    ] = ""
    egress: Annotated[
        str, Meaning("what it does to egress", "none", values=("none", "deny-all", "restricts", "allow-all"))
    ] = ""
    allows_dns: Annotated[bool, Meaning("egress to port 53 is allowed (true when egress is not restricted)", True)] = (
        False
    )
    admits_nobody: Annotated[
        str,
        Meaning(
            "selector of the Pods that it lets in, when no Pod of the namespace has these labels, or empty", "app=front"
        ),
    ] = ""
    near: Annotated[str, Meaning("workload whose labels nearly match that selector, or empty", "front-v2")] = ""
    near_labels: Annotated[str, Meaning("the labels of that workload as key=value,key=value", "app=front-v2")] = ""
