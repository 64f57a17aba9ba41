"""Nodes that were booted again, or cordoned, as their events tell."""

from collections.abc import Iterator

from facts.cluster.changes.change import Change, Concern
from facts.cluster.index import Index
from facts.model.shell import plain_command
from facts.model.values import Subject

_REASONS = {"Rebooted": "node-reboot", "NodeNotSchedulable": "node-cordon"}


def changes(index: Index, concern: Concern) -> Iterator[Change]:
    """Yield the reboots and cordons of the nodes that matter."""
    for seen in index.store.events:
        event = seen.body
        about = event.involved_object or event.regarding
        what = _REASONS.get(event.reason)
        if what is None or about is None or about.kind != "Node":
            continue
        node = Subject("Node", about.name)
        moment = event.last_timestamp or event.event_time or event.first_timestamp
        if moment and concern.of(node):
            yield Change(
                subject=node,
                what=what,
                field="boot id" if what == "node-reboot" else "spec.unschedulable",
                after="" if what == "node-reboot" else "true",
                moment=moment,
                undo=plain_command("kubectl uncordon {}", node.name) if what == "node-cordon" else "",
                source=f"{seen.source} {event.reason}",
            )
