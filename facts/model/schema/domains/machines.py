"""The inside of a machine: units, file systems, memory, kernel, clock and certificates."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import Below, FactKind, Meaning, TypedFact


class UnitFact(TypedFact, frozen=True, kw_only=True):
    """A systemd unit as `systemctl status` shows it."""

    KIND: ClassVar[FactKind] = FactKind(
        name="unit",
        layer="node",
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
        identity=("name", "active"),
        well={"active": "active"},
    )

    node: Annotated[str, Meaning('node it is on, "" when unknown', "worker1")] = ""
    name: Annotated[str, Meaning("unit without .service: kubelet, containerd, sshd, ...", "kubelet")] = ""
    active: Annotated[
        str,
        Meaning(
            "ActiveState",
            "activating",
            values=("active", "inactive", "failed", "activating", "deactivating", "reloading"),
        ),
    ] = ""
    sub: Annotated[str, Meaning("SubState: running, dead, auto-restart, exited, ...", "auto-restart")] = ""
    enabled: Annotated[
        str, Meaning("UnitFileState: enabled, disabled, masked, static, not-found or empty", "enabled")
    ] = ""
    result: Annotated[
        str, Meaning('how it ended: exit-code, signal, oom-kill, start-limit-hit, ... or ""', "exit-code")
    ] = ""
    exit_status: Annotated[int, Meaning("exit status of the main process, -1 when unknown", 1)] = 0


class FilesystemFact(TypedFact, frozen=True, kw_only=True):
    """A mounted file system (`df`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="filesystem",
        layer="node",
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
        identity=("mount",),
        well={"used_percent": Below(80)},
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    role: Annotated[str, Meaning("what the machine is", "vm", values=("host", "vm", ""))] = ""
    mount: Annotated[str, Meaning("mount point", "/")] = ""
    device: Annotated[str, Meaning("device or source", "/dev/sda1")] = ""
    used_percent: Annotated[float, Meaning("space used", 97.0, unit="%")] = 0.0
    available_mb: Annotated[float, Meaning("space left", 2048.0, unit="MB")] = 0.0
    inodes_used_percent: Annotated[float, Meaning("inodes used; -1 when not shown", 100.0, unit="%")] = 0.0


class MemoryFact(TypedFact, frozen=True, kw_only=True):
    """Memory of a machine (`free`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="memory", layer="node", coverage="ssh", scope="node", subject=("=Node", "", "node"), compared=False
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    role: Annotated[str, Meaning("what the machine is", "vm", values=("host", "vm", ""))] = ""
    total_mb: Annotated[float, Meaning("memory", 4000.0, unit="MB")] = 0.0
    available_mb: Annotated[float, Meaning("memory that can still be had", 800.0, unit="MB")] = 0.0
    available_percent: Annotated[float, Meaning("available of total", 20.0, unit="%")] = 0.0
    swap_total_mb: Annotated[float, Meaning("swap configured", 2048.0, unit="MB")] = 0.0
    swap_used_mb: Annotated[float, Meaning("swap in use", 512.0, unit="MB")] = 0.0


class LoadFact(TypedFact, frozen=True, kw_only=True):
    """A machine on which more runs than it has processors for (`uptime` and `nproc`): at least two for each."""

    KIND: ClassVar[FactKind] = FactKind(
        name="load", layer="node", coverage="ssh", scope="node", subject=("=Node", "", "node"), compared=False
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    one_minute: Annotated[float, Meaning("load average of the last minute: tasks that run or wait", 8.5)] = 0.0
    cpus: Annotated[int, Meaning("processors", 4)] = 0
    per_cpu: Annotated[float, Meaning("load average of the last minute for each processor", 2.12)] = 0.0


class ClockFact(TypedFact, frozen=True, kw_only=True):
    """A clock that differs from that of the operator's machine by 2 s or more, or that nothing keeps right."""

    KIND: ClassVar[FactKind] = FactKind(
        name="clock",
        layer="node",
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
        identity=("synchronized",),
        well={"synchronized": "yes"},
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    ahead_seconds: Annotated[
        float, Meaning("by how much it is ahead at least; negative when it is behind; 0 when unknown", 7.5, unit="s")
    ] = 0.0
    synchronized: Annotated[
        str, Meaning("whether the system says that it is synchronized", "yes", values=("yes", "no", ""))
    ] = ""


class SysctlFact(TypedFact, frozen=True, kw_only=True):
    """A setting or counter of the kernel that Kubernetes cannot work well with."""

    KIND: ClassVar[FactKind] = FactKind(
        name="sysctl", layer="node", coverage="ssh", scope="node", subject=("=Node", "", "node"), identity=("name",)
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    name: Annotated[
        str,
        Meaning(
            "net.ipv4.ip_forward, net.bridge.bridge-nf-call-iptables, fs.inotify.max_user_watches, fs.inotify.max_user_instances, net.netfilter.nf_conntrack_count",
            "fs.inotify.max_user_watches",
        ),
    ] = ""
    value: Annotated[int, Meaning("its value", 100)] = 0
    limit: Annotated[
        int, Meaning("the least that is wanted; for a counter its maximum, of which nine tenths are used", 8192)
    ] = 0


class KernelModuleFact(TypedFact, frozen=True, kw_only=True):
    """A part of the kernel that Kubernetes needs, and that is not loaded."""

    KIND: ClassVar[FactKind] = FactKind(
        name="kernel_module",
        layer="node",
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
        identity=("name",),
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    name: Annotated[str, Meaning("name of the module", "br_netfilter", values=("overlay", "br_netfilter"))] = ""


class CniConfigFact(TypedFact, frozen=True, kw_only=True):
    """A node whose CNI configurations are not exactly one, or that has no CNI plugins (`ls /etc/cni/net.d`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="cni_config", layer="cni", coverage="ssh", scope="node", subject=("=Node", "", "node")
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    configs: Annotated[
        str,
        Meaning(
            "the configurations in the order in which the runtime looks, comma separated; or empty",
            "05-cilium.conflist,10-flannel.conflist",
        ),
    ] = ""
    total: Annotated[int, Meaning("configurations", 2)] = 0
    plugins: Annotated[int, Meaning("programs in /opt/cni/bin, -1 when unknown", 2)] = 0


class CertificateFact(TypedFact, frozen=True, kw_only=True):
    """A certificate that has expired, or will within 30 days of the snapshot (`openssl x509 -dates`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="certificate",
        layer="tls",
        coverage="ssh",
        scope="node",
        subject=("=Node", "", "node"),
        identity=("name", "expired"),
        well={"expired": False},
    )

    node: Annotated[
        str, Meaning('node that holds the file, "" for what the API server or the kubeconfig shows', "worker1")
    ] = ""
    name: Annotated[
        str, Meaning("file, or host:port that showed it, or kubeconfig", "/etc/kubernetes/pki/apiserver.crt")
    ] = ""
    subject: Annotated[str, Meaning("common name it was issued for", "kube-apiserver")] = ""
    ends: Annotated[str, Meaning("when it ends or ended, RFC 3339 in UTC", "2026-02-01T12:00:00Z")] = ""
    days_left: Annotated[float, Meaning("days until then; negative when it has expired", -28.0, unit="days")] = 0.0
    expired: Annotated[bool, Meaning("it has expired", True)] = False


class CgroupControllerFact(TypedFact, frozen=True, kw_only=True):
    """A controller of control groups that Kubernetes needs and that is off, missing, or not handed on."""

    KIND: ClassVar[FactKind] = FactKind(
        name="cgroup_controller", layer="node", subject=("=Node", "", "node"), identity=("name", "place")
    )

    node: Annotated[str, Meaning("the machine, or empty", "w1")] = ""
    name: Annotated[str, Meaning("the controller", "memory", values=("cpu", "cpuset", "memory", "pids"))] = ""
    place: Annotated[
        str,
        Meaning(
            "where it is missing: the kernel has it not, or the root group does not hand it on",
            "kernel",
            values=("kernel", "subtree"),
        ),
    ] = ""
