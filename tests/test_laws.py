"""Two laws of a diagnosis, over the labelled corpus and generated cascades.

What is irrelevant does not move the answer; what the answer names does, when it is taken away.
"""

import json
import re
from pathlib import Path

import msgspec
import pytest
import yaml

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.judge.ranking import Ranked
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.extract.evidence import extract
from facts.model.values import Observation, ObservationKind, Snapshot
from facts.read.evidence import read_evidence
from kb.catalogue.catalogue import load_catalogue
from kb.report.report import CONFIDENT
from tests import made_cluster
from tests.cascades.cascade import FAULTS, make

CORPUS = Path(__file__).parent / "corpus"
CASES = [
    path.parent.name
    for path in sorted(CORPUS.glob("*/case.yaml"))
    if yaml.safe_load(path.read_text(encoding="utf-8")).get("expect") != "none"
]
SEEDS = range(len(FAULTS))
ROUNDS = 5
_NUMBERS = re.compile(rb"\d+")
HEALTHY_LINE = b"level=info msg=served path=/v1/items status=200\n"


@pytest.fixture(scope="module")
def program() -> Program:
    """Compile the bundled rules."""
    return load_catalogue().program()


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Snapshot]:
    """Read each case of the corpus with a fault, and one cascade of each kind of fault."""
    found = {}
    for name in CASES:
        files = [str(path) for path in sorted((CORPUS / name).iterdir()) if path.name != "case.yaml"]
        found[name] = read_evidence(files)
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"seed-{seed}")
        fault = make(seed, folder).fault
        found[f"{seed} {fault}"] = read_evidence([str(folder)])
    return found


@pytest.fixture(scope="module")
def answers(program: Program, snapshots: dict[str, Snapshot]) -> dict[str, Inference]:
    """Diagnose them all."""
    return {name: _diagnose(program, snapshot) for name, snapshot in snapshots.items()}


def _diagnose(program: Program, snapshot: Snapshot) -> Inference:
    return infer(program, extract(snapshot), ReferenceEngine())


def _irrelevant(*, nodes: bool) -> tuple[Observation, ...]:
    """Return 500 observations of another part of the cluster, where all is well: `nodes`, Pods, workloads and logs.

    Where no node was seen, that some are Ready would be news about the whole cluster, and so is left out.
    """
    objects = [body for body in made_cluster.healthy(240) if nodes or body["kind"] != "Node"]
    seen = []
    for place, body in enumerate(objects):
        # without moments, so that nothing irrelevant is the newest one of the incident
        text = json.dumps(body).replace(made_cluster.LONG_AGO, "").replace(made_cluster.NOW, "")
        text = text.replace('"demo"', '"elsewhere"').replace('"node-', '"far-').replace("10.0.", "172.31.")
        source = f"elsewhere/{place}.json"
        seen.append(Observation(ObservationKind.OBJECTS, source, text.encode(), {"fidelity": "full"}))
    for body in objects:
        if body["kind"] == "Pod" and len(seen) < 500:
            name = body["metadata"]["name"]
            about = f"elsewhere/{name}.log"
            seen.append(Observation(ObservationKind.LOG, about, HEALTHY_LINE, {"namespace": "elsewhere", "pod": name}))
    return tuple(seen[:500])


def _has_nodes(snapshot: Snapshot) -> bool:
    listed = (each.body for each in snapshot.observations if each.kind is ObservationKind.OBJECTS)
    return any(b'"kind":"Node"' in body or b'"kind": "Node"' in body for body in listed)


def _answer(inference: Inference) -> tuple[str, frozenset[str]]:
    """Return the first hypothesis, and all that are taken for true."""
    keys = [each.candidate.key for each in inference.hypotheses]
    loud = frozenset(each.candidate.key for each in inference.hypotheses if each.confidence >= CONFIDENT)
    return keys[0] if keys else "", loud


def test_irrelevant_observations_do_not_move_the_answer(
    program: Program, snapshots: dict[str, Snapshot], answers: dict[str, Inference]
) -> None:
    """500 of them leave the first hypothesis the first, and the same hypotheses true."""
    more = {nodes: _irrelevant(nodes=nodes) for nodes in (True, False)}
    assert [len(each) for each in more.values()] == [500, 500]
    moved = {}
    for name, snapshot in snapshots.items():
        wider = msgspec.structs.replace(snapshot, observations=(*snapshot.observations, *more[_has_nodes(snapshot)]))
        before, after = _answer(answers[name]), _answer(_diagnose(program, wider))
        if before != after:
            moved[name] = before, after
    assert moved == {}, moved


def _named(inference: Inference) -> frozenset[str]:
    """Return the sources of the first hypothesis: what made it fire, and what weighs for it."""
    candidate = inference.hypotheses[0].candidate
    facts = set(candidate.facts)
    for weighed in candidate.evidence:
        if weighed.counts and not weighed.item.against:
            facts |= set(weighed.outcome.facts)
    return frozenset(inference.memory.facts[number].source for number in facts)


def _without(snapshot: Snapshot, sources: frozenset[str]) -> Snapshot:
    """Return a snapshot without the lines and objects that `sources` name."""
    kept = tuple(_cut(each, sources) for each in snapshot.observations)
    return msgspec.structs.replace(snapshot, observations=kept)


def _cut(observation: Observation, sources: frozenset[str]) -> Observation:
    if observation.kind is ObservationKind.OBJECTS:
        listed = json.loads(observation.body)
        items = [item for item in listed.get("items", [listed]) if not _is_named(observation, item, sources)]
        body = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode()
        return msgspec.structs.replace(observation, body=body)
    lines = observation.body.split(b"\n")
    named = {
        _NUMBERS.sub(b"", line)
        for place, line in enumerate(lines)
        if f"{observation.source}:{observation.line + place}" in sources
    }
    lines = [b"" if _NUMBERS.sub(b"", line) in named else line for line in lines]  # one line stands for its repetitions
    whole = any(source.split(" ")[0] == observation.source for source in sources)
    return msgspec.structs.replace(observation, body=b"" if whole else b"\n".join(lines))


def _is_named(observation: Observation, item: dict[str, object], sources: frozenset[str]) -> bool:
    mine = [source for source in sources if source.startswith(f"{observation.source} ")]
    words = [str(item.get("kind", "")), str(item.get("reason", ""))]
    metadata = item.get("metadata")
    name = str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
    return any(words[0] in source and (name in source or bool(words[1] and words[1] in source)) for source in mine)


def _is_carried(program: Program, snapshot: Snapshot, inference: Inference) -> bool:
    """Return whether the first hypothesis falls with what it names; what it names next, when texts repeat it, goes too."""
    first = inference.hypotheses[0]
    for _ in range(ROUNDS):
        snapshot = _without(snapshot, _named(inference))
        inference = _diagnose(program, snapshot)
        if not _stands(first, inference):
            return True
    return False


def _stands(first: Ranked, inference: Inference) -> bool:
    """Return whether the same hypothesis is the first, and no less sure."""
    if not inference.hypotheses:
        return False
    now = inference.hypotheses[0]
    return now.candidate.key == first.candidate.key and now.confidence >= first.confidence


def test_evidence_that_the_answer_names_carries_it(
    program: Program, snapshots: dict[str, Snapshot], answers: dict[str, Inference]
) -> None:
    """Without it the first hypothesis is another one, is less sure, or is none."""
    unmoved = {
        name: (inference.hypotheses[0].candidate.key, sorted(_named(inference)))
        for name, inference in answers.items()
        if inference.hypotheses and not _is_carried(program, snapshots[name], inference)
    }
    assert unmoved == {}, unmoved
