"""Why a look failed: the closed set of words in which collectors say it, and by which rules know it."""

from enum import StrEnum


class Reason(StrEnum):
    """Why looking at something failed, or was only partly possible; the value is what a rule matches.

    `object` of a coverage holds what the reason is about: the file, the context, the program, the host, the moment.
    """

    # the way to a server
    REFUSED = "refused"
    """Nothing listens at the port."""
    TIMEOUT = "timeout"
    """No connection in time, or a part of the work was not done in time."""
    SILENT = "silent"
    """The connection was accepted, and nothing was answered in time."""
    SLOW = "slow"
    """Answers come, and so late that not all could be asked for."""
    NO_ROUTE = "no-route"
    RESET = "reset"
    DNS = "dns"
    """The name `object` cannot be resolved."""
    PROXY = "proxy"
    """The proxy `object` cannot be reached, or refuses to connect."""
    WRONG_SERVICE = "wrong-service"
    """What answers is no API server: plain HTTP, a login page, another protocol."""

    # its certificate
    CERTIFICATE = "certificate"
    """A fault of a certificate that is none of the following."""
    UNTRUSTED = "untrusted"
    """The certificate of the server was issued by an authority that the kubeconfig does not trust."""
    SERVER_EXPIRED = "server-certificate-expired"
    SERVER_NOT_YET_VALID = "server-certificate-not-yet-valid"
    NAME_MISMATCH = "name-mismatch"
    """The certificate of the server does not hold its host `object`."""

    # who asks
    UNAUTHORIZED = "unauthorized"
    CLIENT_EXPIRED = "client-certificate-expired"
    """401, and the client certificate of the kubeconfig has expired at `object`."""
    CLIENT_REFUSED = "client-certificate-refused"
    """The server ended the TLS handshake because of the client certificate."""
    TOKEN_EXPIRED = "token-expired"  # noqa: S105 - a word, no secret
    """401, and the token of the kubeconfig has expired at `object`."""
    PLUGIN_FAILED = "plugin-failed"
    """The program `object` that the kubeconfig names for credentials failed."""
    MISSING_TOOL = "missing-tool"
    """The program `object` is not installed."""

    # what it answers
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    EXPIRED = "expired"
    THROTTLED = "throttled"
    SERVER_ERROR = "server-error"

    # the kubeconfig
    NO_CONFIG = "no-config"
    """No kubeconfig was named, and there is none at the default place."""
    NO_SUCH_FILE = "no-such-file"
    """The kubeconfig `object` that was named does not exist."""
    UNREADABLE = "unreadable"
    """The user may not read the kubeconfig `object`."""
    BAD_CONFIG = "bad-config"
    """The kubeconfig `object` is no kubeconfig, or not a whole one."""
    NO_CONTEXT = "no-context"
    """The kubeconfig does not hold the context `object`, or names no current one."""

    # SSH
    AUTH = "auth"
    HOSTKEY_CHANGED = "hostkey-changed"
    HOSTKEY_UNKNOWN = "hostkey-unknown"
    CLOSED = "closed"
    TOO_MANY_FAILURES = "too-many-failures"
    SUDO_DENIED = "sudo-denied"
    NO_KEY = "no-key"
    NO_ADDRESS = "no-address"

    INTERRUPTED = "interrupted"
    """The user ended the look."""
    OTHER = "other"
