"""What the kernel of a node has, and how it is set: `sysctl`, modules, load and clock."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.model.schema.domains.machines import ClockFact, KernelModuleFact, LoadFact, SysctlFact
from facts.model.schema.kind import TypedFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Observation

MUCH_LOAD = 2.0
"""Tasks for each processor from which a machine has more to do than it can."""
MUCH_SKEW = 2.0
"""Seconds by which a clock may be wrong before it is worth a fact: tokens and certificates tolerate more, etcd less."""
FULL = 0.9
"""The part of the table of connections from which new ones get lost now and then."""

_SETTING = re.compile(r"^([a-z][\w.-]+) *[=:] *(\d+)$", re.MULTILINE)
_LEAST = {
    "net.ipv4.ip_forward": 1,
    "net.bridge.bridge-nf-call-iptables": 1,
    "fs.inotify.max_user_watches": 8192,
    "fs.inotify.max_user_instances": 128,
}
_COUNT, _MAXIMUM = "net.netfilter.nf_conntrack_count", "net.netfilter.nf_conntrack_max"
_LOAD = re.compile(r"load averages?: (\d+[.,]\d+)")
_MISSING = re.compile(r"^(overlay|br_netfilter) is missing$", re.MULTILINE)
_SYNCHRONIZED = re.compile(r"(?:System clock|NTP) synchronized: (yes|no)")


def extract(index: Index) -> Iterator[Fact]:
    """Yield `sysctl`, `kernel_module`, `load` and `clock` facts of what is not as it should be."""
    store = index.store
    for observation in store.commands("sysctl"):
        if observation.attribute("role") != "host":
            yield from _settings(observation)
    for observation in store.commands("kernel modules"):
        for name in _MISSING.findall(_text(observation)):
            module = KernelModuleFact(node=_node(observation), name=name)
            yield _fact(observation, module, f"{name} is missing")
    processors = {_node(one): int(_text(one)) for one in store.commands("nproc") if _text(one).strip().isdecimal()}
    for observation in store.commands("uptime", "w"):
        yield from _load(observation, processors.get(_node(observation), 0))
    yield from _clocks([*store.commands("date"), *store.commands("timedatectl")])


def _settings(observation: Observation) -> Iterator[Fact]:
    values = {name: int(value) for name, value in _SETTING.findall(_text(observation))}
    for name, least in _LEAST.items():
        if name in values and values[name] < least:
            setting = SysctlFact(node=_node(observation), name=name, value=values[name], limit=least)
            yield _fact(observation, setting, f"{name} = {values[name]}")
    count, maximum = values.get(_COUNT, 0), values.get(_MAXIMUM, 0)
    if count >= FULL * maximum > 0:
        counter = SysctlFact(node=_node(observation), name=_COUNT, value=count, limit=maximum)
        yield _fact(observation, counter, f"{_COUNT} = {count}, {_MAXIMUM} = {maximum}")


def _load(observation: Observation, cpus: int) -> Iterator[Fact]:
    average = _LOAD.search(_text(observation))
    if average is None or cpus == 0:
        return
    tasks = float(average[1].replace(",", "."))
    if tasks / cpus >= MUCH_LOAD:
        load = LoadFact(node=_node(observation), one_minute=tasks, cpus=cpus, per_cpu=round(tasks / cpus, 2))
        yield _fact(observation, load, f"{average[0]}, {cpus} processors")


def _clocks(observations: list[Observation]) -> Iterator[Fact]:
    """Yield one fact for each machine whose clock is wrong; the collector has compared it with ours."""
    ahead, synchronized, told = dict[str, float](), dict[str, str](), dict[str, list[Observation]]()
    for observation in observations:
        node, found = _node(observation), _SYNCHRONIZED.search(_text(observation))
        if found:
            synchronized[node] = found[1]
        elif observation.attribute("skew"):
            ahead[node] = float(observation.attribute("skew"))
        told.setdefault(node, []).append(observation)
    for node, seen in told.items():
        skew, kept = ahead.get(node, 0.0), synchronized.get(node, "")
        if abs(skew) >= MUCH_SKEW or kept == "no":
            clock = ClockFact(node=node, ahead_seconds=skew, synchronized=kept)
            proof = f"clock {abs(skew):.0f} s {'behind' if skew < 0 else 'ahead'}; synchronized: {kept or 'not known'}"
            yield _fact(seen[0], clock, proof)


def _text(observation: Observation) -> str:
    return observation.body.decode(errors="replace")


def _node(observation: Observation) -> str:
    return observation.attribute("host") or observation.attribute("node")


def _fact(observation: Observation, typed: TypedFact, text: str) -> Fact:
    return new_fact(typed, f"{observation.source} {typed.KIND.name}", text)
