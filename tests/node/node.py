"""A real node: kubelet, containerd and CNI plugins, under the control plane of tests.cluster, in namespaces of this kernel.

The control plane is in the same network, so that nothing listens and no interface appears outside. Processes and mounts end with
the first process of the node; only its cgroups and its folder must be removed.
"""

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

from tests.cluster.build import UnavailableError, programs
from tests.cluster.cluster import START_SECONDS, Cluster, is_ready
from tests.cluster.process import Program, StartError
from tests.node import configuration
from tests.node.build import kubelet
from tests.node.image import write_archive

NAME = "node-1"
ADDRESS = "198.51.100.2"
"""Of a network that is kept for documentation, so it hides no real one."""
IMAGE = "kbdiag.test/busybox:1"
TOOLS = ("containerd", "containerd-shim-runc-v2", "ctr", "runc", "busybox", "ip", "unshare")
PACKAGES = "containerd runc containernetworking-plugins busybox-static iproute2 util-linux"
CGROUPS = Path("/sys/fs/cgroup")
HIERARCHIES = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd")
_BOOT = Path(__file__).parent / "boot-node.sh"
_CLONE_NEWNET = 0x40000000


def missing() -> str:
    """Return what this machine lacks for a node, "" when one can be run."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "a node needs Linux and root, for it makes namespaces and cgroups"
    tools = [tool for tool in TOOLS if shutil.which(tool) is None]
    if tools or not (configuration.PLUGINS / "bridge").exists():
        return f"a node needs {', '.join(tools) or configuration.PLUGINS / 'bridge'} (apt-get install {PACKAGES})"
    lacks = [name for name in HIERARCHIES if not (CGROUPS / name / "cgroup.procs").exists()]
    if lacks:
        return f"a node needs the hierarchies {', '.join(lacks)} of cgroup v1 in {CGROUPS}"
    probe = subprocess.run(
        ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "true"], capture_output=True, text=True, check=False
    )
    return f"namespaces cannot be made here: {probe.stderr.strip()}" if probe.returncode else ""


class NodeCluster(Cluster):
    """A control plane whose API server finds a kubelet by the address that a real one tells."""

    def _apiserver_flags(self, etcd: str) -> Sequence[str]:
        flags = super()._apiserver_flags(etcd)
        return (*flags, "--kubelet-preferred-address-types=InternalIP", f"--advertise-address={ADDRESS}")

    def start_node(self, program: Path) -> None:
        """Start the node, and return when it is Ready."""
        write_archive(Path(shutil.which("busybox") or ""), self.folder / "image.tar", (IMAGE, configuration.PAUSE))
        (self.folder / "containerd.toml").write_text(configuration.containerd(self.folder))
        (self.folder / "kubelet.yaml").write_text(json.dumps(configuration.kubelet(self.folder.name, ADDRESS)))
        (self.folder / "cni").mkdir()
        (self.folder / "cni" / "10-bridge.conflist").write_text(json.dumps(configuration.NETWORK))
        spaces = ["--mount", "--propagation", "private", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"]
        boot: list[str | Path] = ["sh", _BOOT, self.folder, NAME, ADDRESS, program]
        self._started["kubelet"] = node = Program.start(["unshare", *spaces, *boot], self.folder / "kubelet.log")
        node.until(lambda: any(map(is_ready, self.api.items("/api/v1/nodes"))), START_SECONDS)


@contextmanager
def running_node() -> Iterator[NodeCluster]:
    """Run a cluster of one real node until the block ends, and leave nothing behind.

    This thread, and what it starts, is in the network of the cluster meanwhile. Raises UnavailableError or StartError.
    """
    if lacks := missing():
        raise UnavailableError(lacks)
    found, program = programs(), kubelet()
    remove_leftovers()
    with ExitStack() as ending:
        folder = Path(tempfile.mkdtemp(prefix=f"kbdiag-node-{os.getpid()}-"))
        ending.callback(shutil.rmtree, folder, ignore_errors=True)
        ending.enter_context(_cgroups(folder.name))
        ending.enter_context(_network())
        cluster = NodeCluster(folder, found, configuration.LEASE_SECONDS, MappingProxyType({}), "Metadata")
        ending.callback(cluster.stop)
        cluster.start()
        cluster.start_node(program)
        yield cluster


def remove_leftovers() -> None:
    """Remove the cgroups and folders of runs that were killed; none of their processes is alive."""
    for folder in (*CGROUPS.glob("*/kbdiag-node-*"), *Path(tempfile.gettempdir()).glob("kbdiag-node-*")):
        run = re.match(r"kbdiag-node-(\d+)-", folder.name)
        if run and not Path("/proc", run[1]).exists():
            if folder.is_relative_to(CGROUPS):
                _remove_cgroup(folder)
            else:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _network() -> Iterator[None]:
    system = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open() as outside:
        if system.unshare(_CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "no network namespace can be made")
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
            yield
        finally:
            if system.setns(outside.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "there is no way back into the network of the machine")


@contextmanager
def _cgroups(name: str) -> Iterator[None]:
    roots = [CGROUPS / hierarchy / name for hierarchy in (*HIERARCHIES, "unified")]
    try:
        for root in roots:
            if root.parent.exists():
                root.mkdir()
        for setting in ("cpuset.cpus", "cpuset.mems"):
            (CGROUPS / "cpuset" / name / setting).write_text((CGROUPS / "cpuset" / setting).read_text())
        yield
    finally:
        for root in roots:
            _remove_cgroup(root)


def _remove_cgroup(root: Path) -> None:
    """Remove a cgroup with all below it, as soon as its last process has ended."""
    deadline = time.monotonic() + START_SECONDS
    for folder, _, _ in os.walk(root, topdown=False):
        while True:
            try:
                Path(folder).rmdir()
                break
            except FileNotFoundError:
                break  # another run was quicker
            except OSError as error:
                if time.monotonic() > deadline:
                    raise StartError(f"{folder} cannot be removed: {error}") from error
                time.sleep(0.02)
