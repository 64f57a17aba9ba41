"""Outputs of commands keep their text, and the prompt above them says where they ran and at what they were aimed."""

import pytest

from facts.read.text.prompt import read_prompt
from facts.snapshot.setting import Setting, setting_of_path
from tests.facts.reading import commands, coverage, logs, read

UNREACHABLE = """\
PING 192.168.66.2 (192.168.66.2) 56(84) bytes of data.
From 192.168.66.3 icmp_seq=1 Destination Host Unreachable

--- 192.168.66.2 ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1010ms
pipe 2
"""
ANSWERED = """\
PING prod-master (192.168.66.2): 56 data bytes
64 bytes from 192.168.66.2: icmp_seq=0 ttl=64 time=0.412 ms

--- prod-master ping statistics ---
1 packets transmitted, 1 packets received, 0.0% packet loss
round-trip min/avg/max/stddev = 0.412/0.412/0.412/0.000 ms
"""


CHANGED = (
    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n"
    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n"
    "Host key for 10.0.0.9 has changed and you have requested strict checking.\n"
    "Host key verification failed.\n"
)


def prompt(line: str, before: Setting | None = None) -> Setting:
    """Return the setting below a prompt."""
    told = read_prompt(line, before or Setting(), Setting())
    assert told is not None
    return told[0]


@pytest.mark.parametrize(
    ("line", "words", "told"),
    [
        ("$ kubectl get pods -n demo", ("kubectl", "get", "pods"), {"namespace": "demo", "role": "host", "filtered": False}),
        ("$ k get po web-1 --namespace=demo", ("kubectl", "get", "po", "web-1"), {"namespace": "demo", "filtered": True}),
        ("# kubectl get svc -ndemo | grep web", ("kubectl", "get", "svc"), {"namespace": "demo", "filtered": True}),
        ("+ kubectl get pods -A", ("kubectl", "get", "pods"), {"namespace": "*"}),
        ("$ kubectl --kubeconfig kubeconfig/prod.yaml get nodes", ("kubectl", "get", "nodes"), {"cluster": "prod"}),
        ("$ kubectl --context dev get nodes", ("kubectl", "get", "nodes"), {"cluster": "dev"}),
        (
            "$ kubectl logs -n kube-system cilium-7xk2p -c cilium-agent --previous",
            ("kubectl", "logs", "cilium-7xk2p"),
            {"component": "cilium", "pod": "cilium-7xk2p", "container": "cilium-agent", "namespace": "kube-system", "previous": "true"},
        ),
        ("$ kubectl logs deploy/shop -n demo", ("kubectl", "logs", "deploy/shop"), {"component": "container", "pod": "shop"}),
        ("user@mac ~ % tart ip prod-master", ("tart", "ip", "prod-master"), {"host": "mac", "role": "host"}),
        ("admin@prod-worker1:~$ ping -c 2 10.0.0.1", ("ping", "-c", "2", "10.0.0.1"), {"host": "prod-worker1", "role": "vm"}),
        ("[root@node-1 ~]# journalctl -u kubelet", ("journalctl", "-u", "kubelet"), {"host": "node-1", "component": "kubelet"}),
        ('$ ssh admin@192.168.66.3 "ping -c 2 192.168.66.2"', ("ping", "-c", "2", "192.168.66.2"), {"host": "192.168.66.3", "role": "vm"}),
        ('$ ssh admin@$(tart ip w1) "sudo systemctl status kubelet"', ("systemctl", "status", "kubelet"), {"host": "w1", "role": "vm"}),
        ("$ sshpass -e ssh -o BatchMode=yes admin@w1 df -h", ("df", "-h"), {"host": "w1", "role": "vm"}),
        ("$ limactl shell w1 sudo free -m", ("free", "-m"), {"host": "w1", "role": "vm"}),
        ("$ kubectl exec -it deploy/web -n demo -- ping -c 1 redis", ("ping", "-c", "1", "redis"), {"host": "web", "role": ""}),
        ("$ sudo cat /var/log/pods/demo_web_01234567-89ab-cdef-0123-456789abcdef/nginx/0.log", None, {"pod": "web", "container": "nginx"}),
        ('{"tool": "x", "invocation": "kubectl get pods -n demo"}', ("kubectl", "get", "pods"), {"namespace": "demo"}),
    ],
)  # fmt: skip
def test_prompts(line: str, words: tuple[str, ...] | None, told: dict[str, object]) -> None:
    """A prompt tells the command, what it asked for, and the machine."""
    found = prompt(line)
    assert words is None or found.words == words
    assert {name: getattr(found, name) for name in told} == told


def test_prompt_behind_a_login() -> None:
    """What is typed after `ssh HOST` runs over there."""
    assert prompt("$ uptime", before=prompt("$ ssh admin@192.168.66.3")).host == "192.168.66.3"


@pytest.mark.parametrize(
    "line",
    [
        "  % Total    % Received % Xferd  Average Speed",
        "# a comment about kubectl",
        "user@example.org: mailbox 50% full",
        "> quoted",
        "$HOME is not set",
        '{"level": "info", "invocation": 5}',
    ],
)
def test_lines_that_are_no_prompts(line: str) -> None:
    """What only looks like a prompt stays text."""
    assert [one.body.decode() for one in logs(read(f"x\n{line}\ny"))] == [f"x\n{line}\ny"]


def test_report_of_a_recorder_is_text() -> None:
    """A recorder that says how its command failed gives a log of what it says."""
    (log,) = logs(
        read(
            '{"status": "error", "invocation": "kubectl get nodes", "error": "Unable to connect to the server: EOF"}\n'
        )
    )
    assert (log.body, log.attributes) == (b"Unable to connect to the server: EOF", {"component": "kubectl"})


def test_ping_in_both_directions() -> None:
    """Who pinged whom is told by the prompt and the output; the text stays as it was."""
    text = f'$ ssh admin@192.168.66.3 "ping -c 2 192.168.66.2"\n{UNREACHABLE}$ ping -c 1 prod-master\n{ANSWERED}'
    failed, answered = commands(read(text))
    assert failed.attributes == {"command": "ping", "host": "192.168.66.3", "role": "vm", "target": "192.168.66.2"}
    assert (failed.body.decode(), failed.line) == (UNREACHABLE, 2)
    assert answered.attributes == {"command": "ping", "role": "host", "target": "prod-master"}
    assert answered.body.decode() == ANSWERED
    assert logs(read(text)) == []


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("ping: nowhere: Name or service not known", "nowhere"),
        ("ping: cannot resolve nowhere: Unknown host", "nowhere"),
        ("ping: bad address 'nowhere'", "nowhere"),
        ("ping: connect: Network is unreachable", "10.9.9.9"),
    ],
)
def test_ping_that_fails_at_once(line: str, target: str) -> None:
    """One line is enough; where it does not name the host, the prompt does."""
    (one,) = commands(read(f"$ ping -c 1 10.9.9.9\n{line}\n"))
    assert one.attribute("target") == target


def test_two_pings_without_prompts() -> None:
    """Outputs that follow each other are told apart."""
    assert [one.attribute("target") for one in commands(read(ANSWERED + UNREACHABLE))] == [
        "prod-master",
        "192.168.66.2",
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("ssh: connect to host 192.168.66.9 port 22: Connection refused\n", "192.168.66.9"),
        ("admin@w1: Permission denied (publickey,password).\n", "w1"),
        ("kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.9 port 22\n", "10.0.0.9"),
        ("OpenSSH_9.7p1, LibreSSL 3.3.6\ndebug1: Connecting to w1 [10.0.0.9] port 22.\ndebug1: connect to address 10.0.0.9 port 22: Operation timed out\n", "w1"),
        (CHANGED, "10.0.0.9"),
    ],
)  # fmt: skip
def test_ssh_is_a_command_and_a_log(text: str, target: str) -> None:
    """What ssh says is kept as its output and as text that rules can search."""
    snapshot = read(f"{text}\nother text\n")
    (command,) = commands(snapshot)
    assert command.attribute("target") == target
    assert [(one.body, one.attribute("component")) for one in logs(snapshot)] == [
        (text.encode(), "ssh"),
        (b"\nother text\n", ""),
    ]


STATUS = """\
× kubelet.service - kubelet: The Kubernetes Node Agent
     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: enabled)
    Drop-In: /usr/lib/systemd/system/kubelet.service.d
             └─10-kubeadm.conf
     Active: failed (Result: exit-code) since Mon 2026-11-23 10:04:01 UTC; 3s ago
    Process: 812 ExecStart=/usr/bin/kubelet (code=exited, status=1/FAILURE)
"""
JOURNAL = """\

Nov 23 10:04:01 worker1 kubelet[812]: E1123 10:04:01.123456     812 run.go:74] "command failed"
Nov 23 10:04:01 worker1 systemd[1]: kubelet.service: Main process exited, code=exited, status=1/FAILURE
"""


def test_systemctl_status_and_its_journal() -> None:
    """The state is a command's output; the lines of the journal below are logs of who wrote them."""
    snapshot = read(f"$ ssh admin@w1 systemctl status kubelet\n{STATUS}{JOURNAL}$ exit\n")
    (status,) = commands(snapshot)
    assert status.attributes == {"command": "systemctl status", "host": "w1", "role": "vm", "target": "kubelet"}
    assert status.body.decode() == STATUS
    assert [(one.attribute("component"), one.attribute("node"), one.line) for one in logs(snapshot)] == [
        ("kubelet", "worker1", 9),
        ("systemd", "worker1", 10),
    ]


def test_two_units() -> None:
    """Blocks that follow each other are one output each."""
    text = STATUS + "\n" + STATUS.replace("kubelet", "containerd").replace("×", "●")
    assert [one.attribute("target") for one in commands(read(text))] == ["kubelet", "containerd"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Source Name        Disk Size State\nlocal  prod-master 20   12   running\nlocal  w1          20   9    stopped\n", "tart list"),
        ('[\n  {\n    "Name": "w1",\n    "State": "stopped",\n    "Running": false\n  }\n]\n', "tart list"),
        ('[{"Source": "local", "Name": "w1", "State": "running", "Disk": 20}]\n', "tart list"),
        ("NAME    STATUS     SSH                VMTYPE    ARCH       CPUS    MEMORY    DISK      DIR\nw1      Running    127.0.0.1:60022    vz        aarch64    4       4GiB      100GiB    ~/.lima/w1\n", "limactl list"),
        (" Id   Name     State\n--------------------------\n 1    master   running\n -    w1       shut off\n", "virsh list"),
        ("Name      State      IPv4             Image\nw1        Running    10.2.3.4         Ubuntu 24.04 LTS\n", "multipass list"),
    ],
)  # fmt: skip
def test_lists_of_machines_are_complete(text: str, command: str) -> None:
    """A list of VMs is kept whole, and shows all there are."""
    snapshot = read(text)
    (one,) = commands(snapshot)
    assert (one.attribute("command"), one.body.decode()) == (command, text)
    assert coverage(snapshot) == [("vm", "*", "complete")]
    assert logs(snapshot) == []


def test_grepped_list_of_machines_is_not_complete() -> None:
    """A filter behind the command takes its completeness."""
    text = "$ tart list | grep w1\nSource Name Disk Size State\nlocal  w1   20   9    stopped\n"
    assert coverage(read(text)) == []


def test_tart_get_and_ip() -> None:
    """What is known of one VM names it, as the prompt does."""
    text = (
        "$ tart get w1\nOS    CPU Memory Disk Size  Display State\nlinux 2   4096   20   3.4   1024x768 running\n"
        '$ tart get w2 --format json\n{\n  "CPU" : 2,\n  "Memory" : 4096,\n  "State" : "stopped"\n}\n'
        "$ tart ip w1\n192.168.66.3\n$ tart ip w2\nno IP address found, is your VM running?\n"
    )
    assert [(one.attribute("command"), one.attribute("target"), one.line) for one in commands(read(text))] == [
        ("tart get", "w1", 2),
        ("tart get", "w2", 5),
        ("tart ip", "w1", 11),
        ("tart ip", "w2", 13),
    ]


def test_an_address_alone_is_text() -> None:
    """Without the command above it, an address is nothing special."""
    assert commands(read("192.168.66.3\n")) == []


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Filesystem      Size  Used Avail Use% Mounted on\n/dev/vda1        20G   20G     0 100% /\ntmpfs           2.0G     0  2.0G   0% /run/user/1\n", "df"),
        ("Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/vda1      1310720 1310720      0  100% /\n", "df"),
        ("               total        used        free      shared  buff/cache   available\nMem:            3911        3500         100           1         300         200\nSwap:              0           0           0\n", "free"),
        ("               Local time: Mon 2026-11-23 10:04:01 UTC\n           Universal time: Mon 2026-11-23 10:04:01 UTC\n                 RTC time: Mon 2026-11-23 10:04:01\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: no\n              NTP service: inactive\n          RTC in local TZ: no\n", "timedatectl"),
        ("NAME      CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nworker1   1900m        95%    3500Mi          89%\nworker2   <unknown>    <unknown>   <unknown>   <unknown>\n", "kubectl top nodes"),
        ("NAMESPACE   NAME    CPU(cores)   MEMORY(bytes)\ndemo        web-1   120m         64Mi\n", "kubectl top pods"),
    ],
)  # fmt: skip
def test_state_of_machines(text: str, command: str) -> None:
    """Tables of disks, memory, time and usage are kept whole."""
    snapshot = read(text + "\n")
    (one,) = commands(snapshot)
    assert (one.attribute("command"), one.body.decode()) == (command, text)
    assert logs(snapshot) == []


def test_options_that_set_units_are_kept() -> None:
    """Only the command says whether `free` shows KiB or MiB."""
    table = "       total   used   free\nMem:    3911   3500    411\n"
    assert [one.attribute("command") for one in commands(read(f"$ free -m\n{table}$ free\n{table}"))] == [
        "free -m",
        "free",
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("var/log/containers/cilium-7xk2p_kube-system_cilium-agent-" + "0" * 64 + ".log", ("kube-system", "cilium-7xk2p", "cilium-agent", "cilium", "")),
        ("pods/demo_web-1_01234567-89ab-cdef-0123-456789abcdef/nginx/0.log", ("demo", "web-1", "nginx", "nginx", "")),
        ("mg/namespaces/demo/pods/web-1/app/app/logs/previous.log", ("demo", "web-1", "app", "container", "true")),
        ("dump/kube-system/coredns-76f75df-9zq/logs.txt", ("kube-system", "coredns-76f75df-9zq", "", "coredns", "")),
        ("b/cluster-resources/pods/logs/demo/web-1/app-previous.log", ("demo", "web-1", "app", "container", "true")),
        ("nodes/worker1/kubelet.log", ("", "", "", "kubelet", "")),
        ("var/log/dmesg", ("", "", "", "kernel", "")),
        ("notes.txt", ("", "", "", "", "")),
        ("kubelet.json", ("", "", "", "", "")),
        ("list_prometheus_rules.txt", ("", "", "", "", "")),
        ("systemd.txt", ("", "", "", "systemd", "")),
    ],
)  # fmt: skip
def test_paths_tell_whose_log_it_is(path: str, told: tuple[str, ...]) -> None:
    """The places where kubelet, must-gather, cluster-info dump and support bundles keep logs name their Pod."""
    found = setting_of_path(path)
    assert (found.namespace, found.pod, found.container, found.component, found.previous) == told


def test_a_ping_without_its_first_lines_is_told_by_its_command() -> None:
    """With the size that was asked for, in a shell that shows its folder."""
    text = "/ # ping -c1 -s 1400 -M do 10.0.3.44\n--- 10.0.3.44 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss\n"
    (ping,) = commands(read(text))
    assert (ping.attribute("command"), ping.attribute("target"), ping.attribute("role")) == (
        "ping -s 1400",
        "10.0.3.44",
        "",
    )
