"""Pods that are not as they should be, and their containers."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.node_health import ready_of
from facts.cluster.objects import Container, ContainerStatus, Node, Pod, condition_of
from facts.cluster.pod_health import YOUNG, TroubledPod, app_of
from facts.cluster.pod_status import is_ready, restarts_of
from facts.model.schema.domains.pods import ContainerFact, PodFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_PHASES = ("Pending", "Running", "Failed", "Unknown", "Succeeded")
_NOTHING = Container()
_UNNAMED = "(a sidecar)"
"""What a table does not name."""
_DEFAULT_SCHEDULER = "default-scheduler"


def extract(index: Index) -> Iterator[Fact]:
    """Yield `pod` and `container` facts of the Pods in trouble."""
    for pod in index.pods.troubled:
        yield _pod(index, pod)
        yield from _containers(pod)


def _pod(index: Index, pod: TroubledPod) -> Fact:
    body, status = pod.seen.body, pod.seen.body.status
    node = index.store.find(Node, "Node", "", body.spec.node_name) if body.spec.node_name else None
    attributes = PodFact(
        **pod.place,
        status=pod.status,
        phase=status.phase if status.phase in _PHASES else "Unknown",
        reason=status.reason,
        message=status.message or _failing_message(body),
        ready=is_ready(body),
        scheduled=bool(body.spec.node_name) or condition_of(status.conditions, "PodScheduled").status == "True",
        restarts=restarts_of(body),
        app=pod.app,
        terminating=bool(body.metadata.deletion_timestamp),
        host_network=body.spec.host_network,
        dns_policy=body.spec.dns_policy,
        scheduler="" if body.spec.scheduler_name == _DEFAULT_SCHEDULER else body.spec.scheduler_name,
        node_ready=ready_of(node.body) if node else "",
        lingering=_lingering(index, pod),
    )
    return new_fact(attributes, pod.seen.source, f"STATUS {pod.status} {attributes.message}".strip())


def _lingering(index: Index, pod: TroubledPod) -> str:
    """Return the containers for which a Pod of a Job goes on though its work is done for a while.

    Objects alone do not tell when they were seen: then the end of the work is the newest moment, and says nothing.
    """
    statuses = pod.seen.body.status.container_statuses
    ended = [each.state.terminated for each in statuses if each.state.terminated]
    running = [each.name or _UNNAMED for each in statuses if each.state.running]
    if pod.workload_kind not in ("Job", "CronJob") or not ended or len(ended) + len(running) < len(statuses):
        return ""
    told = index.snapshot.observed_at or index.store.events or pod.seen.body.metadata.shown_age
    ages = [index.store.age(each.finished_at) for each in ended] if told else []
    done = all(each.exit_code == 0 for each in ended) and all(age is None or age >= YOUNG for age in ages)
    return ", ".join(dict.fromkeys(running)) if done else ""


def _failing_message(pod: Pod) -> str:
    failing = (found for found in pod.status.conditions if found.status == "False" and found.message)
    return next((found.message for found in failing), "")


def _containers(pod: TroubledPod) -> Iterator[Fact]:
    body = pod.seen.body
    groups = (
        (True, body.spec.init_containers, body.status.init_container_statuses),
        (False, body.spec.containers, body.status.container_statuses),
    )
    for init, specs, statuses in groups:
        by_name = {spec.name: spec for spec in specs}
        for status in statuses:
            if not _is_sound(status, init=init):
                yield _container(pod, status, by_name.get(status.name, _NOTHING), init=init)


def _is_sound(status: ContainerStatus, *, init: bool) -> bool:
    state, last = status.state, status.last_state.terminated
    if state.terminated:
        return state.terminated.exit_code == 0 and not last
    if init and state.waiting and state.waiting.reason in ("", "PodInitializing"):
        return not last
    return (status.ready or (init and state.running is not None)) and not last


def _container(pod: TroubledPod, status: ContainerStatus, spec: Container, *, init: bool) -> Fact:
    state, last = status.state, status.last_state.terminated
    name, reason, message = "", "", ""
    if state.waiting:
        name, reason, message = "waiting", state.waiting.reason, state.waiting.message
    elif state.terminated:
        name, reason, message = "terminated", state.terminated.reason, state.terminated.message
    elif state.running:
        name = "running"
    ended = state.terminated or last
    field = f"{'initContainers' if init else 'containers'}[{status.name}]"
    image = spec.image or status.image
    attributes = ContainerFact(
        **pod.place,
        container=status.name,
        init=init,
        state=name,
        reason=reason,
        message=message,
        last_reason=last.reason if last else "",
        last_message=last.message if last else "",
        exit_code=ended.exit_code if ended else -1,
        restarts=status.restart_count,
        ready=status.ready,
        image=image,
        registry=registry_of(image),
        command=" ".join((*spec.command, *spec.args)),
        memory_limit=str((spec.resources.limits or {}).get("memory", "")),
        cpu_limit=str((spec.resources.limits or {}).get("cpu", "")),
        app=app_of(pod.seen.name, pod.workload, status.name, image),
    )
    return new_fact(attributes, pod.seen.source, _proof(field, status, name, reason, message))


def _proof(field: str, status: ContainerStatus, state: str, reason: str, message: str) -> str:
    shown = f"{field}.state.{state}: {reason} {message}".rstrip(" :") if state else f"{field}: not ready"
    for path, ended in (("state", status.state.terminated), ("lastState", status.last_state.terminated)):
        if ended:
            proof = f"{field}.{path}.terminated: {ended.reason or 'ended'} (exit {ended.exit_code}) {ended.message}".rstrip()
            return proof if path == "state" else f"{shown}; {proof}"
    return shown


def registry_of(image: str) -> str:
    """Return the registry host of an image reference, docker.io when it names none, "" when there is no image.

    >>> registry_of("registry.k8s.io/pause:3.9"), registry_of("library/nginx"), registry_of("localhost:5000/a")
    ('registry.k8s.io', 'docker.io', 'localhost:5000')
    """
    if not image:
        return ""
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
