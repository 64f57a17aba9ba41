"""VMs, hosts, pings, SSH, units, file systems, memory, usage: what commands print."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.model.values import Coverage, CoverageState, Observation
from tests.facts.given import checked, command, evidence, facts, kinds, metadata, node, only, pod
from tests.facts.reading import read

TART = """Source Name                          Disk Size Accessed     State
local  prod-master                   50   12   2 hours ago  running
local  prod-worker1                  50   11   3 days ago   stopped
OCI    ghcr.io/org/ubuntu:latest     20   5    2 weeks ago  stopped
"""


def test_tart_list_as_text() -> None:
    """The state is the last column; images are no VMs."""
    found = evidence(more=(command("tart list", TART, role="host"),))
    assert [(fact["name"], fact["state"], fact["disk_gb"]) for fact in facts(found, "vm")] == [
        ("prod-master", "running", 50),
        ("prod-worker1", "stopped", 50),
    ]
    host = only(found, "vm_host")
    assert (host["vms_total"], host["vms_running"], host["all_stopped"], host["overcommitted"]) == (2, 1, False, "")


def test_tart_list_as_json() -> None:
    """Keys vary from version to version."""
    text = '[{"Source":"local","Name":"a","Size":9,"Running":true},{"Source":"OCI","Name":"img","State":"stopped"}]'
    fact = only(evidence(more=(command("tart list --format json", text),)), "vm")
    assert (fact["name"], fact["state"], fact["manager"], fact["ssh"]) == ("a", "running", "tart", "a")


def test_a_vm_is_completed_by_get_ip_and_ps() -> None:
    """And the host is found to have promised more than it has."""
    more = (
        command("tart list", TART),
        command(
            "tart get",
            "OS    CPU Memory Disk Size Display  State\nlinux 6   20480  50   12.3 1024x768 running\n",
            target="prod-master",
        ),
        command("tart ip", "192.168.64.3\n", target="prod-master"),
        command("ps", "me 1 tart run prod-master --no-graphics --net-softnet-allow=0.0.0.0/0\n", role="host"),
        command("sysctl", "hw.ncpu: 4\nhw.memsize: 17179869184\n", role="host", host="studio"),
    )
    found = evidence(more=more)
    (fact,) = [each for each in facts(found, "vm") if each["name"] == "prod-master"]
    assert (fact["cpu"], fact["memory_mb"], fact["ip"], fact["ssh"], fact["net_mode"]) == (
        6,
        20480,
        "192.168.64.3",
        "192.168.64.3",
        "softnet",
    )
    host = only(found, "vm_host")
    assert (host["name"], host["cpu"], host["memory_mb"], host["overcommitted"]) == (
        "studio",
        4,
        16384,
        "cpu and memory",
    )


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("limactl list", "NAME    STATUS  SSH             VMTYPE ARCH   CPUS MEMORY DISK   DIR\ndefault Running 127.0.0.1:60022 vz     aarch64 4    4GiB   100GiB ~/.lima/default\n", ("default", "running", 4, 4096)),
        ("limactl list", '{"name":"default","status":"Stopped","cpus":2,"memory":2147483648}\n', ("default", "stopped", 2, 2048)),
        ("virsh list --all", " Id   Name     State\n------------------------\n 1    master   running\n", ("master", "running", 0, 0)),
        ("virsh list --all", " Id   Name     State\n------------------------\n -    worker   shut off\n", ("worker", "stopped", 0, 0)),
        ("multipass list", "Name   State    IPv4          Image\nbox    Stopped  --            Ubuntu 24.04 LTS\n", ("box", "stopped", 0, 0)),
        ("vagrant status", "Current machine states:\n\nbox                       poweroff (virtualbox)\n", ("box", "stopped", 0, 0)),
    ],
)  # fmt: skip
def test_other_managers_list_vms_too(name: str, text: str, expected: tuple[Any, ...]) -> None:
    """Each in its own table."""
    fact = only(evidence(more=(command(name, text),)), "vm")
    assert (fact["name"], fact["state"], fact["cpu"], fact["memory_mb"]) == expected


LINUX = "PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n"
MAC = "PING 10.0.0.1 (10.0.0.1): 56 data bytes\n"


@pytest.mark.parametrize(
    ("text", "state", "reason", "loss", "mean"),
    [
        (LINUX + "\n--- 10.0.0.1 ping statistics ---\n4 packets transmitted, 4 received, 0% packet loss, time 3004ms\nrtt min/avg/max/mdev = 0.3/0.417/0.6/0.1 ms\n", "ok", "", 0.0, 0.417),
        (LINUX + "From 10.0.0.2 icmp_seq=1 Destination Host Unreachable\n\n4 packets transmitted, 0 received, +4 errors, 100% packet loss, time 3079ms\n", "failed", "unreachable", 100.0, 0.0),
        (LINUX + "4 packets transmitted, 0 received, 100% packet loss, time 3079ms\n", "failed", "timeout", 100.0, 0.0),
        (LINUX + "From 10.0.0.9 icmp_seq=1 Packet filtered\n4 packets transmitted, 0 received, 100% packet loss\n", "failed", "prohibited", 100.0, 0.0),
        (LINUX + "4 packets transmitted, 3 received, 25% packet loss, time 3004ms\n", "lossy", "", 25.0, 0.0),
        (MAC + "Request timeout for icmp_seq 0\n4 packets transmitted, 0 packets received, 100.0% packet loss\n", "failed", "timeout", 100.0, 0.0),
        (MAC + "ping: sendto: No route to host\n2 packets transmitted, 0 packets received, 100.0% packet loss\n", "failed", "no-route", 100.0, 0.0),
        (MAC + "4 packets transmitted, 4 packets received, 0.0% packet loss\nround-trip min/avg/max/stddev = 0.4/0.5/0.6/0.1 ms\n", "ok", "", 0.0, 0.5),
        ("PING 10.0.0.1 (10.0.0.1): 56 data bytes\n1 packets transmitted, 1 packets received, 0% packet loss\nround-trip min/avg/max = 0.1/0.2/0.3 ms\n", "ok", "", 0.0, 0.2),
    ],
)  # fmt: skip
def test_ping_in_the_words_of_each_system(text: str, state: str, reason: str, loss: float, mean: float) -> None:
    """iputils, macOS and busybox."""
    more = (command("ping -c 4 10.0.0.1", text, role="vm", host="worker2", target="10.0.0.1"),)
    fact = only(evidence(node("worker1", address="10.0.0.1"), more=more), "ping")
    assert (fact["state"], fact["reason"], fact["loss_percent"], fact["rtt_ms"]) == (state, reason, loss, mean)
    assert (fact["from"], fact["from_role"], fact["to"], fact["to_ip"]) == ("worker2", "vm", "worker1", "10.0.0.1")


@pytest.mark.parametrize(
    "text",
    [
        "ping: nowhere: Name or service not known\n",
        "ping: cannot resolve nowhere: Unknown host\n",
        "ping: bad address 'nowhere'\n",
    ],
)
def test_ping_of_a_name_that_nobody_knows(text: str) -> None:
    """It never got as far as sending."""
    fact = only(evidence(more=(command("ping", text, role="host"),)), "ping")
    assert (fact["from"], fact["to"], fact["reason"]) == ("host", "nowhere", "unknown-host")


@pytest.mark.parametrize(
    ("text", "status", "state", "reason"),
    [
        ("ssh: connect to host 10.0.0.1 port 22: Connection refused\n", "255", "failed", "refused"),
        ("ssh: connect to host 10.0.0.1 port 22: Operation timed out\n", "255", "failed", "timeout"),
        ("ssh: connect to host 10.0.0.1 port 22: No route to host\n", "", "failed", "no-route"),
        ("me@10.0.0.1: Permission denied (publickey,password).\n", "255", "failed", "auth"),
        ("no such identity: /home/me/.ssh/lab: No such file or directory\nme@10.0.0.1: Permission denied (publickey).\n", "255", "failed", "no-key"),
        ("@@@@@@\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n", "255", "failed", "hostkey-changed"),
        ("No ED25519 host key is known for 10.0.0.1 and you have requested strict checking.\nHost key verification failed.\n", "255", "failed", "hostkey-unknown"),
        ("Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\n", "255", "failed", "too-many-failures"),
        ("kex_exchange_identification: Connection closed by remote host\n", "255", "failed", "closed"),
        ("kex_exchange_identification: read: Connection reset by peer\n", "255", "failed", "reset"),
        ("ssh: Could not resolve hostname nowhere: Name or service not known\n", "255", "failed", "dns"),
        ("sudo: a password is required\n", "1", "failed", "sudo-denied"),
        ('debug1: Connecting to worker1 [10.0.0.1] port 22.\nAuthenticated to worker1 ([10.0.0.1]:22) using "publickey".\n', "", "ok", ""),
        ("12:00 up 3 days\n", "0", "ok", ""),
        ("grep: no match\n", "1", "ok", ""),
        ("something odd\n", "255", "failed", "other"),
    ],
)  # fmt: skip
def test_how_an_ssh_connection_ended(text: str, status: str, state: str, reason: str) -> None:
    """In the words of OpenSSH; any exit status but 255 is that of the remote command."""
    more = (command("ssh", text, role="host", target="me@10.0.0.1", **({"exit": status} if status else {})),)
    fact = only(evidence(node("worker1", address="10.0.0.1"), more=more), "ssh")
    assert (fact["state"], fact["reason"], fact["to"], fact["port"]) == (state, reason, "worker1", 22)


def test_ssh_output_that_tells_nothing_gives_no_fact() -> None:
    """Neither an error nor an exit status."""
    assert kinds(evidence(more=(command("ssh", "hello\n"),))) == set()


UNIT = """● kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/lib/systemd/system/kubelet.service; enabled; preset: enabled)
     Active: activating (auto-restart) (Result: exit-code) since Sun 2026-03-01 11:59:00 UTC; 3s ago
    Process: 4242 ExecStart=/usr/bin/kubelet (code=exited, status=1/FAILURE)
   Main PID: 4242 (code=exited, status=1/FAILURE)
"""


def test_a_unit_that_is_restarted_again_and_again() -> None:
    """All that systemctl shows of it."""
    assert only(evidence(more=(command("systemctl status kubelet", UNIT, host="worker1", role="vm"),)), "unit") == {
        "node": "worker1",
        "name": "kubelet",
        "active": "activating",
        "sub": "auto-restart",
        "enabled": "enabled",
        "result": "exit-code",
        "exit_status": 1,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("● a.service - A\n   Loaded: loaded (/x; disabled)\n   Active: failed (Result: oom-kill) since x\n", ("failed", "failed", "disabled", "oom-kill")),
        ("○ a.service - A\n   Loaded: loaded (/x; enabled; vendor preset: enabled)\n   Active: inactive (dead) since x\n", ("inactive", "dead", "enabled", "")),
        ("● a.service - A\n   Loaded: loaded (/x; enabled)\n   Active: active (running) since x\n", ("active", "running", "enabled", "")),
        ("○ a.service\n   Loaded: masked (Reason: Unit a.service is masked.)\n   Active: inactive (dead)\n", ("inactive", "dead", "masked", "")),
        ("Unit a.service could not be found.\n", ("inactive", "dead", "not-found", "")),
    ],
)  # fmt: skip
def test_units_in_each_state(text: str, expected: tuple[str, str, str, str]) -> None:
    """Failed, dead, running, masked, missing."""
    fact = only(evidence(more=(command("systemctl status", text),)), "unit")
    assert (fact["active"], fact["sub"], fact["enabled"], fact["result"]) == expected


def test_space_and_inodes_of_one_file_system_are_one_fact() -> None:
    """Df -h and df -i, without what is not on a disk."""
    space = "Filesystem      Size  Used Avail Use% Mounted on\ntmpfs           1.6G  2M  1.6G   1% /run\n/dev/sda1        50G   48G  2.0G  97% /\n"
    inodes = "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/sda1      3276800 3276800       0  100% /\n"
    more = (command("df -h", space, host="worker1", role="vm"), command("df -i", inodes, host="worker1", role="vm"))
    fact = only(evidence(more=more), "filesystem")
    assert (fact["mount"], fact["used_percent"], fact["available_mb"], fact["inodes_used_percent"]) == (
        "/",
        97.0,
        2048.0,
        100.0,
    )


def test_blocks_and_the_columns_of_macos() -> None:
    """Plain df counts blocks of 1K; macOS shows inodes beside."""
    linux = "Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/vda1       20480000 10240000  10240000  50% /data disk\n"
    fact = only(evidence(more=(command("df", linux),)), "filesystem")
    assert (fact["mount"], fact["available_mb"], fact["inodes_used_percent"]) == ("/data disk", 10000.0, -1.0)
    mac = "Filesystem     Size   Used  Avail Capacity iused      ifree %iused  Mounted on\n/dev/disk3s1  460Gi  400Gi   60Gi    87%    4.5M       600M    1%   /\n"
    fact = only(evidence(more=(command("df -h", mac, role="host"),)), "filesystem")
    assert (fact["used_percent"], fact["available_mb"], fact["inodes_used_percent"], fact["role"]) == (
        87.0,
        61440.0,
        1.0,
        "host",
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("free -m", "               total        used        free      shared  buff/cache   available\nMem:            4000        3000         200          10         800         800\nSwap:           2048         512        1536\n"),
        ("free -h", "               total        used        free      shared  buff/cache   available\nMem:           4000Mi      3000Mi       200Mi        10Mi       800Mi       800Mi\nSwap:            2Gi       512Mi       1.5Gi\n"),
        ("free", "              total        used        free      shared  buff/cache   available\nMem:        4096000     3072000      204800       10240      819200      819200\nSwap:       2097152      524288     1572864\n"),
    ],
)  # fmt: skip
def test_memory_in_each_unit(name: str, text: str) -> None:
    """Megabytes, whatever free was asked for."""
    fact = only(evidence(more=(command(name, text, host="worker1", role="vm"),)), "memory")
    assert (fact["total_mb"], fact["available_mb"], fact["available_percent"]) == (4000.0, 800.0, 20.0)
    assert (fact["swap_total_mb"], fact["swap_used_mb"]) == (2048.0, 512.0)


def test_usage_of_nodes_and_pods() -> None:
    """Nodes show percent; a Pod's is of its limits."""
    nodes = "NAME      CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nworker1   1900m        95%    1000Mi          20%\nworker2   100m         5%     900Mi           18%\n"
    pods = "NAME                    CPU(cores)   MEMORY(bytes)\nweb-7d4b9c8f6d-x2x4n    10m          480Mi\n"
    limited = pod(spec={"containers": [{"name": "app", "resources": {"limits": {"memory": "512Mi"}}}]})
    found = evidence(limited, more=(command("kubectl top nodes", nodes), command("kubectl top pods", pods)))
    assert [
        (fact["kind"], fact["name"], fact["cpu_percent"], fact["memory_percent"]) for fact in facts(found, "usage")
    ] == [
        ("Pod", "web-7d4b9c8f6d-x2x4n", -1.0, 93.8),
        ("Node", "worker1", 95.0, 20.0),
    ]


def test_usage_of_the_metrics_api() -> None:
    """Percent of what is allocatable."""
    metrics = {"kind": "NodeMetrics", "metadata": {"name": "worker1"}, "usage": {"cpu": "1900000000n", "memory": "1Gi"}}
    full = node("worker1")
    full["status"]["allocatable"] = {"cpu": "2", "memory": "8Gi"}
    assert only(evidence(full, metrics), "usage")["cpu_percent"] == 95.0
    mine = {"kind": "PodMetrics", "metadata": metadata("a"), "containers": [{"usage": {"cpu": "1"}}]}
    assert kinds(evidence(mine)) == set()


@pytest.mark.parametrize(
    ("coverage", "reason", "address"),
    [
        (Coverage("kubernetes/api", "lab", CoverageState.FAILED, "dial tcp 10.0.0.1:6443: connect: connection refused"), "refused", "10.0.0.1:6443"),
        (Coverage("kubernetes/pods", "*", CoverageState.FAILED, "https://k8s.local:6443: 403 Forbidden", reason="forbidden"), "forbidden", "k8s.local:6443"),
        (Coverage("ssh", "worker1", CoverageState.FAILED, "no answer in 10 s"), "timeout", ""),
        (Coverage("vm", "*", CoverageState.SKIPPED, "tart is not installed", reason="missing-tool"), "missing-tool", ""),
        (Coverage("ping", "worker1", CoverageState.PARTIAL, "it broke", reason="made-up"), "other", ""),
    ],
)  # fmt: skip
def test_a_look_that_failed_is_a_fact(coverage: Coverage, reason: str, address: str) -> None:
    """Often the best clue there is."""
    fact = only(evidence(coverage=(coverage,)), "collector")
    assert (fact["name"], fact["state"], fact["reason"], fact["address"]) == (
        coverage.collector,
        coverage.state,
        reason,
        address,
    )


def test_a_selection_or_a_file_is_no_failed_look() -> None:
    """Somebody gave a single object, or a file that is not readable."""
    chosen = Coverage("kubernetes/pods", "demo", CoverageState.PARTIAL, "single objects, not a whole list")
    file = Coverage("evidence", "a.bin", CoverageState.SKIPPED, "binary, not text")
    assert kinds(evidence(coverage=(chosen, file))) == set()


COMMANDS = ("ping", "ssh", "systemctl status", "tart list", "tart get", "tart ip", "df", "free -h", "kubectl top pods", "limactl list", "virsh list", "ps", "sysctl")  # fmt: skip


@given(st.sampled_from(COMMANDS), st.text(alphabet=st.sampled_from("PING 10.{}[]\"':%/-\n\tabc0Mem"), max_size=120))
def test_no_output_breaks_a_parser(name: str, text: str) -> None:
    """Whatever a command printed, its facts are as declared, or there are none."""
    evidence(more=(command("tart list", TART), command(name, text, target="prod-master", role="host")))


@pytest.mark.parametrize(
    ("state", "off"), [("Stopped", True), ("Suspended", True), ("Unknown", False), ("Running", False)]
)
def test_a_vm_in_an_unknown_state_is_not_off(state: str, off: bool) -> None:  # noqa: FBT001
    """Only VMs that are stopped or suspended tell of a host that was restarted."""
    text = f"$ multipass list\nName                    State             IPv4             Image\nw1                      {state:17} --               Ubuntu 22.04 LTS\n"
    assert only(checked(read(text)), "vm_host")["all_stopped"] is off


def _ping(size: int, *, arrives: bool, to: str = "10.0.0.7") -> Observation:
    loss = "0% packet loss" if arrives else "100% packet loss"
    text = f"PING {to} ({to}) {size}({size + 28}) bytes of data.\n\n--- {to} ping statistics ---\n2 packets transmitted, {loss}\n"
    return command(f"ping -s {size}", text, host="w1", role="vm")


def test_big_packets_that_get_lost_tell_the_path() -> None:
    """The machine is there, and no ping of it failed."""
    found = evidence(more=(_ping(1300, arrives=True), _ping(1400, arrives=False), _ping(1472, arrives=False)))
    fact = only(found, "path_mtu")
    assert (fact["from"], fact["to"], fact["passes"], fact["lost"]) == ("w1", "10.0.0.7", 1328, 1428)
    assert [ping["state"] for ping in facts(found, "ping")] == ["ok"]


def test_a_machine_that_answers_nothing_is_gone() -> None:
    """Whatever the size."""
    found = evidence(more=(_ping(1400, arrives=False), _ping(1300, arrives=True, to="10.0.0.8")))
    assert not facts(found, "path_mtu")
    assert sorted(ping["state"] for ping in facts(found, "ping")) == ["failed", "ok"]
