"""Pings from the operator's machine, with a stub in place of ping."""

import pytest

from facts.collect.collector import Collected, Request
from facts.collect.collectors import ping
from facts.collect.machines.machine import Machine
from facts.extract.evidence import extract
from facts.model.values import CoverageState, Snapshot
from tests.facts.given import facts
from tests.facts.programs import Programs, programs

__all__ = ("programs",)
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # `sh` forks beside our threads

PING = """
for address; do :; done
echo "PING $address ($address) 56(84) bytes of data."
case $address in
  10.0.0.1) printf '\\n4 packets transmitted, 4 received, 0%% packet loss, time 933ms\\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.1 ms\\n' ;;
  10.0.0.2) printf 'From 10.0.0.9 icmp_seq=1 Destination Host Unreachable\\n\\n4 packets transmitted, 0 received, +4 errors, 100%% packet loss, time 955ms\\n'; exit 1 ;;
esac
"""
TWO = (Machine("a", "10.0.0.1"), Machine("b", "10.0.0.2"))


def look(*machines: Machine) -> Collected:
    return ping.collect(Request(machines=machines, timeout=20.0))


def test_every_machine_is_pinged(programs: Programs) -> None:
    """Who answers and who does not are facts of the host."""
    programs.put("ping", PING)
    collected = look(*TWO, Machine("no-address", ""))
    (covered,) = collected.coverage
    assert (covered.collector, covered.target, covered.state) == ("ping", "host", CoverageState.COMPLETE)
    found = facts(extract(Snapshot(collected.observations)), "ping")
    assert [(one["from"], one["from_role"], one["to"], one["state"], one["reason"]) for one in found] == [
        ("host", "host", "a", "ok", ""),
        ("host", "host", "b", "failed", "unreachable"),
    ]


def test_without_the_right_to_ping_nothing_is_known(programs: Programs) -> None:
    """It is no firewall that is in the way."""
    programs.put("ping", "echo 'ping: socktype: SOCK_RAW'; echo 'ping: socket: Operation not permitted' >&2; exit 2")
    collected = look(*TWO)
    (covered,) = collected.coverage
    assert (collected.observations, covered.state) == ((), CoverageState.FAILED)
    assert "Operation not permitted" in (covered.why or "")


def test_a_ping_that_does_not_end(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others count; that one is not known."""
    monkeypatch.setattr(ping, "SECONDS", 1.0)
    programs.put("ping", f"case $* in *10.0.0.2*) sleep 600 ;; esac\n{PING}")
    collected = look(*TWO)
    (covered,) = collected.coverage
    assert (covered.state, covered.why) == (CoverageState.PARTIAL, "b: no result in time")
    assert len(collected.observations) == 1


def test_without_ping_or_machines_there_is_nothing_to_do(programs: Programs) -> None:
    """Each is a skipped coverage."""
    programs.alone()
    (no_ping,) = look(*TWO).coverage
    (no_machine,) = look().coverage
    assert (no_ping.state, no_ping.reason) == (CoverageState.SKIPPED, "missing-tool")
    assert (no_machine.state, no_machine.why) == (CoverageState.SKIPPED, "no machine of the cluster is known")
