"""The text of a snapshot that rules may look into: logs, events that matter, status messages, command output."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

import msgspec
import re2

from facts.cluster.component import component_of
from facts.cluster.conditions import wrong_conditions
from facts.cluster.event_record import EventRecord
from facts.cluster.index import Index
from facts.cluster.log_file import LogFiles
from facts.cluster.moment import seconds_of, written
from facts.cluster.node_health import NOT_READY, bad_conditions, is_joining, ready_of
from facts.cluster.objects import ApiService, CustomObject, Node, PersistentVolumeClaim, Pod, Workload, condition_of
from facts.cluster.owners import owner_of
from facts.cluster.pod_health import LATELY, TroubledPod
from facts.cluster.ssh_outcome import untold
from facts.cluster.store import Seen
from facts.cluster.virtual_machine import vm_managers
from facts.cluster.workload_health import state_of
from facts.extract.domains.scheduling import is_outdated
from facts.model.schema import COMPONENTS
from facts.model.values import Observation, ObservationKind, Scalar, Text

_MOMENT = re.compile(rb"^[^\n]{0,40}?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?", re.MULTILINE)
"""The moment at which a line of a log was printed, where the line starts with it."""

_REPORTERS = {
    "kubelet": "kubelet",
    "default-scheduler": "scheduler",
    "kernel-monitor": "kernel",
    "kube-proxy": "kube-proxy",
}
_COMMANDS = {
    "ssh": "ssh",
    "kubectl": "kubectl",
}

_TOLD = frozenset(("bash", "date", "ls", "nproc", "openssl", "ss", "sysctl", "uptime"))
"""Commands that kbdiag itself runs, and of which facts tell all: a refused connection there is no application's."""


def texts_of(index: Index) -> tuple[Text, ...]:
    """Return all text to scan: a log is read whoever's it is; of a Pod that is well, what it said lately."""
    return (*_logs(index), *_commands(index), *_events(index), *_statuses(index))


def _logs(index: Index) -> Iterator[Text]:
    files = LogFiles(index.pods)
    for observation in index.store.observations(ObservationKind.LOG):
        component = observation.attribute("component")
        name, namespace = observation.attribute("pod"), observation.attribute("namespace")
        attributes = _attributes(observation)
        if not name and component in ("", "container") and (owners := files.pods_of(observation.source)):
            namespace, name = owners[0].namespace, owners[0].name
            attributes |= {"namespace": namespace} | ({"pod": name} if len(owners) == 1 else {})
        pod = index.store.find(Pod, "Pod", namespace, name) if name else None
        if name and pod is None and (named := _kind_of_workload(index, namespace, name)):
            attributes.pop("pod", None)
            attributes |= {"workload_kind": named, "workload": name}
        elif name:
            kind, workload = index.pods.owner(namespace, name)
            attributes |= {"workload_kind": kind, "workload": workload}
        if pod and "pod" in attributes:
            attributes |= {"namespace": pod.namespace, "node": pod.body.spec.node_name or attributes.get("node", "")}
        components = {component} - {""} | ({"container"} if name or observation.attribute("container") else set())
        ended = observation.attribute("previous") == "true"
        body, line = observation.body, observation.line
        if pod and (pod.namespace, pod.name) not in index.pods.troubled_names:
            body, line = _said_lately(index, body, line)
        yield Text(body, observation.source, frozenset(components), attributes, line, ended=ended)


def _kind_of_workload(index: Index, namespace: str, name: str) -> str:
    """Return the kind of the workload whose log was asked for as a whole, as `kubectl logs deploy/cart` does, or ""."""
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "Job")
    known = (kind for kind in kinds if index.store.find(Workload, kind, namespace, name))
    owned = (kind for kind in kinds if (namespace, (kind, name)) in index.pods.by_owner)
    return next(known, "") or next(owned, "")


def _said_lately(index: Index, body: bytes, line: int) -> tuple[bytes, int]:
    """Return the end of a log that starts `LATELY` seconds before now, and its line; all of it when that is not known."""
    if index.store.now is None:
        return body, line
    late, position = _not_before(written(datetime.fromtimestamp(index.store.now - LATELY, UTC))[:19]), 0
    while candidate := late.search(body, position):
        match = _MOMENT.match(body, candidate.start())
        then = seconds_of(match[1].decode() + (match[2] or b"Z").decode()) if match else None
        if match and (then is None or index.store.now - then <= LATELY):
            return body[match.start() :], line + body.count(b"\n", 0, match.start())
        position = body.find(b"\n", candidate.start()) + 1 or len(body)
    return (b"", line) if _MOMENT.search(body) else (body, line)


@lru_cache(maxsize=64)
def _not_before(moment: str) -> Any:
    """Return the pattern of a line that may start with `moment` or a later one.

    Moments in UTC have the order of their digits. Of one with another zone nothing is known by its digits.
    """
    later = [
        re.escape(moment[:place]) + f"[{int(digit) + 1}-9]" + re.sub(r"\d", r"\\d", moment[place + 1 :])
        for place, digit in enumerate(moment)
        if digit.isdigit() and digit != "9"
    ]
    utc = "|".join((moment, *later)).replace("T", "[T ]")
    zoned = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?[+-]\d\d"
    return re2.compile(rf"(?m)^[^\n]{{0,40}}?(?:{utc}|{zoned})".encode())


def _is_not_ready(index: Index, node: Seen[Node]) -> bool:
    return ready_of(node.body) in NOT_READY and not is_joining(index.store, node)


def _attributes(observation: Observation) -> dict[str, Scalar]:
    known = {name: observation.attribute(name) for name in ("node", "namespace", "pod", "container")}
    return {name: value for name, value in known.items() if value}


def _commands(index: Index) -> Iterator[Text]:
    logs = {(log.source, log.line) for log in index.store.observations(ObservationKind.LOG)}
    managers = {manager.PROGRAM: name for name, manager in vm_managers().items() if name in COMPONENTS}
    programs = _COMMANDS | managers
    commands = tuple(index.store.observations(ObservationKind.COMMAND))
    last = {_run_of(observation): observation for observation in commands}
    for observation in commands:
        if (observation.source, observation.line) in logs:
            continue  # its reader gives the same lines as a log
        if last[_run_of(observation)] is not observation:
            continue  # it was run again: the last run tells how things stand
        words = observation.attribute("command").split()
        if words and words[0] in _TOLD:
            continue
        components = {programs.get(words[0], "shell")} if words else set()
        if words[:2] == ["systemctl", "status"]:
            components = {"systemd", component_of(words[2] if len(words) > 2 else observation.attribute("target"))} - {
                ""
            }
        body = observation.body
        if words[:1] == ["ssh"]:  # the same fault, once as a fact about a machine and once as a line about an address
            body = untold(body.decode(errors="replace"), observation.attribute("exit")).encode()
        host = observation.attribute("host") if observation.attribute("role") != "host" else ""
        attributes: dict[str, Scalar] = {"node": host} if host else {}
        yield Text(body, observation.source, frozenset(components), attributes, observation.line)


def _run_of(observation: Observation) -> tuple[str, ...]:
    """Return the file, the machine and the command: runs of the same are compared."""
    return (observation.source, *(observation.attribute(name) for name in ("command", "target", "host")))


def _events(index: Index) -> Iterator[Text]:
    for record in index.events:
        if record.reason == "FailedScheduling" and is_outdated(index, record.message):
            continue  # facts tell which of its reasons still hold
        kind, workload = owner_of(index.store, record.kind, record.namespace, record.name)
        attributes: dict[str, Scalar] = {
            "namespace": record.namespace,
            "node": record.name if record.kind == "Node" else record.host or _node_of(index, record),
            "pod": record.name if record.kind == "Pod" else "",
            "container": record.container,
            "workload_kind": kind,
            "workload": workload,
            "object_kind": record.kind,
            "object": record.name,
        }
        components = frozenset({"event", _reporter(record.component)} - {""})
        message = _message(record.message, record.source, components, attributes)
        yield msgspec.structs.replace(message, failing=record.warning, count=max(1, record.count))


def _node_of(index: Index, record: EventRecord) -> str:
    """Return the node of the Pod that a kubelet's event is about: tables of events do not tell who reported it."""
    known = record.kind == "Pod" and record.component in ("", "kubelet")
    pod = index.store.find(Pod, "Pod", record.namespace, record.name) if known else None
    return pod.body.spec.node_name if pod else ""


def _reporter(component: str) -> str:
    if component in _REPORTERS:
        return _REPORTERS[component]
    known = component_of(component)
    if known in COMPONENTS:
        return known
    return "controller-manager" if component.endswith(("-controller", "-autoscaler")) else ""


def _statuses(index: Index) -> Iterator[Text]:
    kubelet, controller = frozenset(("status", "kubelet")), frozenset(("status", "controller-manager"))
    for pod in index.pods.troubled:
        unplaced = condition_of(pod.seen.body.status.conditions, "PodScheduled").message
        place = cast(dict[str, Scalar], pod.place)
        for container, message in _pod_messages(pod):
            if message == unplaced and is_outdated(index, message):
                continue
            components = frozenset(("status", "scheduler")) if message == unplaced else kubelet
            yield _message(message, pod.seen.source, components, {**place, "container": container})
    for node in index.store.every(Node):
        if is_joining(index.store, node):
            continue
        for condition in (condition_of(node.body.status.conditions, "Ready"), *bad_conditions(node.body)):
            if condition.message and not (condition.type == "Ready" and condition.status == "True"):
                yield _message(condition.message, node.source, kubelet, {"node": node.name})
    for workload in index.troubled_workloads:
        kind, name = owner_of(index.store, workload.kind, workload.namespace, workload.name)
        attributes: dict[str, Scalar] = {"namespace": workload.namespace, "workload_kind": kind, "workload": name}
        attributes |= {"object_kind": workload.kind, "object": workload.name}
        if message := state_of(workload).failing.message:
            yield _message(message, workload.source, controller, attributes)
    for claim in index.store.every(PersistentVolumeClaim):
        if message := condition_of(claim.body.status.conditions, "FileSystemResizePending").message:
            named: dict[str, Scalar] = {"namespace": claim.namespace, "object_kind": claim.kind, "object": claim.name}
            yield _message(message, claim.source, controller, named)
    for seen in index.store.every(CustomObject):
        for condition in wrong_conditions(index.store, seen):
            if condition.message:
                kinds = frozenset(("status",))
                subject: dict[str, Scalar] = {
                    "namespace": seen.namespace,
                    "object_kind": seen.kind,
                    "object": seen.name,
                }
                yield _message(condition.message, seen.source, kinds, subject)
    for service in index.store.every(ApiService):
        available = condition_of(service.body.status.conditions, "Available")
        if available.status == "False" and available.message:
            about: dict[str, Scalar] = {"object_kind": "APIService", "object": service.name}
            yield _message(available.message, service.source, frozenset(("status", "apiserver")), about)


def _pod_messages(pod: TroubledPod) -> Iterator[tuple[str, str]]:
    """Yield container ("" for the Pod) and message, each message once."""
    status = pod.seen.body.status
    found = [("", status.message)]
    found += [("", condition.message) for condition in status.conditions if condition.status == "False"]
    for container in (*status.init_container_statuses, *status.container_statuses):
        for state in (container.state, container.last_state):
            found += [(container.name, part.message) for part in (state.waiting, state.terminated) if part]
    yield from dict.fromkeys((name, message) for name, message in found if message)


def _message(message: str, source: str, components: frozenset[str], attributes: dict[str, Scalar]) -> Text:
    known = {name: value for name, value in attributes.items() if value != ""}
    return Text(message.encode(), source, components, known, numbered=False, failing=True)
