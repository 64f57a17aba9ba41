"""The bugs of the guide that kbdiag grew from: pasted as a user would, each ranks first with its fix filled in."""

from pathlib import Path

import pytest

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.language.rule import Signature
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue

SYMPTOMS = {
    "BUG-001": "sed: -e expression #1, char 15: unterminated `s' command\n",
    "BUG-002": "[preflight] Running pre-flight checks\nerror execution phase preflight: [preflight] Some fatal errors occurred:\n"
    "\t[ERROR FileExisting-conntrack]: conntrack not found in system path\n",
    "BUG-003": "error execution phase preflight: couldn't validate the identity of the API Server\n"
    "rate: Wait(n=1) would exceed context deadline\n"
    '\n$ ssh admin@192.168.66.3 "ping -c 2 192.168.66.2"\n'
    "PING 192.168.66.2 (192.168.66.2) 56(84) bytes of data.\n"
    "From 192.168.66.3 icmp_seq=1 Destination Host Unreachable\nFrom 192.168.66.3 icmp_seq=2 Destination Host Unreachable\n"
    "\n--- 192.168.66.2 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1015ms\n"
    "\n$ ping -c 2 192.168.66.2\n"
    "PING 192.168.66.2 (192.168.66.2): 56 data bytes\n"
    "64 bytes from 192.168.66.2: icmp_seq=0 ttl=64 time=0.512 ms\n64 bytes from 192.168.66.2: icmp_seq=1 ttl=64 time=0.498 ms\n"
    "\n--- 192.168.66.2 ping statistics ---\n2 packets transmitted, 2 packets received, 0.0% packet loss\n"
    "round-trip min/avg/max/stddev = 0.498/0.505/0.512/0.007 ms\n",
    "BUG-004": 'level=error msg="Unable to contact k8s api-server"\nipAddr=https://10.96.0.1:443\n'
    'error="dial tcp 10.96.0.1:443: i/o timeout"\n',
    "BUG-005": 'scripts/status.sh: line 129: [[: 0\n99: syntax error in expression (error token is "99")\n',
    "BUG-006": 'err="Only one datasource per organization can be marked as default"\n',
    "BUG-007": "[ERROR NumCPU]: the number of available CPUs 1 is less than the required 2\n",
}

# Just the lines that the guide quotes, without a tool's frame around them.
QUOTED = {
    "BUG-003": "rate: Wait(n=1) would exceed context deadline\n",
    "BUG-005": 'line 129: [[: 0\n99: syntax error in expression (error token is "99")\n',
}

FIXES = {
    "BUG-001": "bash -s",
    "BUG-002": "conntrack",
    "BUG-003": "--net-softnet-allow=0.0.0.0/0",
    "BUG-004": "k8sServiceHost",
    "BUG-005": "grep -c",
    "BUG-006": "isDefaultDatasource",
    "BUG-007": "--cpu 2",
}


@pytest.fixture(scope="module")
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


def _diagnose(program: Program, *paths: Path, stdin: bytes | None = None) -> Inference:
    snapshot = read_evidence([str(path) for path in paths] or ["-"], stdin=stdin)
    return infer(program, extract(snapshot), ReferenceEngine())


@pytest.mark.parametrize("bug", sorted(SYMPTOMS))
def test_the_symptom_in_a_file_ranks_its_bug_first(program: Program, tmp_path: Path, bug: str) -> None:
    """A file of any name is read by content."""
    path = tmp_path / "notes.txt"
    path.write_text(SYMPTOMS[bug], encoding="utf-8")
    assert _diagnose(program, path).hypotheses[0].candidate.rule.id == bug


@pytest.mark.parametrize("bug", sorted(SYMPTOMS | QUOTED))
def test_the_quoted_symptom_through_a_pipe_ranks_its_bug_first(program: Program, bug: str) -> None:
    """The bare lines of the guide are enough, with at least even odds."""
    first = _diagnose(program, stdin={**SYMPTOMS, **QUOTED}[bug].encode()).hypotheses[0]
    assert first.candidate.rule.id == bug
    assert first.confidence >= 0.5


@pytest.mark.parametrize("bug", sorted(FIXES))
def test_its_fix_is_the_guides(program: Program, bug: str) -> None:
    """What mended it then is what is offered now."""
    rule = program.rules[bug]
    assert isinstance(rule, Signature)
    assert any(FIXES[bug] in step.run + step.note for step in rule.fix)


def test_pings_alone_prove_the_isolation(program: Program) -> None:
    """The host reaches both machines, they do not reach each other: nothing else looks like that."""
    hypothesis = _diagnose(program, stdin=SYMPTOMS["BUG-003"].split("\n", 2)[2].encode()).hypotheses[0]
    assert hypothesis.candidate.rule.id == "BUG-003"
    assert hypothesis.confidence >= 0.9
