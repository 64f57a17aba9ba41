"""Lines that say that work goes well again: in comes a line, out goes which failures above it are over."""

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


class Recovery(msgspec.Struct, frozen=True):
    """A line that says that work goes well: where it stands, who says it, and whether it speaks of a connection only."""

    line: int
    component: str
    node: str
    connection: bool
    text: str

    def ends(self, failure: Failure, until: int) -> bool:
        """Whether it says that `failure`, said for the last time in line `until`, is over."""
        if self.line <= until or self.node != failure.node:
            return False
        if self.component and failure.component and self.component != failure.component:
            return False
        if not self.connection:
            return True
        host = failure.peer.rpartition(":")[0] or failure.peer or failure.object
        return failure.error in _NETWORK and bool(host) and host.lower() in self.text


def recovery_of(raw: bytes, number: int) -> Recovery | None:
    """Return what the line `raw`, number `number` of its text, says of work that goes well; None when it says nothing.

    >>> recovery_of(b"LOG:  database system is ready to accept connections", 7).line
    7
    """
    line = peel(raw)
    if _TROUBLE.search(line.text):
        return None
    started = _STARTED.search(line.text) is not None
    if not started and not _CONNECTED.search(line.text):
        return None
    component = component_of(line.program) if line.program else ""
    return Recovery(number, component, line.node, not started, line.text.lower())
