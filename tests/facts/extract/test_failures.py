"""Texts of the evidence give failures as facts, with what is known of the text."""

import pytest

from facts.extract.failures import reading_of
from facts.model.values import Observation, ObservationKind, Snapshot, Text
from facts.read.failures import templates
from tests.facts.given import check, checked, command, evidence, facts, only, workload

REFUSED = "dial tcp 10.20.0.4:5432: connect: connection refused"


def log(body: str, **attributes: str) -> Observation:
    """Return a log of these lines."""
    return Observation(ObservationKind.LOG, "cart.log", body.encode(), attributes, 7)  # type: ignore[arg-type]


def pod(*, ready: bool, restarts: int = 9) -> dict[str, object]:
    """Return a Pod of a StatefulSet on node w1."""
    state = (
        {"running": {}}
        if ready
        else {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container=app"}}
    )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "cart-0",
            "namespace": "shop",
            "ownerReferences": [{"kind": "StatefulSet", "name": "cart", "controller": True, "apiVersion": "apps/v1"}],
        },
        "spec": {"nodeName": "w1", "containers": [{"name": "app"}]},
        "status": {
            "phase": "Running",
            "containerStatuses": [{"name": "app", "ready": ready, "restartCount": restarts, "state": state}],
        },
    }  # fmt: skip


def test_line_of_a_log_is_a_failure() -> None:
    """Component and place come from the log, the line's number counts from where the log starts."""
    found = checked(Snapshot((log(f"start\nERROR connect: {REFUSED}\n", component="etcd", node="w1"),)))
    fact = next(fact for fact in found.facts if fact.kind == "failure")
    assert fact.source == "cart.log:8"
    expected = {"component": "etcd", "node": "w1", "error": "refused", "peer": "10.20.0.4:5432", "host": "10.20.0.4", "port": 5432, "level": "error"}  # fmt: skip
    assert {name: fact.attributes[name] for name in expected} == expected


def test_log_of_a_pod_tells_its_workload() -> None:
    """The failure of a container belongs to the workload, and its last words are the last ones of the instance before."""
    lines = f"ERROR connect: {REFUSED}\n"
    previous = log(lines, pod="cart-0", namespace="shop", container="app", previous="true")
    found = evidence(pod(ready=False), more=(previous,))
    fact = next(fact for fact in facts(found, "failure") if fact["error"] == "refused")
    place = {name: fact[name] for name in ("namespace", "pod", "container", "workload_kind", "workload", "node")}
    assert place == {"namespace": "shop", "pod": "cart-0", "container": "app", "workload_kind": "StatefulSet", "workload": "cart", "node": "w1"}  # fmt: skip
    assert fact["last"] is True


def test_log_that_was_asked_of_a_workload_is_the_workloads() -> None:
    """As `kubectl logs deploy/web` prints it: no Pod is known, the Deployment is."""
    lines = log(f"ERROR connect: {REFUSED}\n", pod="web", namespace="demo")
    found = only(evidence(workload(), more=(lines,)), "failure")
    assert (found["workload_kind"], found["workload"], found["pod"]) == ("Deployment", "web", "")


def test_status_message_that_says_no_reason_is_no_failure() -> None:
    """That a container exited is a fact about the Pod already."""
    assert [fact for fact in evidence(pod(ready=False)).facts if fact.kind == "failure"] == []


def test_warning_event_is_a_failure_with_its_count() -> None:
    """The event says how often it happened."""
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "cart-0.1", "namespace": "shop"},
        "involvedObject": {"kind": "Pod", "name": "cart-0", "namespace": "shop"},
        "type": "Warning",
        "reason": "FailedMount",
        "message": 'MountVolume.SetUp failed for volume "settings" : configmap "cart-settings" not found',
        "count": 12,
        "source": {"component": "kubelet", "host": "w1"},
        "lastTimestamp": "2026-03-01T11:59:30Z",
    }
    fact = only(evidence(event), "failure")
    expected = {"component": "kubelet", "error": "not-found", "object_kind": "ConfigMap", "object": "cart-settings", "count": 12, "node": "w1", "pod": "cart-0"}  # fmt: skip
    assert {name: fact[name] for name in expected} == expected


def test_answer_of_a_command_is_a_failure() -> None:
    """What kubectl prints when it gets no answer says why."""
    fact = only(checked(Snapshot((command("kubectl get pods", "The connection to the server 10.20.0.1:6443 was refused - did you specify the right host or port?\n"),))), "failure")  # fmt: skip
    assert (fact["component"], fact["error"], fact["host"], fact["port"]) == ("kubectl", "refused", "10.20.0.1", 6443)


@pytest.mark.parametrize(
    "body",
    [
        "INFO listening on :8080\nINFO request done errors=0\n",
        "# Troubleshooting\n\nIf you see `connection refused`, the server does not run.\n",
        "The error means that the disk is full: no space left on device is what the kernel says then.\n",
    ],
)
def test_information_and_prose_give_none(body: str) -> None:
    """What is well, and what only speaks of errors, is no failure."""
    assert facts(checked(Snapshot((log(body),))), "failure") == []


@pytest.mark.parametrize(
    ("peer", "host", "port"),
    [("10.0.0.1:80", "10.0.0.1", 80), ("[::1]:53", "::1", 53), ("cart", "cart", 0), ("/run/x.sock", "", 0)],
)
def test_peer_is_host_and_port(peer: str, host: str, port: int) -> None:
    """An address is taken apart; the path of a socket is neither."""
    network = "unix" if peer.startswith("/") else "tcp"
    line = (
        f"dial {network} {peer}: connect: connection refused"
        if port or network == "unix"
        else f"ssh: Could not resolve hostname {peer}: Name or service not known"
    )
    (fact,) = reading_of([Text(line.encode(), "x")]).failures
    check(fact)
    assert (fact.attributes["host"], fact.attributes["port"]) == (host, port)


def test_a_text_tells_the_lines_of_its_failures_that_are_over() -> None:
    """Each line that said it before work went well again; what fails afterwards is not over."""
    refused = f"ERROR connect: {REFUSED}\n"
    body = (
        f"start\n{refused}INFO waiting\n{refused}INFO server is ready\nERROR open /etc/cart.yaml: permission denied\n"
    )
    reading = reading_of([Text(body.encode(), "cart.log")])
    assert [text.over for text in reading.texts] == [frozenset({2, 4})]


def test_a_failure_that_comes_back_is_not_over() -> None:
    """The last word counts."""
    refused = f"ERROR connect: {REFUSED}\n"
    reading = reading_of([Text(f"{refused}INFO server is ready\n{refused}".encode(), "cart.log")])
    assert [text.over for text in reading.texts] == [frozenset()]


def test_lines_that_were_not_read_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log with more kinds of lines than are read says so in the coverage."""
    monkeypatch.setattr(templates, "BUDGET", 2)
    monkeypatch.setattr(templates, "TAIL", 0)
    words = ("disk", "network", "clock", "image", "claim")
    body = "".join(f"ERROR open /{word}/{word}: permission denied\n" for word in words)
    (cut,) = reading_of([Text(body.encode(), "cart.log")]).coverage
    assert (cut.target, cut.state) == ("cart.log", "partial")
    assert cut.why is not None
    assert cut.why.startswith("3 lines ")


def test_lines_of_one_kind_that_is_known_need_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and numbers that programs make up do not make a kind; all lines count."""
    monkeypatch.setattr(templates, "BUDGET", 2)
    monkeypatch.setattr(templates, "TAIL", 0)
    body = "".join(f"ERROR sync of web-7d4b9c{number}f6d-x8kzt: permission denied\n" for number in range(9))
    reading = reading_of([Text(body.encode(), "cart.log")])
    assert reading.coverage == ()
    assert sum(int(fact.attributes["count"]) for fact in reading.failures) == 9


def test_a_log_that_others_interrupt_is_read_as_one_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of a kind of line holds for the other parts of the log, and for no other log."""
    monkeypatch.setattr(templates, "BUDGET", 1)
    monkeypatch.setattr(templates, "TAIL", 0)
    said = [b"ERROR open /disk: permission denied\n", b"ERROR open /clock: no such file or directory\n"]
    parts = [Text(body, "node.log", line=number) for number, body in enumerate(said, 1)]
    assert [one.target for one in reading_of(parts).coverage] == ["node.log"]
    assert reading_of([parts[0], Text(said[1], "other.log")]).coverage == ()


def test_the_trace_below_a_failure_is_over_with_it() -> None:
    """No rule sees the exception of a name that was found later."""
    text = (
        "[2026-02-20T06:00:20,330][WARN ][o.e.d.SeedHostsResolver  ] [es-0] failed to resolve host [es-2.es]\n"
        "java.net.UnknownHostException: es-2.es\n"
        "[2026-02-20T06:00:24,110][INFO ][o.e.c.s.MasterService    ] [es-0] elected-as-master ([2] nodes joined in term 9)\n"
    )
    found = evidence(more=(log(text),))
    (scanned,) = found.texts
    assert scanned.over == {1, 2}
