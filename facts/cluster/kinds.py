"""Which kinds of objects are listed, as data. Secrets are not among them, and never will be."""

from urllib.parse import quote

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A list of the API: the group it is in, its plural, and the name of the coverage that it counts for.

    A cluster may do without an `optional` kind. `fallback` is the group of an older version. `selector` narrows the
    list to some labels; `namespace` and `name` narrow it to one object; `only` then says what is read of the kind.
    `absent` says who does not serve the kind when nobody does: then nothing is known of it.
    """

    group: str
    plural: str
    collector: str
    namespaced: bool = True
    optional: bool = False
    fallback: str = ""
    selector: str = ""
    namespace: str = ""
    name: str = ""
    only: str = ""
    absent: str = ""

    @property
    def api_group(self) -> str:
        """The name of its group as RBAC writes it, "" for the core."""
        return self.group.split("/")[2] if self.group.startswith("/apis/") else ""


class Place(msgspec.Struct, frozen=True):
    """Where a list is: its path below the group, whom it covers, and whether it is all there is of the kind there.

    `target` is "*" or a namespace; `scope` is "cluster", a namespace, or "" for a selection.
    """

    path: str
    target: str
    scope: str


def _kind(group: str, plural: str, collector: str = "", **more: bool | str) -> Kind:
    return msgspec.convert(
        {"group": group, "plural": plural, "collector": f"kubernetes/{collector or plural}", **more}, Kind
    )


_CORE, _APPS, _NETWORK, _STORAGE = "/api/v1", "/apis/apps/v1", "/apis/networking.k8s.io/v1", "/apis/storage.k8s.io/v1"
_ONLY = "only Grafana data sources and the configuration of CoreDNS are read"
_BATCH, _ADMISSION, _CILIUM = "/apis/batch/v1", "/apis/admissionregistration.k8s.io/v1", "/apis/cilium.io/v2"
_METRICS, _NO_METRICS = "/apis/metrics.k8s.io/v1beta1", "there is no metrics-server, or it does not answer"

KINDS: tuple[Kind, ...] = (
    # Pods come first: their logs wait for them.
    _kind(_CORE, "pods"),
    _kind(_CORE, "nodes", namespaced=False),
    _kind(_CORE, "events"),
    _kind(_CORE, "namespaces", namespaced=False),
    _kind(_CORE, "services"),
    _kind("/apis/discovery.k8s.io/v1", "endpointslices", fallback="/apis/discovery.k8s.io/v1beta1"),
    _kind(_APPS, "deployments", "workloads"),
    _kind(_APPS, "replicasets", "workloads"),
    _kind(_APPS, "statefulsets", "workloads"),
    _kind(_APPS, "daemonsets", "workloads"),
    _kind(_BATCH, "jobs", "workloads"),
    _kind(_BATCH, "cronjobs", "workloads", fallback="/apis/batch/v1beta1"),
    _kind(_CORE, "persistentvolumeclaims"),
    _kind(_CORE, "persistentvolumes", namespaced=False),
    _kind(_STORAGE, "storageclasses", namespaced=False),
    _kind(_STORAGE, "volumeattachments", namespaced=False),
    _kind(_STORAGE, "csinodes", namespaced=False),
    _kind(_NETWORK, "networkpolicies"),
    _kind(_CILIUM, "ciliumnetworkpolicies", "networkpolicies", optional=True),
    _kind(_CILIUM, "ciliumclusterwidenetworkpolicies", "networkpolicies", namespaced=False, optional=True),
    _kind(_NETWORK, "ingresses"),
    _kind(_NETWORK, "ingressclasses", namespaced=False),
    _kind("/apis/autoscaling/v2", "horizontalpodautoscalers", fallback="/apis/autoscaling/v1"),
    _kind("/apis/policy/v1", "poddisruptionbudgets"),
    _kind(_CORE, "resourcequotas"),
    _kind(_CORE, "limitranges"),
    _kind(_ADMISSION, "mutatingwebhookconfigurations", "webhooks", namespaced=False),
    _kind(_ADMISSION, "validatingwebhookconfigurations", "webhooks", namespaced=False),
    _kind("/apis/apiregistration.k8s.io/v1", "apiservices", namespaced=False),
    _kind("/apis/certificates.k8s.io/v1", "certificatesigningrequests", namespaced=False),
    _kind("/apis/coordination.k8s.io/v1", "leases"),
    _kind(_METRICS, "nodes", "metrics", namespaced=False, absent=_NO_METRICS),
    _kind(_METRICS, "pods", "metrics", absent=_NO_METRICS),
    _kind(_CORE, "configmaps", selector="grafana_datasource=1", only=_ONLY),
    _kind(_CORE, "configmaps", namespace="kube-system", name="coredns", optional=True, only=_ONLY),
)


def place_of(kind: Kind, namespace: str | None) -> Place:
    """Return where `kind` is found when `namespace` is looked at, or with None the whole cluster."""
    inside = quote(namespace or "", safe="")
    if kind.name:
        return Place(
            f"/namespaces/{kind.namespace}/{kind.plural}/{kind.name}", kind.namespace if namespace else "*", ""
        )
    if namespace and kind.plural == "namespaces":
        return Place(f"/namespaces/{inside}", namespace, "")
    scope = "" if kind.selector else (namespace or "cluster")
    if namespace and kind.namespaced:
        return Place(f"/namespaces/{inside}/{kind.plural}", namespace, scope)
    return Place(f"/{kind.plural}", "*", "" if kind.selector else "cluster")
