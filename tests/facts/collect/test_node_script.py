"""The script for nodes: what it prints is cut into sections and becomes what the same output gives when it is pasted."""

import shutil
import subprocess
from pathlib import Path

import pytest

from facts.collect.machines.node_script import Section, observations_of, script_of, sections_of, was_not_sent
from facts.extract.evidence import extract
from facts.model.values import Fact, Observation, Snapshot
from facts.read.evidence import read_evidence
from tests.facts.programs import Programs, programs

__all__ = ("programs",)
MARK = "b8f3a0"
UNIT = """● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)
     Active: activating (auto-restart) (Result: exit-code) since Sun 2026-03-01 11:59:00 UTC; 3s ago
   Main PID: 4242 (code=exited, status=1/FAILURE)
"""
DF = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/vda1         20480000 20070400    409600      98% /\n"
FREE = "               total        used        free      shared  buff/cache   available\nMem:            4000        3000         200          10         800         800\nSwap:           2048         512        1536\n"
PING = "PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.\nFrom 10.0.0.3 icmp_seq=1 Destination Host Unreachable\n\n--- 10.0.0.2 ping statistics ---\n4 packets transmitted, 0 received, +4 errors, 100% packet loss, time 955ms\n"


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh"])
def test_the_script_runs_to_its_end_in_every_shell(shell: str, programs: Programs) -> None:
    """Whatever /bin/sh is on a node; nothing is printed on standard error."""
    words = shell.split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed here")
    programs.put("crictl", "exit 0")  # the runtime of containers may be away on this machine, and is waited for
    script = script_of(MARK, [("me", "127.0.0.1")], ["127.0.0.1:1"])
    done = subprocess.run([*words, "-s"], input=script, capture_output=True, timeout=60, check=False)
    sections, finished = sections_of(done.stdout, MARK)
    assert (done.returncode, done.stderr, finished) == (0, b"", True)
    commands = [section.command.split()[0] for section in sections]
    assert {"date", "free", "uptime", "sysctl", "ls", "df"} <= set(commands)
    assert (commands[0], commands[-1]) == ("date", "date")
    assert all(section.status is not None for section in sections)
    (refused,) = [section for section in sections if section.target == "127.0.0.1:1"]
    assert b"Connection refused" in refused.body


def test_only_reading_commands_are_run() -> None:
    """No word of the script writes, starts, stops or removes anything."""
    words = set(script_of(MARK, (), ()).decode().replace('"', " ").replace("$", " ").split())
    assert not words & {
        "rm",
        "mv",
        "cp",
        "tee",
        "kill",
        "restart",
        "start",
        "stop",
        "mount",
        "modprobe",
        "-w",
        "install",
    }


def test_values_are_quoted() -> None:
    """A name is data, whatever it looks like."""
    script = script_of(MARK, [("a; touch /tmp/x", "$(id)")], ["`id`"]).decode()
    assert "\npings='a; touch /tmp/x=$(id)'\napis='`id`'\n" in script


def printed(*sections: tuple[str, str, str], end: str = f"\n{MARK} done\n") -> bytes:
    """Return what the script prints; each section is command, target and output."""
    texts = [f"\n{MARK} begin\t{command}\t{target}\n{body}\n{MARK} end\t0\n" for command, target, body in sections]
    return "".join((*texts, end)).encode()


def test_sections_with_their_status() -> None:
    """And whether all came."""
    sections, finished = sections_of(printed(("free -m", "", FREE), ("ping -c 4 10.0.0.2", "w2", PING)), MARK)
    assert finished
    assert [(one.command, one.target, one.status) for one in sections] == [
        ("free -m", "", 0),
        ("ping -c 4 10.0.0.2", "w2", 0),
    ]
    assert sections[0].body == FREE.encode()


def test_what_was_cut_off_is_kept_without_status() -> None:
    """The connection broke while a journal was on its way."""
    text = printed(("free -m", "", FREE), ("df -Pk", "", DF))
    sections, finished = sections_of(text[: text.index(b"/dev/vda1")], MARK)
    assert not finished
    assert [(one.command, one.status) for one in sections] == [("free -m", 0), ("df -Pk", None)]


def test_a_log_cannot_forge_a_section() -> None:
    """It does not know the mark."""
    forged = "\nffffff begin\tfree -m\t\nMem: 1\n\nffffff end\t0\n"
    sections, finished = sections_of(printed(("journalctl -u kubelet", "kubelet", forged)), MARK)
    assert finished
    assert [one.command for one in sections] == ["journalctl -u kubelet"]


def plain(snapshot: Snapshot) -> list[Fact]:
    """Return the facts without where they were seen."""
    return sorted((Fact(one.kind, one.attributes, "", one.text) for one in extract(snapshot).facts), key=Fact.key)


@pytest.mark.parametrize(
    ("command", "target", "body"),
    [
        ("df -Pk", "", DF),
        ("free -m", "", FREE),
        ("systemctl status kubelet", "", UNIT),
        ("ping -c 4 10.0.0.2", "10.0.0.2", PING),
    ],
)
def test_a_node_that_was_visited_gives_the_facts_of_what_is_pasted(
    tmp_path: Path, command: str, target: str, body: str
) -> None:
    """One way of telling is as good as the other."""
    paste = tmp_path / "notes.txt"
    paste.write_text(f"admin@prod-worker1:~$ {command}\n{body}\n")
    pasted = plain(read_evidence([str(paste)]))
    sections, _ = sections_of(printed((command, target, body)), MARK)
    visited = plain(Snapshot(tuple(observations_of(sections, "prod-worker1"))))
    assert len(visited) == 1
    assert visited == pasted


def observed(*sections: Section) -> list[Observation]:
    return list(observations_of(sections, "w1"))


def test_a_journal_is_the_log_of_its_components_on_that_node() -> None:
    """Whatever name the machine has for itself."""
    body = b"2026-03-01T12:00:00+0000 localhost kubelet[42]: E0301 x\n2026-03-01T12:00:01+0000 localhost systemd[1]: kubelet.service: Failed\n"
    found = observed(Section("journalctl -u kubelet", "kubelet", body, 0))
    assert [one.attributes for one in found] == [
        {"component": "kubelet", "node": "w1"},
        {"component": "systemd", "node": "w1"},
    ]


def test_the_log_of_a_control_plane_is_that_of_its_pod() -> None:
    """Its path tells which."""
    path = "/var/log/pods/kube-system_etcd-prod-master_0123456789abcdef0123456789abcdef/etcd/3.log"
    (one,) = observed(Section(f"tail {path}", path, b"x\n", 0))
    assert one.attributes == {
        "component": "etcd", "node": "w1", "namespace": "kube-system", "pod": "etcd-prod-master", "container": "etcd"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "status", "unsent"),
    [
        (b"ping: socket: Operation not permitted\n", 2, True),
        (b"ping: Lacking privilege for icmp socket.\n", 1, True),
        (b"sh: 1: ping: not found\n", 127, True),
        (b"ping: icmp open socket: Operation not permitted\n", 2, True),
        (b"", None, True),
        (PING.encode(), 1, False),
        (b"ping: connect: No route to host\n", 2, False),
        (b"ping: sendmsg: Operation not permitted\n", 1, False),
    ],
)
def test_a_ping_that_could_not_be_sent_says_nothing_of_the_network(
    text: bytes, status: int | None, *, unsent: bool
) -> None:
    """For want of rights, or of ping."""
    section = Section("ping -c 4 10.0.0.2", "w2", text, status)
    assert was_not_sent(section) is unsent
    assert len(observed(section)) == (0 if unsent else 1)


# A stand-in for crictl on a node with Cilium, as its own help and Hubble's compact output describe it.
CRICTL_STUB = """#!/bin/sh
case "$1 $*" in
"ps "*cilium-agent*) echo 3f2a9c ;;
"exec "*hubble*) echo "Nov 24 09:00:01.000: demo/web-1:41234 (ID:1201) -> demo/db-0:5432 (ID:77) Policy denied DROPPED (TCP Flags: SYN)" ;;
"exec "*cilium*) echo "OK" ;;
esac
"""


def test_the_agent_of_the_node_tells_what_cilium_drops(tmp_path: Path) -> None:
    """Drops become a log of Hubble, so that the rules for pasted `hubble observe` output read them."""
    stub = tmp_path / "crictl"
    stub.write_text(CRICTL_STUB, encoding="utf-8")
    stub.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    script = script_of(MARK, (), ())
    done = subprocess.run(["sh", "-s"], input=script, capture_output=True, timeout=60, check=False, env=environment)
    found = observations_of(sections_of(done.stdout, MARK)[0], "w1")
    logs = {one.attribute("component"): one.body for one in found if one.attribute("component") in {"cilium", "hubble"}}
    assert logs["cilium"].strip() == b"OK"
    assert b"Policy denied DROPPED" in logs["hubble"]
