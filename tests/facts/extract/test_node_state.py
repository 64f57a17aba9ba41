"""Kernel settings, load, clocks, ports, connections, CNI configurations and certificates of nodes."""

import pytest

from facts.model.values import Observation
from tests.facts.given import command, evidence, facts, kinds, node, only


def on(name: str, text: str, **attributes: str) -> Observation:
    """Return what a command printed on worker1."""
    return command(name, text, **{"host": "worker1", "role": "vm", **attributes})


GOOD = """net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
fs.inotify.max_user_watches = 192536
fs.inotify.max_user_instances = 128
net.netfilter.nf_conntrack_count = 800
net.netfilter.nf_conntrack_max = 1000
"""


def test_settings_that_are_well_are_no_facts() -> None:
    """Nor is a table of connections that has room."""
    more = (on("sysctl -e x", GOOD), on("kernel modules", "overlay is there\nbr_netfilter is there\n"))
    assert kinds(evidence(more=more)) == set()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ip_forward = 1", "ip_forward = 0", ("net.ipv4.ip_forward", 0, 1)),
        ("call-iptables = 1", "call-iptables = 0", ("net.bridge.bridge-nf-call-iptables", 0, 1)),
        ("max_user_watches = 192536", "max_user_watches = 100", ("fs.inotify.max_user_watches", 100, 8192)),
        ("max_user_instances = 128", "max_user_instances = 12", ("fs.inotify.max_user_instances", 12, 128)),
        ("nf_conntrack_count = 800", "nf_conntrack_count = 950", ("net.netfilter.nf_conntrack_count", 950, 1000)),
    ],
)  # fmt: skip
def test_a_setting_that_is_not(old: str, new: str, expected: tuple[str, int, int]) -> None:
    """With what is wanted of it."""
    fact = only(evidence(more=(on("sysctl -e x", GOOD.replace(old, new)),)), "sysctl")
    assert (fact["name"], fact["value"], fact["limit"], fact["node"]) == (*expected, "worker1")


def test_settings_of_the_operators_machine_are_not_a_nodes() -> None:
    """There, sysctl tells how many processors there are."""
    assert kinds(evidence(more=(command("sysctl hw.ncpu", "net.ipv4.ip_forward = 0\n", role="host"),))) == set()


def test_a_missing_module() -> None:
    """By name."""
    found = evidence(more=(on("kernel modules", "overlay is there\nbr_netfilter is missing\n"),))
    assert only(found, "kernel_module") == {"node": "worker1", "name": "br_netfilter"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 06:24:22 up 52 min,  0 user,  load average: 8.50, 2.53, 2.44\n", [8.5]),
        ("14:02  up 9 days, 3 users, load averages: 9,10 3.00 2.00\n", [9.1]),
        (" 06:24:22 up 52 min,  0 user,  load average: 7.99, 9.00, 9.00\n", []),
    ],
)
def test_load_beyond_two_tasks_for_each_processor(text: str, expected: list[float]) -> None:
    """Of the last minute, on four processors."""
    found = evidence(more=(on("uptime", text), on("nproc", "4\n")))
    assert [one["one_minute"] for one in facts(found, "load")] == expected


def test_load_on_an_unknown_number_of_processors_says_nothing() -> None:
    """Eighty may be few."""
    assert kinds(evidence(more=(on("uptime", "load average: 80.00, 1.00, 1.00\n"),))) == set()


@pytest.mark.parametrize(
    ("skew", "synchronized", "expected"),
    [
        ("-95.0", "", (-95.0, "")),
        ("0.0", "System clock synchronized: no\n", (0.0, "no")),
        ("7.5", "NTP synchronized: yes\n", (7.5, "yes")),
        ("1.0", "System clock synchronized: yes\n", None),
    ],
)
def test_clocks(skew: str, synchronized: str, expected: tuple[float, str] | None) -> None:
    """Wrong, or not kept right."""
    more = (on("date +%s", "1\n", skew=skew), on("timedatectl", f"Local time: x\n{synchronized}"))
    found = [(one["ahead_seconds"], one["synchronized"]) for one in facts(evidence(more=more), "clock")]
    assert found == ([] if expected is None else [expected])


SS = """State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess
LISTEN 0      4096       127.0.0.1:10248      0.0.0.0:*
LISTEN 0      128          0.0.0.0:22         0.0.0.0:*
LISTEN 0      128             [::]:22            [::]:*
LISTEN 0      4096               *:6443             *:*
LISTEN 0      4096               *:30080            *:*
"""
NETSTAT = "Proto Recv-Q Send-Q Local Address           Foreign Address         State\ntcp        0      0 192.168.66.2:2379       0.0.0.0:*               LISTEN\ntcp6       0      0 :::10250                :::*                    LISTEN\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("ss -ltn", SS, [(22, "*"), (6443, "*"), (10248, "127.0.0.1")]),
        ("netstat -ltn", NETSTAT, [(2379, "192.168.66.2"), (10250, "*")]),
    ],
)
def test_well_known_ports_on_which_a_node_listens(name: str, text: str, expected: list[tuple[int, str]]) -> None:
    """Each once, whatever versions of IP."""
    found = facts(evidence(more=(on(name, text),)), "port")
    assert sorted((one["port"], one["address"]) for one in found) == expected


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("connected\n", "0", ("ok", "")),
        ("10.0.0.1: connect: Connection refused\n10.0.0.1: line 1: /dev/tcp/10.0.0.1/6443: Connection refused\n", "1", ("failed", "refused")),
        ("/dev/tcp/10.0.0.1/6443: Connection timed out\n", "137", ("failed", "timeout")),
        ("10.0.0.1: connect: No route to host\n", "1", ("failed", "no-route")),
        ("10.0.0.1: api: Name or service not known\n", "1", ("failed", "dns")),
        ("10.0.0.1: something else\n", "1", ("failed", "other")),
    ],
)  # fmt: skip
def test_a_connection_to_the_api_server(text: str, status: str, expected: tuple[str, str]) -> None:
    """As bash says how it ended."""
    tried = on("bash /dev/tcp/10.0.0.1/6443", text, exit=status, target="10.0.0.1:6443")
    fact = only(evidence(node("master", address="10.0.0.1"), more=(tried,)), "connection")
    assert (fact["state"], fact["reason"]) == expected
    assert (fact["from"], fact["to"], fact["to_ip"], fact["port"]) == ("worker1", "master", "10.0.0.1", 6443)


def test_a_refused_connection_of_ours_is_no_applications() -> None:
    """What a fact tells is not scanned as the log of something."""
    tried = on("bash /dev/tcp/10.0.0.1/6443", "connect: Connection refused\n", exit="1")
    assert evidence(more=(tried,)).texts == ()


@pytest.mark.parametrize(
    ("configs", "plugins", "expected"),
    [
        ("10-calico.conflist\ncalico-kubeconfig\n", "calico\n", None),
        ("", "calico\n", ("", 0, 1)),
        ("10-flannel.conflist\n05-cilium.conflist\n", "loopback\nbridge\n", ("05-cilium.conflist,10-flannel.conflist", 2, 2)),
        ("10-calico.conflist\n", "", ("10-calico.conflist", 1, 0)),
    ],
)  # fmt: skip
def test_cni_configurations(configs: str, plugins: str, expected: tuple[str, int, int] | None) -> None:
    """None, or more than one, or nothing that could carry them out."""
    more = (on("ls -1 /etc/cni/net.d", configs), on("ls -1 /opt/cni/bin", plugins))
    found = [(one["configs"], one["total"], one["plugins"]) for one in facts(evidence(more=more), "cni_config")]
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("Feb  1 12:00:00 2026", ("2026-02-01T12:00:00Z", -28.0, True)),
        ("Mar 11 12:00:00 2026", ("2026-03-11T12:00:00Z", 10.0, False)),
        ("Mar  1 12:00:00 2027", None),
        ("Foo 41 12:00:00 2026", None),
    ],
)
def test_certificates_at_their_end(after: str, expected: tuple[str, float, bool] | None) -> None:
    """Counted from the moment of the snapshot, not from today."""
    text = f"subject=CN = kube-apiserver\nnotBefore=Mar  1 12:00:00 2025 GMT\nnotAfter={after} GMT\n"
    shown = on("openssl x509 -noout -dates", text, target="/etc/kubernetes/pki/apiserver.crt")
    found = facts(evidence(more=(shown,)), "certificate")
    assert [(one["ends"], one["days_left"], one["expired"]) for one in found] == ([expected] if expected else [])
    assert {(one["node"], one["name"], one["subject"]) for one in found} <= {
        ("worker1", "/etc/kubernetes/pki/apiserver.crt", "kube-apiserver")
    }


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        ("ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n", ""),
        (
            'Load key "/k": invalid format\r\nme@10.0.0.1: Permission denied (publickey).\r\n',
            'Load key "/k": invalid format',
        ),
        ("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n", ""),
    ],
)
def test_what_the_ssh_fact_tells_is_not_told_again_as_a_line(text: str, scanned: str) -> None:
    """The line speaks of an address where the fact speaks of a machine: that would be two hypotheses for one fault."""
    (found,) = evidence(more=(command("ssh me@10.0.0.1", text, role="host", target="worker1", exit="255"),)).texts
    assert found.body.decode() == scanned
