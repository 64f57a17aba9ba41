"""The API server and what it depends on."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class ApiHealthFact(TypedFact, frozen=True, kw_only=True):
    """A check of the API server that fails (`kubectl get --raw '/readyz?verbose'`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="api_health",
        coverage="kubernetes/health",
        symptom="the API server says that its check {check} fails",
        layer="control-plane",
    )

    endpoint: Annotated[str, Meaning("which of its checks", "readyz", values=("readyz", "livez", "healthz"))] = ""
    check: Annotated[
        str, Meaning("name of the check: etcd, poststarthook/rbac/bootstrap-roles, shutdown, ...", "etcd")
    ] = ""
    message: Annotated[
        str, Meaning("what the server says of it; the reason is withheld from most users", "failed: reason withheld")
    ] = ""


class ApiServiceFact(TypedFact, frozen=True, kw_only=True):
    """An APIService that is not available."""

    KIND: ClassVar[FactKind] = FactKind(
        name="api_service",
        coverage="kubernetes/apiservices",
        key="name",
        subject=("=APIService", "", "name"),
        symptom="APIService {name} is not available: {reason}",
        layer="control-plane",
    )

    name: Annotated[str, Meaning("v1beta1.metrics.k8s.io, ...", "v1beta1.metrics.k8s.io")] = ""
    namespace: Annotated[str, Meaning("namespace of its Service", "kube-system")] = ""
    service: Annotated[str, Meaning("name of its Service", "metrics-server")] = ""
    reason: Annotated[
        str, Meaning("reason: MissingEndpoints, FailedDiscoveryCheck, ServiceNotFound, ...", "MissingEndpoints")
    ] = ""
    message: Annotated[str, Meaning("message", "no endpoints")] = ""


class WebhookFact(TypedFact, frozen=True, kw_only=True):
    """An admission webhook with failurePolicy Fail whose Service is missing or has no ready endpoint."""

    KIND: ClassVar[FactKind] = FactKind(
        name="webhook",
        coverage="kubernetes/webhooks",
        subject=("=WebhookConfiguration", "", "name"),
        symptom="webhook {name}: {problem}",
        layer="control-plane",
    )

    name: Annotated[str, Meaning("name of the webhook configuration", "checks")] = ""
    namespace: Annotated[str, Meaning("namespace of its Service", "demo")] = ""
    service: Annotated[str, Meaning("name of its Service", "gone")] = ""
    problem: Annotated[str, Meaning("what is wrong", "service-missing", values=("service-missing", "no-endpoints"))] = (
        ""
    )


class NamespaceFact(TypedFact, frozen=True, kw_only=True):
    """A Namespace that is stuck in Terminating."""

    KIND: ClassVar[FactKind] = FactKind(
        name="namespace",
        coverage="kubernetes/namespaces",
        key="name",
        subject=("=Namespace", "", "name"),
        symptom="Namespace {name} is stuck in Terminating",
        layer="control-plane",
    )

    name: Annotated[str, Meaning("its name", "old")] = ""
    reason: Annotated[str, Meaning("reason of the failing condition", "SomeFinalizersRemain")] = ""
    message: Annotated[str, Meaning("its message", "in 1 resource instances")] = ""


class CsrFact(TypedFact, frozen=True, kw_only=True):
    """A CertificateSigningRequest that has waited for a minute, was denied, or failed."""

    KIND: ClassVar[FactKind] = FactKind(
        name="csr",
        layer="tls",
        coverage="kubernetes/certificatesigningrequests",
        key="name",
        subject=("=CertificateSigningRequest", "", "name"),
        identity=("state",),
    )

    name: Annotated[str, Meaning("its name", "csr-1")] = ""
    signer: Annotated[
        str,
        Meaning(
            "kubernetes.io/kubelet-serving, kubernetes.io/kube-apiserver-client-kubelet, ...",
            "kubernetes.io/kubelet-serving",
        ),
    ] = ""
    user: Annotated[str, Meaning("who asks: system:node:NAME, ...", "system:node:w1")] = ""
    node: Annotated[str, Meaning("name of the node whose kubelet asks, or empty", "w1")] = ""
    state: Annotated[str, Meaning("how it stands", "denied", values=("pending", "denied", "failed"))] = ""
    message: Annotated[str, Meaning("message of the decision", "unknown address")] = ""


class LeaseFact(TypedFact, frozen=True, kw_only=True):
    """A lease of a control-plane component or a kubelet that was not renewed: its holder is gone or cut off."""

    KIND: ClassVar[FactKind] = FactKind(
        name="lease",
        layer="control-plane",
        coverage="kubernetes/leases",
        scope="namespace",
        subject=("=Lease", "namespace", "name"),
        identity=(),
    )

    namespace: Annotated[str, Meaning("kube-system for components, kube-node-lease for kubelets", "kube-system")] = ""
    name: Annotated[
        str, Meaning("kube-scheduler, kube-controller-manager, the name of a node, ...", "kube-scheduler")
    ] = ""
    holder: Annotated[str, Meaning("who held it last", "cp_1")] = ""
    age_seconds: Annotated[float, Meaning("seconds since it was renewed", 180.0, unit="s")] = 0.0
