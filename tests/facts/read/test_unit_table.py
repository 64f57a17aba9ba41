"""The table of systemd's units: which rows it has, and where it ends."""

import pytest

from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from tests.facts.given import facts

HEADER = "  UNIT               LOAD   ACTIVE SUB     DESCRIPTION\n"
FAILED = "● kubelet.service    loaded failed failed  kubelet: The Kubernetes Node Agent\n"
RUNS = "  containerd.service loaded active running containerd container runtime\n"
LEGEND = "\nLOAD   = Reflects whether the unit definition was properly loaded.\n\n2 loaded units listed.\n"


def _units(text: str) -> list[tuple[str, str]]:
    found = extract(read_evidence(["-"], text.encode()))
    return sorted((each["name"], each["active"]) for each in facts(found, "unit"))


@pytest.mark.parametrize("header", [HEADER, HEADER.lstrip()])
def test_each_row_is_a_unit(header: str) -> None:
    """A dot before the name says that it failed; the legend below is none."""
    assert _units(header + FAILED + RUNS + LEGEND) == [("containerd", "active"), ("kubelet", "failed")]


def test_a_table_without_rows_has_no_units() -> None:
    """`systemctl --failed` prints one where nothing has failed."""
    assert _units(HEADER + LEGEND) == []


def test_what_follows_the_table_is_read_by_itself() -> None:
    """A table of Pods that was pasted below."""
    pods = "NAME    READY   STATUS             RESTARTS   AGE\nweb-1   0/1     CrashLoopBackOff   7          20m\n"
    found = extract(read_evidence(["-"], (HEADER + FAILED + "\n" + pods).encode()))
    assert [each["pod"] for each in facts(found, "pod")] == ["web-1"]
