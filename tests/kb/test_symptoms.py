"""Symptoms: one line per workload, and the layer in which it hurts."""

from engine.match.memory import Memory
from facts.model.schema import KINDS, LAYERS, SYMPTOM_LAYERS
from facts.model.schema.domains.pods import PodFact
from facts.model.schema.domains.services import ServiceFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact, Subject
from kb.report.symptoms import Symptom, layers_of, symptoms_of


def pod(name: str, status: str = "CrashLoopBackOff") -> Fact:
    """Return a Pod of the Deployment web."""
    typed = PodFact(namespace="demo", pod=name, status=status, workload_kind="Deployment", workload="web")
    return new_fact(typed, name)


def memory(*facts: Fact) -> Memory:
    """Return a working memory of these facts."""
    return Memory(facts, {}, (), {})


def test_pods_of_one_workload_are_one_symptom() -> None:
    """Three Pods in the same state are one line, about their workload."""
    assert symptoms_of(memory(pod("c"), pod("a"), pod("b"))) == (
        Symptom(
            Subject("Deployment", "web", "demo"), "Pod demo/a is CrashLoopBackOff and 2 more of Deployment demo/web"
        ),
    )


def test_different_states_are_different_symptoms() -> None:
    """What differs is told apart."""
    texts = [symptom.text for symptom in symptoms_of(memory(pod("a"), pod("b", "Pending")))]
    assert texts == ["Pod demo/a is CrashLoopBackOff", "Pod demo/b is Pending"]


def test_a_name_that_is_not_known_leaves_no_gap() -> None:
    """Without a namespace there is no slash."""
    fact = new_fact(ServiceFact(name="web", problem="no-endpoints"), "x")
    assert [symptom.text for symptom in symptoms_of(memory(fact))] == ["Service web: no-endpoints"]


def test_every_symptom_has_a_layer() -> None:
    """Each kind with a symptom says in which layer it hurts."""
    assert {kind for kind, declared in KINDS.items() if declared.symptom} == set(SYMPTOM_LAYERS)
    assert set(SYMPTOM_LAYERS.values()) <= set(LAYERS)


def test_a_symptom_makes_its_layer_fail() -> None:
    """A Pod in trouble shows in the workload layer."""
    assert layers_of(memory(pod("a"))) == {"workload"}
