"""The table of Kubernetes kinds: all that kbdiag knows of a kind, one row each.

A new kind is one row here, and an extractor when facts come from it. What is listed of a live cluster, how kubectl's
tables and short names are read, and which coverage a list counts for all follow from the row.
"""

from collections.abc import Mapping

import msgspec

from facts.cluster import objects
from facts.cluster.objects import KubernetesObject


class Query(msgspec.Struct, frozen=True):
    """What a live cluster is asked for of a kind: all objects, those with some labels, or one object.

    `selector` narrows the list to some labels; `namespace` and `name` narrow it to one object, which may be missing;
    `only` then says what is read of the kind.
    """

    selector: str = ""
    namespace: str = ""
    name: str = ""
    only: str = ""


ALL = (Query(),)


class Kind(msgspec.Struct, frozen=True):
    """A kind of object.

    `api` is the group and version in which it is listed, `fallback` that of older clusters, `plural` its name in paths
    and for RBAC. `collectors` are the coverage that a list of it counts for, the plural by default. `struct` holds the
    fields that extractors read. `short` are kubectl's short names. `columns` are those of kubectl's table besides
    NAME and AGE, each with the path of the field that it copies, "" if it is not read; a path may lead to one condition:
    `status.conditions[Ready].status`.

    A `workload` makes Pods; one that is `scalable` has replicas. A cluster may do without an `optional` kind, and is
    asked for it only if it serves the group. `absent` says what is missing when no cluster component serves the kind.
    Objects of a kind that is not `named` get their names from Kubernetes. `queries` are what a live cluster is asked
    for, nothing by default.
    """

    name: str
    api: str
    plural: str
    namespaced: bool = True
    collectors: tuple[str, ...] = ()
    struct: type[KubernetesObject] = KubernetesObject
    short: tuple[str, ...] = ()
    columns: Mapping[str, str] = {}
    workload: bool = False
    scalable: bool = False
    named: bool = True
    optional: bool = False
    fallback: str = ""
    absent: str = ""
    queries: tuple[Query, ...] = ()

    @property
    def collector(self) -> str:
        """The collector of a list of this kind: kubernetes/pods, kubernetes/workloads, ..."""
        return collectors_of(self.name)[0]

    @property
    def group(self) -> str:
        """The name of its group as RBAC writes it, "" for the core."""
        return self.api.rpartition("/")[0]


_NO_METRICS = "there is no metrics-server, or it does not answer"
_CONFIGMAPS = "only Grafana data sources and the configuration of CoreDNS are read"
_READY = {"READY": "status.conditions[Ready].status"}
_FLUX = _READY | {"STATUS": "status.conditions[Ready].message"}
_REASON = {"STATUS": "status.conditions[Ready].reason"}
_ACTION, _DURATION = {"ACTION": "spec.action"}, {"DURATION": "spec.duration"}

_APPS, _BATCH, _NETWORK, _STORAGE = "apps/v1", "batch/v1", "networking.k8s.io/v1", "storage.k8s.io/v1"
_ADMISSION, _METRICS, _RBAC = (
    "admissionregistration.k8s.io/v1",
    "metrics.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1",
)
_CHAOS, _GATEWAY, _CERT, _SECRETS = (
    "chaos-mesh.org/v1alpha1",
    "gateway.networking.k8s.io/v1",
    "cert-manager.io/v1",
    "external-secrets.io/v1",
)
_ISTIO, _ISTIO_SECURITY, _FLUX_SOURCE = "networking.istio.io/v1", "security.istio.io/v1", "source.toolkit.fluxcd.io/v1"


def _known(
    name: str,
    api: str,
    plural: str,
    short: str = "",
    struct: type[KubernetesObject] = KubernetesObject,
    *,
    namespaced: bool = True,
    collectors: str = "",
    queries: tuple[Query, ...] = (),
) -> Kind:
    """Return a kind that evidence may hold."""
    return Kind(name, api, plural, namespaced, tuple(collectors.split()), struct, tuple(short.split()), queries=queries)


def _listed(
    name: str,
    api: str,
    plural: str,
    short: str = "",
    struct: type[KubernetesObject] = KubernetesObject,
    *,
    namespaced: bool = True,
    collector: str = "",
    named: bool = True,
    fallback: str = "",
    absent: str = "",
) -> Kind:
    """Return a kind of Kubernetes itself that a live cluster is asked for."""
    kind = _known(name, api, plural, short, struct, namespaced=namespaced, collectors=collector, queries=ALL)
    return msgspec.structs.replace(kind, named=named, fallback=fallback, absent=absent)


def _workload(
    name: str,
    api: str,
    plural: str,
    short: str = "",
    *,
    scalable: bool = False,
    fallback: str = "",
    queries: tuple[Query, ...] = ALL,
) -> Kind:
    """Return a kind that makes Pods."""
    kind = _listed(name, api, plural, short, objects.Workload, collector="workloads", fallback=fallback)
    return msgspec.structs.replace(kind, workload=True, scalable=scalable, queries=queries)


def _custom(
    name: str,
    api: str,
    plural: str,
    collector: str,
    short: str = "",
    columns: Mapping[str, str] = {},
    struct: type[KubernetesObject] = KubernetesObject,
    *,
    namespaced: bool = True,
) -> Kind:
    """Return a kind that a cluster serves when somebody installed it."""
    kind = _listed(name, api, plural, short, struct, namespaced=namespaced, collector=collector)
    return msgspec.structs.replace(kind, columns=columns, optional=True)


# fmt: off
KINDS: tuple[Kind, ...] = (
    # Pods come first: their logs wait for them.
    _listed("Pod", "v1", "pods", "po", objects.Pod),
    _listed("Node", "v1", "nodes", "no", objects.Node, namespaced=False),
    _listed("Event", "v1", "events", "ev", objects.Event, named=False),
    _listed("Namespace", "v1", "namespaces", "ns", objects.Namespace, namespaced=False),
    # --- Services ---
    _listed("Service", "v1", "services", "svc", objects.Service),
    _known("Endpoints", "v1", "endpoints", "ep", objects.Endpoints, collectors="endpoints endpointslices"),
    _listed("EndpointSlice", "discovery.k8s.io/v1", "endpointslices", "", objects.EndpointSlice, fallback="discovery.k8s.io/v1beta1"),
    # --- workloads ---
    _workload("Deployment", _APPS, "deployments", "deploy", scalable=True),
    _workload("ReplicaSet", _APPS, "replicasets", "rs", scalable=True),
    _workload("StatefulSet", _APPS, "statefulsets", "sts", scalable=True),
    _workload("DaemonSet", _APPS, "daemonsets", "ds"),
    _workload("Job", _BATCH, "jobs"),
    _workload("CronJob", _BATCH, "cronjobs", "cj", fallback="batch/v1beta1"),
    _workload("ReplicationController", "v1", "replicationcontrollers", "rc", scalable=True, queries=()),
    _listed("ControllerRevision", _APPS, "controllerrevisions", named=False),
    # --- storage ---
    _listed("PersistentVolumeClaim", "v1", "persistentvolumeclaims", "pvc", objects.PersistentVolumeClaim),
    _listed("PersistentVolume", "v1", "persistentvolumes", "pv", objects.PersistentVolume, namespaced=False),
    _listed("StorageClass", _STORAGE, "storageclasses", "sc", objects.StorageClass, namespaced=False),
    _listed("VolumeAttachment", _STORAGE, "volumeattachments", "", objects.VolumeAttachment, namespaced=False),
    _listed("CSINode", _STORAGE, "csinodes", namespaced=False),
    _known("CSIDriver", _STORAGE, "csidrivers", namespaced=False),
    # --- network ---
    _listed("NetworkPolicy", _NETWORK, "networkpolicies", "netpol", objects.NetworkPolicy),
    _custom("CiliumNetworkPolicy", "cilium.io/v2", "ciliumnetworkpolicies", "networkpolicies", "cnp", {}, objects.NetworkPolicy),
    _custom("CiliumClusterwideNetworkPolicy", "cilium.io/v2", "ciliumclusterwidenetworkpolicies", "networkpolicies", "ccnp", {}, objects.NetworkPolicy, namespaced=False),
    _listed("Ingress", _NETWORK, "ingresses", "ing", objects.Ingress),
    _listed("IngressClass", _NETWORK, "ingressclasses", namespaced=False),
    # --- scaling, quotas, admission ---
    _listed("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers", "hpa", objects.HorizontalPodAutoscaler, fallback="autoscaling/v1"),
    _listed("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets", "pdb", objects.PodDisruptionBudget),
    _listed("ResourceQuota", "v1", "resourcequotas", "quota", objects.ResourceQuota),
    _listed("LimitRange", "v1", "limitranges", "limits"),
    _known("PriorityClass", "scheduling.k8s.io/v1", "priorityclasses", "pc", namespaced=False),
    _listed("MutatingWebhookConfiguration", _ADMISSION, "mutatingwebhookconfigurations", "", objects.WebhookConfiguration, namespaced=False, collector="webhooks"),
    _listed("ValidatingWebhookConfiguration", _ADMISSION, "validatingwebhookconfigurations", "", objects.WebhookConfiguration, namespaced=False, collector="webhooks"),
    # --- the API ---
    _listed("APIService", "apiregistration.k8s.io/v1", "apiservices", "", objects.ApiService, namespaced=False),
    _listed("CertificateSigningRequest", "certificates.k8s.io/v1", "certificatesigningrequests", "csr", objects.CertificateSigningRequest, namespaced=False),
    _listed("Lease", "coordination.k8s.io/v1", "leases", "", objects.Lease, named=False),
    _listed("NodeMetrics", _METRICS, "nodes", "", objects.Metrics, namespaced=False, collector="metrics", absent=_NO_METRICS),
    _listed("PodMetrics", _METRICS, "pods", "", objects.Metrics, collector="metrics", absent=_NO_METRICS),
    _known("ComponentStatus", "v1", "componentstatuses", "cs", namespaced=False),
    _known("CustomResourceDefinition", "apiextensions.k8s.io/v1", "customresourcedefinitions", "crd", namespaced=False),
    _known("ClusterRole", _RBAC, "clusterroles", namespaced=False),
    _known("ClusterRoleBinding", _RBAC, "clusterrolebindings", namespaced=False),
    # --- configuration; Secrets are never listed ---
    _known("ConfigMap", "v1", "configmaps", "cm", objects.ConfigMap, queries=(
        Query(selector="grafana_datasource=1", only=_CONFIGMAPS),
        Query(namespace="kube-system", name="coredns", only=_CONFIGMAPS),
    )),
    _known("Secret", "v1", "secrets"),
    _known("ServiceAccount", "v1", "serviceaccounts", "sa"),
    _known("Release", "helm.sh/v1", "releases"),  # made of the labels of Helm's Secrets
    # --- faults that somebody injects: Chaos Mesh, Litmus, flags of the OpenFeature operator ---
    _custom("NetworkChaos", _CHAOS, "networkchaos", "chaos", columns=_ACTION | _DURATION),
    _custom("PodChaos", _CHAOS, "podchaos", "chaos", columns=_ACTION | _DURATION),
    _custom("StressChaos", _CHAOS, "stresschaos", "chaos", columns=_DURATION),
    _custom("IOChaos", _CHAOS, "iochaos", "chaos", columns=_ACTION | _DURATION),
    _custom("DNSChaos", _CHAOS, "dnschaos", "chaos", columns=_ACTION | _DURATION),
    _custom("HTTPChaos", _CHAOS, "httpchaos", "chaos", columns=_DURATION),
    _custom("TimeChaos", _CHAOS, "timechaos", "chaos", columns=_DURATION),
    _custom("JVMChaos", _CHAOS, "jvmchaos", "chaos", columns=_ACTION | _DURATION),
    _custom("ChaosEngine", "litmuschaos.io/v1alpha1", "chaosengines", "chaos"),
    _custom("FeatureFlag", "core.openfeature.dev/v1beta1", "featureflags", "chaos", "ff"),
    # --- gateways and meshes; the Gateway of Gateway API comes before that of Istio ---
    _custom("Gateway", _GATEWAY, "gateways", "gateways", "gtw", {"CLASS": "spec.gatewayClassName", "ADDRESS": "", "PROGRAMMED": "status.conditions[Programmed].status"}),
    _custom("HTTPRoute", _GATEWAY, "httproutes", "gateways", columns={"HOSTNAMES": ""}),
    _custom("GRPCRoute", _GATEWAY, "grpcroutes", "gateways"),
    _custom("VirtualService", _ISTIO, "virtualservices", "istio", "vs", {"GATEWAYS": "", "HOSTS": ""}),
    _custom("DestinationRule", _ISTIO, "destinationrules", "istio", "dr", {"HOST": "spec.host"}),
    _custom("Gateway", _ISTIO, "gateways", "istio", "gw"),
    _custom("ServiceEntry", _ISTIO, "serviceentries", "istio", "se", {"HOSTS": "", "LOCATION": "spec.location", "RESOLUTION": "spec.resolution"}),
    _custom("Sidecar", _ISTIO, "sidecars", "istio"),
    _custom("PeerAuthentication", _ISTIO_SECURITY, "peerauthentications", "istio", "pa", {"MODE": "spec.mtls.mode"}),
    _custom("AuthorizationPolicy", _ISTIO_SECURITY, "authorizationpolicies", "istio", "ap", _ACTION),
    # --- delivery: Argo CD, Flux ---
    _custom("Application", "argoproj.io/v1alpha1", "applications", "argocd", "app", {"SYNC STATUS": "status.sync.status", "HEALTH STATUS": "status.health.status"}),
    _custom("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "kustomizations", "flux", "ks", _FLUX),
    _custom("HelmRelease", "helm.toolkit.fluxcd.io/v2", "helmreleases", "flux", "hr", _FLUX),
    _custom("GitRepository", _FLUX_SOURCE, "gitrepositories", "flux", "gitrepo", {"URL": "spec.url"} | _FLUX),
    _custom("HelmRepository", _FLUX_SOURCE, "helmrepositories", "flux", "helmrepo", {"URL": "spec.url"} | _FLUX),
    # --- certificates, and secrets from elsewhere: cert-manager, External Secrets ---
    _custom("Certificate", _CERT, "certificates", "certificates", "cert", _READY | {"SECRET": "spec.secretName"}),
    _custom("CertificateRequest", _CERT, "certificaterequests", "certificates", "cr", {"APPROVED": "status.conditions[Approved].status", "DENIED": ""} | _READY | {"ISSUER": "spec.issuerRef.name", "REQUESTER": "spec.username"}),
    _custom("Issuer", _CERT, "issuers", "certificates", columns=_READY),
    _custom("ClusterIssuer", _CERT, "clusterissuers", "certificates", columns=_READY, namespaced=False),
    _custom("ExternalSecret", _SECRETS, "externalsecrets", "externalsecrets", "es", {"STORETYPE": "", "STORE": "spec.secretStoreRef.name", "REFRESH INTERVAL": "spec.refreshInterval"} | _REASON | _READY),
    _custom("SecretStore", _SECRETS, "secretstores", "externalsecrets", "ss", _REASON | {"CAPABILITIES": "status.capabilities"} | _READY),
    _custom("ClusterSecretStore", _SECRETS, "clustersecretstores", "externalsecrets", "css", _REASON | {"CAPABILITIES": "status.capabilities"} | _READY, namespaced=False),
)
# fmt: on

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in reversed(KINDS)}
"""The kinds by name; of two with one name the first."""

STRUCTS: dict[str, type[KubernetesObject]] = {
    kind.name: kind.struct for kind in KINDS if kind.struct is not KubernetesObject
}
"""The struct of each kind; an object of any other kind is known by its metadata only."""

WORKLOADS = frozenset(kind.name for kind in KINDS if kind.workload)
"""The kinds that make Pods."""

SCALABLE = frozenset(kind.name for kind in KINDS if kind.scalable)
"""The workloads that have replicas."""

_WORDS: dict[str, str] = {
    word: kind.name for kind in reversed(KINDS) for word in (kind.name.lower(), kind.plural, *kind.short)
}
_WORDS.update({kind.name.lower(): kind.name for kind in KINDS})


def is_cluster_kind(name: str) -> bool:
    """Return whether objects of the kind called `name` belong to no namespace."""
    return name in BY_NAME and not BY_NAME[name].namespaced


def collectors_of(name: str) -> tuple[str, ...]:
    """Return the collectors that a list of the kind called `name` stands in for: kubernetes/pods, ..."""
    kind = BY_NAME.get(name)
    plurals = (kind.collectors or (kind.plural,)) if kind else (f"{name.lower()}s",)
    return tuple(f"kubernetes/{plural}" for plural in plurals)


def api_of(name: str) -> str:
    """Return the apiVersion of the kind called `name`, v1 when it is not known."""
    return BY_NAME[name].api if name in BY_NAME else "v1"


def kind_of(word: str) -> str:
    """Return the kind that `word` names as kubectl takes it; the word itself when it names none.

    >>> kind_of("po"), kind_of("pods"), kind_of("Deployment.apps"), kind_of("widgets")
    ('Pod', 'Pod', 'Deployment', 'widgets')
    """
    plain = word.split(".", 1)[0]
    lower = plain.lower()
    names = (lower, lower.removesuffix("s"), lower.removesuffix("es"), lower.removesuffix("ies") + "y")
    return next((_WORDS[name] for name in names if name in _WORDS), plain)
