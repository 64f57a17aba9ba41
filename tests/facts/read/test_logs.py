"""Text that no reader claims becomes logs, one for each run of a component."""

import json
from pathlib import Path

import pytest

from facts.model.schema import COMPONENTS
from facts.read.evidence import read_evidence
from tests.facts.reading import logs, read

KUBELET = "Nov 23 10:04:01 worker1 kubelet[812]: E1123 10:04:01.1 812 run.go:74] boom\n"
CONTAINERD = 'Nov 23 10:04:02 worker1 containerd[512]: time="2026-11-23" level=error msg="boom"\n'


def runs(text: str) -> list[tuple[str, str, int]]:
    """Return (component, text, line) of each log."""
    return [(one.attribute("component"), one.body.decode(), one.line) for one in logs(read(text))]


def test_journal_is_cut_where_the_component_changes() -> None:
    """Lines of one component that follow each other are one log of that node."""
    snapshot = read(KUBELET * 2 + CONTAINERD + KUBELET)
    assert [(one.attribute("component"), one.attribute("node"), one.line) for one in logs(snapshot)] == [
        ("kubelet", "worker1", 1),
        ("containerd", "worker1", 3),
        ("kubelet", "worker1", 4),
    ]


def test_continuation_lines_belong_to_the_line_above() -> None:
    """Indented lines go on with the message above them, others do not."""
    text = KUBELET + "        failed to create kubelet:\n        swap\n"
    assert runs(text) == [("kubelet", text, 1)]
    assert runs(KUBELET + "something else\n") == [("kubelet", KUBELET, 1), ("", "something else\n", 2)]


def test_journal_with_iso_times() -> None:
    """The short-iso format of journalctl and the one of rsyslog name host and component as well."""
    for moment in ("2026-11-23T10:04:01+0100", "2026-11-23T10:04:01.123456+01:00", "2026-11-23T10:04:01Z"):
        (log,) = logs(read(f"{moment} worker1 dockerd[9]: boom\n"))
        assert (log.attribute("component"), log.attribute("node")) == ("docker", "worker1")


@pytest.mark.parametrize(
    ("line", "component"),
    [
        ("[preflight] Running pre-flight checks", "kubeadm"),
        ("\t[ERROR NumCPU]: the number of available CPUs 1 is less than the required 2", "kubeadm"),
        ("   [kubelet-check] Initial timeout of 40s passed.", "kubeadm"),
        ("error execution phase preflight: boom", "kubeadm"),
        ('Error from server (NotFound): pods "web" not found', "kubectl"),
        (
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            "kubectl",
        ),
        ("Unable to connect to the server: net/http: TLS handshake timeout", "kubectl"),
        ("[  123.456789] Out of memory: Killed process 812 (java)", "kernel"),
        ("E1123 10:04:01.123456     812 kubelet.go:3117] boom", "kubelet"),
        ("./up.sh: line 129: [[: 0", "shell"),
        ("sed: -e expression #1, char 15: unterminated `s' command", "shell"),
        ("Error: UPGRADE FAILED: another operation is in progress", "helm"),
        ("level=error msg=boom", ""),
        ("/bin/sh: syntax error", ""),
    ],
)
def test_lines_that_name_their_component(line: str, component: str) -> None:
    """What a line says by itself is its component; in doubt there is none, and any rule may read it."""
    assert runs(f"{line}\n") == [(component, f"{line}\n", 1)]
    assert component == "" or component in COMPONENTS


def test_kubeadm_reaches_to_the_next_blank_line() -> None:
    """A message of kubeadm is wrapped without being indented."""
    text = "error execution phase upload-certs: could not bootstrap:\nunable to create ClusterRoleBinding\n"
    assert runs(f"{text}\nother\n") == [("kubeadm", text, 1), ("", "\nother\n", 3)]


def test_log_of_a_pod_is_one_log(tmp_path: Path) -> None:
    """Whatever the lines of a Pod's log look like, they are that Pod's."""
    text = f"[preflight] not kubeadm\n{KUBELET}Error from server\n"
    (log,) = logs(read(f"$ kubectl logs -n demo web-1\n{text}"))
    assert log.attributes == {"component": "container", "namespace": "demo", "pod": "web-1"}
    assert log.body.decode() == text


def test_refusal_is_not_the_log_of_the_pod() -> None:
    """When kubectl could not get a log, what it says is its own."""
    text = 'Error from server (BadRequest): previous terminated container "app" in pod "web-1" not found\n'
    (log,) = logs(read(f"$ kubectl logs -n demo web-1 --previous\n{text}"))
    assert (log.body.decode(), log.attributes) == (text, {"component": "kubectl"})


def test_name_of_the_file_breaks_the_tie(tmp_path: Path) -> None:
    """Lines that do not name their component have the one of the file; those that do keep their own."""
    path = tmp_path / "kubelet.log"
    path.write_text(f"plain\n{CONTAINERD}")
    assert [one.attribute("component") for one in logs(read_evidence([path]))] == ["kubelet", "containerd"]


def test_prompt_gives_the_component() -> None:
    """Output of a command is that command's, until the next prompt."""
    text = "$ journalctl -u containerd\nplain\n$ dmesg\nout of memory\n$ echo hello\nhello\n"
    assert [(component, body) for component, body, _ in runs(text)] == [
        ("containerd", "plain\n"),
        ("kernel", "out of memory\n"),
        ("", "hello\n"),
    ]


def test_journal_as_json() -> None:
    """Of each entry the message remains, one line for one entry."""
    entries = [
        {
            "__REALTIME_TIMESTAMP": "1",
            "_HOSTNAME": "w1",
            "_SYSTEMD_UNIT": "kubelet.service",
            "MESSAGE": 'err="boom"\nmore',
        },
        {"__REALTIME_TIMESTAMP": "2", "_HOSTNAME": "w1", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": list(b"oom\xff")},
    ]
    found = logs(read("".join(json.dumps(one) + "\n" for one in entries)))
    assert [(one.body, one.attributes, one.line) for one in found] == [
        (b'err="boom" more\n', {"component": "kubelet", "node": "w1"}, 1),
        (b"oom\xff\n", {"component": "kernel", "node": "w1"}, 2),
    ]


def test_docker_json_file() -> None:
    """What the container printed is unpacked, so that patterns find its quotes."""
    line = json.dumps({"log": 'err="Only one datasource"\n', "stream": "stderr", "time": "2026-11-23T10:04:01Z"})
    assert runs(f"{line}\n{line}\n") == [("container", 'err="Only one datasource"\n' * 2, 1)]


@pytest.mark.parametrize(
    "line", [KUBELET, "level=info msg=hello caller=main.go:12\n", '{"level":"info","msg":"hello"}\n']
)
def test_large_logs_are_one_observation(line: str) -> None:
    """A log of 2 MB is not cut."""
    body = line.encode() * (2_000_000 // len(line))
    (log,) = logs(read(body))
    assert len(log.body) == len(body)


def test_what_exec_prints_belongs_to_its_pod() -> None:
    """It was said there."""
    (one,) = logs(
        read("$ kubectl exec -n shop web-0 -c app -- curl -sS http://db/\ncurl: (7) Failed to connect to db\n")
    )
    assert (one.attribute("namespace"), one.attribute("pod"), one.attribute("container")) == ("shop", "web-0", "app")
