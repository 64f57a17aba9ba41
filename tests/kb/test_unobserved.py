"""When nothing can be observed: every command that looks at a cluster ends with 1 and one line that says why and what to do."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

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


WAYS: dict[str, tuple[Any, str, str]] = {
    "no kubeconfig": (lambda *_: ["--no-ssh"], "~/.kube/config: no such file", "--kubeconfig"),
    "wrong path": (lambda *_: ["--kubeconfig", "/nope"], "/nope: no such file", "--kubeconfig"),
    "a folder": (lambda folder, _: ["--kubeconfig", str(folder)], "is a folder", "name the kubeconfig in it"),
    "a path through a file": (_closed, "no such file", "--kubeconfig"),
    "no YAML": (_text("contexts: ["), "not YAML", "mend or replace it"),
    "no kubeconfig in it": (_text("just text"), "not a kubeconfig", "mend or replace it"),
    "wrong context": (
        lambda folder, _: ["--kubeconfig", kubeconfig(folder, 1), "--context", "prod"],
        "context 'prod' is not in it",
        "choose one of lab",
    ),
    "wrong CA": (_served(authority="somebody else"), "authority that the kubeconfig does not trust", "kubeconfig of"),
    "expired server": (_served(expires=expired()), "has expired", "; "),
    "API down": (
        lambda folder, _: ["--kubeconfig", kubeconfig(folder, nobody(folder))],
        "connection refused",
        "check the server address",
    ),
    "API that hangs": (_served(when("", Hang())), "no answer within", "check"),
    "a port that is open and silent": (_silent, "no answer within", "check"),
    "API that resets": (_served(when("", Reset())), "closed", "check kube-apiserver"),
    "401": (_served(when("", refusal(401, "Unauthorized"))), "401 Unauthorized", "log in anew"),
    "403 for all": (_served(when("", refusal(403, "pods is forbidden"))), "forbidden", "bind a role"),
    "500 for all": (_served(when("", Answer({}, 500))), "500", "see the logs of kube-apiserver"),
    "unknown namespace": (_without_namespace, "there is no namespace dmo", "kubectl get namespaces"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[list[str], str, str]]:
    """Give the options that lead to one way in which nothing can be observed, and what must be said of it."""
    make, why, advice = WAYS[request.param]
    with ExitStack() as stack:
        yield make(tmp_path, stack), why, advice


def said(errors: str, why: str, advice: str) -> None:
    """Fail unless `errors` is one line with the reason and the advice."""
    assert errors.count("\n") == 1, errors
    assert why in errors
    assert advice in errors


def test_a_diagnosis_of_nothing_is_no_success(way: tuple[list[str], str, str]) -> None:
    """The report is printed, one line says why nothing was seen and what to do, and the status is 1."""
    options, why, advice = way
    result = kbdiag("infer", "--timeout", "2", "--engine", "reference", *options)
    assert result.exit_code == 1, result.output
    assert "collectors complete" in result.stdout
    said(result.stderr, why, advice)


def test_a_snapshot_of_nothing_is_saved_and_no_success(way: tuple[list[str], str, str], tmp_path: Path) -> None:
    """The file is written, for why nothing was seen is evidence; the line and the status are those of `infer`."""
    options, why, advice = way
    result = kbdiag("collect", "--timeout", "2", "-o", "x.tar.zst", *options)
    assert result.exit_code == 1, result.output
    assert (tmp_path / "x.tar.zst").is_file()
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
