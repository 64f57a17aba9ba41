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
