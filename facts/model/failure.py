"""What an error line says, as values: in come the words of the readers, out goes one `Failure` per different fault."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad a line says it is, in three words for the thirty that programs use; a failure is never `info`."""

    FATAL = "fatal"
    """The process ends with it."""
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    """Information, notices and traces."""


class ErrorClass(StrEnum):
    """How something failed, in the terms of the operating system and the protocols; `vocabulary` tells what means which."""

    NOT_FOUND = "not-found"
    EXISTS = "exists"
    PERMISSION_DENIED = "permission-denied"
    """The operating system refuses."""
    FORBIDDEN = "forbidden"
    """An API refuses somebody it knows."""
    POLICY_DENIED = "policy-denied"
    """An admission webhook, a Pod security level or a mesh policy refuses."""
    UNAUTHENTICATED = "unauthenticated"
    READ_ONLY = "read-only"
    NO_SPACE = "no-space"
    QUOTA_EXCEEDED = "quota-exceeded"
    LIMIT_REACHED = "limit-reached"
    """Open files, watches, processes, connections, virtual machines: `object_kind` says which."""
    TOO_LARGE = "too-large"
    NO_CAPACITY = "no-capacity"
    """No node, address or machine is left."""
    OUT_OF_MEMORY = "out-of-memory"
    """An allocation failed."""
    OOM_KILLED = "oom-killed"
    """The kernel killed a process for its memory."""
    KILLED = "killed"
    EXITED = "exited"
    CRASHED = "crashed"
    BUSY = "busy"
    LOCKED = "locked"
    CONFLICT = "conflict"
    IMMUTABLE = "immutable"
    PRECONDITION_FAILED = "precondition-failed"
    NO_LEADER = "no-leader"
    GONE = "gone"
    ADDRESS_IN_USE = "address-in-use"
    ADDRESS_NOT_AVAILABLE = "address-not-available"
    REFUSED = "refused"
    RESET = "reset"
    CLOSED = "closed"
    TIMEOUT = "timeout"
    NETWORK_UNREACHABLE = "network-unreachable"
    HOST_UNREACHABLE = "host-unreachable"
    PROTOCOL_MISMATCH = "protocol-mismatch"
    UNAVAILABLE = "unavailable"
    NAME_NOT_FOUND = "name-not-found"
    """A name server answered that the name does not exist."""
    NAME_FAILED = "name-failed"
    """No name server gave an answer."""
    UNTRUSTED = "untrusted"
    NAME_MISMATCH = "name-mismatch"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    RATE_LIMITED = "rate-limited"
    INVALID_ARGUMENT = "invalid-argument"
    INVALID_CONFIG = "invalid-config"
    MISSING_CONFIG = "missing-config"
    PARSE_ERROR = "parse-error"
    UNKNOWN_FLAG = "unknown-flag"
    MISSING_COMMAND = "missing-command"
    MISSING_LIBRARY = "missing-library"
    MISSING_MODULE = "missing-module"
    MISSING_KERNEL_MODULE = "missing-kernel-module"
    WRONG_ARCHITECTURE = "wrong-architecture"
    VERSION_MISMATCH = "version-mismatch"
    UNSUPPORTED = "unsupported"
    IO_ERROR = "io-error"
    CORRUPT = "corrupt"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


WEAK = frozenset(
    {
        ErrorClass.KILLED, ErrorClass.EXITED, ErrorClass.CLOSED, ErrorClass.TIMEOUT, ErrorClass.UNAVAILABLE,
        ErrorClass.CANCELLED, ErrorClass.UNKNOWN,
    }
)  # fmt: skip
"""Classes that say that something failed and not why: alone they are never a cause."""


class Hints(msgspec.Struct, frozen=True):
    """What is known of a text before it is read.

    `component` and `node` are used where the text itself names none. With `ends`, the end of the text is the end of
    the process (`kubectl logs --previous`, a terminated container). `level` is the level of a line that states none,
    for texts that are messages of failures as a whole (Warning events, status messages); without it, such a line is a
    failure only when its form shows it.
    """

    component: str = ""
    node: str = ""
    ends: bool = False
    level: Level | None = None


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one error line says; lines that say the same are one failure with a `count`.

    component    who speaks: a member of COMPONENTS where there is one ("kubelet"), else a program's own name
    operation    what was tried, in small words ("start container process")
    error        how it failed
    object_kind  what kind of thing it was tried on: path, command, image, volume, certificate, a Kubernetes kind, ...
    object       the thing ("/run/flannel/subnet.env")
    peer         the other side, host:port as far as the line tells, or the path of a Unix socket
    detail       the innermost reason, as printed
    code         the errno, HTTP status, SQLSTATE, gRPC code or exit status that proves `error`
    by           "peer" when the other side refused (a TLS alert received)
    state        "retried", "recovered", or ""
    count        how often it was said, repetitions that the text itself counts included
    last         it is the last that a process said before it ended
    line         number of the line (from 1) where it was said first; `until` where it was said last
    text         the first line that says it, as it stands there
    """

    error: ErrorClass
    level: Level = Level.ERROR
    component: str = ""
    node: str = ""
    namespace: str = ""
    pod: str = ""
    container: str = ""
    operation: str = ""
    object_kind: str = ""
    object: str = ""
    peer: str = ""
    detail: str = ""
    code: str = ""
    by: str = ""
    state: str = ""
    count: int = 1
    last: bool = False
    line: int = 1
    until: int = 1
    text: str = ""

    @property
    def weak(self) -> bool:
        """Whether the class of the failure says that, and not why, something failed."""
        return self.error in WEAK
