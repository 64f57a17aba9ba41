"""An internal error of an extractor costs the one observation, or the one object, that it happened on."""

from collections.abc import Iterator

import msgspec
import pytest

from facts.cluster.index import Index
from facts.cluster.objects import Pod
from facts.extract.domains import machines, pods
from facts.extract.evidence import extract
from facts.model.values import Fact, Observation, ObservationKind, Snapshot

DF = b"Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/sda1 100 99 1 99% /\n"


def command(source: str, body: bytes) -> Observation:
    return Observation(ObservationKind.COMMAND, source, body, {"command": "df", "host": source})


def failing_on(module: object, mark: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the extractor in `module` fail on a snapshot that holds `mark`."""
    sound = module.extract  # type: ignore[attr-defined]

    def extract_or_fail(index: Index) -> Iterator[Fact]:
        if any(mark in one.body for one in index.snapshot.observations):
            raise KeyError("secret words")
        yield from sound(index)

    monkeypatch.setattr(module, "extract", extract_or_fail)


def test_one_bad_observation_is_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts of the other files stay, and the coverage names extractor and file, but nothing of the error's text."""
    failing_on(machines, b"poison", monkeypatch)
    files = [command(f"{number}.txt", DF + (b"poison\n" if number == 3 else b"")) for number in range(8)]
    found = extract(Snapshot(tuple(files)))
    assert {fact.attributes["node"] for fact in found.facts} == {f"{n}.txt" for n in range(8) if n != 3}
    (entry,) = found.coverage
    assert entry.why is not None
    assert entry.why.startswith("internal error in extractor machines on 3.txt: please report (KeyError")
    assert "secret words" not in entry.why


def test_one_bad_object_of_a_list_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list only the object that an extractor fails on is lost."""
    names: set[str] = set()

    def noting(index: Index) -> Iterator[Fact]:
        if any(b"poison" in one.body for one in index.snapshot.observations):
            raise KeyError
        names.update(pod.name for pod in index.store.every(Pod))
        yield from ()

    monkeypatch.setattr(pods, "extract", noting)
    items = [{"kind": "Pod", "metadata": {"name": f"p{n}" if n != 5 else "poison"}} for n in range(9)]
    body = msgspec.json.encode({"kind": "List", "items": items})
    extract(Snapshot((Observation(ObservationKind.OBJECTS, "pods.json", body),)))
    assert {f"p{n}" for n in range(9) if n != 5} == names


def test_an_extractor_that_always_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no observation is to blame, the other extractors still tell their facts."""

    def fail(_: Index) -> Iterator[Fact]:
        raise KeyError

    monkeypatch.setattr(pods, "extract", fail)
    found = extract(Snapshot((command("host", DF),)))
    assert [fact.kind for fact in found.facts] == ["filesystem"]
    assert [entry.target for entry in found.coverage] == ["*"]
