"""Lines that say that work goes well again: in comes a line, out goes which failures above it are over."""

from collections.abc import Iterable, Iterator

import msgspec

from facts.cluster.component import component_of
from facts.model.failure import ErrorClass, Failure
from facts.read.failures.lines.layers import peel
from facts.read.failures.reasons.patterns import Lazy

_TROUBLE = Lazy(
    r"(?i)error|fail|refused|not ready|unable|timeout|timed out|cannot|could not|denied|warn(?:ing)?\b|lost"
)
_STARTED = Lazy(
    r"(?i)became leader|elected leader|successfully acquired lease|ready to accept connections|ready for connections|successfully booted|server initialized|"
    r"caches (?:are )?synced|successfully registered node|now serving|startup complete|started successfully|successfully started|ready to serve client requests|"
    r"serving client traffic|server is ready|cni plugin initialized|is now ready|NodeReady"
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
    # Fluent Bit
    (r"flush chunk '\S+' succeeded", r"failed to flush chunk"),
)  # fmt: skip
"""What is said of work that goes well, and what of the trouble that it ends: both in lower case, of the same program."""

_ANSWER = Lazy("(?i)" + "|".join(said for said, _ in _ANSWERS))
_ENDED = tuple((Lazy(said), Lazy(ended)) for said, ended in _ANSWERS)


class Recovery(msgspec.Struct, frozen=True):
    """A line that says that work goes well: where it stands, who says it, and what of.

    Shapes: `ended` is the pattern of what it ends, in lower case; None with `connection` false: all that its program
    said before; None with `connection` true: what was said of the peer that it names.
    """

    line: int
    program: str
    node: str
    connection: bool
    text: str
    ended: Lazy | None = None

    @property
    def speaker(self) -> str:
        """The component or the program that says it; "" when the line does not tell."""
        return component_of(self.program) or self.program if self.program else ""

    def ends(self, failure: Failure, until: int) -> bool:
        """Whether it says that `failure`, said for the last time in line `until`, is over."""
        if self.line <= until or self.node != failure.node:
            return False
        speaker, component = self.speaker, failure.component
        if not (speaker.startswith(component) or component.startswith(speaker)):  # mysqld speaks for mysql
            return False
        if self.ended is not None:
            return self.ended.search(failure.text.lower()) is not None
        if not self.connection:
            return True
        host = failure.peer.rpartition(":")[0] or failure.peer or failure.object
        return failure.error in _NETWORK and bool(host) and host.lower() in self.text


def over_lines(recoveries: Iterable[Recovery], lines: Iterable[tuple[int, bytes]]) -> Iterator[int]:
    """Yield the numbers of those `lines`, pairs of number and line, that speak of something that is over.

    What is said of the connection to one peer ends failures, not lines.
    """
    last = {(r.program, r.node, r.ended): r for r in recoveries if r.ended is not None or not r.connection}
    for number, raw in lines if last else ():
        said = peel(raw)
        for recovery in last.values():
            spoken = recovery.line > number and (said.program, said.node) == (recovery.program, recovery.node)
            if spoken and (recovery.ended is None or recovery.ended.search(said.text.lower())):
                yield number
                break


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
    ended = next((ended for said, ended in _ENDED if said.search(text)), None) if _ANSWER.search(text) else None
    if not started and ended is None and not _CONNECTED.search(line.text):
        return None
    return Recovery(number, line.program, line.node, not started, text, ended)
