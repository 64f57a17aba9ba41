"""From facts to ranked hypotheses: belief, causes, order, unknowns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnosis import infer
from engine.judge.proof import why, why_not
from engine.match.chaining import open_engine
from engine.match.chaining.reference import ReferenceEngine
from facts.model.errors import UsageError
from facts.model.values import Coverage, CoverageState, Evidence, Text
from tests.engine.build import concluded, link, machine, program_of, run, signature

DOWN = signature("A-DOWN", "  - machine: {name: ?m, state: down}", strength="conclusive")
LOST = signature(
    "B-LOST", "  - link: {from: ?x, to: ?m, state: failed}", layer="high", prior="common", strength="strong"
)


def test_belief_is_bayes_in_log_odds() -> None:
    """Uncommon and conclusive: 0.01 / 0.99 * 3000 is 0.968."""
    assert concluded(run(program_of(DOWN), machine("m1", "down"))) == [("A-DOWN/m1", 0.97)]


def test_nothing_follows_from_health() -> None:
    """No condition, no hypothesis."""
    assert concluded(run(program_of(DOWN, LOST), machine("m1", "up"), link("a", "m1", "ok"))) == []


def test_evidence_raises_and_lowers_belief() -> None:
    """A moderate item multiplies the odds by ten, one against divides them."""
    more = (
        "evidence:\n  - {if: [link: {to: ?m, state: failed}], strength: moderate, says: lost}\n"
        "  - {if: [link: {to: ?m, state: ok}], strength: moderate, against: true, says: reached}"
    )
    program = program_of(signature("A-DOWN", "  - machine: {name: ?m, state: down}", more=more))
    assert concluded(run(program, machine("m1", "down"))) == [("A-DOWN/m1", 0.5)]
    assert concluded(run(program, machine("m1", "down"), link("a", "m1", "failed"))) == [("A-DOWN/m1", 0.91)]
    assert concluded(run(program, machine("m1", "down"), link("a", "m1", "ok"))) == [("A-DOWN/m1", 0.09)]


def test_one_observation_counts_once() -> None:
    """Evidence on the very line that the rule matched adds nothing."""
    more = "evidence:\n  - {if: [link: {to: ?m, state: failed}], strength: moderate, says: lost}"
    program = program_of(signature("A-DOWN", "  - machine: {name: ?m, state: down}", more=more))
    inference = run(program, machine("m1", "down", source="line 1"), link("a", "m1", "failed", source="line 1"))
    assert concluded(inference) == [("A-DOWN/m1", 0.5)]


def test_a_cause_takes_the_credit_of_its_effect() -> None:
    """r(e) = p(e) * (1 - s * p(c)); the effect ranks below and names its cause."""
    cause = signature(
        "A-DOWN",
        "  - machine: {name: ?m, state: down}",
        strength="conclusive",
        more="explains:\n  - {signature: B-LOST, where: {m: ?m}, strength: 0.9}",
    )
    inference = run(
        program_of(cause, LOST), machine("m1", "down"), link("a", "m1", "failed"), link("a", "m2", "failed")
    )
    assert concluded(inference) == [("A-DOWN/m1", 0.97), ("B-LOST/m2", 0.84), ("B-LOST/m1", 0.11)]
    assert [h.causes for h in inference.hypotheses] == [(), (), (0,)]
    assert inference.hypotheses[0].effects == (2,)


def test_a_chain_of_causes_folds_under_its_root() -> None:
    """What is explained still explains: of three links in a chain one root is left."""
    middle = signature(
        "C-MIDDLE",
        "  - machine: {name: ?m, zone: dead}",
        strength="conclusive",
        layer="middle",
        more="explains:\n  - {signature: B-LOST, where: {m: ?m}, strength: 0.95}",
    )
    root = signature(
        "A-DOWN",
        "  - machine: {name: ?m, state: down}",
        strength="conclusive",
        more="explains:\n  - {signature: C-MIDDLE, where: {m: ?m}, strength: 0.95}",
    )
    inference = run(program_of(root, middle, LOST), machine("m1", "down", zone="dead"), link("a", "m1", "failed"))
    assert [h.candidate.key for h in inference.hypotheses if not h.causes] == ["A-DOWN/m1"]


def test_two_that_explain_each_other_leave_one_root() -> None:
    """A circle of hypotheses is opened at its weakest link, so that something is left to be the cause."""
    explains = "explains:\n  - {{signature: {0}, where: {{m: ?m}}, strength: {1}}}"
    when = "  - machine: {name: ?m, state: down}"
    program = program_of(
        signature("A-ONE", when, strength="conclusive", more=explains.format("B-TWO", 0.8)),
        signature("B-TWO", when, strength="conclusive", more=explains.format("A-ONE", 0.9)),
    )
    inference = run(program, machine("m1", "down"))
    assert [(h.candidate.key, h.causes) for h in inference.hypotheses] == [("B-TWO/m1", ()), ("A-ONE/m1", (0,))]


def test_an_unknown_name_may_be_any() -> None:
    """A cause whose node nobody named explains the effect on a node that somebody did."""
    cause = (
        signature(
            "A-SWAP",
            "  - log: {node: ?node, match: 'swap is on'}",
            strength="conclusive",
            more="explains:\n  - {signature: B-LOST, where: {m: ?node}, strength: 0.9}",
        )
        .replace("?m}", "?node}", 1)
        .replace("{m}", "{node}")
    )
    text = Text(b"swap is on", "t", attributes={"node": ""})
    inference = run(program_of(cause, LOST), link("a", "m1", "failed"), texts=(text,))
    assert [h.candidate.key for h in inference.hypotheses] == ["A-SWAP", "B-LOST/m1"]
    assert inference.hypotheses[1].causes == (0,)


def test_equal_confidence_is_ordered_by_severity_then_depth() -> None:
    """Ties are stable and mean something."""
    when = "  - machine: {name: ?m, state: down}"
    program = program_of(
        signature("A-1", when, severity="low"),
        signature("B-1", when, layer="high"),
        signature("C-1", when, layer="deep"),
    )
    assert [key for key, _ in concluded(run(program, machine("m1", "down")))] == ["C-1/m1", "B-1/m1", "A-1/m1"]


NOT_LINKED = signature("A-ALONE", "  - link: {to: ?m, state: failed}\n  - not: {machine: {name: ?m}}")
NOT_IN_ZONE = signature("A-ALONE", "  - link: {to: ?m, from: ?z, state: failed}\n  - not: {machine: {zone: ?z}}")


def test_absence_counts_only_where_somebody_looked() -> None:
    """A denial is unknown without coverage, true with it, false when the thing is there."""
    program = program_of(NOT_LINKED)
    lost = link("a", "m1", "failed")
    assert concluded(run(program, lost)) == []
    assert concluded(run(program, lost, seen=("machines",))) == [("A-ALONE/m1", 0.5)]
    assert concluded(run(program, lost, machine("m1", "up"), seen=("machines",))) == []


def test_coverage_of_one_scope_is_not_coverage_of_another() -> None:
    """Looking into zone a says nothing of zone b."""
    program = program_of(NOT_IN_ZONE)
    facts = (link("a", "m1", "failed"), link("b", "m2", "failed"))
    assert concluded(run(program, *facts, seen=("machines",), target="a")) == [("A-ALONE/m1", 0.5)]


def test_a_denied_derived_fact_waits_for_its_stratum() -> None:
    """A rule sees all that lower strata derived, however long that took."""
    step = "id: {0}\ntitle: t\nlayer: deep\nwhen:\n{1}\nderive: {{reached: {{name: ?b}}}}\n"
    program = program_of(
        step.format("D-1", "  - link: {from: start, to: ?b, state: ok}"),
        step.format("D-2", "  - reached: {name: ?a}\n  - link: {from: ?a, to: ?b, state: ok}"),
        signature("A-CUT", "  - machine: {name: ?m}\n  - not: {reached: {name: ?m}}"),
    )
    machines = [machine(f"m{number}", "up") for number in range(6)]
    chain = [link("start", "m0", "ok"), link("m0", "m1", "ok"), link("m1", "m2", "ok"), link("m2", "m3", "ok")]
    inference = run(program, *machines, *chain, seen=("machines",))
    assert [key for key, _ in concluded(inference)] == ["A-CUT/m4", "A-CUT/m5"]


@given(
    st.permutations(
        [machine("m1", "down"), machine("m2", "down"), link("a", "m1", "failed"), link("a", "m3", "failed")]
    )
)
def test_the_order_of_facts_changes_nothing(facts: list[object]) -> None:
    """Working memory sorts what it is given."""
    program = program_of(DOWN, LOST)
    ordered = run(
        program, machine("m1", "down"), machine("m2", "down"), link("a", "m1", "failed"), link("a", "m3", "failed")
    )
    assert concluded(run(program, *facts)) == concluded(ordered)  # type: ignore[arg-type]


def test_why_shows_the_raw_line() -> None:
    """The proof goes down to what was seen, with the derivations in between."""
    program = program_of(
        "id: D-1\ntitle: t\nlayer: deep\nwhen:\n  - machine: {name: ?a, state: down}\nderive: {dead: {name: ?a}}\n",
        signature("A-DEAD", "  - dead: {name: ?m}"),
    )
    proof = why(run(program, machine("m1", "down")), "A-DEAD")[0]
    derived = proof.parts[1].parts[0]
    assert derived.text == "dead {name: m1}, derived by D-1"
    assert derived.parts[0].text == "list m1: m1 is down"


def test_why_not_names_the_first_condition_that_failed() -> None:
    """False with the condition, unknown with what was not looked at."""
    program = program_of(NOT_LINKED)
    missing = why_not(run(program), "A-ALONE")
    assert missing is not None
    assert missing.parts[0].text == "false: no fact fits link {state: failed, to: ?m} (rules.yaml:8)"
    unseen = why_not(run(program, link("a", "m1", "failed")), "A-ALONE")
    assert unseen is not None
    assert unseen.parts[0].text == "unknown: not machine {name: ?m} for m=m1 (rules.yaml:9)"
    assert unseen.parts[0].parts[0].text == "machines was not part of the evidence"
    assert why_not(run(program), "NO-SUCH") is None


def test_the_next_check_is_the_one_that_tells_most() -> None:
    """A hypothesis at even odds is worth a check that decides against its rival, a near certainty is not."""
    verify = "verify: [{{run: 'look {0} {{m}}', confirms: it is so}}]"
    program = program_of(
        signature("A-SURE", "  - machine: {name: ?m, state: down}", strength="conclusive", more=verify.format("sure")),
        signature("B-EVEN", "  - link: {from: ?m, state: failed}", more=verify.format("even")),
    )
    checks = run(program, machine("m1", "down"), link("m1", "m2", "failed")).checks
    assert [check.run for check in checks] == ["look even m1"]
    assert checks[0].gain_bits > 0.3
    assert checks[0].separates == ("B-EVEN/m1", "A-SURE/m1")


@pytest.mark.parametrize("name", ["durable", "reference"])
def test_each_engine_gives_the_same_hypotheses(name: str) -> None:
    """The engine is a detail: hypotheses are equal to the last digit."""
    program = program_of(DOWN, LOST, NOT_LINKED)
    evidence = Evidence(
        (machine("m1", "down"), link("a", "m1", "failed"), link("a", "m2", "failed")),
        (),
        (Coverage("machines", "*", CoverageState.COMPLETE),),
    )
    try:
        engine = open_engine(name)
    except UsageError as error:  # durable-rules cannot be imported on Python 3.13 and later
        pytest.skip(str(error))
    given_by_it = [(h.candidate.key, h.confidence) for h in infer(program, evidence, engine).hypotheses]
    engine.close()
    assert given_by_it == [
        (h.candidate.key, h.confidence) for h in infer(program, evidence, ReferenceEngine()).hypotheses
    ]
