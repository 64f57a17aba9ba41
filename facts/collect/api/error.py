"""Why the API server did not give what was asked for: in one word for rules, in one line for people."""

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping

import msgspec

from facts.cluster.network_reason import network_reason
from facts.model.reason import Reason
from facts.snapshot.redaction.redact import redact

_LENGTH = 300
_PLAIN = b"HTTP request to an HTTPS server"
"""What net/http of Go answers who does not speak TLS (server.go, `Serve`)."""

_STRANGER = "the certificate of the server was issued by an authority that the kubeconfig does not trust"
_CERTIFICATE = {
    # X509_V_ERR_* of OpenSSL
    7: (Reason.UNTRUSTED, _STRANGER),
    9: (Reason.SERVER_NOT_YET_VALID, "the certificate of the server is not valid yet: compare the clocks"),
    10: (Reason.SERVER_EXPIRED, "the certificate of the server has expired"),
    18: (Reason.UNTRUSTED, "the certificate of the server is self-signed and not the one that the kubeconfig trusts"),
    19: (Reason.UNTRUSTED, _STRANGER),
    20: (Reason.UNTRUSTED, _STRANGER),
    21: (Reason.UNTRUSTED, _STRANGER),
    62: (Reason.NAME_MISMATCH, "the certificate of the server was issued for another host name"),
    64: (Reason.NAME_MISMATCH, "the certificate of the server was issued for another address"),
}
_NO_ROUTE = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EHOSTDOWN, errno.ENETDOWN})
_BAD_PEM = ("PEM", "NO_START_LINE", "NO_CERTIFICATE_OR_CRL_FOUND", "KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH")
_REASONS = {
    401: Reason.UNAUTHORIZED,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.TIMEOUT,
    410: Reason.EXPIRED,
    429: Reason.THROTTLED,
}


class ApiError(Exception):
    """A request that failed; caught by the collectors, who make coverage of it.

    `why` is one line without secrets, `status` the HTTP status (0 when there was no answer), `retry_after` the seconds
    that the server asked to wait, `body` what else it said, `about` what the reason is about, as `object` of a coverage.
    """

    def __init__(
        self,
        reason: Reason,
        why: str,
        status: int = 0,
        retry_after: float | None = None,
        body: bytes = b"",
        about: str = "",
    ) -> None:
        super().__init__(why)
        self.body, self.about = body, about
        self.reason, self.why, self.status, self.retry_after = reason, one_line(why), status, retry_after


class _Status(msgspec.Struct):
    message: str = ""


def one_line(text: str) -> str:
    """Return `text` as one line of bounded length without secrets, fit for a `why`."""
    line = " ".join(redact(text.encode("utf-8", "replace")).decode().split())
    return line if len(line) <= _LENGTH else line[: _LENGTH - 1] + "…"


def kubelet_reason(message: str) -> str:
    """Return why the API server could not reach a kubelet, from its `message`; "" when the message is about else."""
    return network_reason(message) or ("certificate" if "x509:" in message or "tls:" in message else "")


def error_of_answer(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """Return what an HTTP answer other than 200 means; the message is that of the `Status` in its body, if any."""
    try:
        message = msgspec.json.decode(body, type=_Status).message
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = ""
    reason = _REASONS.get(status, Reason.SERVER_ERROR if status >= 500 else Reason.OTHER)
    if location := headers.get("location"):
        message = f"the server redirects to {location}: is there a login page or proxy before it?"
        reason = Reason.WRONG_SERVICE
    if status == 400 and _PLAIN in body:
        message, reason = "the server speaks TLS: write https:// in the kubeconfig", Reason.WRONG_SERVICE
    wait = headers.get("retry-after", "")
    why = f"{status} {message or http.client.responses.get(status, 'unknown status')}"
    return ApiError(reason, why, status, float(wait) if wait.isdecimal() else None, body)


def error_of_exception(error: BaseException, seconds: float, host: str = "", proxy: str = "") -> ApiError:
    """Return what an exception of urllib3, ssl or the socket means; `seconds` is how long it took.

    `host` is the name of the server, and `proxy` the URL of the proxy through which it was asked, or "".
    """
    causes = list(_causes(error))
    if proxy and any(_is_of_proxy(cause) for cause in causes):
        inner = next((str(known[1]) for cause in causes if (known := _known(cause, seconds))), str(causes[0]))
        return ApiError(Reason.PROXY, f"the proxy {proxy} does not lead there: {inner}", about=proxy)
    silent = any(type(cause).__name__ == "ReadTimeoutError" for cause in causes)
    for cause in causes:
        if known := _known(cause, seconds):
            reason, why = known
            if reason is Reason.TIMEOUT and silent:
                return ApiError(
                    Reason.SILENT, f"the connection was accepted, and no answer came within {seconds:.1f} s"
                )
            return ApiError(reason, why, about=host if reason in (Reason.DNS, Reason.NAME_MISMATCH) else "")
    return ApiError(Reason.OTHER, f"{type(error).__name__}: {error}")


def _is_of_proxy(cause: BaseException) -> bool:
    return type(cause).__name__ == "ProxyError" or str(cause).startswith("Tunnel connection failed")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give `error` and what it was made of, the innermost first: urllib3 wraps what the socket said."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if cause not in found:
            found.append(cause)
            inner = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
            waiting.extend(one for one in inner if isinstance(one, BaseException))
    return reversed(found)


def _known(cause: BaseException, seconds: float) -> tuple[Reason, str] | None:
    name = type(cause).__name__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(cause.verify_code, (Reason.CERTIFICATE, cause.verify_message))
    if isinstance(cause, ssl.SSLError):
        return _known_tls(cause.reason or str(cause))
    if isinstance(cause, socket.gaierror):
        return Reason.DNS, f"the name cannot be resolved ({cause.strerror})"
    if isinstance(cause, ConnectionRefusedError):
        return Reason.REFUSED, "connection refused: nothing listens there"
    if isinstance(cause, ConnectionError | http.client.IncompleteRead) or name == "IncompleteRead":
        return Reason.RESET, "the connection was closed before the answer was complete"
    if isinstance(cause, TimeoutError) or name in ("ConnectTimeoutError", "ReadTimeoutError"):
        return Reason.TIMEOUT, f"no answer within {seconds:.1f} s"
    if isinstance(cause, FileNotFoundError | PermissionError):
        return Reason.BAD_CONFIG, f"a file that the kubeconfig names cannot be read: {cause.filename}"
    if str(cause).startswith("Tunnel connection failed"):
        return Reason.PROXY, str(cause)
    if isinstance(cause, OSError) and cause.errno in _NO_ROUTE:
        return Reason.NO_ROUTE, f"no route to the host ({cause.strerror})"
    if isinstance(cause, http.client.HTTPException):
        return Reason.WRONG_SERVICE, "what listens there does not speak HTTP"
    if name in ("LocationParseError", "LocationValueError", "URLSchemeUnknown"):
        return Reason.BAD_CONFIG, f"the kubeconfig names no usable server ({cause})"
    return None


def _known_tls(reason: str) -> tuple[Reason, str]:
    if "WRONG_VERSION_NUMBER" in reason or "HTTP_REQUEST" in reason:
        return Reason.WRONG_SERVICE, "what listens there does not speak TLS"
    if any(word in reason for word in _BAD_PEM):
        return (
            Reason.BAD_CONFIG,
            f"a certificate or key of the kubeconfig is no PEM, or they do not fit together ({reason})",
        )
    if "EOF" in reason:
        return Reason.RESET, "the connection was closed during the TLS handshake"
    if "ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason):
        return Reason.CLIENT_REFUSED, f"the server does not accept the client certificate ({reason})"
    return Reason.OTHER, f"TLS failed ({reason})"
