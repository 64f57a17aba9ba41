"""Short conditions mean what the long ones mean, and their mistakes are told at their place."""

import msgspec
import pytest

from engine.language.reader import read_rules
from engine.language.rule import AnyRule
from facts.model.schema import PRESETS
from kb.catalogue.catalogue import VOCABULARY

RULE = """\
id: A-1
title: title
layer: workload
{head}
cause: because
fix: {{safe: mend}}
lesson: learnt
tests: {{}}
"""

WORKLOAD = "subject: {kind: ?workload_kind, namespace: ?namespace, name: ?workload}"
JOINS = "namespace: ?namespace, workload_kind: ?workload_kind, workload: ?workload"


def rule_of(*head: str) -> AnyRule:
    """Return the rule without the lines of its conditions."""
    file = read_rules(RULE.format(head="\n".join(head)), "r.yaml", VOCABULARY)
    assert file.faults == ()
    return without_lines(file.rules[0])


def without_lines(rule: AnyRule) -> AnyRule:
    """Return `rule` with every condition at line 0."""

    def placed(value: object) -> object:
        if isinstance(value, list | tuple):
            return [placed(item) for item in value]
        if isinstance(value, dict):
            return {key: placed(item) for key, item in value.items() if key != "line"}
        return value

    stripped: AnyRule = msgspec.convert(placed(msgspec.to_builtins(rule)), type=AnyRule)
    return stripped


def faults_of(*head: str) -> tuple[str, ...]:
    """Return the mistakes of a rule."""
    return read_rules(RULE.format(head="\n".join(head)), "r.yaml", VOCABULARY).faults


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (
            ["about: workload", "says: no such bucket"],
            [WORKLOAD, f"when: [log: {{{JOINS}, match: no such bucket}}]"],
        ),
        (
            ["about: workload", "says: [no such bucket, '(?P<bucket>[a-z]+) is no bucket']", "in: application"],
            [
                WORKLOAD,
                "when:",
                "  - any:",
                *(
                    f"    - log: {{{JOINS}, source: {{in: [container, status, shell, nginx], not: [event, apiserver, etcd,"
                    " scheduler, controller-manager, kube-proxy, cilium, calico, flannel, coredns]}, match: "
                    + match
                    + "}"
                    for match in ("no such bucket", "'(?P<bucket>[a-z]+) is no bucket'")
                ),
            ],
        ),
        (
            ["about: pod", "when: [{says: no such bucket, in: [kubelet, crio], node: ?node}]"],
            [
                WORKLOAD,
                f"when: [log: {{{JOINS}, pod: ?pod, source: {{in: [kubelet, crio]}}, node: ?node, match: no such bucket}}]",
            ],
        ),
        (
            ["about: node", "when: [{says: no such disk, in: kernel}, not: {says: [disk is back]}]"],
            [
                "subject: {kind: Node, name: ?node}",
                "when:",
                "  - log: {node: ?node, source: kernel, match: no such disk}",
                "  - not: {log: {node: ?node, match: disk is back}}",
            ],
        ),
        (
            [
                "about: claim",
                "when: [{any: [{says: [no class, no volume]}, pvc: {namespace: ?namespace, name: ?pvc}]}]",
            ],
            [
                "subject: {kind: PersistentVolumeClaim, namespace: ?namespace, name: ?pvc}",
                "when:",
                "  - any:",
                "      - log: {namespace: ?namespace, object: ?pvc, match: no class}",
                "      - log: {namespace: ?namespace, object: ?pvc, match: no volume}",
                "      - pvc: {namespace: ?namespace, name: ?pvc}",
            ],
        ),
        (
            ["about: workload", "when: [{says: no such bucket, namespace: shop}, pod: {namespace: ?namespace}]"],
            [
                WORKLOAD,
                "when:",
                "  - log: {workload_kind: ?workload_kind, workload: ?workload, namespace: shop, match: no such bucket}",
                "  - pod: {namespace: ?namespace}",
            ],
        ),
        (
            ["subject: {kind: Deployment, namespace: kube-system, name: coredns}", "says: plugin/loop"],
            ["subject: {kind: Deployment, namespace: kube-system, name: coredns}", "when: [log: {match: plugin/loop}]"],
        ),
    ],
)
def test_a_preset_is_the_long_form(short: list[str], long: list[str]) -> None:
    """`about`, `says` and `in` are read as the subject, joins and sources that they stand for; own keys come first."""
    assert rule_of(*short) == rule_of(*long)


@pytest.mark.parametrize("word", PRESETS)
def test_the_joins_of_a_preset_name_its_subject(word: str) -> None:
    """What `says` binds is what the subject is called; a preset without joins leaves its name to the author."""
    preset = PRESETS[word]
    names = {name[1:] for name in (preset.kind, preset.namespace, preset.name) if name.startswith("?")}
    assert not preset.joins or names <= set(preset.joins.values())
    assert set(preset.joins) <= set(VOCABULARY.kinds["log"].attributes)


def test_a_fact_beside_says_is_taken_as_it_stands() -> None:
    """Only texts are joined by the preset: facts, and `log`, name what they bind."""
    rule = rule_of("about: workload", "when: [{says: no such bucket}, log: {match: it is away}, pod: {ready: false}]")
    assert [[variable for _, variable in pattern.binds] for pattern in rule.patterns()] == [
        ["namespace", "workload_kind", "workload"],
        [],
        [],
    ]


def test_a_message_knows_its_line() -> None:
    """What is said of a condition later names the line of the message."""
    (rule,) = read_rules(
        RULE.format(head="about: cluster\nsays:\n  - no such disk\n  - no such bucket"), "r.yaml", VOCABULARY
    ).rules
    assert [pattern.line for pattern in rule.patterns()] == [6, 7]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["about: workloads", "says: no such bucket"], "4:8: workloads is not possible here (did you mean workload?)"),
        (["about: node", "subject: {kind: Node}", "says: no such disk"], "4:1: a rule has either about or subject"),
        (["about: node", "says: no such disk", "when: [node: {name: ?node}]"], "5:1: a rule has either when or says"),
        (["about: node"], "1:1: the key when is missing (messages alone may stand under says)"),
        (["about: node", "says: ['[a-z]+']"], "5:8: the pattern has no fixed text of 3 characters"),
        (["about: node", "says:", "  - no such disk", "  - '(?=x)abc'"], "7:5: this is not an RE2 pattern"),
        (["about: node", "says:", "  - no: such disk"], "6:5: a message is expected here"),
        (["about: node", "says: []"], "5:7: at least one message is needed"),
        (["about: node", "says: no such disk", "in: aplication"], "6:5: aplication is not possible here (did you mean"),
        (["about: node", "says: no such disk", "in: [kubelet, application]"], "6:15: application is not possible here"),
        (["about: node", "when: [{says: no disk, in: kernel, source: kernel}]"], "5:24: in and source say the same"),
        (["about: node", "when: [{says: no disk, match: no such disk}]"], "5:24: match does not stand beside says"),
        (["about: vm", "says: no such disk"], "4:8: ?vm is bound nowhere in when"),
    ],
)
def test_a_mistake_is_told_at_the_preset(head: list[str], expected: str) -> None:
    """The message has the line and column of what the author wrote, not of what it stands for."""
    assert any(expected in fault for fault in faults_of(*head)), faults_of(*head)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("fix: [{disruptive: mend, note: soon}]", "fix: [{run: mend, risk: disruptive, note: soon}]"),
        ("fix: {read-only: look}", "fix: [{run: look, risk: read-only}]"),
        (
            "verify: {look: a hole, look at it: none}",
            "verify: [{run: look, confirms: a hole}, {run: look at it, confirms: none}]",
        ),
        (
            "evidence: {moderate: [pod: {ready: false}], against: true, says: it is away}",
            "evidence: [{if: [pod: {ready: false}], strength: moderate, against: true, says: it is away}]",
        ),
    ],
)
def test_what_every_item_has_stands_before_it(short: str, long: str) -> None:
    """The risk stands before the command, the strength before the conditions, the command before what it shows."""
    head = ["about: cluster", "says: no such disk"]
    text = RULE.format(head="\n".join(head)).replace("fix: {safe: mend}\n", "")
    needed = "" if "fix:" in short else "\nfix: {safe: mend}"
    one, other = (read_rules(f"{text}{each}{needed}\n", "r.yaml", VOCABULARY) for each in (short, long))
    assert one.faults == other.faults == ()
    assert without_lines(one.rules[0]) == without_lines(other.rules[0])


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("fix: {note: soon}", "9:6: one command is expected here, behind its risk"),
        ("fix: {safe: a, disruptive: b}", "9:6: one command is expected here, behind its risk"),
        ("fix: {safe: a, run: b}", "9:6: one command is expected here, behind its risk"),
        ("fix: {safe: a, risk: safe}", "9:6: one command is expected here, behind its risk"),
        ("fix: {gentle: a}", "9:7: unknown key gentle"),
        ("verify: {confirms: a hole}", "9:9: the key run is missing"),
        ("verify: [{look: a hole}]", "9:11: unknown key look"),
        ("verify: {look: [a hole]}", "9:16: a text is expected here"),
        ("evidence: {says: it is away}", "9:11: an item has its conditions behind their strength"),
        (
            "evidence: {weak: [pod: {}], strong: [pod: {}], says: it is away}",
            "9:11: an item has its conditions behind",
        ),
        ("evidence: {weak: [pod: {}], strength: weak, says: it is away}", "9:11: an item has its conditions behind"),
        ("evidence: {if: [pod: {}], says: it is away}", "9:11: an item has its conditions behind their strength"),
    ],
)
def test_an_item_has_one_of_each(item: str, expected: str) -> None:
    """Two commands need two steps, and every item of evidence has one strength."""
    text = RULE.format(head="about: cluster\nsays: no such disk").replace("fix: {safe: mend}\n", "")
    text += item + ("" if item.startswith("fix") else "\nfix: {safe: mend}") + "\n"
    assert any(expected in fault for fault in read_rules(text, "r.yaml", VOCABULARY).faults)
