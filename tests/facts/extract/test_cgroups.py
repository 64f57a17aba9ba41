"""Control groups, leases and checksums, as files and tools print them."""

import pytest

from facts.extract.evidence import extract
from facts.model.values import Evidence
from facts.read.evidence import read_evidence
from tests.facts.given import facts


def _pasted(text: str) -> Evidence:
    return extract(read_evidence(["-"], stdin=text.encode()))


TABLE = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t0\t100\t1\ncpu\t0\t100\t1\nmemory\t0\t100\t{memory}\npids\t0\t100\t1\n"


@pytest.mark.parametrize(("memory", "missing"), [("0", ["memory"]), ("1", [])])
def test_a_controller_that_is_off(memory: str, missing: list[str]) -> None:
    """The last column of /proc/cgroups says so."""
    found = facts(_pasted(TABLE.format(memory=memory)), "cgroup_controller")
    assert [(each["name"], each["place"]) for each in found] == [(name, "kernel") for name in missing]


@pytest.mark.parametrize(("file", "place"), [("controllers", "kernel"), ("subtree_control", "subtree")])
def test_a_controller_that_version_2_lacks(file: str, place: str) -> None:
    """Which file was read says where it is missing."""
    found = facts(_pasted(f"$ cat /sys/fs/cgroup/cgroup.{file}\ncpuset cpu io pids\n"), "cgroup_controller")
    assert [(each["name"], each["place"]) for each in found] == [("memory", place)]


def test_leases_are_counted_by_network() -> None:
    """However many machines had them."""
    lease = "{{\n\tname=vm-{0}\n\tip_address=192.168.64.{0}\n\thw_address=1,5a:94:ef:1:2:{0}\n\tlease=0x6657a1b2\n}}\n"
    found = facts(_pasted("".join(lease.format(number) for number in range(2, 5))), "dhcp_leases")
    assert [(each["network"], each["leases"]) for each in found] == [("192.168.64.0/24", 3)]


@pytest.mark.parametrize(
    ("line", "protocol"),
    [
        ("12:01:07.1 IP 10.244.0.5.41230 > 10.96.0.10.53: [bad udp cksum 0x1c2e -> 0x8a44!] 1234+ A? a. (40)\n", "udp"),
        (
            "    10.0.0.5.443 > 10.0.0.9.5112: Flags [S.], cksum 0x1a2b (incorrect -> 0x3c4d), seq 1, ack 2, win 9\n",
            "tcp",
        ),
    ],
)
def test_wrong_checksums_are_counted(line: str, protocol: str) -> None:
    """By sender and receiver; those that are right give nothing."""
    (fact,) = facts(_pasted(line * 3), "bad_checksum")
    assert (fact["protocol"], fact["count"]) == (protocol, 3)
    right = line.replace("[bad udp cksum 0x1c2e -> 0x8a44!]", "[udp sum ok]").replace(
        "(incorrect -> 0x3c4d)", "(correct)"
    )
    assert facts(_pasted(right), "bad_checksum") == []


@pytest.mark.parametrize(
    ("shown", "port"), [("otv", 8472), ("vxlan", 4789), ("domain", 53), ("8285", 8285), ("rtsp", 0)]
)
def test_names_of_hosts_and_ports_are_read(shown: str, port: int) -> None:
    """Without -n tcpdump prints names."""
    line = f"    w1.corp.40029 > w2.corp.{shown}: [bad udp cksum 0xa7b8 -> 0x1f23!] OTV, overlay 0, instance 1\n"
    (fact,) = facts(_pasted(line), "bad_checksum")
    assert (fact["source"], fact["target"], fact["port"]) == ("w1.corp", "w2.corp", port)
