"""When nothing can be observed: every command that looks at a cluster ends with 1 and one line that says why and what to do."""

import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
import yaml
from kubernetes.config import kube_config

from facts.model.reason import Reason
from facts.snapshot.snapshot_file import load_snapshot
from kb.live.unobserved import ADVICE
from tests.facts.collect.test_kubernetes_collector import when
from tests.facts.kubernetes_server import Answer, Hang, Reset, expired, kubeconfig, refusal, running
from tests.kb.clusters import clusters, crashing, well
from tests.kb.rulebook import kbdiag


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "KBDIAG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.chdir(tmp_path)


def nobody(folder: Path) -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _text(text: str) -> Any:
    def write(folder: Path, stack: ExitStack) -> list[str]:
        (folder / "config").write_text(text)
        return ["--kubeconfig", str(folder / "config")]

    return write


def _closed(folder: Path, stack: ExitStack) -> list[str]:
    """Return a path through a file, which no user can read."""
    (folder / "plain").write_text("")
    return ["--kubeconfig", str(folder / "plain" / "config")]


def _served(*rules: Any, **options: Any) -> Any:
    def serve(folder: Path, stack: ExitStack) -> list[str]:
        server = stack.enter_context(running({}, *rules, **options))
        return ["--kubeconfig", kubeconfig(folder, server.port)]

    return serve


def _silent(folder: Path, stack: ExitStack) -> list[str]:
    port = stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
    return ["--kubeconfig", kubeconfig(folder, port)]


def _without_namespace(folder: Path, stack: ExitStack) -> list[str]:
    return [*_served(when("/api/v1/namespaces/dmo", refusal(404, "not found")))(folder, stack), "-n", "dmo"]


def _unresolved(folder: Path, stack: ExitStack) -> list[str]:
    return ["--kubeconfig", kubeconfig(folder, 6443, host="api.lab.invalid")]


def _behind_proxy(answer: bytes) -> Any:
    """Return what leads through a proxy that gives `answer`, or that is away for an empty one."""

    def serve(folder: Path, stack: ExitStack) -> list[str]:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        proxy = f"http://127.0.0.1:{server.getsockname()[1]}"
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("HTTPS_PROXY", proxy)
        if not answer:
            server.close()
        else:
            Thread(target=_refuse, args=(server, answer), daemon=True).start()
        return ["--kubeconfig", kubeconfig(folder, 6443, host="192.0.2.7")]

    return serve


def _refuse(server: socket.socket, answer: bytes) -> None:
    while True:
        try:
            peer, _ = server.accept()
        except OSError:
            return
        peer.recv(4096)
        peer.sendall(answer)
        peer.close()


def _expired_client(folder: Path, stack: ExitStack) -> list[str]:
    """Return a kubeconfig whose client certificate has expired, with a server that answers 401."""
    pair = trustme.CA().issue_cert("me", not_after=expired())
    (folder / "me.crt").write_bytes(pair.cert_chain_pems[0].bytes())
    (folder / "me.key").write_bytes(pair.private_key_pem.bytes())
    server = stack.enter_context(running({}, when("", refusal(401, "Unauthorized"))))
    files = {"client-certificate": str(folder / "me.crt"), "client-key": str(folder / "me.key")}
    return ["--kubeconfig", kubeconfig(folder, server.port, **files)]


def _expired_token(folder: Path, stack: ExitStack) -> list[str]:
    claims = base64.urlsafe_b64encode(b'{"sub":"me","exp":1577836800}').decode().rstrip("=")
    server = stack.enter_context(running({}, when("", refusal(401, "Unauthorized"))))
    return ["--kubeconfig", kubeconfig(folder, server.port, token=f"e30.{claims}.c2ln")]


def _with_cluster(folder: Path, **settings: str) -> str:
    """Write a kubeconfig with these settings of its cluster, and return its path."""
    path = Path(kubeconfig(folder, 6443))
    config = yaml.safe_load(path.read_text())
    config["clusters"][0]["cluster"] |= settings
    path.write_text(yaml.safe_dump(config))
    return str(path)


def _unreadable(folder: Path, stack: ExitStack) -> list[str]:
    """Return a kubeconfig that nobody may read, whoever runs the tests: to root the system refuses nothing."""

    def refuse(path: str, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    stack.enter_context(pytest.MonkeyPatch.context()).setattr(kube_config, "open", refuse, raising=False)
    return ["--kubeconfig", kubeconfig(folder, 6443)]


def _plain_http(folder: Path, stack: ExitStack) -> list[str]:
    server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    Thread(target=_refuse, args=(server, b"HTTP/1.1 400 Bad Request\r\n\r\n"), daemon=True).start()
    return ["--kubeconfig", kubeconfig(folder, server.getsockname()[1])]


def _plugin(command: str, *arguments: str) -> Any:
    def make(folder: Path, stack: ExitStack) -> list[str]:
        plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": command, "args": list(arguments)}
        return ["--kubeconfig", kubeconfig(folder, 1, exec=plugin)]

    return make


FORBIDDEN = 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope'

WAYS: dict[str, tuple[Any, str, str, str]] = {
    "no kubeconfig": (lambda *_: ["--no-ssh"], "~/.kube/config: no such file", "--kubeconfig", "KUBECONFIG-MISSING"),
    "wrong path": (
        lambda *_: ["--kubeconfig", "/nope"],
        "/nope: no such file",
        "--kubeconfig",
        "KUBECONFIG-NOT-FOUND",
    ),
    "a folder": (
        lambda folder, _: ["--kubeconfig", str(folder)],
        "is a folder",
        "name the kubeconfig in it",
        "KUBECONFIG-BROKEN",
    ),
    "a path through a file": (_closed, "no such file", "--kubeconfig", "KUBECONFIG-NOT-FOUND"),
    "no YAML": (_text("contexts: ["), "not YAML", "mend or replace it", "KUBECONFIG-BROKEN"),
    "no kubeconfig in it": (_text("just text"), "not a kubeconfig", "mend or replace it", "KUBECONFIG-BROKEN"),
    "wrong context": (
        lambda folder, _: ["--kubeconfig", kubeconfig(folder, 1), "--context", "prod"],
        "context 'prod' is not in it",
        "choose one of lab",
        "KUBECONFIG-CONTEXT",
    ),
    "plugin that is not installed": (_plugin("no-such-plugin"), "no-such-plugin", "install", "KUBECONFIG-EXEC"),
    "plugin that fails": (
        _plugin("sh", "-c", "echo session ended >&2; exit 1"),
        "session ended",
        "log in anew",
        "KUBECONFIG-EXEC-LOGIN",
    ),
    "wrong CA": (
        _served(authority="somebody else"),
        "authority that the kubeconfig does not trust",
        "kubeconfig of",
        "TLS-KUBECONFIG-CA",
    ),
    "expired server": (
        _served(expires=expired()),
        "has expired at 2020-01-01T00:00:00Z",
        "renew it",
        "APISERVER-CERT-EXPIRED",
    ),
    "another host's certificate": (
        _served(host="other.example"),
        "issued for another address",
        "tls-server-name",
        "APISERVER-CERT-SAN",
    ),
    "API down": (
        lambda folder, _: ["--kubeconfig", kubeconfig(folder, nobody(folder))],
        "connection refused",
        "check the server address",
        "KUBECONFIG-LOCALHOST",
    ),
    "API that hangs": (_served(when("", Hang())), "no answer came within", "see the load", "API-TIMEOUT"),
    "a port that is open and silent": (_silent, "no answer came within", "see the load", "API-TIMEOUT"),
    "API that resets": (_served(when("", Reset())), "closed", "check kube-apiserver", "APISERVER-UNREACHABLE"),
    "a name that nobody knows": (_unresolved, "the name cannot be resolved", "check the name", "API-HOST-UNRESOLVED"),
    "a proxy that is away": (_behind_proxy(b""), "does not lead there", "set NO_PROXY", "API-PROXY"),
    "a proxy that refuses": (
        _behind_proxy(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        "503 Service Unavailable",
        "set NO_PROXY",
        "API-PROXY",
    ),
    "a proxy that is no URL": (
        lambda folder, _: ["--kubeconfig", _with_cluster(folder, **{"proxy-url": "bogus"})],
        "the proxy bogus cannot be used",
        "write it as http://HOST:PORT",
        "API-PROXY",
    ),
    "a server without https": (
        lambda folder, _: ["--kubeconfig", _with_cluster(folder, server="127.0.0.1:6443")],
        "the server 127.0.0.1:6443 of context 'lab' does not begin with https://",
        "mend it",
        "KUBECONFIG-BROKEN",
    ),
    "a kubeconfig that may not be read": (
        _unreadable,
        "cannot be read (Permission denied)",
        "as the owner of that file",
        "KUBECONFIG-PERMISSION",
    ),
    "plain HTTP": (_plain_http, "does not speak TLS", "check host and port", "API-WRONG-SERVICE"),
    "a login page": (
        _served(when("", Answer({}, 302, {"Location": "https://login.example/"}))),
        "redirects to https://login.example/",
        "check host and port",
        "API-WRONG-SERVICE",
    ),
    "a page of a captive portal": (
        _served(when("", Answer(b"<html>Welcome to the hotel</html>"))),
        "is not that of an API server",
        "is there a login page",
        "API-WRONG-SERVICE",
    ),
    "401": (_served(when("", refusal(401, "Unauthorized"))), "401 Unauthorized", "log in anew", "API-UNAUTHORIZED"),
    "401 and an expired certificate": (
        _expired_client,
        "the client certificate of the kubeconfig has expired at 2020-01-01T00:00:00Z",
        "take a fresh kubeconfig",
        "KUBECONFIG-CERT-EXPIRED",
    ),
    "401 and an expired token": (
        _expired_token,
        "the token of the kubeconfig has expired at 2020-01-01T00:00:00Z",
        "log in anew",
        "KUBECONFIG-TOKEN-EXPIRED",
    ),
    "403 for all": (_served(when("", refusal(403, FORBIDDEN))), "forbidden", "bind a role", "API-DENIED-CLUSTER"),
    "500 for all": (
        _served(when("", Answer({}, 500))),
        "500",
        "see the logs of kube-apiserver",
        "API-SERVER-ERROR",
    ),
    "unknown namespace": (
        _without_namespace,
        "there is no namespace dmo",
        "kubectl get namespaces",
        "NAMESPACE-UNKNOWN",
    ),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[list[str], str, str, str]]:
    """Give the options that lead to one way in which nothing can be observed, what must be said of it, and the rule."""
    make, *told = WAYS[request.param]
    with ExitStack() as stack:
        yield make(tmp_path, stack), *told


def said(errors: str, why: str, advice: str) -> None:
    """Fail unless `errors` is one line with the reason and the advice."""
    assert errors.count("\n") == 1, errors
    assert why in errors
    assert advice in errors


def test_a_diagnosis_of_nothing_is_no_success(way: tuple[list[str], str, str, str]) -> None:
    """The report names the cause first, one line says why nothing was seen and what to do, and the status is 1."""
    options, why, advice, rule = way
    result = kbdiag("infer", "--timeout", "2", "--engine", "reference", "-o", "json", *options)
    assert result.exit_code == 1, result.output
    assert json.loads(result.stdout)["hypotheses"][0]["id"] == rule
    said(result.stderr, why, advice)


def test_a_snapshot_of_nothing_is_saved_and_no_success(way: tuple[list[str], str, str, str], tmp_path: Path) -> None:
    """The file is written, for why nothing was seen is evidence; the line and the status are those of `infer`."""
    options, why, advice, _ = way
    result = kbdiag("collect", "--timeout", "2", "-o", "x.tar.zst", *options)
    assert result.exit_code == 1, result.output
    assert {one.reason for one in load_snapshot(tmp_path / "x.tar.zst").coverage} <= {"", *Reason}
    said(result.stderr, why, advice)


@pytest.mark.parametrize(
    "command", [("facts",), ("watch", "--count", "1", "--engine", "reference"), ("infer", "--why", "VM-STOPPED")]
)
def test_every_command_that_looks_says_that_it_saw_nothing(command: tuple[str, ...]) -> None:
    """One line and status 1, whatever else is printed."""
    result = kbdiag(*command, "--kubeconfig", "/nope")
    assert result.exit_code == 1
    said(result.stderr, "/nope: no such file", "--kubeconfig")


@pytest.mark.parametrize("choice", [("--all-contexts",), ("--cluster", "prod")])
def test_a_choice_among_the_contexts_of_no_kubeconfig(choice: tuple[str, ...]) -> None:
    """Where no context can be read, no cluster is looked at."""
    result = kbdiag("infer", "--kubeconfig", "/nope", *choice)
    assert (result.exit_code, result.stdout) == (1, "")
    said(result.stderr, "/nope: no such kubeconfig", "--kubeconfig")


def test_one_cluster_of_several_that_cannot_be_observed(tmp_path: Path) -> None:
    """Its line names it; a look at the others is a look."""
    with clusters(tmp_path, gone=well()) as (config, _):
        Path(config).rename(tmp_path / "gone.yaml")
    with clusters(tmp_path, prod=crashing()) as (config, _):
        options = ("--kubeconfig", f"{config}{os.pathsep}{tmp_path}/gone.yaml", "--all-contexts")
        result = kbdiag("infer", "--no-ssh", "--engine", "reference", *options)
    assert result.exit_code == 0, result.output
    said(result.stderr, "kbdiag: gone: nothing could be observed: https://127.0.0.1:", "check the server address")


def test_a_typo_in_the_path_is_shown_its_neighbour(tmp_path: Path) -> None:
    """A file of nearly that name is offered."""
    kubeconfig(tmp_path, 1)
    result = kbdiag("infer", "--kubeconfig", str(tmp_path / "kubeconfg"))
    said(result.stderr, f"{tmp_path}/kubeconfg: no such file", f"did you mean {tmp_path}/kubeconfig?")


def test_a_saved_look_at_nothing_is_none_when_it_is_replayed(tmp_path: Path) -> None:
    """The status of a replay is that of the live run."""
    kbdiag("collect", "--kubeconfig", "/nope", "-o", "x.tar.zst")
    result = kbdiag("infer", "x.tar.zst", "--engine", "reference")
    assert result.exit_code == 1
    said(result.stderr, "/nope: no such file", "--kubeconfig")


def test_a_cluster_that_is_seen_is_a_look(tmp_path: Path) -> None:
    """Nothing is on standard error, and the status is 0."""
    with clusters(tmp_path, prod=well()) as (config, _):
        result = kbdiag("infer", "--kubeconfig", config, "--no-ssh", "--engine", "reference")
    assert (result.exit_code, result.stderr) == (0, "")


def test_each_advice_says_what_to_do() -> None:
    """An advice is a sentence that starts with a verb, on one line."""
    assert all(advice[0].islower() and "\n" not in advice for advice in ADVICE.values())
