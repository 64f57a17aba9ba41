"""Who needs whom, as the objects of a snapshot tell: workloads, nodes, VMs, claims, Services and what routes to them.

In comes the joined index; out come dependencies that touch something in trouble, so that their number grows with the
trouble and not with the cluster.
"""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.destinations import Destinations
from facts.cluster.index import Index
from facts.cluster.machine_names import machine_names
from facts.cluster.node_health import is_sound
from facts.cluster.objects import (
    ApiService,
    HorizontalPodAutoscaler,
    Ingress,
    Node,
    PersistentVolumeClaim,
    Pod,
    PodSpec,
    Service,
    StorageClass,
    WebhookConfiguration,
    condition_of,
)
from facts.cluster.owners import owner_of, owner_of_pod
from facts.cluster.pod_settings import pod_settings
from facts.cluster.store import Seen
from facts.cluster.virtual_machine import virtual_machines
from facts.cluster.wiring import Wiring
from facts.model.schema.domains.dependencies import DependencyFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject

_CONFIGURED = 0.5
"""The probability that a workload suffers from what is wrong with a Service whose address it is configured with."""

_CONTROL_PLANES = {
    "istio-proxy": Subject("Deployment", "istiod", "istio-system"),
    "linkerd-proxy": Subject("Deployment", "linkerd-destination", "linkerd"),
}
"""What the proxies of a mesh get their configuration from, where charts put it."""

_AGENTS = re.compile(
    r"(?:rke2-)?(?:cilium|calico-node|canal|kube-flannel(?:-ds(?:-\w+)?)?|weave-net|aws-node|antrea-agent|kube-router|ovnkube-node)"
)
"""The DaemonSets that give the Pods of a node their network."""

_PROVISIONED_BY = ("volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner")
"""Annotations by which the control plane asks a driver to make the volume of a claim."""

_RESOURCE_METRICS = Subject("APIService", "v1beta1.metrics.k8s.io")


class Dependency(msgspec.Struct, frozen=True, order=True):
    """`dependent` needs `needed`; `strength` is the probability that it suffers when that does."""

    dependent: Subject
    needed: Subject
    how: str
    strength: float
    source: str
    text: str = ""

    def fact(self) -> Fact:
        """Return the `dependency` fact; without a text of its own the two subjects are its proof."""
        fact = DependencyFact(
            from_kind=self.dependent.kind,
            from_namespace=self.dependent.namespace,
            from_name=self.dependent.name,
            to_kind=self.needed.kind,
            to_namespace=self.needed.namespace,
            to_name=self.needed.name,
            how=self.how,
            strength=self.strength,
        )
        return new_fact(fact, self.source, self.text or f"{self.dependent} {self.how} {self.needed}")


def dependencies(index: Index) -> tuple[Dependency, ...]:
    """Return each dependency that touches a workload, Service, claim or node in trouble; some are there twice."""
    return tuple(_dependencies(index))


def _dependencies(index: Index) -> Iterator[Dependency]:
    troubled = _troubled_workloads(index)
    nodes = {node.name for node in index.store.every(Node) if not is_sound(node.body)}
    wiring = index.once(Wiring)
    for workload in sorted(troubled):
        yield from _wires(wiring, workload)
        for pod in index.pods.by_owner.get((workload.namespace, (workload.kind, workload.name)), ()):
            yield from _of_pod(index, workload, pod)
            yield from _of_proxies(workload, pod)
            yield from _of_agents(workload, pod)
            nodes |= {pod.body.spec.node_name} - {""}
    yield from _of_claims(index)
    yield from _of_nodes(index, nodes)
    routes = set(_routes(index, troubled))
    yield from routes
    yield from _to_services(index, {route.dependent for route in routes} | _empty_services(index))
    yield from _of_autoscalers(index, troubled)


def _of_proxies(workload: Subject, pod: Seen[Pod]) -> Iterator[Dependency]:
    """Yield that a mesh's proxy that is not ready needs the control plane of the mesh."""
    for container in (*pod.body.status.container_statuses, *pod.body.status.init_container_statuses):
        plane = _CONTROL_PLANES.get(container.name)
        if plane is not None and container.state.running is not None and not container.ready:
            yield Dependency(workload, plane, "calls", 0.9, pod.source)


def _of_agents(workload: Subject, pod: Seen[Pod]) -> Iterator[Dependency]:
    """Yield that a node needs its network agent, whose Pod there does not run for a reason of its own."""
    if workload.kind != "DaemonSet" or not _AGENTS.fullmatch(workload.name) or not pod.body.spec.node_name:
        return
    if any(each.state.waiting is not None for each in pod.body.status.container_statuses):
        yield Dependency(Subject("Node", pod.body.spec.node_name), workload, "uses", 0.95, pod.source)


def _wires(wiring: Wiring, workload: Subject) -> Iterator[Dependency]:
    """Yield the Services that a workload is configured to call, and what is behind those that have no Pod."""
    for wire in wiring.of(workload):
        target, text = wire.destination.target, f"{wire.address.place}: {wire.address.value}"
        if target is None or wire.address.telemetry:
            continue
        yield Dependency(workload, target, "calls", _CONFIGURED, wire.source, text)
        if wire.problem == "scaled-to-zero":
            for callee in wire.destination.workloads:
                yield Dependency(target, callee, "routes-to", 0.95, wire.destination.source)
        if wire.denial is not None:
            policy = wire.denial.policy
            yield Dependency(workload, policy.subject, "governed-by", 0.9, policy.source)


def _troubled_workloads(index: Index) -> set[Subject]:
    found = {Subject(kind, name, namespace) for namespace, (kind, name) in index.pods.troubled_owners}
    for seen in index.troubled_workloads:
        found.add(_subject(index, seen.kind, seen.namespace, seen.name))
    for record in index.events:
        if record.kind in ("Pod", "ReplicaSet", "Job", "Deployment", "StatefulSet", "DaemonSet", "CronJob"):
            found.add(_subject(index, record.kind, record.namespace, record.name))
    return {subject for subject in found if subject.name}


def _subject(index: Index, kind: str, namespace: str, name: str) -> Subject:
    owner, owner_name = owner_of(index.store, kind, namespace, name)
    return Subject(owner, owner_name, namespace)


def _of_pod(index: Index, workload: Subject, pod: Seen[Pod]) -> Iterator[Dependency]:
    spec, source = pod.body.spec, pod.source
    if spec.node_name:
        # A workload whose other Pods run elsewhere is not lost with one node.
        lone = (pod.namespace, pod.name) in index.pods.troubled_names
        yield Dependency(workload, Subject("Node", spec.node_name), "runs-on", 0.95 if lone else 0.3, source)
    for kind, name in _used(spec):
        yield Dependency(workload, Subject(kind, name, pod.namespace), "uses", 0.9, source)
    if pod.namespace:
        yield Dependency(workload, Subject("Namespace", pod.namespace), "governed-by", 0.9, source)


def _used(spec: PodSpec) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the claims, ConfigMaps, Secrets and accounts that a Pod needs."""
    for volume in spec.volumes:
        if volume.persistent_volume_claim is not None:
            yield "PersistentVolumeClaim", volume.persistent_volume_claim.claim_name
    for setting in pod_settings(spec):
        if not setting.optional:
            yield setting.kind, setting.name
    if spec.service_account_name not in ("", "default"):
        yield "ServiceAccount", spec.service_account_name


def _of_claims(index: Index) -> Iterator[Dependency]:
    classes: set[str] = set()
    drivers: set[str] = set()
    for claim in index.store.every(PersistentVolumeClaim):
        if claim.body.status.phase in ("", "Bound"):
            continue
        here = Subject("PersistentVolumeClaim", claim.name, claim.namespace)
        storage_class = claim.body.spec.storage_class_name
        if storage_class:
            classes.add(storage_class)
            yield Dependency(here, Subject("StorageClass", storage_class), "uses", 0.95, claim.source)
        annotations = claim.body.metadata.annotations or {}
        for driver in {annotations[key] for key in _PROVISIONED_BY if key in annotations}:
            drivers.add(driver)
            yield Dependency(here, Subject("CSIDriver", driver), "uses", 0.95, claim.source)
        if claim.body.spec.volume_name:
            volume = Subject("PersistentVolume", claim.body.spec.volume_name)
            yield Dependency(here, volume, "uses", 0.95, claim.source)
        yield Dependency(here, Subject("Namespace", claim.namespace), "governed-by", 0.9, claim.source)
    for storage in index.store.every(StorageClass):
        if storage.body.provisioner and storage.name in classes:
            drivers.add(storage.body.provisioner)
            needed = Subject("CSIDriver", storage.body.provisioner)
            yield Dependency(Subject("StorageClass", storage.name), needed, "uses", 0.95, storage.source)
    yield from _of_drivers(index, drivers)


def _of_drivers(index: Index, drivers: set[str]) -> Iterator[Dependency]:
    """Yield which workloads in trouble a storage driver needs.

    They name it: in the path under which its registrar tells the kubelet of it, or in another argument; the provisioner
    beside the driver is known by its image.
    """
    for driver in sorted(drivers):
        homes = {pod.namespace for pod in index.store.every(Pod) if _mentions(pod.body.spec, driver)}
        for pod in (troubled.seen for troubled in index.pods.troubled):
            spec = pod.body.spec
            provisions = any("provisioner" in each.image.rsplit("/", 1)[-1] for each in spec.containers)
            if _mentions(spec, driver) or (provisions and pod.namespace in homes):
                workload = Subject(*owner_of_pod(index.store, pod), pod.namespace)
                yield Dependency(Subject("CSIDriver", driver), workload, "made-of", 0.95, pod.source)


def _mentions(spec: PodSpec, driver: str) -> bool:
    return any(
        driver in text
        for each in spec.containers
        for text in (*each.args, *each.command, *(variable.value or "" for variable in each.env))
    )


def _of_nodes(index: Index, nodes: set[str]) -> Iterator[Dependency]:
    """Yield that a node runs on the VM of its name or address, and a VM on its host."""
    names = machine_names(index.store)
    machines = virtual_machines(index.store)
    for machine in machines:
        node = names.get(machine.ip, machine.name) if machine.ip else machine.name
        if node in nodes or machine.state != "running":
            yield Dependency(
                Subject("Node", node), Subject("VM", machine.name), "runs-on", 0.98, machine.source, machine.text
            )


def _routes(index: Index, troubled: set[Subject]) -> Iterator[Dependency]:
    """Yield that a Service routes to the workloads in trouble that its selector matches."""
    for service in index.store.every(Service):
        if not service.body.spec.selector:
            continue
        here = Subject("Service", service.name, service.namespace)
        backing = index.backings.of(service)
        for pod in backing.pods or index.once(Destinations).pods_behind(service):
            workload = Subject(*owner_of_pod(index.store, pod), pod.namespace)
            if workload in troubled:
                strength = 0.3 if backing.ready_pods else 0.95
                yield Dependency(here, workload, "routes-to", strength, service.source)


def _empty_services(index: Index) -> set[Subject]:
    return {
        Subject("Service", service.name, service.namespace)
        for service in index.store.every(Service)
        if service.body.spec.selector and index.backings.of(service).empty
    }


def _to_services(index: Index, services: set[Subject]) -> Iterator[Dependency]:
    """Yield what routes to one of `services`: Ingresses, webhooks and APIServices."""
    for ingress in index.store.every(Ingress):
        here = Subject("Ingress", ingress.name, ingress.namespace)
        spec = ingress.body.spec
        backends = [
            spec.default_backend,
            spec.backend,
            *(path.backend for rule in spec.rules for path in rule.http.paths),
        ]
        for backend in backends:
            if backend is not None:
                name = backend.service.name if backend.service else backend.service_name
                service = Subject("Service", name, ingress.namespace)
                if service in services:
                    yield Dependency(here, service, "routes-to", 0.95, ingress.source)
    for webhook in index.store.every(WebhookConfiguration):
        for each in webhook.body.webhooks:
            reference = each.client_config.service
            if reference is not None:
                service = Subject("Service", reference.name, reference.namespace)
                if service in services:
                    for name in dict.fromkeys((webhook.name, each.name)):  # errors name the webhook, not its object
                        here = Subject("WebhookConfiguration", name)
                        yield Dependency(here, service, "routes-to", 0.95, webhook.source)
    for api in index.store.every(ApiService):
        if api.body.spec.service is not None:
            service = Subject("Service", api.body.spec.service.name, api.body.spec.service.namespace)
            if service in services:
                yield Dependency(Subject("APIService", api.name), service, "routes-to", 0.95, api.source)


def _of_autoscalers(index: Index, troubled: set[Subject]) -> Iterator[Dependency]:
    for scaler in index.store.every(HorizontalPodAutoscaler):
        here = Subject("HorizontalPodAutoscaler", scaler.name, scaler.namespace)
        reference = scaler.body.spec.scale_target_ref
        target = Subject(reference.kind, reference.name, scaler.namespace)
        if target in troubled:
            yield Dependency(here, target, "uses", 0.6, scaler.source)
        active = condition_of(scaler.body.status.conditions, "ScalingActive")
        if active.status == "False" and active.reason != "ScalingDisabled":
            yield Dependency(here, _RESOURCE_METRICS, "calls", 0.9, scaler.source)
