"""Kubernetes objects, with only the fields that extractors read; the shapes are those of the Kubernetes API reference.

Every field has a default, for text such as `kubectl get pods` tells only a few of them.
"""
# ruff: noqa: D101 - the API reference documents these types; what is not its own has a docstring

from typing import Any

import msgspec

Labels = dict[str, str]
Quantity = str | int | float
"""A quantity as written, such as 500m, 2Gi or 3; see `facts.cluster.quantity`."""


class Part(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A piece of an object: its fields are named as in the API."""


class OwnerReference(Part, frozen=True):
    kind: str = ""
    name: str = ""
    controller: bool | None = None


class Metadata(Part, frozen=True):
    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    labels: Labels | None = None
    annotations: Labels | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    owner_references: tuple[OwnerReference, ...] = ()
    shown_age: str = ""
    """AGE or LAST SEEN as a table shows it; the API has no such field."""


class KubernetesObject(Part, frozen=True):
    """What all objects have."""

    metadata: Metadata = Metadata()


class CustomObject(KubernetesObject, frozen=True):
    """An object of which no more is read than its status, whatever its kind makes of that."""

    status: Any = None


class Condition(Part, frozen=True):
    type: str = ""
    status: str = ""
    reason: str = ""
    message: str = ""
    last_transition_time: str | None = None
    last_heartbeat_time: str | None = None


class ObjectReference(Part, frozen=True):
    kind: str = ""
    name: str = ""
    namespace: str = ""
    field_path: str = ""


# --- Pods ---------------------------------------------------------------------------------------------------------


class ContainerPort(Part, frozen=True):
    name: str = ""
    container_port: int = 0
    host_port: int = 0
    protocol: str = ""


class Resources(Part, frozen=True):
    limits: dict[str, Quantity] | None = None
    requests: dict[str, Quantity] | None = None


class ValueSource(Part, frozen=True):
    config_map_key_ref: "NamedSource | None" = None
    secret_key_ref: "NamedSource | None" = None


class EnvironmentVariable(Part, frozen=True):
    name: str = ""
    value: str = ""
    value_from: ValueSource | None = None


class EnvironmentSource(Part, frozen=True):
    config_map_ref: "NamedSource | None" = None
    secret_ref: "NamedSource | None" = None


class Container(Part, frozen=True):
    name: str = ""
    image: str = ""
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[EnvironmentVariable, ...] = ()
    env_from: tuple[EnvironmentSource, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    resources: Resources = Resources()
    restart_policy: str = ""


class NamedSource(Part, frozen=True):
    """A ConfigMap, Secret or claim that a volume or variable is filled from; the API names it by one of three fields."""

    name: str = ""
    key: str = ""
    secret_name: str = ""
    claim_name: str = ""
    optional: bool | None = None


class Nfs(Part, frozen=True):
    server: str = ""
    path: str = ""


class Volume(Part, frozen=True):
    name: str = ""
    persistent_volume_claim: NamedSource | None = None
    config_map: NamedSource | None = None
    secret: NamedSource | None = None
    nfs: Nfs | None = None
    ephemeral: dict[str, Any] | None = None


class SecurityContext(Part, frozen=True):
    fs_group: int | None = None
    run_as_user: int | None = None


class Toleration(Part, frozen=True):
    key: str = ""
    operator: str = "Equal"
    value: str = ""
    effect: str = ""


class HostAlias(Part, frozen=True):
    hostnames: tuple[str, ...] = ()


class PodSpec(Part, frozen=True):
    node_name: str = ""
    service_account_name: str = ""
    tolerations: tuple[Toleration, ...] = ()
    containers: tuple[Container, ...] = ()
    init_containers: tuple[Container, ...] = ()
    volumes: tuple[Volume, ...] = ()
    security_context: SecurityContext = SecurityContext()
    host_network: bool = False
    dns_policy: str = ""
    host_aliases: tuple[HostAlias, ...] = ()
    scheduler_name: str = ""
    node_selector: Labels | None = None
    affinity: dict[str, Any] | None = None
    topology_spread_constraints: tuple[dict[str, Any], ...] = ()
    scheduling_gates: tuple[dict[str, Any], ...] = ()
    overhead: dict[str, Quantity] | None = None
    resources: Resources = Resources()


class Waiting(Part, frozen=True):
    reason: str = ""
    message: str = ""


class Running(Part, frozen=True):
    started_at: str | None = None


class Terminated(Part, frozen=True):
    reason: str = ""
    message: str = ""
    exit_code: int = -1
    signal: int = 0
    started_at: str | None = None
    finished_at: str | None = None


class ContainerState(Part, frozen=True):
    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None


class ContainerStatus(Part, frozen=True):
    name: str = ""
    image: str = ""
    ready: bool = False
    started: bool | None = None
    restart_count: int = 0
    state: ContainerState = ContainerState()
    last_state: ContainerState = ContainerState()


class PodStatus(Part, frozen=True):
    phase: str = ""
    reason: str = ""
    message: str = ""
    start_time: str | None = None
    pod_ip: str = msgspec.field(default="", name="podIP")
    conditions: tuple[Condition, ...] = ()
    container_statuses: tuple[ContainerStatus, ...] = ()
    init_container_statuses: tuple[ContainerStatus, ...] = ()


class Pod(KubernetesObject, frozen=True):
    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()


# --- nodes --------------------------------------------------------------------------------------------------------


class Taint(Part, frozen=True):
    key: str = ""
    value: str = ""
    effect: str = ""


class NodeSpec(Part, frozen=True):
    taints: tuple[Taint, ...] = ()
    unschedulable: bool = False
    pod_cidr: str = msgspec.field(default="", name="podCIDR")
    provider_id: str = msgspec.field(default="", name="providerID")


class NodeAddress(Part, frozen=True):
    type: str = ""
    address: str = ""


class NodeInfo(Part, frozen=True):
    kubelet_version: str = ""


class NodeStatus(Part, frozen=True):
    conditions: tuple[Condition, ...] = ()
    addresses: tuple[NodeAddress, ...] = ()
    node_info: NodeInfo = NodeInfo()
    allocatable: dict[str, Quantity] | None = None


class Node(KubernetesObject, frozen=True):
    spec: NodeSpec = NodeSpec()
    status: NodeStatus = NodeStatus()


# --- events: core/v1 and events.k8s.io/v1 -------------------------------------------------------------------------


class EventSource(Part, frozen=True):
    component: str = ""
    host: str = ""


class EventSeries(Part, frozen=True):
    count: int = 0
    last_observed_time: str | None = None


class Event(KubernetesObject, frozen=True):
    involved_object: ObjectReference | None = None
    regarding: ObjectReference | None = None
    reason: str = ""
    message: str = ""
    note: str = ""
    type: str = ""
    count: int | None = None
    deprecated_count: int | None = None
    series: EventSeries | None = None
    source: EventSource | None = None
    deprecated_source: EventSource | None = None
    reporting_component: str = ""
    reporting_controller: str = ""
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    deprecated_last_timestamp: str | None = None
    event_time: str | None = None


# --- workloads ----------------------------------------------------------------------------------------------------


class TemplateMetadata(Part, frozen=True):
    labels: Labels | None = None


class Template(Part, frozen=True):
    metadata: TemplateMetadata = TemplateMetadata()
    spec: PodSpec = PodSpec()


class WorkloadSpec(Part, frozen=True):
    replicas: int | None = None
    template: Template = Template()
    service_name: str = ""
    suspend: bool | None = None
    schedule: str = ""
    completions: int | None = None
    parallelism: int | None = None


class WorkloadStatus(Part, frozen=True):
    replicas: int = 0
    ready_replicas: int = 0
    desired_number_scheduled: int = 0
    current_number_scheduled: int = 0
    number_ready: int = 0
    active: Any = None
    succeeded: int = 0
    failed: int = 0
    start_time: str | None = None
    last_schedule_time: str | None = None
    last_successful_time: str | None = None
    conditions: tuple[Condition, ...] = ()


class Workload(KubernetesObject, frozen=True):
    """A Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job or CronJob."""

    spec: WorkloadSpec = WorkloadSpec()
    status: WorkloadStatus = WorkloadStatus()


# --- Services -----------------------------------------------------------------------------------------------------


class ServicePort(Part, frozen=True):
    name: str = ""
    port: int = 0
    target_port: int | str = ""
    node_port: int = 0


class LoadBalancer(Part, frozen=True):
    ingress: tuple[dict[str, Any], ...] = ()


class ServiceSpec(Part, frozen=True):
    type: str = "ClusterIP"
    selector: Labels | None = None
    ports: tuple[ServicePort, ...] = ()
    cluster_ip: str = msgspec.field(default="", name="clusterIP")
    external_traffic_policy: str = ""
    internal_traffic_policy: str = ""


class LoadBalancerStatus(Part, frozen=True):
    load_balancer: LoadBalancer = LoadBalancer()


class Service(KubernetesObject, frozen=True):
    spec: ServiceSpec = ServiceSpec()
    status: LoadBalancerStatus = LoadBalancerStatus()


class EndpointAddress(Part, frozen=True):
    ip: str = ""
    target_ref: ObjectReference | None = None


class EndpointPort(Part, frozen=True):
    port: int | None = None


class EndpointSubset(Part, frozen=True):
    ports: tuple[EndpointPort, ...] = ()
    addresses: tuple[EndpointAddress, ...] = ()
    not_ready_addresses: tuple[EndpointAddress, ...] = ()


class Endpoints(KubernetesObject, frozen=True):
    subsets: tuple[EndpointSubset, ...] = ()


class EndpointConditions(Part, frozen=True):
    ready: bool | None = None


class Endpoint(Part, frozen=True):
    addresses: tuple[str, ...] = ()
    conditions: EndpointConditions = EndpointConditions()
    target_ref: ObjectReference | None = None


class EndpointSlice(KubernetesObject, frozen=True):
    endpoints: tuple[Endpoint, ...] = ()
    ports: tuple[EndpointPort, ...] = ()


class ServiceName(Part, frozen=True):
    name: str = ""
    namespace: str = ""


class BackendPort(Part, frozen=True):
    name: str = ""
    number: int = 0


class BackendService(Part, frozen=True):
    name: str = ""
    port: BackendPort = BackendPort()


class IngressBackend(Part, frozen=True):
    """Where an Ingress sends requests to; `service_name` and `service_port` are those of extensions/v1beta1."""

    service: BackendService | None = None
    service_name: str = ""
    service_port: int | str = ""


class IngressPath(Part, frozen=True):
    backend: IngressBackend = IngressBackend()


class IngressHttp(Part, frozen=True):
    paths: tuple[IngressPath, ...] = ()


class IngressRule(Part, frozen=True):
    http: IngressHttp = IngressHttp()


class IngressTls(Part, frozen=True):
    secret_name: str = ""


class IngressSpec(Part, frozen=True):
    ingress_class_name: str = ""
    default_backend: IngressBackend | None = None
    backend: IngressBackend | None = None
    rules: tuple[IngressRule, ...] = ()
    tls: tuple[IngressTls, ...] = ()


class Ingress(KubernetesObject, frozen=True):
    spec: IngressSpec = IngressSpec()
    status: LoadBalancerStatus = LoadBalancerStatus()


class NetworkPolicy(KubernetesObject, frozen=True):
    """A NetworkPolicy, CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy."""

    spec: dict[str, Any] | None = None
    specs: tuple[dict[str, Any], ...] = ()


# --- storage ------------------------------------------------------------------------------------------------------


class ClaimSpec(Part, frozen=True):
    storage_class_name: str | None = None
    access_modes: tuple[str, ...] = ()
    resources: Resources = Resources()
    volume_name: str = ""


class PhaseStatus(Part, frozen=True):
    phase: str = ""
    conditions: tuple[Condition, ...] = ()


class PersistentVolumeClaim(KubernetesObject, frozen=True):
    spec: ClaimSpec = ClaimSpec()
    status: PhaseStatus = PhaseStatus()


class PersistentVolume(KubernetesObject, frozen=True):
    """Its spec holds the volume source under the name of its type, so it stays a plain dictionary."""

    spec: dict[str, Any] | None = None
    status: PhaseStatus = PhaseStatus()


class StorageClass(KubernetesObject, frozen=True):
    provisioner: str = ""
    volume_binding_mode: str = ""


class VolumeError(Part, frozen=True):
    message: str = ""


class VolumeAttachmentSource(Part, frozen=True):
    persistent_volume_name: str = ""


class VolumeAttachmentSpec(Part, frozen=True):
    attacher: str = ""
    node_name: str = ""
    source: VolumeAttachmentSource = VolumeAttachmentSource()


class VolumeAttachmentStatus(Part, frozen=True):
    attach_error: VolumeError | None = None
    detach_error: VolumeError | None = None


class VolumeAttachment(KubernetesObject, frozen=True):
    spec: VolumeAttachmentSpec = VolumeAttachmentSpec()
    status: VolumeAttachmentStatus = VolumeAttachmentStatus()


# --- scaling, quotas, admission -----------------------------------------------------------------------------------


class DisruptionBudgetStatus(Part, frozen=True):
    current_healthy: int = 0
    desired_healthy: int = 0
    disruptions_allowed: int = 0
    expected_pods: int = 0


class PodDisruptionBudget(KubernetesObject, frozen=True):
    status: DisruptionBudgetStatus = DisruptionBudgetStatus()


class SigningRequestSpec(Part, frozen=True):
    signer_name: str = ""
    username: str = ""


class SigningRequestStatus(Part, frozen=True):
    conditions: tuple[Condition, ...] = ()


class CertificateSigningRequest(KubernetesObject, frozen=True):
    spec: SigningRequestSpec = SigningRequestSpec()
    status: SigningRequestStatus = SigningRequestStatus()


class LeaseSpec(Part, frozen=True):
    holder_identity: str = ""
    lease_duration_seconds: int = 0
    renew_time: str | None = None


class Lease(KubernetesObject, frozen=True):
    spec: LeaseSpec = LeaseSpec()


class AutoscalerSpec(Part, frozen=True):
    scale_target_ref: ObjectReference = ObjectReference()
    max_replicas: int = 0
    metrics: tuple[dict[str, Any], ...] = ()
    target_cpu: int | None = msgspec.field(default=None, name="targetCPUUtilizationPercentage")


class AutoscalerStatus(Part, frozen=True):
    current_replicas: int = 0
    desired_replicas: int = 0
    conditions: tuple[Condition, ...] = ()
    current_metrics: tuple[dict[str, Any], ...] = ()
    current_cpu: int | None = msgspec.field(default=None, name="currentCPUUtilizationPercentage")


class HorizontalPodAutoscaler(KubernetesObject, frozen=True):
    spec: AutoscalerSpec = AutoscalerSpec()
    status: AutoscalerStatus = AutoscalerStatus()


class QuotaStatus(Part, frozen=True):
    hard: dict[str, Quantity] | None = None
    used: dict[str, Quantity] | None = None


class ResourceQuota(KubernetesObject, frozen=True):
    status: QuotaStatus = QuotaStatus()


class ClientConfig(Part, frozen=True):
    service: ServiceName | None = None


class Webhook(Part, frozen=True):
    name: str = ""
    failure_policy: str = "Fail"
    client_config: ClientConfig = ClientConfig()


class WebhookConfiguration(KubernetesObject, frozen=True):
    webhooks: tuple[Webhook, ...] = ()


class ApiServiceSpec(Part, frozen=True):
    service: ServiceName | None = None


class ApiService(KubernetesObject, frozen=True):
    spec: ApiServiceSpec = ApiServiceSpec()
    status: PhaseStatus = PhaseStatus()


class Namespace(KubernetesObject, frozen=True):
    status: PhaseStatus = PhaseStatus()


class ConfigMap(KubernetesObject, frozen=True):
    data: Labels | None = None


class ContainerMetrics(Part, frozen=True):
    usage: dict[str, Quantity] | None = None


class Metrics(KubernetesObject, frozen=True):
    """NodeMetrics (`usage`) or PodMetrics (`containers`) of metrics.k8s.io."""

    usage: dict[str, Quantity] | None = None
    containers: tuple[ContainerMetrics, ...] = ()


def labels_of(thing: KubernetesObject) -> Labels:
    """Return the labels of an object, {} when it has none."""
    return thing.metadata.labels or {}


def condition_of(conditions: tuple[Condition, ...], kind: str) -> Condition:
    """Return the condition of type `kind`, or an empty one when it is not there."""
    for condition in conditions:
        if condition.type == kind:
            return condition
    return _NO_CONDITION


_NO_CONDITION = Condition()
