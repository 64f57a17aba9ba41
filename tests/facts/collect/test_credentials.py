"""Why a server does not accept credentials, when their end says it."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from facts.collect.api.client import Connection
from facts.collect.api.credentials import explained
from facts.collect.api.error import ApiError
from facts.model.reason import Reason
from facts.model.values import Observation, ObservationKind

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
END = int(datetime(2026, 3, 1, 11, 0, tzinfo=UTC).timestamp())
REFUSED = ApiError(Reason.UNAUTHORIZED, "401 Unauthorized", 401)


def _encoded(claims: bytes) -> str:
    return base64.urlsafe_b64encode(claims).decode().rstrip("=")


def _with(token: str) -> Connection:
    return Connection("prod", "default", "https://10.0.0.1:6443", None, {"authorization": f"Bearer {token}"})


def _token(**claims: Any) -> str:
    return f"{_encoded(b'{}')}.{_encoded(json.dumps(claims).encode())}.signature"


def test_a_token_that_has_ended_is_the_reason() -> None:
    """With the moment, in the words of the server."""
    error = explained(REFUSED, _with(_token(exp=END)), NOW)
    assert (error.reason, error.about) == (Reason.TOKEN_EXPIRED, "2026-03-01T11:00:00Z")
    assert error.why == "401 Unauthorized: the token of the kubeconfig has expired at 2026-03-01T11:00:00Z"


@pytest.mark.parametrize(
    "token",
    [
        _token(exp=END + 7200),
        _token(sub="jane"),
        _token(exp=1e300),
        "opaque",
        "a.b.c",
        f"x.{_encoded(b'[]')}.y",
        f"x.{_encoded(bytes([255, 254]))}.y",
    ],
)
def test_a_token_that_does_not_tell_its_end_explains_nothing(token: str) -> None:
    """One that still holds, one without an end, one that is no JSON Web Token, one that is broken."""
    assert explained(REFUSED, _with(token), NOW) is REFUSED


def test_another_error_stays_as_it_is() -> None:
    """A token that has ended does not explain why a host is away."""
    error = ApiError(Reason.TIMEOUT, "timed out")
    assert explained(error, _with(_token(exp=END)), NOW) is error


def test_a_server_whose_certificate_has_ended_is_told_with_the_moment() -> None:
    """From the certificate that was looked at; the one in the kubeconfig is another's."""
    ended = ApiError(Reason.SERVER_EXPIRED, "certificate has expired")
    text = b"subject=CN=kube-apiserver\nnotAfter=Mar  1 10:00:00 2026 GMT\n"
    own, other = (
        Observation(ObservationKind.COMMAND, "certificate", text.replace(b"10:00", hour), {"target": target})
        for target, hour in (("10.0.0.1:6443", b"10:00"), ("kubeconfig", b"09:00"))
    )
    error = explained(ended, _with(""), NOW, [other, own])
    assert (error.reason, error.about) == (Reason.SERVER_EXPIRED, "2026-03-01T10:00:00Z")
    assert error.why == "certificate has expired at 2026-03-01T10:00:00Z"
