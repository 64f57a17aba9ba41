"""An API server for tests: real TLS over loopback, made-up objects, and faults on request."""

import json
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme
import yaml

TOKEN = "a-token-that-must-never-be-seen"
GROUPS = (
    "api/v1", "apis/apps/v1", "apis/batch/v1", "apis/networking.k8s.io/v1", "apis/storage.k8s.io/v1",
    "apis/discovery.k8s.io/v1", "apis/autoscaling/v2", "apis/admissionregistration.k8s.io/v1",
    "apis/apiregistration.k8s.io/v1", "apis/policy/v1", "apis/coordination.k8s.io/v1", "apis/certificates.k8s.io/v1",
    "apis/metrics.k8s.io/v1beta1",
)  # fmt: skip

REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


@dataclass(frozen=True)
class Answer:
    """What the server gives: a status, a body (JSON unless it is bytes) and headers."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, message: str, **headers: str) -> Answer:
    """Return the `Status` object of Kubernetes as an answer."""
    body = {"kind": "Status", "status": "Failure", "message": message, "code": status}
    return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


def permitted(*rules: dict[str, list[str]], error: str = "") -> Answer:
    """Return what the server says of the rules that hold for whoever asks."""
    status = {"resourceRules": list(rules), "nonResourceRules": [], "incomplete": bool(error)}
    return Answer({"status": {**status, "evaluationError": error} if error else status}, 201)


class Hang:
    """The connection stays open and nothing comes."""


@dataclass(frozen=True)
class Late:
    """What would be given without this rule is given after so many seconds."""

    seconds: float


class Reset:
    """The connection is reset."""


@dataclass(frozen=True)
class Ask:
    """A request as the server sees it; `attempt` counts the requests for the same path and query, from 1."""

    method: str
    path: str
    query: dict[str, str]
    attempt: int
    accept: str = ""


Rule = Callable[[Ask], Answer | Hang | Late | Reset | None]


@dataclass
class Server:
    """A running server. `rules` are asked in turn before the objects are; the first that answers decides."""

    objects: dict[str, list[dict[str, Any]]]
    """Path of a list -> its items, in all namespaces."""
    rules: list[Rule] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    port: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, target: str, accept: str = "") -> Answer | Hang | Reset:
        """Return what a request is answered with."""
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.lock:
            attempt = 1 + sum((ask.path, ask.query) == (parts.path, query) for ask in self.asks)
            ask = Ask(method, parts.path, query, attempt, accept)
            self.asks.append(ask)
        for rule in self.rules:
            if isinstance(found := rule(ask), Late):
                self.stopped.wait(found.seconds)
            elif found is not None:
                return found
        return self._stored(ask)

    def _stored(self, ask: Ask) -> Answer:
        if ask.path == "/version":
            return Answer({"gitVersion": "v1.31.0"})
        if ask.path in ("/readyz", "/livez"):
            return Answer(f"[+]ping ok\n[+]etcd ok\n{ask.path[1:]} check passed\n".encode())
        if ask.path == REVIEW:
            return permitted({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]})
        path, namespace = ask.path, None
        if "/namespaces/" in path:
            head, _, rest = path.partition("/namespaces/")
            namespace, _, plural = rest.partition("/")
            path = f"{head}/{plural}"
        group = path.removeprefix("/").rpartition("/")[0]
        if group not in GROUPS or path.count("/") > 4:
            return refusal(404, "the server could not find the requested resource")
        items = [item for item in self.objects.get(path, []) if namespace in (None, item["metadata"].get("namespace"))]
        size, start = int(ask.query.get("limit", 500)), int(ask.query.get("continue", 0))
        more = {"continue": str(start + size)} if start + size < len(items) else {}
        kind = f"{items[0].get('kind', 'Pod') if items else 'Pod'}List"
        if "as=PartialObjectMetadataList" in ask.accept:
            kind, items = "PartialObjectMetadataList", [{"metadata": item["metadata"]} for item in items]
        return Answer({"kind": kind, "apiVersion": "v1", "metadata": more, "items": items[start : start + size]})

    def paths(self) -> list[str]:
        """Return the paths that were asked for, sorted."""
        return sorted(ask.path for ask in self.asks)


@cache
def _authority(_: str) -> trustme.CA:
    return trustme.CA()


@contextmanager
def running(
    objects: dict[str, list[dict[str, Any]]] | None = None,
    *rules: Rule,
    authority: str = "trusted",
    host: str = "127.0.0.1",
    expires: datetime | None = None,
    address: tuple[str, int] = ("127.0.0.1", 0),
) -> Iterator[Server]:
    """Run a server at `address` whose certificate `authority` issued for `host`, until the block ends."""
    server = Server(objects or {}, list(rules))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority(authority).issue_cert(host, not_after=expires).configure_cert(context)
    http = _Http(server, address)
    http.socket = context.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
    server.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        http.shutdown()
        http.server_close()
        thread.join()


def kubeconfig(folder: Path, port: int, *, host: str = "127.0.0.1", namespace: str = "demo", **user: Any) -> str:
    """Write a kubeconfig with the context `lab` and return its path. It trusts the authority `trusted` only."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".crt", delete=False) as file:
        file.write(_authority("trusted").cert_pem.bytes())
    config = {
        "kind": "Config",
        "current-context": "lab",
        "clusters": [
            {"name": "lab", "cluster": {"server": f"https://{host}:{port}", "certificate-authority": file.name}}
        ],
        "users": [{"name": "me", "user": user or {"token": TOKEN}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "me", "namespace": namespace}}],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return str(path)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, server: Server, address: tuple[str, int]) -> None:
        self.api = server
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without looking up the name of the address, which takes long where there is no name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that do not trust the certificate hang up, and faults are meant."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815 - names that http.server looks for

    def _serve(self) -> None:
        api = self.server.api
        api.tokens.add(self.headers.get("authorization", ""))
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = api.answer(self.command, self.path, self.headers.get("accept", ""))
        if isinstance(answer, Hang):
            api.stopped.wait()
            self.close_connection = True
            return
        if isinstance(answer, Reset):
            # A socket that lingers for no time is closed with a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
        if chunked := "Transfer-Encoding" in headers:
            del headers["Content-Length"]
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if chunked:
            self.wfile.write(b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:], b"")))
            return
        self.wfile.write(body)
        self.close_connection = headers["Content-Length"] != str(len(body))

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def expired() -> datetime:
    """Return a moment that is past for any certificate."""
    return datetime(2020, 1, 1, tzinfo=UTC)
