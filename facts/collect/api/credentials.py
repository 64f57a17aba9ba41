"""When certificates and tokens end: that of the server, the client certificate of the kubeconfig, and its token."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from facts.cluster.moment import written
from facts.collect.api.certificate import read_certificate
from facts.collect.api.client import Connection
from facts.collect.api.error import ApiError
from facts.collect.api.health import der_of
from facts.model.reason import Reason
from facts.model.values import Observation

_END = re.compile(rb"^notAfter=(.+) GMT$", re.MULTILINE)
"""As `facts.collect.api.certificate.shown` writes it."""


class _Claims(msgspec.Struct):
    exp: float = 0.0


def explained(error: ApiError, connection: Connection, now: datetime, shown: Iterable[Observation] = ()) -> ApiError:
    """Return why the server does not accept the credentials, where they have expired by `now`; else `error` itself.

    `shown` are the certificates that were looked at: the error of a server whose certificate has expired gets its end.
    """
    if error.reason is Reason.SERVER_EXPIRED:
        ends = [_END.search(one.body) for one in shown if one.attribute("target") != "kubeconfig"]
        moment = next(
            (datetime.strptime(end[1].decode(), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC) for end in ends if end), None
        )
        told = f" at {written(moment)}" if moment else ""
        return ApiError(error.reason, error.why + told, about=written(moment) if moment else "")
    if error.reason not in (Reason.UNAUTHORIZED, Reason.CLIENT_REFUSED):
        return error
    for reason, what, end in (
        (Reason.CLIENT_EXPIRED, "client certificate", _end_of_certificate(connection.certificate)),
        (Reason.TOKEN_EXPIRED, "token", _end_of_token(connection.headers.get("authorization", ""))),
    ):
        if end is not None and end <= now:
            why = f"{error.why}: the {what} of the kubeconfig has expired at {written(end)}"
            return ApiError(reason, why, error.status, about=written(end))
    return error


def _end_of_certificate(path: str) -> datetime | None:
    der = der_of(path) if path else None
    try:
        return None if der is None else read_certificate(der).not_after
    except ValueError:
        return None


def _end_of_token(header: str) -> datetime | None:
    """Return when a JSON Web Token ends, by its claim `exp` (RFC 7519, section 4.1.4): seconds since 1970."""
    parts = header.rpartition(" ")[2].split(".")
    if len(parts) != 3:
        return None
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), type=_Claims)
        return datetime.fromtimestamp(claims.exp, UTC) if claims.exp else None
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError, ValueError, OverflowError, OSError):
        return None
