"""Where the addresses of workloads lead: in comes the joined index, out go the wires from workloads to what they call.

That an address is written down does not say that it is used: a wire is a reason only beside trouble of the workload.
"""

from collections.abc import Iterator

import msgspec

from facts.cluster.addresses import Address, addresses
from facts.cluster.destinations import Destination, Destinations
from facts.cluster.index import Index
from facts.cluster.objects import Pod, Workload
from facts.cluster.owners import Owner
from facts.cluster.pod_spec import specification
from facts.cluster.policy_verdict import Denial, denial
from facts.cluster.store import Seen
from facts.model.values import Subject

_BRIEF = frozenset(("Job", "CronJob"))
"""What runs so seldom that what it calls may well be asleep meanwhile."""


_CONTROLLERS = frozenset(("Deployment", "StatefulSet", "DaemonSet"))


class Wire(msgspec.Struct, frozen=True):
    """The `workload` is configured with the `address`, which leads to the `destination`; `denial` is what is in its way."""

    workload: Subject
    address: Address
    destination: Destination
    denial: Denial | None
    source: str

    @property
    def problem(self) -> str:
        """Why a call by this address cannot succeed, "" when nothing tells; see `Destination.problem`, and denied."""
        return self.destination.problem or ("denied" if self.denial else "")


class Wiring:
    """The wires of a snapshot."""

    def __init__(self, index: Index) -> None:
        """Take the joined index."""
        self._index = index
        self._destinations = index.once(Destinations)
        self._wires: dict[Subject, tuple[Wire, ...]] = {}

    def every(self) -> Iterator[Wire]:
        """Yield the wires of all workloads that have Pods, and of those whose Pods were not looked at."""
        workloads = self._index.store.every(Workload)
        unseen = {(one.namespace, (one.kind, one.name)) for one in workloads if one.kind in _CONTROLLERS and _runs(one)}
        for namespace, owner in sorted(self._index.pods.by_owner.keys() | unseen):
            yield from self.of(Subject(*owner, namespace))

    def of(self, workload: Subject) -> tuple[Wire, ...]:
        """Return the wires of one workload that lead to something that the evidence knows, or knows to be missing."""
        if workload not in self._wires:
            self._wires[workload] = tuple(self._of(workload))
        return self._wires[workload]

    def _of(self, workload: Subject) -> Iterator[Wire]:
        owner: Owner = (workload.kind, workload.name)
        pods = [
            pod
            for pod in self._index.pods.by_owner.get((workload.namespace, owner), ())
            if pod.body.status.phase != "Succeeded"
        ]
        seen = self._index.store.find(Workload, workload.kind, workload.namespace, workload.name)
        spec = specification(seen, pods)
        if spec is None or workload.kind in _BRIEF or not (pods or (seen and _runs(seen))):
            return
        source = seen.source if seen else pods[0].source
        aliases = {name for alias in spec.host_aliases for name in alias.hostnames}
        for address in addresses(self._index, spec, workload.namespace):
            if address.host in aliases:
                continue
            destination = self._destinations.of(address.host, address.port, workload.namespace)
            if destination.target is not None:
                yield Wire(workload, address, destination, self._denial(pods, destination, address.port), source)

    def _denial(self, pods: list[Seen[Pod]], destination: Destination, port: int) -> Denial | None:
        if destination.problem or not destination.pods or not pods:
            return None
        found = None
        for callee in destination.pods:
            found = denial(self._index, pods[0], callee, port)
            if found is None:
                return None
        return found


def _runs(workload: Seen[Workload]) -> bool:
    """Tell whether a workload has Pods by its own account, be they seen or not."""
    status = workload.body.status
    return bool(status.replicas or status.current_number_scheduled)
