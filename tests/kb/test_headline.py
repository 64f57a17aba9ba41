"""The sentence at the top: the root cause, and who suffers from it."""

import msgspec

from facts.model.values import Subject
from kb.report.headline import effects, headline, quantities, roots, sufferers
from kb.report.report import Hypothesis

PLAIN = Hypothesis(
    rank=1, id="A-1", title="VM w1 is stopped", layer="vm", severity="critical", symptom=False, confidence=0.97, belief=0.97, caused_by=(),
    explains=(), subject=Subject("VM", "w1"), subjects=(Subject("VM", "w1"),), subjects_total=1, cause="", evidence=(), unknown=(),
    verify=(), fix=(), lesson="",
)  # fmt: skip


def hypothesis(
    identity: str, subject: Subject, explains: tuple[str, ...] = (), caused_by: tuple[str, ...] = ()
) -> Hypothesis:
    """Return a hypothesis about one subject."""
    return msgspec.structs.replace(
        PLAIN,
        id=identity,
        subject=subject,
        subjects=(subject,),
        explains=explains,
        caused_by=caused_by,
        confidence=0.97,
    )


VM = hypothesis("A-1", Subject("VM", "w1"), ("B-1/w1",))
NODE = hypothesis("B-1", Subject("Node", "w1"), ("C-1/demo/a", "C-1/demo/b"), ("A-1/w1",))
PODS = [hypothesis("C-1", Subject("Pod", name, "demo"), ("D-1/demo/web",), ("B-1/w1",)) for name in "ab"]
SERVICE = hypothesis("D-1", Subject("Service", "web", "demo"), (), ("C-1/demo/a",))
CHAIN = [VM, NODE, *PODS, SERVICE]


def test_the_sufferers_are_counted_over_all_effects() -> None:
    """Effects of effects count, each subject once."""
    assert headline(CHAIN) == "VM w1 is stopped. 1 node, 2 Pods and 1 Service suffer."


def test_effects_come_step_by_step() -> None:
    """Each step holds what the step before explains."""
    assert [[one.id for one in level] for level in effects(VM, CHAIN)] == [["B-1"], ["C-1", "C-1"], ["D-1"]]


def test_rules_that_explain_each_other_end() -> None:
    """A circle of effects is followed a few steps, not for ever, and each effect is named once."""
    one = hypothesis("X-1", Subject("Pod", "x"), ("Y-1/y",), ("A-1/w1",))
    other = hypothesis("Y-1", Subject("Pod", "y"), ("X-1/x",), ("X-1/x",))
    root = hypothesis("A-1", Subject("VM", "w1"), ("X-1/x",))
    assert sorted(one.id for level in effects(root, [root, one, other]) for one in level) == ["X-1", "Y-1"]


def test_a_cause_without_effects_stands_alone() -> None:
    """The sentence ends after the title."""
    assert headline([PLAIN]) == "VM w1 is stopped."


def test_several_causes_are_counted_by_rule() -> None:
    """Other root causes are announced; equal ones count as one."""
    others = [hypothesis("Z-1", Subject("Pod", name)) for name in "ab"]
    assert headline([PLAIN, *others]) == "VM w1 is stopped. There is 1 more cause."


def test_subjects_that_are_not_listed_count() -> None:
    """With 50 of 500 subjects listed, 500 suffer."""
    listed = tuple(Subject("Pod", f"p{number}") for number in range(50))
    root = msgspec.structs.replace(PLAIN, subjects=listed, subjects_total=500)
    assert sufferers(root, [root]) == {"Pod": 500}


def test_no_hypothesis_no_headline() -> None:
    """Silence is for the report to word."""
    assert headline([]) == ""


def test_roots_are_what_nothing_explains() -> None:
    """Hypotheses with a cause are no roots."""
    assert roots(CHAIN) == (VM,)


def test_plurals() -> None:
    """Kinds are spelled as Kubernetes does, everyday words are not; workloads of all kinds are counted together."""
    assert quantities({"Node": 2, "NetworkPolicy": 2, "Ingress": 2}) == "2 nodes, 2 NetworkPolicies and 2 Ingresses"
    assert quantities({"Deployment": 1, "StatefulSet": 2}) == "3 workloads"
    assert quantities({}) == ""
