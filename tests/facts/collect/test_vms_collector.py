"""VMs of Tart and the machine below them, with the lab's stub in place of tart, which runs on macOS only."""

import time
from pathlib import Path

import pytest

from facts.collect.collector import Collected, Request
from facts.collect.collectors import vms
from facts.collect.machines.ssh_client import SshOptions
from facts.extract.evidence import extract
from facts.model.values import CoverageState, Snapshot
from tests.facts.given import facts, only
from tests.facts.programs import Programs, programs

__all__ = ("programs",)
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # `sh` forks beside our threads

STUB = Path(__file__).parents[2] / "lab" / "stubs" / "tart"


@pytest.fixture
def stub(programs: Programs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Programs:
    """Give a tart with two VMs that run, of which one has no address, and one that is stopped."""
    (tmp_path / "vms").write_text("prod-master running 192.168.64.2\nprod-worker1 running \nprod-worker2 stopped \n")
    monkeypatch.setenv("KBDIAG_LAB_VMS", str(tmp_path / "vms"))
    programs.put("tart", f'exec sh {STUB} "$@"')
    programs.put("sysctl", "echo 'hw.ncpu: 2'; echo 'hw.memsize: 8589934592'")
    programs.put(
        "ps",
        "echo '  1 /sbin/launchd'; echo ' 42 /opt/homebrew/bin/tart run prod-master --net-softnet-allow=0.0.0.0/0'",
    )
    for name in ("nproc", "free"):
        programs.put(name, "exit 1")
    return programs


def look(user: str | None = None) -> Collected:
    return vms.collect(Request(timeout=20.0, ssh=SshOptions(user=user)))


@pytest.mark.parametrize("version", ["1", "2"])
def test_vms_with_size_address_and_process(stub: Programs, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """As JSON, and as text from a version that knows no --format."""
    monkeypatch.setenv("KBDIAG_LAB_TART", version)
    collected = look("admin")
    (covered,) = collected.coverage
    assert (covered.collector, covered.target, covered.state) == ("vm/tart", "*", CoverageState.COMPLETE)
    found = facts(extract(Snapshot(collected.observations)), "vm")
    names = ("name", "state", "ip", "cpu", "memory_mb", "disk_gb", "ssh", "net_mode", "process")
    assert sorted(tuple(one[name] for name in names) for one in found) == [
        ("prod-master", "running", "192.168.64.2", 2, 4096, 20, "admin@192.168.64.2", "softnet", "yes"),
        ("prod-worker1", "running", "", 2, 4096, 20, "prod-worker1", "", "no"),
        ("prod-worker2", "stopped", "", 2, 4096, 20, "prod-worker2", "", "no"),
    ]


def test_the_host_has_promised_more_than_it_has(stub: Programs) -> None:
    """Four virtual processors on two."""
    host = only(extract(Snapshot(look().observations)), "vm_host")
    assert (host["cpu"], host["memory_mb"], host["vcpu"], host["vm_memory_mb"]) == (2, 8192, 4, 8192)
    assert (host["overcommitted"], host["vms_running"], host["vms_total"]) == ("cpu", 2, 3)


def test_a_stopped_vm_is_not_asked_for_its_address(stub: Programs) -> None:
    """Only reading commands are sent, and only those that can tell something."""
    look()
    assert sorted(call.split()[0] for call in stub.calls("tart")) == ["get"] * 3 + ["ip"] * 2 + ["list"]


def test_a_list_that_fails(programs: Programs) -> None:
    """Tart's own words say why."""
    programs.put("tart", "echo 'Error: the database is locked' >&2; exit 1")
    (covered,) = look().coverage
    assert (covered.state, covered.why) == (CoverageState.FAILED, "tart list: Error: the database is locked")


def test_a_tart_that_hangs(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs its own time and no more."""
    monkeypatch.setattr(vms, "SECONDS", 0.5)
    programs.put("tart", "sleep 600")
    started = time.monotonic()
    (covered,) = look().coverage
    assert time.monotonic() - started < 300
    assert (covered.collector, covered.state, covered.reason) == ("vm/tart", CoverageState.FAILED, "timeout")


def test_without_a_vm_manager(programs: Programs) -> None:
    """Nothing is wrong with that, so it is skipped, and nothing is run."""
    programs.alone()
    collected = look()
    (covered,) = collected.coverage
    assert (covered.collector, covered.state, covered.reason) == ("vm", CoverageState.SKIPPED, "missing-tool")
    assert collected.observations == ()
