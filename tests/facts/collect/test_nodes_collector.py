"""Nodes over SSH, with a stub in place of ssh that runs the script right here, or fails as ssh does."""

from typing import Any

import pytest

from facts.collect.collector import Collected, Request
from facts.collect.collectors import nodes
from facts.collect.machines.machine import Machine
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import Coverage, CoverageState, Observation, Snapshot
from tests.facts.given import facts
from tests.facts.programs import Programs, programs

__all__ = ("programs",)
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # `sh` forks beside our threads

SSH = """
[ "$1" != -G ] || { echo "hostname $3"; echo "stricthostkeychecking ask"; exit; }
while [ "$1" != -- ]; do shift; done
case $2 in
  10.0.0.1) PATH="$(dirname "$0")/remote:$PATH" exec sh -c "$3" ;;
  10.0.0.2) printf 'ssh: connect to host 10.0.0.2 port 22: Connection refused\\r\\n' >&2; exit 255 ;;
  10.0.0.3) sleep 600 ;;
  10.0.0.4) printf 'me@10.0.0.4: Permission denied (publickey).\\r\\n' >&2; exit 255 ;;
  10.0.0.5) echo "Welcome to the jungle"; echo "This account is not available."; exit 1 ;;
  10.0.0.6) sh -c "$3" | sed '/begin\\tuptime/q'; kill -9 $$ ;;
  10.0.0.7) printf '@@@@@@@\\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\\nHost key verification failed.\\n' >&2; exit 255 ;;
esac
"""


def machine(last: int, **more: bool) -> Machine:
    return Machine(f"n{last}", f"10.0.0.{last}", **more)


def remote(programs: Programs, **scripts: str) -> None:
    """Let programs of the machine that is entered be shell scripts."""
    folder = programs.folder / "remote"
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)


def look(programs: Programs, *machines: Machine, seconds: float = 20.0, script: str = SSH, **ssh: object) -> Collected:
    programs.put("ssh", script)
    programs.put("ping", "echo 'ping: socket: Operation not permitted'; exit 2")
    # A client of containers may be on this machine without a runtime, for which it waits until it is killed.
    remote(programs, crictl="exit 0")
    return nodes.collect(Request(timeout=seconds, machines=machines, ssh=SshOptions(**ssh)))  # type: ignore[arg-type]


def ending(collected: Collected, name: str, collector: str = "ssh") -> Coverage:
    (found,) = [one for one in collected.coverage if (one.collector, one.target) == (collector, name)]
    return found


def states(collected: Collected) -> dict[str, tuple[str, str]]:
    """Return state and reason of each `ssh` fact."""
    found = extract(Snapshot(collected.observations))
    return {one["to"]: (one["state"], one["reason"]) for one in facts(found, "ssh")}


def test_a_machine_that_lets_us_in(programs: Programs) -> None:
    """Its commands are observations of that machine, and the look is complete."""
    collected = look(programs, machine(1))
    assert ending(collected, "n1").state is CoverageState.COMPLETE
    assert states(collected) == {"n1": ("ok", "")}
    memory = [one for one in collected.observations if one.attribute("command") == "free -m"]
    assert [(one.source, one.attribute("host"), one.attribute("role")) for one in memory] == [
        ("ssh n1: free -m", "n1", "vm")
    ]


def test_each_way_to_be_kept_out(programs: Programs) -> None:
    """As long as one machine lets us in, the others are expected to."""
    collected = look(programs, machine(1), machine(2), machine(4), machine(5), machine(7))
    assert states(collected) == {
        "n1": ("ok", ""),
        "n2": ("failed", "refused"),
        "n4": ("failed", "auth"),
        "n5": ("failed", "other"),
        "n7": ("failed", "hostkey-changed"),
    }
    assert {ending(collected, f"n{number}").state for number in (2, 4, 5, 7)} == {CoverageState.FAILED}
    assert [ending(collected, f"n{number}").reason for number in (2, 4, 5, 7)] == [
        "refused",
        "auth",
        "other",
        "hostkey-changed",
    ]
    assert ending(collected, "n2").why == "10.0.0.2: ssh: connect to host 10.0.0.2 port 22: Connection refused"


def test_machines_that_nobody_said_are_entered_over_ssh(programs: Programs) -> None:
    """Nodes of a managed cluster answer no SSH, and nothing is wrong with them."""
    collected = look(programs, machine(2), machine(4))
    assert collected.observations == ()
    assert {one.state for one in collected.coverage} == {CoverageState.SKIPPED}
    assert ending(collected, "n2").reason == "refused"


@pytest.mark.parametrize("how", ["user", "key", "expected"])
def test_machines_that_somebody_said_are_entered_over_ssh(programs: Programs, how: str) -> None:
    """By an option, or because a VM manager runs them."""
    options: dict[str, Any] = {} if how == "expected" else {how: "me"}
    collected = look(programs, machine(2, expected=how == "expected"), **options)
    assert states(collected) == {"n2": ("failed", "refused")}


def test_one_machine_that_hangs_costs_its_own_time_only(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are seen; it is a timeout."""
    monkeypatch.setattr(nodes, "NODE_SECONDS", 3.0)
    collected = look(programs, machine(3), machine(1), seconds=30.0)
    assert states(collected) == {"n1": ("ok", ""), "n3": ("failed", "timeout")}
    assert ending(collected, "n3").reason == "timeout"


def test_a_connection_that_breaks_leaves_what_came(programs: Programs) -> None:
    """The look is partial and says where it stopped."""
    collected = look(programs, machine(6))
    assert states(collected) == {"n6": ("ok", "")}
    cut = ending(collected, "n6")
    assert (cut.state, cut.reason) == (CoverageState.PARTIAL, "timeout")
    assert (cut.why or "").endswith("in: uptime")
    assert "free -m" in [one.attribute("command") for one in collected.observations]


def test_sudo_that_wants_a_password_leaves_the_look_partial(programs: Programs) -> None:
    """The connection is well; what only root may read is missing, and that is said."""
    remote(programs, id="echo 1000", sudo="echo 'sudo: a password is required' >&2; exit 1")
    collected = look(programs, machine(1))
    assert states(collected) == {"n1": ("ok", "")}
    denied = ending(collected, "n1")
    assert (denied.state, denied.reason) == (CoverageState.PARTIAL, "sudo-denied")
    assert "a password is required" in (denied.why or "")


def test_pings_that_cannot_be_sent_are_no_pings(programs: Programs) -> None:
    """Nothing is said of the network, and that is covered."""
    collected = look(programs, machine(1), machine(2))
    assert ending(collected, "n1", "ping").state is CoverageState.PARTIAL
    assert facts(extract(Snapshot(collected.observations)), "ping") == []


def test_a_machine_without_address_is_not_tried(programs: Programs) -> None:
    """The VM manager knows none: there is no connection to tell of."""
    collected = look(programs, Machine("vm1", "", expected=True))
    assert (ending(collected, "vm1").state, ending(collected, "vm1").reason) == (CoverageState.FAILED, "no-address")
    assert programs.calls("ssh") == []
    assert collected.observations == ()


def test_the_password_is_in_the_environment_of_sshpass_only(programs: Programs) -> None:
    """Not among the arguments, which every user of the machine sees, nor in what is kept."""
    programs.put("sshpass", 'printf "%s\\n" "$SSHPASS" >"$(dirname "$0")/password"; shift; exec "$@"')
    collected = look(programs, machine(1), machine(2), password="hunter2", user="admin")
    assert (programs.folder / "password").read_text() == "hunter2\n"
    assert "hunter2" not in (programs.folder / "calls").read_text()
    assert "hunter2" not in repr(collected)
    assert "hunter2" not in repr(SshOptions(password="hunter2"))
    assert all(call.startswith("-e ssh ") and "StrictHostKeyChecking=yes" in call for call in programs.calls("sshpass"))


def test_what_ssh_is_told(programs: Programs) -> None:
    """It never asks, checks host keys as the user's configuration says, and takes new ones on request only."""
    look(programs, machine(2), user="admin", key="/k")
    look(programs, machine(2), accept_new=True)
    plain, accepting = [call for call in programs.calls("ssh") if not call.startswith("-G")]
    assert "-o BatchMode=yes" in plain
    assert "-l admin -i /k -o IdentitiesOnly=yes -- 10.0.0.2 " in plain
    assert "StrictHostKeyChecking" not in plain
    assert "-o StrictHostKeyChecking=accept-new" in accepting


def test_a_name_that_the_users_configuration_knows_is_the_way(programs: Programs) -> None:
    """It may lead through a jump host or a forwarded port."""
    script = '[ "$1 $3" != "-G n2" ] || { echo "hostname 127.0.0.1"; exit; }\n' + SSH.replace("10.0.0.2)", "n2)")
    look(programs, machine(2), script=script, user="me")
    assert any(" -- n2 " in call for call in programs.calls("ssh"))


@pytest.mark.parametrize(
    ("request_", "why", "reason"),
    [
        (Request(machines=(machine(1),), ssh=SshOptions(enabled=False)), "SSH is switched off", ""),
        (Request(), "no machine of the cluster is known", ""),
        (Request(machines=(machine(1),), ssh=SshOptions(password="x")), "sshpass is not installed", "missing-tool"),
        (Request(machines=(machine(1),)), "ssh is not installed", "missing-tool"),
    ],
)
def test_what_keeps_from_looking_at_all(programs: Programs, request_: Request, why: str, reason: str) -> None:
    """It is one skipped coverage."""
    if why != "ssh is not installed":
        programs.put("ssh", SSH)
    programs.alone()
    (skipped,) = nodes.collect(request_).coverage
    assert (skipped.collector, skipped.target, skipped.state, skipped.reason) == (
        "ssh",
        "*",
        CoverageState.SKIPPED,
        reason,
    )
    assert (skipped.why or "").startswith(why)


def test_of_many_machines_the_first_are_visited(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the rest was not is said once."""
    monkeypatch.setattr(nodes, "MACHINES", 2)
    collected = look(programs, machine(2), machine(4), machine(5), user="me")
    assert [one.target for one in collected.coverage] == ["n2", "n4", "*"]
    assert collected.coverage[-1].why == "of 3 machines only 2 were looked into"


@pytest.mark.parametrize(("difference", "expected"), [(-3600, -3600), (3600, 3600), (0, 0), (1, 0)])
def test_a_clock_that_is_wrong(programs: Programs, difference: int, expected: int) -> None:
    """It is told by how much at least."""
    remote(programs, date=f"echo $(($(/bin/date +%s) + {difference}))")
    collected = look(programs, machine(1))
    found: list[Observation] = [one for one in collected.observations if one.attribute("command") == "date +%s"]
    assert {abs(float(one.attribute("skew")) - expected) < 30 for one in found} == {True}
    clocks = facts(extract(Snapshot(collected.observations)), "clock")
    assert len(clocks) == (1 if expected else 0)
