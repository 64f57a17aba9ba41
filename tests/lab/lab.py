"""The lab: three "VMs" and the machine of their operator, as namespaces of this kernel, with real sshd, ping and journald.

Nothing has a name outside and nothing is mounted outside, so that runs do not meet, and all is gone with its processes.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from facts.model.values import Snapshot
from facts.snapshot.snapshot_file import load_snapshot
from tests.facts.given import Object
from tests.facts.kubernetes_server import kubeconfig, running

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOOLS = (
    "ip",
    "nsenter",
    "unshare",
    "ping",
    "ssh",
    "ssh-keygen",
    "/usr/sbin/sshd",
    "journalctl",
    "logger",
    "tc",
    "setpriv",
)
JOURNALD = Path("/usr/lib/systemd/systemd-journald")
ADDRESSES = {"prod-master": "192.168.66.2", "prod-worker1": "192.168.66.3", "prod-worker2": "192.168.66.4"}
_CLONE_NEWNET = 0x40000000
_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Ends a program when the tests end, however they do."""
_OBSERVE = """
import sys, time, msgspec
from facts.collect.collect import collect
from facts.collect.collector import Request
from facts.snapshot.snapshot_file import save_snapshot
from facts.collect.machines.ssh_client import SshOptions
settings = msgspec.json.decode(sys.stdin.buffer.read())
options = SshOptions(**settings.pop("ssh"))
started = time.monotonic()
snapshot = collect(Request(ssh=options, **settings))
print(time.monotonic() - started)
save_snapshot(snapshot, sys.argv[1])
"""
UNIT = """{mark} {name}.service - {name} of the lab
     Loaded: loaded (/lib/systemd/system/{name}.service; enabled; preset: enabled)
     Active: {active} since Mon 2026-03-02 10:00:00 UTC; 1h ago
   Main PID: 4242 {process}
"""
RUNNING = ("●", "active (running)", "({name})")
RESTARTING = ("●", "activating (auto-restart) (Result: exit-code)", "(code=exited, status=1/FAILURE)")


def missing() -> str:
    """Return what this machine lacks for the lab, "" when it can be run."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "the lab needs Linux and root, for it makes network namespaces"
    tools = [tool for tool in TOOLS if shutil.which(tool) is None]
    if tools or not JOURNALD.exists():
        return f"the lab needs {', '.join(tools) or JOURNALD} (make lab-packages)"
    probe = subprocess.run(
        ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "true"], capture_output=True, text=True, check=False
    )
    return f"namespaces cannot be made here: {probe.stderr.strip()}" if probe.returncode else ""


def need_lab() -> None:
    """Skip the test on a machine that lacks what the lab needs; fail it there when KBDIAG_DEMAND_LAB=1 asks for it."""
    if lacks := missing():
        if os.environ.get("KBDIAG_DEMAND_LAB") == "1":
            pytest.fail(lacks)
        pytest.skip(lacks)


class Machine:
    """One machine of the lab; `address` is "" for that of the operator."""

    def __init__(self, lab: "Lab", name: str, address: str) -> None:
        self.lab, self.name, self.address = lab, name, address
        self.shown: subprocess.Popen[bytes] | None = None
        spaces = ["--net", "--mount", "--uts", "--propagation", "private"]
        if address:
            spaces += ["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"]
        script = "boot-vm.sh" if address else "boot-host.sh"
        words = [
            *_WITH_US,
            "unshare",
            *spaces,
            "sh",
            str(HERE / script),
            str(lab.folder),
            name if address else str(Path.home()),
        ]
        (lab.folder / name).mkdir()
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        if self.process.stdout.readline() != b"ready\n":
            self.process.kill()
            raise RuntimeError(f"{name} did not boot: {self.process.stderr.read().decode()}")

    def run(self, *words: str, stdin: str = "", environment: dict[str, str] | None = None, check: bool = True) -> str:
        """Run a command on the machine and return what it printed."""
        spaces = ["--net", "--mount", "--uts", *([f"--pid=/proc/{self._first}/ns/pid"] if self.address else [])]
        done = subprocess.run(
            ["nsenter", "--target", str(self.process.pid), *spaces, "--", *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment,
            cwd=ROOT,
            check=False,
        )
        assert not check or done.returncode == 0, f"{self.name}: {words}: {done.stdout}{done.stderr}"
        return done.stdout

    @cached_property
    def _first(self) -> str:
        """The first process inside, as it is numbered outside."""
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]

    def stop(self) -> None:
        """End the machine with all that runs on it."""
        self.show_process(shown=False)
        self.process.kill()
        self.process.communicate()

    # --- a VM ----------------------------------------------------------------------------------------------------------

    def start_sshd(self, key: str = "") -> None:
        """Start sshd with the host key `key`, its own by default; it listens when this returns."""
        self.run("/usr/sbin/sshd", "-f", str(self.lab.folder / "sshd.conf"), "-h", str(self.lab.key(key or self.name)))

    def stop_sshd(self) -> None:
        """End sshd; connections that are open stay."""
        self.run("sh", "-c", "kill $(cat /run/sshd.pid) && while [ -e /run/sshd.pid ]; do :; done")

    def signal_sshd(self, number: int) -> None:
        """Send a signal to sshd: one that is stopped takes connections, and says nothing."""
        self.run("sh", "-c", f"kill -{number} $(cat /run/sshd.pid)")

    def show_unit(self, name: str, state: tuple[str, str, str] = RUNNING) -> None:
        """Let systemctl show a unit in a state."""
        mark, active, process = state
        text = UNIT.format(mark=mark, name=name, active=active, process=process.format(name=name))
        self.run("tee", f"/etc/lab/units/{name}", stdin=text)

    def write(self, path: str, text: str) -> None:
        """Write a file of the machine."""
        self.run("sh", "-c", f'mkdir -p "$(dirname {path})" && cat >{path}', stdin=text)

    def say(self, unit: str, *lines: str) -> None:
        """Let a unit write into the journal."""
        for line in lines:
            fields = f"MESSAGE={line}\nOBJECT_SYSTEMD_UNIT={unit}.service\nSYSLOG_IDENTIFIER={unit}\nPRIORITY=3\n"
            self.run("logger", "--journald", stdin=fields)
        self.run("journalctl", "--sync", check=False)

    def show_process(self, *, shown: bool) -> None:
        """Let the processes of the operator's machine have one that looks as if Tart ran the VM on its NAT network."""
        if shown == (self.shown is not None):
            return
        if self.shown is not None:
            self.shown.kill()
            self.shown.wait()
            self.shown = None
        else:
            name = f"tart run {self.name} --no-graphics"
            self.shown = subprocess.Popen([*_WITH_US, "bash", "-c", 'exec -a "$0" sleep infinity', name])

    # --- its place in the network ------------------------------------------------------------------------------------------

    @property
    def port(self) -> str:
        """The port of the bridge that the VM is plugged into."""
        return f"v{self.address.rpartition('.')[2]}"

    def plug_in(self) -> None:
        """Connect the VM with the bridge."""
        host = self.lab.host
        host.run("ip", "link", "add", self.port, "type", "veth", "peer", "name", "eth0", "netns", str(self.process.pid))
        host.run("ip", "link", "set", self.port, "master", "br0", "up")
        self.run("ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")
        self.run("ip", "route", "add", "default", "via", "192.168.66.1")


class Lab:
    """The machines, and what can happen to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.machines: list[Machine] = []
        self.host: Machine
        self.looked = 0.0
        """How many seconds the last look took, without the start of the program that looked."""
        for name in ("id", "other", *ADDRESSES):
            self.key(name)
        (folder / "authorized_keys").write_text(self.key("id").with_suffix(".pub").read_text())
        (folder / "config").write_text("Host *\n  IdentityFile ~/.ssh/id\n")
        (folder / "sshd.conf").write_text(
            f"Port 22\nPidFile /run/sshd.pid\nAuthorizedKeysFile {folder}/authorized_keys\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nStrictModes no\nUsePAM no\n"
            f"SetEnv PATH={HERE}/stubs:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
        )
        self._known_hosts()

    def start(self) -> None:
        """Start all machines, and on the VMs what a healthy one has."""
        self.host = self._boot("host", "")
        for name, address in ADDRESSES.items():
            vm = self._boot(name, address)
            vm.plug_in()
            vm.start_sshd()
            for unit in ("kubelet", "containerd"):
                vm.show_unit(unit)
            vm.write("/etc/cni/net.d/05-cilium.conflist", "{}\n")
            vm.write("/opt/cni/bin/cilium-cni", "")

    def _boot(self, name: str, address: str) -> Machine:
        machine = Machine(self, name, address)
        self.machines.append(machine)
        return machine

    def _known_hosts(self) -> None:
        keys = {address: self.key(name).with_suffix(".pub").read_text() for name, address in ADDRESSES.items()}
        (self.folder / "known_hosts").write_text("".join(f"{address} {key}" for address, key in keys.items()))

    def use_key(self, name: str) -> None:
        """Let the operator's ssh offer the key called `name`; "id" is the one that the VMs know."""
        self.host.run("cp", str(self.key(name)), str(Path.home() / ".ssh" / "id"))

    def vm(self, name: str) -> Machine:
        """Return the VM called prod-`name`."""
        return next(machine for machine in self.machines if machine.name == f"prod-{name}")

    @property
    def vms(self) -> list[Machine]:
        """The VMs, the master first."""
        return self.machines[1:]

    def key(self, name: str) -> Path:
        """Return the private key called `name`, made when it is asked for first."""
        path = self.folder / ("id" if name == "id" else f"key_{name}")
        if not path.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
        return path

    # --- faults ----------------------------------------------------------------------------------------------------------

    def isolate(self, *, isolated: bool) -> None:
        """Let the bridge drop what one VM sends to another, as the NAT network of a hypervisor does."""
        for vm in self.vms:
            self.host.run("ip", "link", "set", vm.port, "type", "bridge_slave", "isolated", "on" if isolated else "off")
            vm.run("ip", "neigh", "flush", "all")

    def cut_off(self, vm: Machine, *, cut: bool) -> None:
        """Pull the plug of a VM, so that nobody answers at its address."""
        self.host.run("ip", "link", "set", vm.port, "down" if cut else "up")
        for machine in self.machines:
            machine.run("ip", "neigh", "flush", "all")

    # --- the API server ----------------------------------------------------------------------------------------------------

    @contextmanager
    def api(self, *objects: Object) -> Iterator[str]:
        """Run an API server on the master that lists `objects`, until the block ends; give the kubeconfig for it."""
        master = self.vms[0]
        lists: dict[str, list[Object]] = {}
        for one in objects:
            lists.setdefault(f"/api/v1/{one['kind'].lower()}s", []).append(one)
        server = running(lists, host=master.address, address=(master.address, 6443))
        _in_network_of(master, server.__enter__)
        try:
            yield self.kubeconfig()
        finally:
            server.__exit__(None, None, None)

    def kubeconfig(self) -> str:
        """Write a kubeconfig for the API server on the master, whether or not it runs, and return its path."""
        return kubeconfig(self.folder, 6443, host=self.vms[0].address)

    # --- looking -----------------------------------------------------------------------------------------------------------

    def list_vms(self, **states: str) -> None:
        """Let the VM manager know the VMs, all running but for `states`, as in worker1="stopped".

        One that is "running-without-address" runs in its list only.
        """
        lines = []
        for vm in self.vms:
            state = states.get(vm.name.removeprefix("prod-"), "running")
            lines.append(f"{vm.name} {state.partition('-')[0]} {vm.address if state == 'running' else ''}\n")
            vm.show_process(shown=state == "running")
        (self.folder / "vms").write_text("".join(lines))

    def observe(
        self,
        *,
        tart: bool = True,
        nodes: Sequence[str] = (),
        kubeconfig: str = "",
        timeout: float = 30.0,
        **ssh: object,
    ) -> Snapshot:
        """Return the snapshot that kbdiag takes on the operator's machine."""
        path = os.environ["PATH"]
        environment = {
            **os.environ,
            "PATH": f"{HERE}/stubs:{path}" if tart else path,
            "KBDIAG_LAB_VMS": str(self.folder / "vms"),
            "PYTHONPATH": str(ROOT),
            "NO_PROXY": "*",
        }
        target = self.folder / "snapshot.tar.zst"
        settings = {
            "kubeconfig": kubeconfig or str(self.folder / "no-kubeconfig"),
            "nodes": list(nodes),
            "timeout": timeout,
            "ssh": ssh,
        }
        text = msgspec.json.encode(settings).decode()
        self.looked = float(
            self.host.run(sys.executable, "-c", _OBSERVE, str(target), stdin=text, environment=environment)
        )
        return load_snapshot(target)

    def stop(self) -> None:
        """End all machines."""
        for machine in self.machines:
            machine.stop()


@contextmanager
def open_lab() -> Iterator[Lab]:
    """Run a lab until the block ends; nothing stays, however it ends."""
    with tempfile.TemporaryDirectory(prefix="kbdiag-lab-") as folder:
        Path(folder).chmod(0o755)
        lab = Lab(Path(folder))
        try:
            lab.start()
            yield lab
        finally:
            lab.stop()


def _in_network_of(machine: Machine, function: Callable[[], object]) -> None:
    """Call `function` in a thread whose sockets belong to the network of a machine."""
    failures: list[BaseException] = []

    def call() -> None:
        try:
            with Path(f"/proc/{machine.process.pid}/ns/net").open() as space:
                assert ctypes.CDLL(None).setns(space.fileno(), _CLONE_NEWNET) == 0
            function()
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread of the test
            failures.append(error)

    thread = Thread(target=call)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
