"""When trouble began: the first event about it, the first restart, the moment at which it stopped being ready."""

from collections.abc import Iterator
from functools import cached_property

from facts.cluster.index import Index
from facts.cluster.moment import seconds_of
from facts.cluster.node_health import bad_conditions, is_sound
from facts.cluster.objects import Node, Pod, Workload, condition_of
from facts.cluster.owners import owner_of
from facts.cluster.store import Seen
from facts.cluster.workload_health import state_of
from facts.model.values import Subject


class Onsets:
    """The onset of the trouble of each workload and node, in seconds since the epoch."""

    def __init__(self, index: Index) -> None:
        """Take the joined index; events are read when first asked for."""
        self._index = index

    def of(self, subject: Subject) -> float | None:
        """Return when the trouble of `subject` began, None when nothing tells."""
        moments = list(self._of_node(subject) if subject.kind == "Node" else self._of_workload(subject))
        return min(moments, default=None)

    def _of_workload(self, subject: Subject) -> Iterator[float]:
        for pod in self._index.pods.by_owner.get((subject.namespace, (subject.kind, subject.name)), ()):
            if (pod.namespace, pod.name) in self._index.pods.troubled_names:
                yield self._of_pod(pod)
        yield from self._events.get(subject, ())
        workload = self._index.store.find(Workload, subject.kind, subject.namespace, subject.name)
        if workload is not None:
            failing = state_of(workload).failing
            available = condition_of(workload.body.status.conditions, "Available")
            for condition in (failing, available):
                if condition is failing or condition.status == "False":
                    yield from _known(condition.last_transition_time)

    def _of_pod(self, pod: Seen[Pod]) -> float:
        status = pod.body.status
        created = seconds_of(pod.body.metadata.creation_timestamp)
        ready = condition_of(status.conditions, "Ready")
        found = list(self._events.get(Subject("Pod", pod.name, pod.namespace), ()))
        if ready.status == "False":
            found += _known(ready.last_transition_time)
        for container in (*status.container_statuses, *status.init_container_statuses):
            for state in (container.state, container.last_state):
                if state.terminated is not None and state.terminated.exit_code != 0:
                    found += _known(state.terminated.finished_at)
        moment = min(found, default=created if created is not None else self._index.store.now or 0.0)
        return moment if created is None else max(moment, created)

    def _of_node(self, subject: Subject) -> Iterator[float]:
        node = self._index.store.find(Node, "Node", "", subject.name)
        if node is not None and not is_sound(node.body):
            for condition in (condition_of(node.body.status.conditions, "Ready"), *bad_conditions(node.body)):
                if not (condition.type == "Ready" and condition.status == "True"):
                    yield from _known(condition.last_transition_time)

    @cached_property
    def _events(self) -> dict[Subject, list[float]]:
        """The first moments of the events that tell of trouble now, by Pod or workload."""
        found: dict[Subject, list[float]] = {}
        current = {(each.kind, each.namespace, each.name, each.reason) for each in self._index.events}
        for seen in self._index.store.events:
            event = seen.body
            about = event.involved_object or event.regarding
            if (
                about is None
                or (about.kind, about.namespace or seen.namespace, about.name, event.reason) not in current
            ):
                continue
            namespace = about.namespace or seen.namespace
            kind, name = (
                (about.kind, about.name)
                if about.kind == "Pod"
                else owner_of(self._index.store, about.kind, namespace, about.name)
            )
            moments = [*_known(event.first_timestamp), *_known(event.event_time)] or [*_known(event.last_timestamp)]
            found.setdefault(Subject(kind, name, namespace), []).extend(moments)
        return found


def _known(moment: str | None) -> list[float]:
    seconds = seconds_of(moment)
    return [] if seconds is None else [seconds]
