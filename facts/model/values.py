"""The values that flow through kbdiag before any rule is applied; DESIGN words, one struct each."""

from enum import StrEnum
from typing import Literal, TypedDict, Unpack, cast

import msgspec

Scalar = str | int | float | bool
"""What an attribute of a fact may hold. Rules compare these; joins compare their `text_of`."""


class Subject(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """What a fact or a hypothesis is about: a Pod, a Node, a VM, the Cluster itself."""

    kind: str
    name: str = ""
    namespace: str = ""

    def __str__(self) -> str:
        path = "/".join(part for part in (self.namespace, self.name) if part)
        return f"{self.kind} {path}".strip()


class ObservationKind(StrEnum):
    """How the body of an observation is to be read."""

    OBJECTS = "objects"
    """One Kubernetes object or List as JSON."""
    LOG = "log"
    """Lines that a component, a tool or a shell printed."""
    COMMAND = "command"
    """The output of one command, such as `ping` or `df -h`."""


AttributeName = Literal[
    "fidelity", "scope", "component", "node", "namespace", "pod", "container", "previous", "command", "host", "role",
    "exit", "target", "user", "ssh", "skew",
]  # fmt: skip


class ObservationAttributes(TypedDict, total=False):
    """What is known of an observation besides its text: the contract of a snapshot. What is not known is left out."""

    fidelity: str
    """Objects: "full" (API JSON or YAML), "describe" or "table" (as far as that text tells)."""
    scope: str
    """Objects: "cluster" or a namespace of which this is the whole list, "" for a selection. Processes: "all"."""
    component: str
    """Log: one of `facts.model.schema.COMPONENTS`."""
    node: str
    """Log: the node that it comes from."""
    namespace: str
    """Log: the namespace of its Pod. `kubectl top`: the namespace that was asked for."""
    pod: str
    """Log: the Pod that printed it."""
    container: str
    """Log: the container that printed it."""
    previous: str
    """Log: "true" for the instance before the last restart."""
    command: str
    """Command: the command line: "ping", "systemctl status kubelet", "df -h", ..."""
    host: str
    """Command: the machine it ran on."""
    role: str
    """Command: what that machine is, "host" or "vm"."""
    exit: str
    """Command: its exit status."""
    target: str
    """Command: the machine, VM or file that it is about."""
    user: str
    """Command: who logs into the VM that it is about."""
    ssh: str
    """Command: what to hand to ssh to reach the VM that it is about; `user` took its place."""
    skew: str
    """Command `date`: seconds by which the clock is ahead of that of the operator's machine."""


def known(**attributes: Unpack[ObservationAttributes]) -> ObservationAttributes:
    """Return the attributes that are not empty.

    >>> known(command="df", host="")
    {'command': 'df'}
    """
    return cast(ObservationAttributes, {name: value for name, value in attributes.items() if value})


class Observation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something seen, raw.

    `source` says where, for a person ("kubelet.log", "/api/v1/pods"); `line` is the line of `source` on which
    `body` starts.
    """

    kind: ObservationKind
    source: str
    body: bytes
    attributes: ObservationAttributes = {}
    line: int = 1

    def attribute(self, name: AttributeName) -> str:
        """Return attribute `name`, or "" when the observation does not have it."""
        return self.attributes.get(name, "")

    def text(self) -> str:
        """Return the body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode(errors="replace")


class CoverageState(StrEnum):
    """How looking at something ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"
    SKIPPED = "skipped"


class Coverage(msgspec.Struct, frozen=True):
    """What was looked at and how that ended.

    `collector` names what was looked at ("kubernetes/pods", "ssh", "vm/tart"), `target` for whom (a namespace, a
    node, or "*" for all there is), `why` the reason when it is not complete, `seconds` how long it took.
    """

    collector: str
    target: str
    state: CoverageState
    why: str | None = None
    seconds: float = 0.0
    reason: str = ""
    """A failure in one word for rules: a value of `facts.model.reason.Reason`, or "" when there is none."""
    object: str = ""
    """What the reason is about: a file, a context, a program, a host, a moment (RFC 3339)."""


class Snapshot(msgspec.Struct, frozen=True, omit_defaults=True):
    """All observations and the coverage of one moment. `observed_at` is RFC 3339 in UTC or "" when unknown."""

    observations: tuple[Observation, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    observed_at: str = ""
    cluster: str = ""
    """The name of the cluster or kubeconfig context; "" when the evidence does not tell."""
    origin: str = ""
    """Where the snapshot comes from, for the report: a context, or the paths that were read."""


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """A flat, typed record derived from observations.

    `source` is where it was seen, precise enough to be the identity of the observation ("kubelet.log:12",
    "pods.json Pod demo/web-1"); `text` is the raw line or field that proves it.
    """

    kind: str
    attributes: dict[str, Scalar]
    source: str = ""
    text: str = ""

    def key(self) -> tuple[str, tuple[tuple[str, str], ...], str, str]:
        """Return what orders facts and tells them apart, whatever order they were found in."""
        attributes = tuple(sorted((name, text_of(value)) for name, value in self.attributes.items()))
        return (self.kind, attributes, self.source, self.text)


class Text(msgspec.Struct, frozen=True):
    """Text to scan for the patterns of `log` conditions: a log, one event message, one status message.

    `components` are the sources that a rule may ask for ("kubelet", "event"); an empty set is text whose source
    nobody knows, which any rule may read. `attributes` are given to each hit (node, namespace, pod, container,
    workload, ...). With `numbered`, the line is appended to `source` ("kubelet.log:12"). A `failing` text is the message
    of a failure as a whole (a Warning event, a status), said `count` times; an `ended` one ends with its process. `over`
    are the lines, from 1 in the body, of failures that a later line shows to have passed: they give no hit.
    """

    body: bytes
    source: str
    components: frozenset[str] = frozenset()
    attributes: dict[str, Scalar] = {}
    line: int = 1
    numbered: bool = True
    failing: bool = False
    ended: bool = False
    count: int = 1
    over: frozenset[int] = frozenset()


class Evidence(msgspec.Struct, frozen=True):
    """What the extractors make of a snapshot: the facts, the text still to be scanned, and the coverage.

    `moment` is that of the snapshot, or the newest in it, in seconds since the epoch; None when nothing tells it.
    """

    facts: tuple[Fact, ...]
    texts: tuple[Text, ...]
    coverage: tuple[Coverage, ...]
    cluster: str = "cluster"
    moment: float | None = None


def text_of(value: Scalar) -> str:
    """Return the one spelling of `value` that joins compare and reports print: `true`, `3`, `0.5`, `demo`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
