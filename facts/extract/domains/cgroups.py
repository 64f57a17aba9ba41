"""Controllers of control groups that Kubernetes needs and a kernel does not offer, or does not hand on."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.schema.domains.machines import CgroupControllerFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

REQUIRED = ("cpu", "cpuset", "memory", "pids")
_FILES = {"cat cgroup.controllers": "kernel", "cat cgroup.subtree_control": "subtree"}


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `cgroup_controller` fact for each required controller that is off or missing."""
    for observation in index.store.commands("cat /proc/cgroups"):
        rows = [line.split() for line in observation.body.decode(errors="replace").splitlines()]
        enabled = {row[0]: row[3] == "1" for row in rows if len(row) == 4 and row[3] in ("0", "1")}
        yield from _missing(observation, {name for name, on in enabled.items() if on}, "kernel")
    for command, place in _FILES.items():
        for observation in index.store.commands(command):
            yield from _missing(observation, set(observation.body.decode(errors="replace").split()), place)


def _missing(observation: Observation, there: set[str], place: str) -> Iterator[Fact]:
    for name in REQUIRED:
        if name not in there:
            host = observation.attribute("host") if observation.attribute("role") != "host" else ""
            fact = CgroupControllerFact(node=host, name=name, place=place)
            yield new_fact(fact, observation.source, f"{name} is not among {' '.join(sorted(there))}")
