"""How well-known components are set up."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class CorednsConfigFact(TypedFact, frozen=True, kw_only=True):
    """What CoreDNS forwards to."""

    KIND: ClassVar[FactKind] = FactKind(
        name="coredns_config", layer="dns", coverage="kubernetes/configmaps", compared=False
    )

    forward: Annotated[
        str, Meaning("target of the forward plugin: /etc/resolv.conf or addresses", "/etc/resolv.conf")
    ] = ""
    loop_plugin: Annotated[bool, Meaning("the loop plugin is on", True)] = False


class DatasourceFact(TypedFact, frozen=True, kw_only=True):
    """A Grafana data source that a ConfigMap provisions as the default one."""

    KIND: ClassVar[FactKind] = FactKind(
        name="datasource",
        layer="platform",
        coverage="kubernetes/configmaps",
        scope="namespace",
        subject=("=ConfigMap", "namespace", "configmap"),
    )

    namespace: Annotated[str, Meaning("namespace of the ConfigMap", "demo")] = ""
    configmap: Annotated[str, Meaning("name of the ConfigMap", "sources")] = ""
    name: Annotated[str, Meaning("name of the data source", "Prometheus")] = ""
    is_default: Annotated[bool, Meaning("marked isDefault", True)] = False


class HelmReleaseFact(TypedFact, frozen=True, kw_only=True):
    """A Helm release whose last revision is not deployed: failed, or stuck in the middle of an operation."""

    KIND: ClassVar[FactKind] = FactKind(
        name="helm_release",
        coverage="helm/releases",
        scope="namespace",
        subject=("=HelmRelease", "namespace", "name"),
        symptom="Helm release {namespace}/{name} is {status}",
        layer="platform",
        identity=("status",),
        well={"status": "deployed"},
    )

    namespace: Annotated[str, Meaning("namespace of the release", "demo")] = ""
    name: Annotated[str, Meaning("its name", "web")] = ""
    status: Annotated[
        str,
        Meaning("failed, pending-install, pending-upgrade, pending-rollback, uninstalling, unknown", "pending-upgrade"),
    ] = ""
    revision: Annotated[int, Meaning("its last revision", 2)] = 0


class MissingKeyFact(TypedFact, frozen=True, kw_only=True):
    """A variable of a workload in trouble that stays unset: it is optional, and its ConfigMap has no such key."""

    KIND: ClassVar[FactKind] = FactKind(
        name="missing_key",
        layer="workload",
        coverage="kubernetes/configmaps",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("variable",),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the workload", "cart")] = ""
    variable: Annotated[str, Meaning("name of the variable", "TAX_HOST")] = ""
    configmap: Annotated[str, Meaning("name of the ConfigMap", "cart-env")] = ""
    key: Annotated[str, Meaning("the key that it lacks", "TAX_HOST")] = ""
    near: Annotated[
        str, Meaning("a key like it that the ConfigMap has and the workload does not read, or empty", "TAX_URL")
    ] = ""


class StaleSettingFact(TypedFact, frozen=True, kw_only=True):
    """A Secret or ConfigMap that was written after the Pods were started that read it and now fail to prove who they are."""

    KIND: ClassVar[FactKind] = FactKind(
        name="stale_setting",
        layer="workload",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("kind", "name"),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the workload", "cart")] = ""
    kind: Annotated[str, Meaning("what was written", "Secret", values=("Secret", "ConfigMap"))] = ""
    name: Annotated[str, Meaning("its name", "cart-db")] = ""
    written: Annotated[str, Meaning("when (RFC 3339)", "2026-03-01T11:54:00Z")] = ""
    started: Annotated[
        str, Meaning("since when the oldest of its containers runs (RFC 3339)", "2026-02-01T08:00:00Z")
    ] = ""


class ProxiedFact(TypedFact, frozen=True, kw_only=True):
    """A Service that a workload in trouble calls through an HTTP proxy, since its NO_PROXY does not name it."""

    KIND: ClassVar[FactKind] = FactKind(
        name="proxied",
        layer="workload",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("workload_kind", "namespace", "workload"),
        identity=("host",),
    )

    namespace: Annotated[str, Meaning("its namespace", "shop")] = ""
    workload_kind: Annotated[str, Meaning("kind of the workload", "Deployment")] = ""
    workload: Annotated[str, Meaning("name of the workload", "cart")] = ""
    host: Annotated[str, Meaning("host that it calls", "tax.shop.svc")] = ""
    proxy: Annotated[str, Meaning("its HTTP_PROXY or HTTPS_PROXY", "http://proxy.example.com:3128")] = ""
    no_proxy: Annotated[str, Meaning("its NO_PROXY, or empty", "localhost,127.0.0.1")] = ""
