"""What explains what: dependencies, the same subject, the same line, and no name that could mean another."""

from engine.judge.dependencies import Dependencies
from engine.judge.inference import Inference
from facts.model.values import Fact, Subject
from tests.engine.build import link, machine, program_of, run, signature

DOWN = signature("A-DOWN", "  - machine: {name: ?m, state: down}", strength="conclusive")
SLOW = signature("C-SLOW", "  - machine: {name: ?m, state: slow}", strength="conclusive", more="effect: degraded")
EMPTY = signature("E-EMPTY", "  - machine: {name: ?m, state: empty}", strength="conclusive", more="yields: true")
SAD = signature(
    "S-SAD", "  - machine: {name: ?m, state: sad}", layer="high", prior="common", more="symptom: true\nverify: []"
).replace('fix: [{run: "mend {m}"}]\n', "")
SADDER = SAD.replace("S-SAD", "S-SADDER").replace("layer: high", "layer: middle")


def needs(dependent: str, needed: str, strength: float = 0.9) -> Fact:
    """Return that one machine needs another."""
    ends = {"from_kind": "Machine", "from_namespace": "", "from_name": dependent}
    ends |= {"to_kind": "Machine", "to_namespace": "", "to_name": needed}
    return Fact("dependency", {**ends, "how": "uses", "strength": strength}, f"need {dependent} {needed}")


def causes(inference: Inference) -> dict[str, set[str]]:
    """Return for each hypothesis what explains it."""
    keys = [each.candidate.key for each in inference.hypotheses]
    return {each.candidate.key: {keys[place] for place in each.causes} for each in inference.hypotheses}


def test_a_cause_explains_the_symptom_of_its_own_subject() -> None:
    """No rule has to say so."""
    facts = machine("m1", "down"), machine("m1", "sad"), machine("m2", "sad")
    assert causes(run(program_of(DOWN, SAD), *facts)) == {
        "A-DOWN/m1": set(), "S-SAD/m1": {"A-DOWN/m1"}, "S-SAD/m2": set()
    }  # fmt: skip


def test_a_deeper_symptom_explains_a_higher_one_of_its_subject() -> None:
    """And not the other way round."""
    found = causes(run(program_of(SAD, SADDER), machine("m1", "sad")))
    assert found == {"S-SADDER/m1": set(), "S-SAD/m1": {"S-SADDER/m1"}}


def test_a_cause_explains_the_symptoms_of_all_that_needs_its_subject() -> None:
    """Over several dependencies, as far as their strengths carry."""
    facts = machine("m1", "down"), machine("m3", "sad"), machine("m4", "sad")
    found = causes(run(program_of(DOWN, SAD), *facts, needs("m3", "m2"), needs("m2", "m1"), needs("m4", "m2", 0.2)))
    assert found["S-SAD/m3"] == {"A-DOWN/m1"}
    assert found["S-SAD/m4"] == set()


def test_an_effect_that_is_weak_explains_less() -> None:
    """What degrades its subject explains with 0.6 what a subject that is down explains with 1."""
    slow = run(program_of(SLOW, SAD), machine("m1", "slow"), machine("m2", "sad"), needs("m2", "m1"))
    down = run(program_of(DOWN, SAD), machine("m1", "down"), machine("m2", "sad"), needs("m2", "m1"))
    left = {
        name: next(each.confidence for each in inference.hypotheses if each.candidate.rule.symptom)
        for name, inference in (("slow", slow), ("down", down))
    }
    assert left["slow"] > 2 * left["down"]


def test_a_cause_explains_no_other_cause_without_a_word_in_its_rule() -> None:
    """A machine that is down below another is no reason why the other is slow by itself."""
    found = causes(run(program_of(DOWN, SLOW), machine("m1", "down"), machine("m2", "slow"), needs("m2", "m1")))
    assert found == {"A-DOWN/m1": set(), "C-SLOW/m2": set()}


def test_a_cause_that_yields_is_explained_by_what_its_subject_needs() -> None:
    """By a cause there; not by a symptom, and not by another cause of its own subject."""
    facts = machine("m1", "down"), machine("m2", "empty"), machine("m2", "slow"), machine("m3", "sad")
    found = causes(run(program_of(DOWN, SLOW, EMPTY, SAD), *facts, needs("m2", "m1"), needs("m2", "m3")))
    assert found["E-EMPTY/m2"] == {"A-DOWN/m1"}


def test_a_cause_that_yields_is_a_root_where_nothing_explains_it() -> None:
    """It keeps its belief."""
    (only,) = run(program_of(DOWN, EMPTY), machine("m2", "empty"), needs("m2", "m1")).hypotheses
    assert (only.causes, only.confidence) == ((), only.candidate.belief)


def test_a_fallback_gives_way_to_a_signature_on_its_line() -> None:
    """It stays where nothing else knows the line."""
    fallback = signature("F-ANY", "  - link: {from: ?m, state: failed}", prior="common", more="fallback: true")
    facts = machine("m1", "down", source="log:7"), link("m9", "x", "failed", source="log:7"), link("m8", "x", "failed")
    found = causes(run(program_of(DOWN, fallback), *facts))
    assert found == {"A-DOWN/m1": set(), "F-ANY/m9": {"A-DOWN/m1"}, "F-ANY/m8": set()}


def test_an_untold_name_is_not_taken_for_one_of_several() -> None:
    """A cause whose subject nobody tells explains the effect only if no other can be meant."""
    cause = signature(
        "A-DOWN", "  - machine: {name: ?m, state: down}", more="explains:\n  - {signature: B-LOST, where: {m: ?m}}",
        strength="conclusive",
    )  # fmt: skip
    lost = signature("B-LOST", "  - link: {from: ?x, to: ?m, state: failed}", layer="high", prior="common")
    one = causes(run(program_of(cause, lost), machine("", "down"), link("a", "m1", "failed")))
    two = causes(
        run(program_of(cause, lost), machine("", "down"), link("a", "m1", "failed"), link("a", "m2", "failed"))
    )
    assert one["B-LOST/m1"] == {"A-DOWN"}
    assert two["B-LOST/m1"] == set()


def test_the_strongest_way_counts_and_a_circle_ends() -> None:
    """The reach of a subject is what it needs, with the product of the strengths."""
    graph = Dependencies([needs("a", "b", 0.5), needs("b", "c", 0.5), needs("a", "c", 0.9), needs("c", "a", 0.9)])
    assert graph.reach(Subject("Machine", "a")) == {Subject("Machine", "b"): 0.5, Subject("Machine", "c"): 0.9}
