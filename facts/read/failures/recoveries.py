"""Lines that say that work goes well again: in comes a line, out goes which failures above it are over."""

from collections.abc import Iterable

import msgspec

from facts.cluster.component import component_of
from facts.model.failure import ErrorClass, Failure
from facts.read.failures.lines.layers import Line, peel
from facts.read.failures.reasons.patterns import Lazy

_TROUBLE = Lazy(
    r"(?i)error|fail|refused|not ready|unable|timeout|timed out|cannot|could not|denied|warn(?:ing)?\b|lost"
)
_STARTED = Lazy(
    r"(?i)became leader|elected leader|successfully acquired lease|ready to accept connections|ready for connections|successfully booted|server initialized|"
    r"caches (?:are )?synced|successfully registered node|now serving|startup complete|started successfully|successfully started|ready to serve client requests|"
    r"serving client traffic|server is ready|Started \w+ in [\d.]+ seconds|cni plugin initialized|is now ready|NodeReady"
)
_CONNECTED = Lazy(
    r"(?i)reconnected|re-?established|connection established|connected to|recovered|resumed|back to normal|came back|is up, reason|healthy again|succeeded after|"
    r"\bserver \S+ ok$"
)
_NETWORK = frozenset(
    {
        ErrorClass.REFUSED, ErrorClass.RESET, ErrorClass.CLOSED, ErrorClass.TIMEOUT, ErrorClass.UNAVAILABLE, ErrorClass.NETWORK_UNREACHABLE,
        ErrorClass.HOST_UNREACHABLE, ErrorClass.NAME_NOT_FOUND, ErrorClass.NAME_FAILED, ErrorClass.NO_LEADER,
    }
)  # fmt: skip


_ANSWERS = (
    # Istio's agent, Envoy
    (r"connected to (?:delta )?upstream xds server", r"xds|aggregatedresources|istiod"),
    # Kafka's clients and brokers
    (r"discovered group coordinator|successfully joined group|cluster id: \S|newly assigned partitions|\] started \(kafka\.server|kafka server started|stabilized group", r"networkclient|bootstrap|broker|metadata|coordinator"),
    # Elasticsearch, OpenSearch
    (r"elected-as-master|master node changed|cluster health status changed from \[(?:red|yellow)\] to", r"master not discovered|not enough master|clusterformation|failed to resolve host|unknownhost|discovery"),
    # etcd
    (r'peer became active.*"peer-id":"(?P<key>\w+)', r"peer became inactive|tcp streaming connection|failed to dial|prober detected"),
    # the kubelet
    (r'syncloop \(probe\)" probe="readiness" status="ready" pod="(?P<key>[^"]+)', r"crashloopbackoff|back-off|probe failed"),
    # Calico
    (r"got initial config snapshot|status\.json written, ready|datastore connection verified", r"datastore|clusterinformation"),
    # cert-manager
    (r"certificate issued", r"failed calling webhook|propagation check failed|challenge|certificate"),
    # Helm
    (r"release \"\S+\" has been (?:upgraded|installed)|rollback was a success", r"(?:upgrade|installation|install) failed|another operation"),
    # Fluent Bit
    (r"flush chunk '\S+' succeeded", r"failed to flush chunk"),
)  # fmt: skip
"""What is said of work that goes well, and what of the trouble that it ends: both in lower case, of the same program."""

_ENDED = tuple((Lazy(said), Lazy(ended)) for said, ended in _ANSWERS)


class Recovery(msgspec.Struct, frozen=True):
    """A line that says that work goes well: where it stands, who says it, and what of.

    Shapes: `ended` is the pattern of what it ends, in lower case; None with `connection` false: all that its program
    said before; None with `connection` true: what was said of the peer that it names. `key` stands in both, where it
    speaks of one of several.
    """

    line: int
    program: str
    node: str
    connection: bool
    text: str
    ended: Lazy | None = None
    key: str = ""

    @property
    def speaker(self) -> str:
        """The component or the program that says it; "" when the line does not tell."""
        return component_of(self.program) or self.program if self.program else ""

    @property
    def matter(self) -> tuple[object, ...]:
        """What it speaks of: of two that speak of the same, the later one says more."""
        return self.program, self.node, self.ended or (self.connection and self.text), self.key

    def ends(self, failure: Failure) -> bool:
        """Whether it says that `failure` is over."""
        if self.line <= failure.until or (self.node and failure.node and self.node != failure.node):
            return False
        speaker, component = self.speaker, failure.component
        if not (speaker.startswith(component) or component.startswith(speaker)):  # mysqld speaks for mysql
            return False
        if self.ended is not None:
            return self._ends_words(failure.text.lower())
        if not self.connection:
            return True
        host = failure.peer.rpartition(":")[0] or failure.peer or failure.object
        return failure.error in _NETWORK and bool(host) and host.lower() in self.text

    def ends_line(self, number: int, said: Line) -> bool:
        """Whether it says that what line `number` mentions is over; it is no success of one connection."""
        if self.line <= number or (self.node and said.node and self.node != said.node):
            return False
        text = said.text.lower()
        if said.program != self.program and not (said.program == "systemd" and f"{self.program}.service" in text):
            return False
        return self.ended is None or self._ends_words(text)

    def _ends_words(self, text: str) -> bool:
        return self.ended is not None and self.key in text and self.ended.search(text) is not None


class Told(msgspec.Struct, frozen=True):
    """What a text tells, before it is known what of it is over; lines are numbered from 1.

    Shapes: `lines` are those of each failure, in the order of `failures`; `mentions` are the records that have words
    of failure and state none that counts, each with the numbers of its lines and its first line; `over` those of them that a long quiet end shows to be history.
    """

    failures: tuple[Failure, ...]
    lines: tuple[tuple[int, ...], ...]
    recoveries: tuple[Recovery, ...]
    mentions: tuple[tuple[range, bytes], ...]
    over: frozenset[int]


def settled(told: Told, recoveries: Iterable[Recovery]) -> tuple[tuple[Failure, ...], frozenset[int]]:
    """Return the failures that `told` holds, and the lines of what is over, now that `recoveries` are known.

    Lines of recoveries are counted as those of `told` are. What is said of the connection to one peer ends failures,
    not mentions.
    """
    latest = {recovery.matter: recovery for recovery in recoveries}
    failures, lines = [], set(told.over)
    for failure, place in zip(told.failures, told.lines, strict=True):
        each = failure
        if failure.state != "recovered" and any(recovery.ends(failure) for recovery in latest.values()):
            each = msgspec.structs.replace(failure, state="recovered")
        if each.state == "recovered":
            lines.update(place)
        failures.append(each)
    known = [recovery for recovery in latest.values() if recovery.ended is not None or not recovery.connection]
    for numbers, raw in told.mentions if known else ():
        said = peel(raw)
        if any(recovery.ends_line(numbers[-1], said) for recovery in known):
            lines.update(numbers)
    return tuple(failures), frozenset(lines)


def recovery_of(raw: bytes, number: int) -> Recovery | None:
    """Return what the line `raw`, number `number` of its text, says of work that goes well; None when it says nothing.

    >>> recovery_of(b"LOG:  database system is ready to accept connections", 7).line
    7
    """
    line = peel(raw)
    if _TROUBLE.search(line.text):
        return None
    started = _STARTED.search(line.text) is not None
    text = line.text.lower()
    ended, key = None, ""
    for said, what in _ENDED:
        match = said.search(text)
        if match is not None:
            ended, key = what, match.groupdict().get("key") or ""
            break
    if not started and ended is None and not _CONNECTED.search(line.text):
        return None
    return Recovery(number, line.program, line.node, not started, text, ended, key)
