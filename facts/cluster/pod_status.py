"""What `kubectl get pods` shows for a Pod, computed as kubectl does it.

The order of the tests is that of `printPod` in kubernetes/pkg/printers/internalversion/printers.go.
"""

from facts.cluster.objects import Condition, ContainerStatus, Pod, Terminated, condition_of


def status_of(pod: Pod) -> str:
    """Return the STATUS column: Running, Init:0/1, CrashLoopBackOff, Terminating, ..."""
    status = pod.status
    shown = status.reason or status.phase or "Unknown"
    if condition_of(status.conditions, "PodScheduled").reason == "SchedulingGated":
        shown = "SchedulingGated"
    initializing = _initializing(pod)
    if not initializing or condition_of(status.conditions, "Initialized").status == "True":
        shown = _containers(pod, shown)
    else:
        shown = initializing
    if pod.metadata.deletion_timestamp:
        if status.reason == "NodeLost":
            return "Unknown"
        if status.phase not in ("Succeeded", "Failed"):
            return "Terminating"
    return shown


def restarts_of(pod: Pod) -> int:
    """Return the restarts of all containers, init containers included."""
    status = pod.status
    return sum(each.restart_count for each in (*status.container_statuses, *status.init_container_statuses))


def is_ready(pod: Pod) -> bool:
    """Return whether all containers are ready and the Ready condition, where there is one, does not deny it."""
    status = pod.status
    if len(status.container_statuses) < len(pod.spec.containers) or not status.container_statuses:
        return _ready(status.conditions).status == "True"
    return all(each.ready for each in status.container_statuses) and _ready(status.conditions).status != "False"


def _ready(conditions: tuple[Condition, ...]) -> Condition:
    return condition_of(conditions, "Ready")


def _initializing(pod: Pod) -> str:
    """Return what is shown while init containers run or fail; "" once they are done."""
    sidecars = {container.name for container in pod.spec.init_containers if container.restart_policy == "Always"}
    for position, container in enumerate(pod.status.init_container_statuses):
        state = container.state
        if state.terminated and (state.terminated.exit_code == 0 or state.terminated.reason == "Completed"):
            continue
        if container.name in sidecars and container.started:
            continue
        if state.terminated:
            return f"Init:{_ended(state.terminated)}"
        if state.waiting and state.waiting.reason not in ("", "PodInitializing"):
            return f"Init:{state.waiting.reason}"
        return f"Init:{position}/{len(pod.spec.init_containers) or len(pod.status.init_container_statuses)}"
    return ""


def _containers(pod: Pod, shown: str) -> str:
    running = False
    for container in reversed(pod.status.container_statuses):
        if container.state.waiting and container.state.waiting.reason:
            shown = container.state.waiting.reason
        elif container.state.terminated:
            shown = _ended(container.state.terminated)
        elif container.ready and _runs(container):
            running = True
    if shown == "Completed" and running:
        return "Running" if _ready(pod.status.conditions).status == "True" else "NotReady"
    return shown


def _runs(container: ContainerStatus) -> bool:
    return container.state.running is not None


def _ended(terminated: Terminated) -> str:
    if terminated.reason:
        return terminated.reason
    return f"Signal:{terminated.signal}" if terminated.signal else f"ExitCode:{terminated.exit_code}"
