"""What an API server says of itself: its health checks, its version, and the certificate that it shows."""

import socket
import ssl
import time
from pathlib import Path
from urllib.parse import urlsplit

from facts.collect.api.certificate import read_certificate, shown
from facts.collect.api.client import CONNECT_SECONDS, Connection
from facts.collect.api.error import ApiError, error_of_exception
from facts.collect.api.lists import Listing
from facts.model.values import Coverage, CoverageState, Observation, ObservationKind, known

CHECKS = ("/readyz", "/livez")
HEALTH, CERTIFICATE = "kubernetes/health", "kubernetes/certificate"


def look_at_health(connection: Connection, path: str, deadline: float) -> Listing:
    """Return the checks of `path` one by one, before `deadline` (of `time.monotonic`); a failing one is an answer too."""
    started = time.monotonic()
    try:
        body = connection.get(path, {"verbose": "true"}, deadline, retries=0)
    except ApiError as error:
        if not error.body.startswith(b"["):
            why = f"{path}: {error.why}"
            return Listing((), (Coverage(HEALTH, "*", CoverageState.FAILED, why, reason=error.reason),), error)
        body = error.body
    seconds = round(time.monotonic() - started, 3)
    return Listing(
        (command_observation(path, body, f"kubectl get --raw {path}?verbose"),),
        (Coverage(HEALTH, "*", CoverageState.COMPLETE, seconds=seconds),),
    )


def look_at_certificates(connection: Connection, deadline: float) -> Listing:
    """Return the certificate that the server shows, and the one with which the user does, if they do.

    Nothing is sent over the connection, so the certificate need not be trusted to be read.
    """
    host, parts = connection.host, urlsplit(connection.host)
    address = (parts.hostname or "", parts.port or 443)
    der = der_of(connection.certificate)
    observations = [] if der is None else [_openssl("certificate of the kubeconfig", "kubeconfig", der)]
    if parts.scheme != "https" or connection.proxy:
        why = f"it is shown behind the proxy {connection.proxy} only" if connection.proxy else f"{host} has none"
        return Listing(tuple(observations), (Coverage(CERTIFICATE, "*", CoverageState.SKIPPED, why),))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    started = time.monotonic()
    try:
        left = min(CONNECT_SECONDS, max(0.1, deadline - started))
        with (
            socket.create_connection(address, left) as plain,
            context.wrap_socket(plain, server_hostname=connection.server_name or address[0]) as secure,
        ):
            der = secure.getpeercert(binary_form=True) or b""
    except (OSError, ValueError) as error:
        failure = error_of_exception(error, time.monotonic() - started, address[0])
        why = f"{host}: {failure.why}"
        return Listing(
            tuple(observations),
            (Coverage(CERTIFICATE, "*", CoverageState.FAILED, why, reason=failure.reason),),
            failure,
        )
    name = f"{address[0]}:{address[1]}"
    observations.append(_openssl(f"certificate of {host}", name, der))
    seconds = round(time.monotonic() - started, 3)
    return Listing(tuple(observations), (Coverage(CERTIFICATE, "*", CoverageState.COMPLETE, seconds=seconds),))


def command_observation(source: str, body: bytes, command: str, target: str = "") -> Observation:
    """Return an answer of the server as the output of the command that would give the same."""
    return Observation(ObservationKind.COMMAND, source, body, known(command=command, target=target))


def _openssl(source: str, target: str, der: bytes) -> Observation:
    try:
        text = shown(read_certificate(der))
    except ValueError as error:
        text = f"unable to load certificate: {error}\n"
    return command_observation(source, text.encode(), "openssl x509", target)


def der_of(path: str) -> bytes | None:
    """Return the first certificate of a PEM file, or None."""
    try:
        text = Path(path).read_text(encoding="ascii", errors="replace")
        start, end = text.index("-----BEGIN CERTIFICATE-----"), text.index("-----END CERTIFICATE-----")
        return ssl.PEM_cert_to_DER_cert(text[start:end] + "-----END CERTIFICATE-----")
    except (OSError, ValueError):
        return None
