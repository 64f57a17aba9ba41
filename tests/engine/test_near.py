"""`--why-not`: the condition that came closest, the fact that nearly met it, and what of the evidence was not looked at."""

from engine.diagnosis import infer
from engine.judge.proof import Proof, why_not
from engine.match.chaining.reference import ReferenceEngine
from engine.match.program import Program
from facts.model.values import Coverage, CoverageState, Evidence, Fact, Text
from tests.engine.build import link, machine, program_of, run, signature

DOWN = signature("A-DOWN", "  - machine: {name: ?m, state: down, load: {gt: 3}}")
LINKED = signature("A-LINKED", "  - machine: {name: ?m, state: up}\n  - link: {to: ?m, state: failed}")
EITHER = signature(
    "A-EITHER",
    "  - any:\n      - machine: {name: ?m, state: down, zone: z9, load: {gt: 3}}\n      - machine: {name: ?m, state: {in: [lost, gone]}}",
)
SAID = signature("A-SAID", "  - log: {source: daemon, match: 'machine (?P<m>\\w+) has caught fire'}")


def told(program: Program, identity: str, *facts: Fact, texts: tuple[Text, ...] = ()) -> tuple[Proof, ...]:
    """Return why the rule did not fire."""
    proof = why_not(run(program, *facts, texts=texts), identity)
    assert proof is not None
    return proof.parts


def parts(proof: Proof) -> list[str]:
    """Return the sentences that a proof rests on."""
    return [part.text for part in proof.parts]


def test_the_attribute_that_differs_is_named() -> None:
    """Of all facts the one that misses least is told, with its value and the one that is wanted."""
    (way,) = told(program_of(DOWN), "A-DOWN", machine("m1", "up"), machine("m2", "", load=9.0))
    assert "nearly: list m2: state is '', you want down" in parts(way)


def test_every_difference_is_named() -> None:
    """A fact that fails several tests says all of them, each in the words of its operator."""
    (way,) = told(program_of(DOWN), "A-DOWN", machine("m1", "up", load=2.0))
    assert "nearly: list m1: state is 'up', you want down; load is '2.0', you want more than 3" in parts(way)


def test_a_name_that_does_not_join_is_named() -> None:
    """A fact that fits alone, and is about another thing, says which."""
    (way,) = told(program_of(LINKED), "A-LINKED", machine("m1", "up"), link("a", "m2", "failed"))
    assert way.text == "false: no fact fits link {state: failed, to: ?m} for m=m1 (rules.yaml:9)"
    assert parts(way) == ["nearly: link a m2: to is 'm2', you want 'm1' as ?m"]


def test_of_all_names_the_one_is_told_that_came_closest() -> None:
    """Where several machines met the first condition, the second is told for the one whose fact nearly meets it."""
    facts = (machine("m1", "up"), machine("m2", "up"), machine("m3", "up"), link("a", "m2", "ok"))
    (way,) = told(program_of(LINKED), "A-LINKED", *facts)
    assert way.text == "false: no fact fits link {state: failed, to: ?m} for m=m2 and 2 more (rules.yaml:9)"
    assert parts(way) == ["nearly: link a m2: state is 'ok', you want failed"]


def test_the_way_that_came_closest_is_first() -> None:
    """Of the alternatives the one whose nearest fact misses least is first, and is called so."""
    first, second = told(program_of(EITHER), "A-EITHER", machine("m1", "broken"))
    assert first.text.startswith("closest: unknown: machine {state: {in: [lost, gone]}")
    assert parts(first)[0] == "nearly: list m1: state is 'broken', you want lost or gone"
    assert not second.text.startswith("closest")


def test_a_line_that_holds_a_part_of_the_pattern_is_shown() -> None:
    """A log condition that no line matches shows the line with its longest fixed text."""
    log = Text(
        b"all is well\nMachine m1 has  caught fire\nrack 7 has caught fire\n", "daemon.log", frozenset({"daemon"})
    )
    (way,) = told(program_of(SAID), "A-SAID", texts=(log,))
    assert parts(way) == [
        "nearly: daemon.log:3: 'rack 7 has caught fire' holds 'has caught fire', and not the rest of the pattern"
    ]


def test_a_line_of_another_source_is_shown() -> None:
    """A line that matches in a log of another component says which one was wanted."""
    log = Text(b"machine m1 has caught fire\n", "agent.log", frozenset({"agent"}))
    (way,) = told(program_of(SAID), "A-SAID", texts=(log,))
    assert parts(way) == ["nearly: agent.log:1: source is 'agent', you want daemon"]


def test_what_was_not_looked_at_is_said_only_of_that() -> None:
    """That something was not part of the evidence is said where the evidence holds nothing of the kind; else how much it holds."""
    program = program_of(DOWN)
    assert parts(*told(program, "A-DOWN")) == ["machines was not part of the evidence"]
    assert parts(*told(program, "A-DOWN", machine("m1", "up", load=9.0)))[1:] == [
        "machines: the evidence holds 1 fact of it, which need not be all"
    ]


def test_a_look_at_one_part_is_told_as_such() -> None:
    """What was looked at completely for one target is no gap of the evidence; it was looked at for that one only."""
    proof = why_not(run(program_of(DOWN), seen=("machines",), target="z1"), "A-DOWN")
    assert proof is not None
    assert parts(proof.parts[0]) == ["machines was looked at for z1 only"]


def test_a_look_that_failed_says_why() -> None:
    """A collector that fell short is told with its reason, whatever else is there of it."""
    gap = Coverage("machines", "*", CoverageState.FAILED, "connection refused", 0.1, "refused")
    proof = why_not(infer(program_of(DOWN), Evidence((), (), (gap,), "lab"), ReferenceEngine()), "A-DOWN")
    assert proof is not None
    assert parts(proof.parts[0]) == ["machines *: failed, connection refused"]
