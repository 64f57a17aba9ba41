"""Short ways to write rules and evidence in tests of the engine."""

from engine.diagnosis import infer
from engine.judge.inference import Inference
from engine.language.reader import read_rules
from engine.language.rule import AnyRule
from engine.language.vocabulary import Vocabulary
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program, compile_rules
from facts.model.schema import Attribute, FactKind
from facts.model.values import Coverage, CoverageState, Evidence, Fact, Scalar, Text

VOCABULARY = Vocabulary(
    kinds={
        "machine": FactKind(
            "",
            {name: Attribute(str, "") for name in ("name", "state", "ip", "zone")} | {"load": Attribute(float, "")},
            coverage="machines",
            scope="zone",
            key="name",
        ),
        "link": FactKind(
            "", {"from": Attribute(str, ""), "to": Attribute(str, ""), "state": Attribute(str, "", ("ok", "failed"))}
        ),
        "log": FactKind("", {name: Attribute(str, "") for name in ("source", "match", "text", "node")}, open=True),
    },
    layers=("deep", "middle", "high"),
    components=frozenset({"daemon", "agent"}),
)

SIGNATURE = """
id: {id}
title: "{id} on {{m}}"
layer: {layer}
severity: {severity}
subject: {{kind: Machine, name: ?m}}
when:
{when}
strength: {strength}
prior: {prior}
{more}
cause: because
fix: [{{run: "mend {{m}}"}}]
lesson: learnt
tests: {{}}
"""


def signature(
    identity: str,
    when: str,
    *,
    more: str = "",
    layer: str = "deep",
    severity: str = "high",
    strength: str = "strong",
    prior: str = "uncommon",
) -> str:
    """Return the YAML of a signature over machine ?m; `when` and `more` are YAML blocks."""
    return SIGNATURE.format(
        id=identity, when=when, more=more, layer=layer, severity=severity, strength=strength, prior=prior
    )


def rules_of(*documents: str) -> tuple[AnyRule, ...]:
    """Read YAML documents that must be free of faults."""
    file = read_rules("\n---\n".join(documents), "rules.yaml", VOCABULARY)
    assert file.faults == ()
    return file.rules


def program_of(*documents: str) -> Program:
    """Compile YAML documents."""
    return compile_rules(rules_of(*documents), VOCABULARY)


def machine(name: str, state: str, source: str = "", **more: Scalar) -> Fact:
    """Return a machine fact with defaults."""
    return Fact(
        "machine",
        {"name": name, "state": state, "ip": "", "zone": "", "load": 0.0, **more},
        source or f"list {name}",
        f"{name} is {state}",
    )


def link(start: str, end: str, state: str, source: str = "") -> Fact:
    """Return a link fact."""
    return Fact("link", {"from": start, "to": end, "state": state}, source or f"link {start} {end}")


def run(
    program: Program, *facts: Fact, texts: tuple[Text, ...] = (), seen: tuple[str, ...] = (), target: str = "*"
) -> Inference:
    """Infer with the reference engine; `seen` names the collectors that ran completely for `target`."""
    coverage = tuple(Coverage(collector, target, CoverageState.COMPLETE) for collector in seen)
    return infer(program, Evidence(tuple(facts), texts, coverage, "lab"), ReferenceEngine())


def concluded(inference: Inference) -> list[tuple[str, float]]:
    """Return key and confidence, rounded to two places, in order of rank."""
    return [(h.candidate.key, round(h.confidence, 2)) for h in inference.hypotheses]
