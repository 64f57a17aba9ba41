"""An internal error costs one reader or extractor, and is told in coverage."""

import pytest

from facts.extract import evidence as extraction
from facts.extract.domains import pods as broken
from facts.model.values import CoverageState, Observation, ObservationKind, Snapshot
from facts.read.evidence import read_evidence
from facts.read.formats import node_table, ping
from facts.snapshot.redaction import redact


def _fails(*_: object) -> None:
    raise KeyError("no such column")


def test_an_extractor_that_fails_costs_only_its_own_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others give theirs, and the coverage names the one that failed."""
    monkeypatch.setattr(broken, "extract", _fails)
    table = b"NAME   STATUS     ROLES    AGE   VERSION\nw1     NotReady   <none>   5d    v1.31.0\n"
    found = extraction.extract(read_evidence(["-"], stdin=table))
    assert "node" in {fact.kind for fact in found.facts}
    (told,) = [entry for entry in found.coverage if entry.reason == "internal"]
    assert told.state is CoverageState.PARTIAL
    assert "internal error in extractor pods" in (told.why or "")


def test_a_reader_that_fails_leaves_the_text_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reader would have taken is read like any other text."""
    monkeypatch.setattr(ping, "read_section", _fails)
    text = b"PING 10.0.0.1 (10.0.0.1): 56 data bytes\n64 bytes from 10.0.0.1: icmp_seq=0 ttl=64 time=0.1 ms\n"
    snapshot = read_evidence(["-"], stdin=text)
    assert b"PING" in b"".join(observation.body for observation in snapshot.observations)
    assert any("internal error in reader ping" in (entry.why or "") for entry in snapshot.coverage)


def test_a_count_in_a_table_fills_no_memory() -> None:
    """READY 0/3000000 is no Pod."""
    table = b"NAME    READY       STATUS    RESTARTS   AGE\nweb-0   0/3000000   Running   0          5d\n"
    assert sum(len(observation.body) for observation in read_evidence(["-"], stdin=table).observations) < 10_000


def test_a_row_that_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other rows of a table become objects."""
    sound = node_table._node

    def fail(cells: dict[str, str]) -> object:
        if cells["NAME"] == "n2":
            raise ValueError
        return sound(cells)

    monkeypatch.setattr(node_table, "_node", fail)
    rows = "".join(f"n{n}     NotReady   <none>   5d    v1.30.0\n" for n in range(1, 4))
    snapshot = read_evidence(["-"], stdin=b"NAME   STATUS     ROLES    AGE   VERSION\n" + rows.encode())
    (table,) = snapshot.observations
    assert b"n1" in table.body
    assert b"n2" not in table.body
    assert b"n3" in table.body
    assert any("reader of Node tables on stdin" in (entry.why or "") for entry in snapshot.coverage)


def test_what_cannot_be_redacted_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An observation on which redaction fails is dropped, and named."""
    sound = redact._observation

    def fail(seen: Observation) -> Observation:
        if seen.source == "bad":
            raise RecursionError
        return sound(seen)

    monkeypatch.setattr(redact, "_observation", fail)

    def one(source: str) -> Observation:
        return Observation(ObservationKind.LOG, source, b"a line")

    clean = redact.redact_snapshot(Snapshot((one("bad"), one("good"))))
    assert [seen.source for seen in clean.observations] == ["good"]
    assert [entry.target for entry in clean.coverage] == ["bad"]
