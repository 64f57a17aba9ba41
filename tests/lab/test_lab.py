"""Faults played for real, with sshd, ping and journald in namespaces of this kernel: what kbdiag then sees and says."""

import signal
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.diagnosis import infer
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.model.values import Coverage, CoverageState, Evidence, Snapshot
from kb.catalogue.catalogue import load_catalogue
from tests.facts.given import Object, facts, node
from tests.lab.lab import ADDRESSES, RESTARTING, Lab, need_lab, open_lab

NAMED = tuple(f"{name}={address}" for name, address in ADDRESSES.items())
SWAP = 'E0302 10:00:01.000000 4242 run.go:74] "command failed" err="failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false"'
DRIVER = 'E0302 10:00:01.000000 4242 server.go:302] "Failed to run kubelet" err="failed to run Kubelet: misconfiguration: kubelet cgroup driver: \\"cgroupfs\\" is different from docker cgroup driver: \\"systemd\\""'
NO_CNI = 'E0302 10:00:01.000000 4242 kubelet.go:2902] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"'


@pytest.fixture
def lab() -> Iterator[Lab]:
    """Give a lab in which all is well and the VM manager knows its VMs."""
    need_lab()
    with open_lab() as opened:
        opened.list_vms()
        yield opened


@cache
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


def ranked(snapshot: Snapshot) -> list[tuple[str, str, float]]:
    """Return rule, subject and confidence of each hypothesis, best first."""
    found = infer(program(), extract(snapshot), ReferenceEngine()).hypotheses
    return [(one.candidate.rule.id, one.candidate.subject.name, one.confidence) for one in found]


def seen(snapshot: Snapshot) -> Evidence:
    return extract(snapshot)


def nodes(*names: str) -> list[Object]:
    """Return Ready nodes; all that there are, when none is named."""
    return [node(name, address=ADDRESSES[name]) for name in names or ADDRESSES]


def ending(snapshot: Snapshot, collector: str, target: str) -> Coverage:
    (found,) = [one for one in snapshot.coverage if (one.collector, one.target) == (collector, target)]
    return found


def ssh_of(snapshot: Snapshot, name: str) -> tuple[str, str]:
    """Return state and reason of the `ssh` fact of a machine."""
    (found,) = [one for one in facts(seen(snapshot), "ssh") if one["to"] == name]
    return found["state"], found["reason"]


def pings_of(snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, str]]:
    """Return state and reason of each ping, by sender and target."""
    return {(one["from"], one["to"]): (one["state"], one["reason"]) for one in facts(seen(snapshot), "ping")}


# --- all is well -----------------------------------------------------------------------------------------------------


def test_a_healthy_cluster_is_seen_whole_and_nothing_is_said(lab: Lab) -> None:
    """Every machine is entered, every ping is sent, and no cause reaches even odds."""
    with lab.api(*nodes()) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig)
    looked = [one for one in snapshot.coverage if one.collector in ("ssh", "ping", "vm/tart")]
    assert {(one.collector, one.target) for one in looked} == {
        ("vm/tart", "*"), ("ping", "host"), *((what, name) for what in ("ssh", "ping") for name in ADDRESSES)
    }  # fmt: skip
    assert {one.state for one in looked} == {CoverageState.COMPLETE}
    assert len(pings_of(snapshot)) == 9
    assert set(pings_of(snapshot).values()) == {("ok", "")}
    assert {one["state"] for one in facts(seen(snapshot), "connection")} == {"ok"}
    assert [one for one in ranked(snapshot) if one[2] >= 0.5] == []


# --- the network between the VMs ---------------------------------------------------------------------------------------


def test_isolated_vms_are_bug_003_until_they_are_not(lab: Lab) -> None:
    """The workers could not join, so the API knows the master only; the VM manager knows them all."""
    with lab.api(*nodes("prod-master")) as kubeconfig:
        lab.isolate(isolated=True)
        isolated = lab.observe(kubeconfig=kubeconfig)
        lab.isolate(isolated=False)
        healed = lab.observe(kubeconfig=kubeconfig)
    pings = pings_of(isolated)
    assert {pings["host", name] for name in ADDRESSES} == {("ok", "")}
    assert {pings[a, b] for a in ADDRESSES for b in ADDRESSES if a != b} == {("failed", "unreachable")}
    identity, subject, confidence = ranked(isolated)[0]
    assert (identity, subject) == ("BUG-003", "lab")
    assert confidence >= 0.9
    assert "BUG-003" not in [one[0] for one in ranked(healed)]


def test_isolation_is_found_without_vm_manager_and_api(lab: Lab) -> None:
    """Only the addresses are known, from the user."""
    lab.isolate(isolated=True)
    confidences = {one[0]: one[2] for one in ranked(lab.observe(tart=False, nodes=NAMED))}
    assert confidences["BUG-003"] >= 0.9


def test_packets_that_one_machine_loses_silently_are_not_isolation(lab: Lab) -> None:
    """A wrong entry in the worker's neighbour table: no message, all is lost, and the other pairs are well."""
    worker, master = lab.vm("worker1"), lab.vm("master")
    worker.run(
        "ip", "neigh", "replace", master.address, "lladdr", "02:de:ad:00:00:01", "nud", "permanent", "dev", "eth0"
    )
    with lab.api(*nodes()) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig)
    pings = pings_of(snapshot)
    assert pings["prod-worker1", "prod-master"] == pings["prod-master", "prod-worker1"] == ("failed", "timeout")
    assert pings["prod-worker1", "prod-worker2"] == ("ok", "")
    assert [one for one in ranked(snapshot) if one[2] >= 0.5] == []


def test_a_slow_link_costs_time_and_nothing_else(lab: Lab) -> None:
    """A megabit a second still brings a long journal whole."""
    worker = lab.vm("worker1")
    lab.host.run("tc", "qdisc", "add", "dev", worker.port, "root", "tbf", "rate", "1mbit", "burst", "32k", "latency", "400ms")  # fmt: skip
    worker.say("kubelet", *(f"E0302 10:00:01.000000 4242 pod.go:1] line {number} {'x' * 2000}" for number in range(50)))
    snapshot = lab.observe(nodes=NAMED, tart=False)
    assert ending(snapshot, "ssh", "prod-worker1").state is CoverageState.COMPLETE
    journal = [one.body for one in snapshot.observations if one.source == "ssh prod-worker1: journalctl -u kubelet"]
    assert [body.count(b"] line ") for body in journal] == [50]


# --- a VM ----------------------------------------------------------------------------------------------------------------


def test_a_vm_whose_plug_is_pulled_is_unreachable(lab: Lab) -> None:
    """The manager says that it runs; nobody answers at its address."""
    lab.cut_off(lab.vm("worker1"), cut=True)
    with lab.api(*nodes()) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig)
    assert pings_of(snapshot)["host", "prod-worker1"] == ("failed", "unreachable")
    assert ssh_of(snapshot, "prod-worker1") == ("failed", "no-route")
    assert ranked(snapshot)[0][:2] == ("VM-UNREACHABLE", "prod-worker1")


def test_a_vm_that_is_stopped(lab: Lab) -> None:
    """Its siblings run, and its node is not heard of."""
    lab.cut_off(lab.vm("worker1"), cut=True)
    lab.list_vms(worker1="stopped")
    silent = node("prod-worker1", "Unknown", address=ADDRESSES["prod-worker1"], reason="NodeStatusUnknown")
    with lab.api(*nodes("prod-master", "prod-worker2"), silent) as kubeconfig:
        identity, subject, confidence = ranked(lab.observe(kubeconfig=kubeconfig))[0]
    assert (identity, subject) == ("VM-STOPPED", "prod-worker1")
    assert confidence >= 0.8


def test_a_vm_that_runs_in_the_list_only(lab: Lab) -> None:
    """No process runs it and it has no address, so nothing was tried."""
    lab.list_vms(worker2="running-without-address")
    snapshot = lab.observe()
    assert ending(snapshot, "ssh", "prod-worker2").reason == "no-address"
    (ghost,) = [one for one in facts(seen(snapshot), "vm") if one["name"] == "prod-worker2"]
    assert (ghost["state"], ghost["ip"], ghost["process"]) == ("running", "", "no")
    assert "VM-GHOST" in [one[0] for one in ranked(snapshot) if one[1] == "prod-worker2" and one[2] >= 0.4]


# --- SSH -----------------------------------------------------------------------------------------------------------------


def test_sshd_is_down(lab: Lab) -> None:
    """The machine answers ping and refuses the connection."""
    lab.vm("worker1").stop_sshd()
    with lab.api(*nodes()) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig)
    assert ssh_of(snapshot, "prod-worker1") == ("failed", "refused")
    assert ranked(snapshot)[0][:2] == ("SSH-REFUSED", "prod-worker1")


def test_a_changed_host_key_keeps_us_out(lab: Lab) -> None:
    """Nothing is sent to a machine that is another one, though new keys would be taken."""
    worker = lab.vm("worker1")
    worker.stop_sshd()
    worker.start_sshd("other")
    with lab.api(*nodes()) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig, accept_new=True)
    assert ssh_of(snapshot, "prod-worker1") == ("failed", "hostkey-changed")
    assert ("SSH-HOSTKEY-CHANGED", "prod-worker1") in [one[:2] for one in ranked(snapshot)[:2]]
    assert [one.source for one in snapshot.observations if one.source.startswith("ssh prod-worker1")] == []


def test_an_unknown_host_key_is_taken_on_request_only(lab: Lab) -> None:
    """Host keys are verified as the user's configuration says."""
    lab.host.run("rm", str(Path.home() / ".ssh" / "known_hosts"))
    assert ssh_of(lab.observe(), "prod-worker1") == ("failed", "hostkey-unknown")
    assert ssh_of(lab.observe(accept_new=True), "prod-worker1") == ("ok", "")


def test_a_key_that_no_machine_knows(lab: Lab) -> None:
    """With Tart, SSH is the way in, so the refusal is told; without, it may never have been one, and is not."""
    lab.use_key("other")
    with lab.api(*nodes()) as kubeconfig:
        told = lab.observe(kubeconfig=kubeconfig)
        untold = lab.observe(kubeconfig=kubeconfig, tart=False)
    assert {ssh_of(told, name) for name in ADDRESSES} == {("failed", "auth")}
    assert sorted(one[:2] for one in ranked(told) if one[2] >= 0.5) == [("SSH-AUTH", name) for name in ADDRESSES]
    assert {ending(untold, "ssh", name).state for name in ADDRESSES} == {CoverageState.SKIPPED}
    assert {ending(untold, "ssh", name).reason for name in ADDRESSES} == {"auth"}
    assert [one for one in ranked(untold) if one[2] >= 0.5] == []


# --- inside a node -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "identity"),
    [(SWAP, "NODE-SWAP-ON"), (DRIVER, "KUBELET-CGROUP-DRIVER"), (NO_CNI, "CNI-NO-CONFIG")],
)
def test_what_the_kubelet_wrote_names_the_cause(lab: Lab, line: str, identity: str) -> None:
    """The journal is read through SSH, by unit."""
    worker = lab.vm("worker2")
    if identity != "CNI-NO-CONFIG":
        worker.show_unit("kubelet", RESTARTING)
    worker.say("kubelet", "I0302 10:00:00.000000 4242 server.go:1] starting", line)
    failing = node("prod-worker2", "False", address=worker.address, reason="KubeletNotReady")
    with lab.api(*nodes("prod-master", "prod-worker1"), failing) as kubeconfig:
        snapshot = lab.observe(kubeconfig=kubeconfig)
    assert ranked(snapshot)[0][:2] == (identity, "prod-worker2")
    (journal,) = [one for one in snapshot.observations if one.source == "ssh prod-worker2: journalctl -u kubelet"]
    assert journal.attributes == {"component": "kubelet", "node": "prod-worker2"}
    assert b"server.go:1] starting" not in journal.body


def test_secrets_in_a_journal_stay_there(lab: Lab) -> None:
    """What comes back over SSH is redacted like everything else."""
    lab.vm("worker1").say("kubelet", "E0302 10:00:01.000000 4242 x.go:1] join failed: --token abcdef.0123456789abcdef")
    snapshot = lab.observe()
    assert b"x.go:1] join failed" in b"".join(one.body for one in snapshot.observations)
    assert b"0123456789abcdef" not in b"".join(one.body for one in snapshot.observations)


def test_all_at_once_stays_within_the_time_and_finds_the_cause(lab: Lab) -> None:
    """The API is down for the master's kubelet dies of swap; a worker hangs in SSH; there is no VM manager."""
    master, worker = lab.vm("master"), lab.vm("worker2")
    master.show_unit("kubelet", RESTARTING)
    master.say("kubelet", SWAP)
    worker.signal_sshd(signal.SIGSTOP)
    snapshot = lab.observe(kubeconfig=lab.kubeconfig(), tart=False, nodes=NAMED, timeout=15.0)
    assert lab.looked < 15
    assert ssh_of(snapshot, "prod-worker2") == ("failed", "timeout")
    assert ending(snapshot, "vm", "*").state is CoverageState.SKIPPED
    assert ending(snapshot, "kubernetes/api", "*").reason == "refused"
    assert ranked(snapshot)[0][:2] == ("NODE-SWAP-ON", "prod-master")


def test_the_time_limit_holds_where_nobody_answers(lab: Lab) -> None:
    """The master is gone, a worker hangs: what could be seen is there, the rest is said to be unknown."""
    lab.cut_off(lab.vm("master"), cut=True)
    lab.vm("worker2").signal_sshd(signal.SIGSTOP)
    snapshot = lab.observe(kubeconfig=lab.kubeconfig(), tart=False, nodes=NAMED, timeout=12.0)
    assert lab.looked < 12
    assert ending(snapshot, "ssh", "prod-worker1").state is CoverageState.COMPLETE
    assert {ending(snapshot, "ssh", name).reason for name in ("prod-master", "prod-worker2")} == {"no-route", "timeout"}
    reached = {(one["from"], one["to_ip"]): one["state"] for one in facts(seen(snapshot), "connection")}
    assert reached["prod-worker1", ADDRESSES["prod-master"]] == "failed"
    assert ("APISERVER-UNREACHABLE", "lab") in [one[:2] for one in ranked(snapshot)]


# --- the lab itself --------------------------------------------------------------------------------------------------------


def traces() -> dict[str, Any]:
    """Return what a lab could leave behind: mounts, links, names of namespaces, processes, files."""
    processes = subprocess.run(["ps", "-axww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return {
        "mounts": [line for line in Path("/proc/mounts").read_text().splitlines() if "kbdiag-lab" in line],
        "links": subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout.count("\n"),
        "names": sorted(Path("/run/netns").glob("*")) if Path("/run/netns").exists() else [],
        "processes": [line for line in processes.splitlines() if "kbdiag-lab" in line or "tart run prod-" in line],
        "files": sorted(Path("/tmp").glob("kbdiag-lab-*")),
        "home": sorted(Path.home().glob(".ssh/*")),
    }


def test_nothing_is_left_behind_even_after_a_failure() -> None:
    """A test that fails in a lab with a fault leaves no process, mount, namespace or file."""
    need_lab()
    before = traces()

    def fail_in_a_lab() -> None:
        with open_lab() as opened:
            opened.list_vms()
            opened.isolate(isolated=True)
            assert traces() != before
            raise LookupError

    with pytest.raises(LookupError):
        fail_in_a_lab()
    assert traces() == before
