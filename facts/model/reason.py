"""Why a look failed: the closed set of words in which collectors say it, and by which rules know it."""

from enum import StrEnum


class Reason(StrEnum):
    """Why looking at something failed, or was only partly possible; the value is what a rule matches."""

    REFUSED = "refused"
    TIMEOUT = "timeout"
    NO_ROUTE = "no-route"
    RESET = "reset"
    DNS = "dns"
    CERTIFICATE = "certificate"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    EXPIRED = "expired"
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"
    NO_CONFIG = "no-config"
    BAD_CONFIG = "bad-config"
    MISSING_TOOL = "missing-tool"
    AUTH = "auth"
    HOSTKEY_CHANGED = "hostkey-changed"
    HOSTKEY_UNKNOWN = "hostkey-unknown"
    CLOSED = "closed"
    TOO_MANY_FAILURES = "too-many-failures"
    SUDO_DENIED = "sudo-denied"
    NO_KEY = "no-key"
    NO_ADDRESS = "no-address"
    INTERRUPTED = "interrupted"
    OTHER = "other"
